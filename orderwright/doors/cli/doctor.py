"""doctor."""

from orderwright.doors.cli import BROKEN, here, show

MARKS = {"ok": "ok  ", "warning": "warn", "broken": "BAD "}


def doctor(*, json: bool = False) -> int:
    """Say what is in force and from where, what is wrong, and how to mend it. Exit code 3 when something is.

    Example: orderwright doctor

    Parameters
    ----------
    json
        Print JSON.
    """
    from orderwright.doors.checkup import examine, in_force
    from orderwright.flows import FLOWS

    ours = here.deployment()
    settings = in_force(ours)
    symptoms = list(examine(ours, FLOWS))
    if json:
        found = [each._asdict() for each in symptoms]
        show.as_json({"in_force": [each._asdict() for each in settings], "found": found})
    else:
        show.table(["setting", "value", "from"], settings)
        print()
        for each in symptoms:
            print(f"{MARKS[each.verdict]} {each.what}: {each.found}")
            if each.mend:
                print(f"       mend: {each.mend}")
    return BROKEN if any(each.verdict == "broken" for each in symptoms) else 0
