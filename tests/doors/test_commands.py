"""The command line: what it prints, and the exit codes others rely on."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from orderwright.app import wiring
from orderwright.doors.cli import COMMANDS, run
from orderwright.doors.deployment import BadDeployment, read_deployment
from tests.doors.conftest import Served
from tests.shop import Shop


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


Say = Callable[..., Said]


@pytest.fixture
def say(
    served: Served, postgres: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Say:
    monkeypatch.setenv("DATABASE_URL", postgres)
    monkeypatch.setenv("ORDERWRIGHT_STORE", served.shop.store.name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            run(wiring, words)
        captured = capsys.readouterr()
        return Said(int(str(ended.value.code)), captured.out, captured.err)

    return command


@pytest.mark.parametrize(
    "words",
    [[name] for name, command in COMMANDS.items() if command.is_shown]
    + [["keys", each] for each in ("create", "list", "revoke")]
    + [["stores", each] for each in ("create", "list")]
    + [["users", each] for each in ("list", "invite", "link", "roles", "disable", "enable")],
    ids=" ".join,
)
def test_every_command_has_help(say: Say, words: list[str]) -> None:
    said = say(*words, "--help")
    assert said.code == 0
    assert "Example: orderwright" in said.out or "Commands" in said.out


def test_a_key_is_printed_alone(say: Say, served: Served) -> None:
    said = say("keys", "create", "--name", "till", "--scope", "orders:write", "orders:read", "--channel", "web")
    assert (said.code, said.err) == (0, "")
    prefix = said.out.strip().split("_")[1]
    (key,) = [each for each in json.loads(say("keys", "list", "--json").out) if each["prefix"] == prefix]
    assert (key["scopes"], key["channels"], key["revoked_at"]) == (["orders:read", "orders:write"], ["web"], None)
    assert say("keys", "revoke", prefix).code == 0
    assert prefix in say("keys", "list").out


def test_people_are_invited_listed_and_let_in_no_more(say: Say) -> None:
    invited = say("users", "invite", "ada@shop.example", "--name", "Ada", "--role", "clerk", "buyer")
    assert (invited.code, invited.out.startswith("/join/"), len(invited.out.split())) == (0, True, 1)
    again = say("users", "link", "ADA@shop.example").out
    assert again.startswith("/join/")
    assert again != invited.out
    assert say("users", "link").out.startswith("/first/")
    assert say("users", "roles", "ada", "--role", "partner", "--channel", "web").out == "Ada is partner.\n"
    assert say("users", "disable", "Ada").out == "Ada is disabled.\n"
    (ada,) = json.loads(say("users", "list", "--json").out)
    assert (ada["name"], ada["state"], ada["roles"], ada["channels"]) == ("Ada", "disabled", ["partner"], ["web"])
    assert "Ada" in say("users", "list").out
    assert say("users", "enable", "ada@shop.example").out == "Ada may sign in.\n"
    for words in (["disable", "nobody"], ["roles", "ada", "--role", "king"], ["link", "nobody"]):
        assert say("users", *words).code == 1


def test_a_refusal_ends_with_1_and_its_reason(say: Say) -> None:
    said = say("keys", "create", "--name", "x", "--scope", "sales")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("bad_scope: ")
    assert say("keys", "revoke", "nobody").code == 1


@pytest.mark.parametrize("words", ["nothing", "keys create", "serve --port many", "stores create A"])
def test_wrong_usage_ends_with_2(say: Say, words: str) -> None:
    assert say(*words.split()).code == 2


def test_a_database_that_is_away_ends_with_3(say: Say, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"host={tmp_path} dbname=nothing")
    assert say("stores", "list").code == 3
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("ORDERWRIGHT_DATA", str(tmp_path / "none"))
    said = say("check")
    assert said.code == 3
    assert str(tmp_path / "none" / "postgres") in said.err
    assert not (tmp_path / "none").exists()


def test_a_store_there_is_none_of_ends_with_3(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERWRIGHT_STORE", "nowhere")
    said = say("call", "GET", "/v1/settings")
    assert (said.code, said.err.strip()) == (
        3,
        "there is no store 'nowhere'; `orderwright stores create nowhere` makes it",
    )


def test_call_reaches_the_api_without_server_and_key(say: Say, served: Served, tmp_path: Path) -> None:
    assert json.loads(say("call", "GET", "/v1/settings").out)["next"] is None
    assert json.loads(say("call", "get", "/health/ready").out) == {"status": "ready"}
    cup = '{"title": "Cup", "price": "3.00", "currency": "GBP"}'
    made = say("call", "PUT", "/v1/products/CUP", cup)
    assert (made.code, json.loads(made.out)["is_new"]) == (0, True)
    stale = say("call", "PUT", "/v1/products/CUP", cup, "--version", "7")
    assert (stale.code, stale.out, json.loads(stale.err)["code"]) == (1, "", "stale")
    (tmp_path / "orders.ndjson").write_bytes(b'{"no": "order"}\n' * 3)
    lines = say("call", "POST", "/v1/orders/batch", "@orders.ndjson").out.splitlines()
    assert [json.loads(line)["problem"]["code"] for line in lines] == ["malformed"] * 3
    assert json.loads(say("call", "GET", "/v1/nothing").err)["code"] == "not_found"
    assert say("call", "POST", "/v1/orders", "@missing.json").code == 2


def test_call_with_a_key_is_done_once(say: Say) -> None:
    body = '{"name": "once", "scopes": ["admin"]}'
    prefixes = [json.loads(say("call", "POST", "/v1/keys", body, "--key", "c-1").out)["prefix"] for _ in range(2)]
    assert prefixes[0] == prefixes[1]


def test_stores_are_made_and_listed(say: Say, served: Served) -> None:
    assert served.shop.store.name in say("stores", "list").out.split()
    assert {"name": served.shop.store.name} in json.loads(say("stores", "list", "--json").out)
    assert "was there already" in say("stores", "create", served.shop.store.name).out


def test_check_prints_a_line_for_each_invariant(say: Say, shop: Shop) -> None:
    said = say("check", "--store", shop.store.name)
    assert (said.code, said.out.count(": holds (")) == (0, len(said.out.splitlines()))
    results = json.loads(say("check", "--store", shop.store.name, "--json").out)
    assert (len(results), all(each["holds"] for each in results)) == (len(said.out.splitlines()), True)
    with shop.begin() as tx:
        tx.write("UPDATE availability SET on_hand = on_hand + 1 WHERE sku = 'MUG' AND site = 'LEEDS'")
    broken = say("check", "--store", shop.store.name)
    assert (broken.code, "BROKEN by 1" in broken.out) == (3, True)


def test_the_doctor_tells_what_is_in_force_and_how_to_mend(
    say: Say, postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "BAD  synchronous_commit: off" in say("doctor").out  # which is how the tests have it
    monkeypatch.setenv("DATABASE_URL", f"{postgres} options='-c synchronous_commit=on'")
    (tmp_path / "orderwright.toml").write_text('port = 9000\n[settings]\n"retention.task_days" = 0\n')
    said = say("doctor", "--json")
    told = json.loads(said.out)
    sources = {each["name"]: each["source"] for each in told["in_force"]}
    assert (sources["database_url"], sources["host"]) == ("DATABASE_URL", "default")
    assert sources["port"] == str(tmp_path / "orderwright.toml")
    (bad,) = [each for each in told["found"] if each["verdict"] == "broken"]
    assert (bad["what"], bad["mend"]) == ("orderwright.toml", "correct it under [settings]")
    assert said.code == 3
    (tmp_path / "orderwright.toml").unlink()
    assert say("doctor").code == 0


@pytest.mark.parametrize("text", ["port = ", "colour = 1", "port = 70000", 'processes = "many"'])
def test_a_file_that_cannot_be_is_told_at_once(say: Say, tmp_path: Path, text: str) -> None:
    (tmp_path / "orderwright.toml").write_text(text)
    said = say("stores", "list")
    assert said.code == 3
    assert "orderwright.toml" in said.err


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    (tmp_path / "orderwright.toml").write_text('port = 9000\nstore = "shoes"\n')
    ours = read_deployment({"ORDERWRIGHT_PORT": "9001"}, tmp_path)
    assert (ours.port, ours.store, ours.host) == (9001, "shoes", "127.0.0.1")
    with pytest.raises(BadDeployment, match="ORDERWRIGHT_PORT"):
        read_deployment({"ORDERWRIGHT_PORT": "x"}, tmp_path)


def test_help_imports_neither_the_web_nor_the_database(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom orderwright.app import main\nsys.argv = ['orderwright', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('litestar', 'uvicorn', 'psycopg', 'msgspec') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "[]"
