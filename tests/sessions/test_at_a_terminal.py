"""`orderwright scan`: lines in, instructions out, through the API like every other device."""

import io
from collections.abc import Mapping
from typing import Any

import pytest

from orderwright.doors.cli.scan import scanned, work


@pytest.mark.parametrize(
    ("typed", "scan"),
    [
        ("MUG", {"code": "MUG"}),
        ("done", {"code": "done"}),  # a barcode may say so, and does nothing
        ("k3f9 done", {"command": "done"}),
        ("k3f9 short 2 damaged", {"command": "short", "quantity": 2, "reason": "damaged"}),
        ("k3f9 3", {"quantity": 3}),
        ("k3f9 dance", {"code": "k3f9 dance"}),
        ("\x1d]C1 odd ", {"code": "\x1d]C1 odd "}),
    ],
)
def test_only_a_line_behind_the_sessions_word_is_a_command(typed: str, scan: dict[str, Any]) -> None:
    assert scanned(typed, "k3f9") == scan


def test_lines_are_numbered_scans_and_what_comes_back_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, Mapping[str, Any]]] = []

    def ask(method: str, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        asked.append((path, body))
        now = {"words": "Go to A-1 and scan it."}
        wrong = {"words": "This is not the bin to go to.", "tone": "wrong", "facts": {"wanted": "A-1", "order": ""},
                 "notices": [{"words": "Order OW-1 is on hold."}]}  # fmt: skip
        return 200, {"id": "0-k3f9", "next_n": len(asked), "instruction": now, "answers": [{"instruction": wrong}]}

    monkeypatch.setattr("sys.stdin", io.StringIO("A-2\r\n\nk3f9 skip\nk3f9 close\nA-1\n"))
    assert work(ask, {"person": "ann"}, lambda: None) == 0
    assert asked == [
        ("/v1/sessions", {"person": "ann"}),
        ("/v1/sessions/0-k3f9/scans", {"scans": [{"n": 1, "code": "A-2"}]}),
        ("/v1/sessions/0-k3f9/scans", {"scans": [{"n": 2, "command": "skip"}]}),
        ("/v1/sessions/0-k3f9/close", {}),
    ]
    assert capsys.readouterr().out.splitlines()[:4] == [
        "Session of ann. Commands: k3f9 short | full | skip | back | done | pause | close",
        "Go to A-1 and scan it.", "* Order OW-1 is on hold.", "! This is not the bin to go to. (wanted A-1)",
    ]  # fmt: skip


def test_what_was_told_at_opening_is_not_shown_again_with_the_first_scan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cancelled, held = {"words": "Order OW-1 was cancelled."}, {"words": "Order OW-2 is on hold."}

    def ask(method: str, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        if path == "/v1/sessions":
            now = {"words": "Go to A-1 and scan it.", "notices": [cancelled]}
            return 200, {"id": "0-k3f9", "next_n": 1, "instruction": now}
        notices = [cancelled, held] if body["scans"][0]["n"] == 1 else [cancelled]
        now = {"words": "Go on.", "notices": notices}
        return 200, {"next_n": 2, "answers": [{"instruction": now}]}

    monkeypatch.setattr("sys.stdin", io.StringIO("A-1\nA-2\n"))
    assert work(ask, {"person": "ann"}, lambda: None) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "* Order OW-1 was cancelled.", "Go to A-1 and scan it.", "* Order OW-2 is on hold.", "Go on.",
        "* Order OW-1 was cancelled.", "Go on.",
    ]  # fmt: skip
