"""users list, invite, link, roles, disable, enable."""

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from orderwright.doors.cli import here, show

if TYPE_CHECKING:
    from orderwright.business.staff.forms import Account

app = App(name="users", help="Who signs in: invite people, give them roles, let them in no more.")
ACTOR = "cli"
Several = Parameter(consume_multiple=True, negative="")


@app.command(name="list")
def list_(*, json: bool = False) -> None:
    """List everybody who signs in, was invited or is disabled, by name.

    Example: orderwright users list

    Parameters
    ----------
    json
        Print JSON.
    """
    from orderwright.business.staff.reads import list_accounts

    with here.store() as store, store.read() as tx:
        people = list_accounts(tx).items
    if json:
        show.as_json(people)
        return
    columns = ["name", "e-mail", "state", "roles", "sites", "channels", "second step", "last seen"]
    show.table(
        columns,
        [(each.name, each.email, each.state, each.roles, each.sites, each.channels,
          "yes" if each.has_totp else "", each.seen_at) for each in people],
    )  # fmt: skip


@app.command
def invite(
    email: str,
    *,
    name: str,
    role: Annotated[list[str], Several],
    site: Annotated[list[str] | None, Several] = None,
    channel: Annotated[list[str] | None, Several] = None,
    json: bool = False,
) -> None:
    """Invite somebody and print the path of their one-time link, alone: pass on the server's address and it.

    Example: orderwright users invite kim@example.org --name Kim --role picker packer --site LEEDS

    Parameters
    ----------
    email
        What they sign in with.
    name
        How all they do will name them, for good.
    role
        owner, manager, clerk, picker, packer, receiver, buyer, support, sales, accounts, analyst or partner.
    site
        Limit them to these sites.
    channel
        Limit them to these channels.
    json
        Print all about it as JSON.
    """
    from orderwright.business.staff.forms import Invite
    from orderwright.business.staff.people import invite
    from orderwright.database.keys import SCOPES

    command = Invite(email=email, name=name, roles=role, sites=site, channels=channel, by=SCOPES, actor=ACTOR)
    linked = _done(invite, command)
    if json:
        show.as_json(linked)
    else:
        print(f"/join/{linked.token}")


@app.command
def link(who: str | None = None) -> None:
    """Print the path of a one-time link: the first owner's, or for somebody who lost their password or invitation.

    Example: orderwright users link kim@example.org

    Parameters
    ----------
    who
        Their e-mail address or name; without it, the link that makes the first owner.
    """
    from orderwright.business.staff.forms import MakeFirstLink, MakeLink
    from orderwright.business.staff.links import make_first_links
    from orderwright.business.staff.people import make_links
    from orderwright.database.keys import SCOPES

    if who is None:
        print(f"/first/{_done(make_first_links, MakeFirstLink(actor=ACTOR)).token}")
    else:
        print(f"/join/{_done(make_links, MakeLink(id=_person(who).id, by=SCOPES, actor=ACTOR)).token}")


@app.command
def roles(
    who: str,
    *,
    role: Annotated[list[str], Several],
    site: Annotated[list[str] | None, Several] = None,
    channel: Annotated[list[str] | None, Several] = None,
) -> None:
    """Give somebody other roles or limits; they are signed out everywhere.

    Example: orderwright users roles kim@example.org --role partner --channel market

    Parameters
    ----------
    who
        Their e-mail address or name.
    role
        Their roles from now on.
    site
        Limit them to these sites.
    channel
        Limit them to these channels.
    """
    from orderwright.business.staff.forms import SetRoles
    from orderwright.business.staff.people import set_roles
    from orderwright.database.keys import SCOPES

    id_ = _person(who).id
    after = _done(set_roles, SetRoles(id=id_, roles=role, sites=site, channels=channel, by=SCOPES, actor=ACTOR))
    print(f"{after.name} is {', '.join(after.roles)}.")


@app.command
def disable(who: str) -> None:
    """Let somebody in no more; they are signed out everywhere, within seconds.

    Example: orderwright users disable kim@example.org

    Parameters
    ----------
    who
        Their e-mail address or name.
    """
    print(f"{_set_active(who, is_active=False).name} is disabled.")


@app.command
def enable(who: str) -> None:
    """Let somebody in again, with the password they had.

    Example: orderwright users enable kim@example.org

    Parameters
    ----------
    who
        Their e-mail address or name.
    """
    print(f"{_set_active(who, is_active=True).name} may sign in.")


def _set_active(who: str, *, is_active: bool) -> "Account":
    from orderwright.business.staff.forms import SetActive
    from orderwright.business.staff.people import set_active
    from orderwright.database.keys import SCOPES

    command = SetActive(id=_person(who).id, is_active=is_active, by=SCOPES, actor=ACTOR)
    account: Account = _done(set_active, command)
    return account


def _person(who: str) -> "Account":
    from orderwright.business.staff.reads import find_account_named
    from orderwright.values.refusal import Refusal

    with here.store() as store, store.read() as tx:
        found = find_account_named(tx, who)
    if found is None:
        raise Refusal("not_found", person=who)
    return found


def _done(action: Any, command: Any) -> Any:
    from orderwright.values.refusal import Refusal

    with here.store() as store, store.begin() as tx:
        (result,) = action(tx, [command])
    if isinstance(result, Refusal):
        raise result
    return result
