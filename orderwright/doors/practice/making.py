"""Making a store to practise in for somebody, finding it again, and throwing it away."""

import secrets
from collections.abc import Sequence

from orderwright.business.staff.forms import LetPractise, NotePractice, Place, SignedIn, Visitor
from orderwright.business.staff.practising import find_practice, let_practise, note_practice, practices_over
from orderwright.database.invented import Mark, find_mark, mark_invented
from orderwright.database.stores import create_store, drop_store
from orderwright.doors.practice.scene import fill
from orderwright.doors.shops import Shop, Shops
from orderwright.doors.worker.kinds import Kind
from orderwright.doors.worker.loop import Worker
from orderwright.values.refusal import Refusal

PREFIX = "practice_"
STORES_MAX, KEPT_DAYS = 20, 30
"""So many people of a store can practise at once, so long; the oldest gives way to the next."""


def enter(shops: Shops, kinds: Sequence[Kind], who: Visitor, place: Place) -> SignedIn:
    """Sign somebody in where they practise; the store is made when there is none yet. Takes a few seconds then."""
    shop = find_theirs(shops, who.store, who.account_id)
    if shop is None:
        shop = make(shops, kinds, who.store, who.account_id, who.actor)
    command = LetPractise(
        account_id=who.account_id, email=who.email, name=who.name, language=who.language, place=place, actor=who.actor
    )
    (signed,) = shop.writer.run(let_practise, [command])
    if isinstance(signed, Refusal):
        raise signed
    came: SignedIn = signed
    return came


def find_theirs(shops: Shops, store: str, account_id: str) -> Shop | None:
    """Where somebody of a store practises; None when there is none, or it is none of theirs (any more)."""
    with shops.shop(store).store.read() as tx:
        name = find_practice(tx, account_id)
    if not name:
        return None
    try:
        shop = shops.shop(name)
        with shop.store.read() as tx:
            mark = find_mark(tx)
    except LookupError:
        return None
    return shop if mark == Mark("practice", store, account_id) else None


def throw_away(shops: Shops, store: str, account_id: str, actor: str) -> None:
    """The store somebody practises in is no more, with all that was done there. None: nothing happens."""
    shop = find_theirs(shops, store, account_id)
    shops.shop(store).writer.run(note_practice, [NotePractice(account_id=account_id, store="", actor=actor)])
    if shop is not None:
        shops.close(shop.store.name)
        drop_store(shops.database.dsn, shop.store.name)


def make(shops: Shops, kinds: Sequence[Kind], own: str, account_id: str, actor: str) -> Shop:
    """A new store for somebody of a store (own), under a name nobody had: nothing remembered of an older one is
    believed of it.

    It is theirs once it is whole: killed before, it is made anew.
    """
    _clear(shops, own)
    name = f"{PREFIX}{secrets.token_hex(8)}"
    create_store(shops.database.dsn, name)
    shop = shops.shop(name)
    with shop.store.begin() as tx:
        mark_invented(tx, Mark("practice", own, account_id))
    fill(shop.store, Worker(shop.store, kinds, []).run_until_idle)
    (before,) = shops.shop(own).writer.run(
        note_practice, [NotePractice(account_id=account_id, store=name, actor=actor)]
    )
    if before:  # of two clicks at once the later one counts
        _drop(shops, before)
    return shop


def _clear(shops: Shops, own: str) -> None:
    """Make room for one more: what is too old goes, and the oldest of too many."""
    with shops.shop(own).store.read() as tx:
        over = practices_over(tx, STORES_MAX - 1, KEPT_DAYS)
    for account_id in over:
        throw_away(shops, own, account_id, "practice")


def _drop(shops: Shops, name: str) -> None:
    shops.close(name)
    drop_store(shops.database.dsn, name)
