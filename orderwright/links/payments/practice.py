"""The practice gateway: behaves like a real one and moves no money. It remembers keys in a file of its own."""

from collections.abc import Callable
from pathlib import Path

from orderwright.business.billing.ports import CheckoutRequest, CheckoutSeen, PaymentAnswer, PaymentRequest
from orderwright.links.memory import Memory

SCHEMA = """
    CREATE TABLE IF NOT EXISTS effect (key TEXT PRIMARY KEY, kind TEXT, reference TEXT, amount INTEGER, said TEXT);
    CREATE TABLE IF NOT EXISTS checkout (key TEXT PRIMARY KEY, amount INTEGER, is_paid INTEGER DEFAULT 0);
"""


class PracticeGateway:
    """Says yes to everything, once per key.

    `mishap(request)` lets tests and simulations interfere: "decline" answers no, "lose_request" fails before
    anything happened, "lose_reply" after it happened, None lets it pass. Its page to pay on is one of ours, beside
    the one its customer comes back to.
    """

    name = "practice"

    def __init__(self, memory: Path, mishap: Callable[[PaymentRequest], str | None] | None = None) -> None:
        self._memory = Memory(memory, SCHEMA)
        self._mishap = mishap or (lambda _: None)

    def perform(self, request: PaymentRequest) -> PaymentAnswer:
        """Do it once per key; a known key gets its first answer again, and a no when it is for another amount."""
        mishap = self._mishap(request)
        if mishap == "lose_request":
            raise ConnectionError("the request was lost")
        said = "declined" if mishap == "decline" else "approved"
        with self._memory.open() as file:
            file.execute(
                "INSERT OR IGNORE INTO effect VALUES (?, ?, ?, ?, ?)",
                (request.key, request.kind, request.reference, request.amount_minor, said),
            )
        if mishap == "lose_reply":
            raise ConnectionError("the reply was lost")
        answer = self.look_up(request)
        if answer is None:
            raise ConnectionError("the practice gateway's memory is gone")
        return answer

    def look_up(self, request: PaymentRequest) -> PaymentAnswer | None:
        """What became of a key."""
        with self._memory.open() as file:
            row = file.execute("SELECT said, amount FROM effect WHERE key = ?", (request.key,)).fetchone()
        if row is None:
            return None
        said, amount_minor = row
        if amount_minor != request.amount_minor:
            return PaymentAnswer(False, "this key was used for another amount")
        return PaymentAnswer(said == "approved", said)

    def open_checkout(self, request: CheckoutRequest) -> str:
        """The address of a page, one per key."""
        with self._memory.open() as file:
            row = (request.key, request.amount_minor)
            file.execute("INSERT OR IGNORE INTO checkout (key, amount) VALUES (?, ?)", row)
        return f"{request.back.partition('?')[0]}/practice"

    def look_at_checkout(self, key: str) -> CheckoutSeen | None:
        """What became of a key's page."""
        with self._memory.open() as file:
            row = file.execute("SELECT is_paid, amount FROM checkout WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        return CheckoutSeen("paid", key, row[1]) if row[0] else CheckoutSeen("open")

    def pay(self, key: str) -> None:
        """The customer paid; once."""
        with self._memory.open() as file:
            file.execute("UPDATE checkout SET is_paid = 1 WHERE key = ?", (key,))

    def total_minor(self, kind: str) -> int:
        """All that was approved of a kind: what the outside world says, to compare our books with."""
        with self._memory.open() as file:
            row = file.execute(
                "SELECT sum(amount) FROM effect WHERE kind = ? AND said = 'approved'", (kind,)
            ).fetchone()
        return int(row[0] or 0)
