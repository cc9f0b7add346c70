"""keys create, keys list, keys revoke."""

from typing import Annotated

from cyclopts import App, Parameter

from orderwright.doors.cli import here, show

app = App(name="keys", help="Make, list and revoke API keys.")
ACTOR = "cli"
Several = Parameter(consume_multiple=True, negative="")


@app.command
def create(
    *,
    name: str,
    scope: Annotated[list[str], Several],
    site: Annotated[list[str] | None, Several] = None,
    channel: Annotated[list[str] | None, Several] = None,
    json: bool = False,
) -> None:
    """Make an API key for the store and print it, alone. It is shown this once.

    Example: orderwright keys create --name "web shop" --scope orders:write orders:read --channel web

    Parameters
    ----------
    name
        What it is for.
    scope
        What it may do: orders:, stock:, floor:, shipping:, money: or staff: with read or write, reports:read, or admin.
    site
        Limit it to these sites.
    channel
        Limit it to these channels.
    json
        Print all about it as JSON.
    """
    from orderwright.database.keys import CreateKey, create_keys
    from orderwright.values.refusal import Refusal

    command = CreateKey(name=name, scopes=scope, sites=site, channels=channel, actor=ACTOR)
    with here.store() as store, store.begin() as tx:
        (made,) = create_keys(tx, [command])
    if isinstance(made, Refusal):
        raise made
    if json:
        show.as_json(made)
    else:
        print(made.key)


@app.command(name="list")
def list_(*, json: bool = False) -> None:
    """List the store's API keys, newest first, revoked ones too.

    Example: orderwright keys list

    Parameters
    ----------
    json
        Print JSON.
    """
    from orderwright.database.keys import list_keys

    with here.store() as store, store.read() as tx:
        keys = list_keys(tx)
    if json:
        show.as_json(keys)
        return
    columns = ["prefix", "name", "scopes", "sites", "channels", "created", "revoked"]
    rows = [(key.prefix, key.name, key.scopes, key.sites, key.channels, key.created_at, key.revoked_at) for key in keys]
    show.table(columns, rows)


@app.command
def revoke(prefix: str) -> None:
    """Make a key useless, by its prefix; running servers notice within five seconds.

    Example: orderwright keys revoke 1f0c9a77b3de

    Parameters
    ----------
    prefix
        The part of the key between its two underscores, as `keys list` shows it.
    """
    from orderwright.database.keys import RevokeKey, revoke_keys
    from orderwright.values.refusal import Refusal

    with here.store() as store, store.begin() as tx:
        (result,) = revoke_keys(tx, [RevokeKey(prefix=prefix, actor=ACTOR)])
    if isinstance(result, Refusal):
        raise result
    print(f"Key {prefix} ({result.name}) is revoked.")
