"""check."""

from orderwright.doors.cli import BROKEN, here, show


def check(*, store: str | None = None, quick: bool = False, json: bool = False) -> int:
    """Check every invariant of the store, one line each; exit code 0 only when all hold. It may be in use.

    Example: orderwright check --json

    Parameters
    ----------
    store
        Which store. [the command line's own]
    quick
        Only what was touched since the last check.
    json
        Print JSON.
    """
    from orderwright.business.truth.check import check_store

    with here.store(store) as opened:
        if json:
            results = check_store(opened, full=not quick)
            show.as_json([{**each._asdict(), "holds": each.holds} for each in results])
        else:
            results = check_store(opened, full=not quick, progress=show.Checks().show)
    return 0 if all(each.holds for each in results) else BROKEN
