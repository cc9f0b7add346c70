"""Where somebody begins who gave no address: the first section they may see."""

from orderwright.doors.console.asked import Asked
from orderwright.doors.console.page import SIGNED_IN, page
from orderwright.doors.console.reply import Reply, see_other
from orderwright.doors.console.sections import first_path
from orderwright.doors.console.texts import text as _


@page("/", template="trouble.html", scope=SIGNED_IN, title=_("Start"))
def start(asked: Asked[None]) -> Reply:
    """On to the orders, or to what a visitor without them may see."""
    return see_other(first_path(asked.visitor.scopes, ("/orders", "/floor")))
