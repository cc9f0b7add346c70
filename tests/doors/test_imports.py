"""Files over HTTP and by the command line: the same import, the same account of every row."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from orderwright.app import wiring
from orderwright.doors.cli import run
from tests.client import Client, Reply
from tests.doors.conftest import Served
from tests.imports.test_taking import HEADER, row


def send(client: Client, text: str, **query: object) -> Reply:
    path = f"/v1/imports?{urlencode(query)}" if query else "/v1/imports"
    return client("POST", path, text.encode(), content_type="text/csv")


def test_a_file_sent_in_is_taken_and_told_of(served: Served, admin: Client) -> None:
    text = HEADER + row("F-1", "MUG") + row("F-2", "MUG", "many")
    first = send(admin, text, name="orders.csv")
    assert (first.status, first.json["state"], first.json["report"]["orders"]["new"]) == (200, "done", 1)
    view = admin("GET", f"/v1/imports/{first.json['id']}").json
    assert (view["file_name"], view["rows_read"], [each["row"] for each in view["errors"]]) == ("orders.csv", 2, [3])
    file = admin("GET", f"/v1/imports/{first.json['id']}/errors")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    again = send(admin, file.content.decode().replace("many", "3"))
    assert (again.json["report"]["orders"], again.json["errors"]) == (
        {"new": 1, "repeated": 0, "refused": 0, "waiting": 1, "holds": {}, "refusals": {}, "read": 1}, [],
    )  # fmt: skip
    assert send(admin, text).json["report"]["orders"]["repeated"] == 1


def test_a_dry_run_keeps_nothing(served: Served, admin: Client) -> None:
    reply = send(admin, HEADER + row("F-9", "MUG"), dry_run="true")
    assert (reply.status, reply.json["state"], reply.json["report"]["rows"]) == (200, "dry_run", 1)
    assert served.shop.rows("SELECT 1 FROM orders WHERE reference = 'F-9'") == []


def test_what_is_no_table_is_refused_by_its_name(served: Served, admin: Client) -> None:
    assert (send(admin, "%PDF-1.4").code, send(admin, "").code) == ("import_format", "import_no_header")
    assert send(admin, HEADER, profile="nobody = 1").code == "import_profile_invalid"
    multipart = admin("POST", "/v1/imports", b"--x--", content_type="multipart/form-data; boundary=x")
    assert (multipart.status, multipart.code) == (415, "unsupported_media")
    assert admin("GET", "/v1/imports/none").status == 404
    assert send(served.at("orders:read"), HEADER).status == 403
    assert send(served.at("orders:write", channels=["web"]), HEADER).status == 403


@pytest.fixture
def say(
    served: Served, postgres: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("DATABASE_URL", postgres)
    monkeypatch.setenv("ORDERWRIGHT_STORE", served.shop.store.name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            run(wiring, words)
        return int(str(ended.value.code)), capsys.readouterr().out

    return command


def test_the_command_shows_its_columns_and_writes_what_is_to_be_mended(
    say: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    (tmp_path / "orders.csv").write_text(HEADER.replace("Qty", "Zahl") + row("G-1", "MUG") + row("G-2", "MUG", "x"))
    code, out = say("import", "orders", "orders.csv", "--column", "quantity=Zahl", "--errors", "mend.csv")
    assert code == 1
    assert "said by the profile or by hand" in out
    assert "Orders: 1 taken, 0 were here already, 0 refused." in out
    assert "Every row is accounted for." in out
    mended = (tmp_path / "mend.csv").read_text(encoding="utf-8").replace(",x,", ",4,")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8")
    code, out = say("import", "orders", "mended.csv", "--column", "quantity=Zahl", "--json")
    assert (code, json.loads(out)["orders"]["new"], json.loads(out)["rows_not_taken"]) == (0, 1, 0)
    code, out = say("import", "orders", "orders.csv", "--column", "quantity=Zahl", "--dry-run", "--json")
    assert (code, json.loads(out)["id"], json.loads(out)["rows"]) == (1, None, 2)


def test_a_file_that_is_not_there_is_wrong_usage(say: Callable[..., tuple[int, str]]) -> None:
    assert say("import", "orders", "nowhere.csv")[0] == 2
