"""A replay meets somebody who holds what its second scan wants."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from orderwright.business.warehouse.sessions.forms import ScanAnswer, ScanForm
from tests.sessions.scanner import Scanner


def send_against(shop: Any, gun: Scanner, scans: Sequence[dict[str, Any]], *, held: str, free: str) -> list[ScanAnswer]:
    """The answers of scans sent at once, while another holds the rows of the statement `held` until they wait for it.

    By then nothing of `free` may be held: it comes later in the order of locks, and who waits for it holding what the
    scans wait for would wait for ever. Both are FROM and WHERE of a statement.
    """
    with ThreadPoolExecutor(1) as thread, shop.store.begin() as other:
        other.rows(f"SELECT FROM {held} FOR UPDATE")
        sending = thread.submit(gun.send, [ScanForm(n=gun.n + i, **each) for i, each in enumerate(scans)])
        while not (shop.rows("SELECT FROM pg_locks WHERE NOT granted") or sending.done()):
            pass
        assert not sending.done()
        other.rows(f"SELECT FROM {free} FOR UPDATE NOWAIT")
    return sending.result()
