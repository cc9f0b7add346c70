"""stores create, stores list."""

from cyclopts import App

from orderwright.doors.cli import here, show

app = App(name="stores", help="Make and list stores: each is fully apart from the others.")


@app.command
def create(name: str) -> None:
    """Make a store, or bring it up to date when it exists. Makes the database if there is none.

    Example: orderwright stores create shoes

    Parameters
    ----------
    name
        A lower-case letter, then up to 39 letters, digits or underscores.
    """
    from orderwright.database.cluster import locate_database
    from orderwright.database.stores import create_store

    with locate_database(here.deployment()).open(may_initialise=True) as cluster:
        is_new = create_store(cluster.dsn, name)
    print(f"Store {name} is made." if is_new else f"Store {name} was there already; it is up to date.")


@app.command(name="list")
def list_(*, json: bool = False) -> None:
    """List the stores.

    Example: orderwright stores list --json

    Parameters
    ----------
    json
        Print JSON.
    """
    from orderwright.database.cluster import locate_database
    from orderwright.database.stores import list_stores

    with locate_database(here.deployment()).open() as cluster:
        names = list_stores(cluster.dsn)
    if json:
        show.as_json([{"name": name} for name in names])
    else:
        print("\n".join(names))
