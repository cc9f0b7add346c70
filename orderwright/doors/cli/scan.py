"""scan: a person with a scanner that types like a keyboard. A line is a scan; the next instruction is printed."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from orderwright.doors.cli import BROKEN, REFUSED, here

Ask = Callable[[str, str, Mapping[str, Any]], "tuple[int, dict[str, Any]]"]
"""Method, path and body of a call of the API -> status and answer."""
KEYED = ("short", "full", "skip", "back", "done", "pause")
_MARK_LENGTH = 4
_CLOCKS_APART = timedelta(minutes=5)


def scan(*, site: str, person: str, kind: str = "pick", subject: str = "") -> int:
    """Work with a keyboard wedge: each line is a scan, and what to do next is printed.

    Commands are typed behind the session's word, which is shown at the start, so that no barcode can type one:
    `k3f9 short 2 damaged`, `k3f9 full`, `k3f9 skip`, `k3f9 back`, `k3f9 done`, `k3f9 pause`; `k3f9 3` says that
    there are three in all, and `k3f9 close` ends the session. The end of input leaves it open, to go on later.

    Example: orderwright scan --site LEEDS --person ann

    Parameters
    ----------
    site
        Where the person works.
    person
        Who works.
    kind
        pick, sort, pack, put_back, count, receive, put_away, damage, load or unload.
    subject
        What it is about, where the kind has one: a walk, a tote, a purchase order, a transfer. Of pick, left out: the
        walk the person is on.
    """
    import msgspec

    from orderwright.doors.api.calling import call_here

    with here.shops() as shops:
        store = here.deployment().store

        def ask(method: str, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
            headers = {b"content-type": b"application/json"}
            answer = call_here(shops, store, method, path, msgspec.json.encode(body) if body else b"", headers)
            return answer.status, msgspec.json.decode(answer.body)

        with shops.shop(store).store.read() as tx:
            apart = abs(tx.now - datetime.now(UTC))
        opened = {"kind": kind, "site": site, "person": person, "subject": subject}
        return work(ask, opened, lambda: datetime.now(UTC) if apart < _CLOCKS_APART else None)


def work(ask: Ask, opened: Mapping[str, str], time: Callable[[], datetime | None]) -> int:
    """Open a session and take lines until they end. time: of a scan; None where the store's clock is simulated."""
    status, session = ask("POST", "/v1/sessions", opened)
    if status >= 400:
        print(session["detail"], file=sys.stderr)
        return REFUSED if status < 500 else BROKEN
    path, n = f"/v1/sessions/{session['id']}", session["next_n"]
    mark = session["id"][-_MARK_LENGTH:]
    print(f"Session of {opened['person']}. Commands: {mark} {' | '.join((*KEYED, 'close'))}")
    # What is told at opening is told again with the first scan, since nobody knows whether it was heard. Here it was.
    heard = _tell(session["instruction"])
    for line in sys.stdin:
        typed = line.rstrip("\r\n")
        if typed == f"{mark} close":
            ask("POST", f"{path}/close", {})
            return 0
        if not typed:
            continue
        at = time()
        body = {"n": n, **scanned(typed, mark), **({"occurred_at": at.isoformat()} if at else {})}
        status, told = ask("POST", f"{path}/scans", {"scans": [body]})
        if status >= 400:
            print(told["detail"], file=sys.stderr)
            return REFUSED if status < 500 else BROKEN
        n = told["next_n"]
        _tell(told["answers"][0]["instruction"], heard)
        heard = []
    return 0


def scanned(typed: str, mark: str) -> dict[str, Any]:
    """A line as a scan: a command behind the session's word, anything else a code as it stands."""
    words = typed.split()
    if len(words) < 2 or words[0] != mark:
        return {"code": typed}
    command, *rest = words[1:]
    numbers = [int(each) for each in rest if each.isascii() and each.isdigit() and len(each) < 10]
    if command.isascii() and command.isdigit() and len(command) < 10 and not rest:
        return {"quantity": int(command)}
    if command not in KEYED:
        return {"code": typed}
    reasons = [each for each in rest if each in ("missing", "damaged", "expired")]
    told: dict[str, Any] = {"command": command}
    return told | ({"quantity": numbers[0]} if numbers else {}) | ({"reason": reasons[0]} if reasons else {})


def _tell(now: Mapping[str, Any], heard: Sequence[str] = ()) -> list[str]:
    """Print what people must hear and have not heard, then what to do; a wrong scan also rings. What it told."""
    notices = [each["words"] for each in now.get("notices", ())]
    for words in notices:
        if words not in heard:
            print(f"* {words}")
    is_wrong = now.get("tone") == "wrong"
    facts = ", ".join(f"{name} {value}" for name, value in now.get("facts", {}).items() if value) if is_wrong else ""
    rings = "\a" if is_wrong and sys.stdout.isatty() else ""
    print(f"{rings}{'! ' if is_wrong else ''}{now['words']}{f' ({facts})' if facts else ''}", flush=True)
    return notices
