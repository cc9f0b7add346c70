"""practice: who practises, how far they are; a store made ready for somebody, or thrown away."""

from typing import TYPE_CHECKING

import cyclopts

from orderwright.doors.cli import here, show

if TYPE_CHECKING:
    from orderwright.business.staff.forms import Account
    from orderwright.database.store import Store

app = cyclopts.App(name="practice", help="Stores people practise in: list them, make them ready, throw them away.")


@app.command(name="list")
def list_() -> None:
    """Who practises, how many tasks of the course they have done, and their points.

    Example: orderwright practice list
    """
    from orderwright.business.practice.reads import course_of
    from orderwright.business.staff.practising import list_practices
    from orderwright.doors.practice.making import find_theirs

    ours = here.deployment()
    rows = []
    with here.shops() as shops:
        with shops.shop(ours.store).store.read() as tx:
            practising = list_practices(tx)
        for account_id, name, store in practising:
            shop = find_theirs(shops, ours.store, account_id)
            if shop is None:
                continue
            with shop.store.read() as tx:
                course = course_of(tx, [f"staff:{name}", name])
            rows.append((name, f"{course.done} of {len(course.steps)}", str(course.score.points), store))
    show.table(["person", "done", "points", "store"], rows)


@app.command
def ready(person: str) -> int:
    """Make a store to practise in for somebody, so that they need not wait for it.

    Example: orderwright practice ready ann@example.org

    Parameters
    ----------
    person
        Their e-mail address or name.
    """
    from orderwright.doors.practice.making import find_theirs, make

    with here.shops() as shops:
        own = here.deployment().store
        account = _find(shops.shop(own).store, person)
        if account is None:
            return 1
        if find_theirs(shops, own, account.id) is None:
            make(shops, here.wiring().kinds, own, account.id, "practice")
    print(f"{account.name} can practise: Practice, in their own menu of the console.")
    return 0


@app.command
def drop(person: str) -> int:
    """Throw away the store somebody practises in, with all they did there.

    Example: orderwright practice drop ann@example.org

    Parameters
    ----------
    person
        Their e-mail address or name.
    """
    from orderwright.doors.practice.making import throw_away

    with here.shops() as shops:
        own = here.deployment().store
        account = _find(shops.shop(own).store, person)
        if account is None:
            return 1
        throw_away(shops, own, account.id, "practice")
    print(f"{account.name} has no store to practise in.")
    return 0


def _find(store: "Store", person: str) -> "Account | None":
    import sys

    from orderwright.business.staff.reads import find_account_named

    with store.read() as tx:
        account = find_account_named(tx, person)
    if account is None:
        print(f"There is nobody called {person!r}: see `orderwright users list`.", file=sys.stderr)
    return account
