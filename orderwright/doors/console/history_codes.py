"""What the codes in things that are kept are called where their history is told."""

from collections.abc import Mapping

from orderwright.doors.console.pages.channels import SHORTAGE, SPLIT
from orderwright.doors.console.pages.dials import SETTINGS
from orderwright.doors.console.pages.layouts import WAYS
from orderwright.doors.console.pages.products import CODES as CODE_KINDS
from orderwright.doors.console.pages.products import TRACKING
from orderwright.doors.console.pages.sites import DAYS
from orderwright.doors.console.pages.staff import STATES
from orderwright.doors.console.pages.stock import KINDS as PLACE_KINDS
from orderwright.doors.console.texts import LANGUAGES
from orderwright.doors.console.texts import text as _
from orderwright.doors.console.words import ROLES

CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("product", "tracking"): TRACKING,
    ("product", "kind"): CODE_KINDS,
    ("site", "working_days"): DAYS,
    ("place", "kind"): PLACE_KINDS,
    ("channel", "shortage"): dict(SHORTAGE),
    ("channel", "split"): dict(SPLIT),
    ("insert", "kind"): {"insert": _("Leaflet"), "sample": _("Sample"), "gift_note": _("Gift note")},
    ("floor", "strategies"): {
        "single": _("One order at a time"), "batch": _("Several orders in one walk"), "zone": _("Zone by zone"),
        "wave": _("In waves, sorted afterwards"),
    },
    ("floor", "aim"): {"minutes": _("Fewest minutes of work"), "makespan": _("Done soonest")},
    ("floor", "way"): dict(WAYS),
    ("release_policy", "weekdays"): DAYS,
    ("dial", ""): SETTINGS,
    ("account", "roles"): ROLES,
    ("account", "state"): {state: word.name for state, word in STATES.items()},
    ("account", "language"): LANGUAGES,
    ("customer", "language"): LANGUAGES,
}  # fmt: skip
"""By the kind of thing and the name of the field. Whatever else is in there, people wrote: it stands as it is."""
