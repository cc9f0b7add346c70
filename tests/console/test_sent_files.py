"""Forms with files: bounded, whole or not at all, nothing left on the disk."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from orderwright.doors.console.sent_files import Sent, receive_form
from orderwright.values.refusal import Refusal

HEADERS = {b"content-type": b"multipart/form-data; boundary=here"}


def body(*parts: tuple[str, bytes], closed: bool = True) -> bytes:
    told = b"".join(
        b'--here\r\ncontent-disposition: form-data; name="file"%b\r\n\r\n' % (b'; filename="%b"' % name.encode())
        + content
        + b"\r\n"
        for name, content in parts
    )
    fields = b'--here\r\ncontent-disposition: form-data; name="csrf"\r\n\r\nabc\r\n'
    return fields + told + (b"--here--\r\n" if closed else b"")


def received(content: bytes, bytes_max: int = 10_000, at_once: int = 7, **headers: bytes) -> Sent:
    pieces = [content[at : at + at_once] for at in range(0, len(content), at_once)]
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": piece, "more_body": i + 1 < len(pieces)} for i, piece in enumerate(pieces)
    ]

    async def receive() -> Any:
        return messages.pop(0)

    form = receive_form(receive, HEADERS | {k.encode(): v for k, v in headers.items()}, bytes_max)
    with ThreadPoolExecutor(1) as thread:  # browsers' tests leave a loop that runs in this one
        sent = thread.submit(asyncio.run, form).result()
    assert not messages
    return sent


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_fields_and_files_come_apart(there: Path):
    sent = received(body(("C:\\Users\\kim\\goods.csv", b"sku\r\nMUG\r\n")))
    assert sent.fields == {"csrf": "abc"}
    assert (sent.files["file"].name, sent.files["file"].size_bytes) == ("goods.csv", 10)
    assert sent.files["file"].path.read_bytes() == b"sku\r\nMUG\r\n"
    sent.drop()
    assert list(there.iterdir()) == []


def test_a_field_without_a_file_is_none(there: Path):
    assert received(body(("", b""))).files == {}
    assert list(there.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "bytes_max", "code"),
    [
        (body(("a.csv", b"x" * 500)), 400, "too_large"),
        (body(("a.csv", b"x" * 50), closed=False), 10_000, "malformed"),
        (b"no form at all", 10_000, "malformed"),
        (body(("a.csv", b"x"))[:-12] + b"\xff", 10_000, "malformed"),
    ],
)
def test_what_is_no_sound_form_is_refused_and_leaves_nothing(there: Path, content, bytes_max, code):
    with pytest.raises(Refusal) as no:
        received(content, bytes_max)
    assert no.value.code == code
    assert list(there.iterdir()) == []


def test_a_form_that_says_it_is_too_large_is_read_away_and_kept_nowhere(there: Path):
    content = body(("a.csv", b"x" * 500))
    with pytest.raises(Refusal) as no:
        received(content, 400, **{"content-length": b"%d" % len(content)})
    assert (no.value.code, list(there.iterdir())) == ("too_large", [])
