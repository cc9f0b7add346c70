"""What routes touch that are about something else than an order or a row of its own: see within.py."""

from typing import Any

import msgspec

from orderwright.database.tx import Tx
from orderwright.doors.api.within import Asked, Within, channels, order, orders, owned
from orderwright.values.ids import is_id


def every_channel(tx: Tx, asked: Asked) -> bool:
    """It moves work of all channels together: no key limited to channels may."""
    return asked.access.channels is None


def both(one: Within, other: Within) -> Within:
    """Both limits bind it."""
    return lambda tx, asked: one(tx, asked) and other(tx, asked)


def exception(tx: Tx, asked: Asked) -> bool:
    """It is about the order of the exception `{id}`, or about a site."""
    sql = "SELECT site FROM exception WHERE id = %(id)s::uuid AND site <> ''"
    if is_id(asked.at["id"]) and tx.row(sql, id=asked.at["id"]) is not None:
        return asked.access.channels is None and _at_site(tx, asked, sql)
    sql = "SELECT o.number FROM exception e JOIN orders o ON o.id = e.order_id WHERE e.id = %(id)s::uuid"
    return _of_order(tx, asked, sql)


def pick_task(tx: Tx, asked: Asked) -> bool:
    """It is about the fulfilment of the pick task `{id}`."""
    if not is_id(asked.at["id"]):
        return True
    row = tx.row("SELECT fulfilment_id::text AS id FROM pick_task WHERE id = %(id)s::uuid", id=asked.at["id"])
    return row is None or owned("fulfilment")(tx, asked._replace(at={"id": row.id}))


def photographed_order(tx: Tx, asked: Asked) -> bool:
    """It is about the fulfilment of the photo `{id}`."""
    if not is_id(asked.at["id"]):
        return True
    row = tx.row("SELECT fulfilment_id::text AS id FROM photo WHERE id = %(id)s::uuid", id=asked.at["id"])
    return row is None or owned("fulfilment")(tx, asked._replace(at={"id": row.id}))


def of_session(tx: Tx, asked: Asked) -> bool:
    """It is about the site of the scanning session `{id}`."""
    return _at_site(tx, asked, "SELECT site FROM floor_session WHERE id = %(id)s::uuid")


def of_walk(tx: Tx, asked: Asked) -> bool:
    """It is about the site of the walk `{id}`."""
    return _at_site(tx, asked, "SELECT site FROM pick_batch WHERE id = %(id)s::uuid")


def of_count(tx: Tx, asked: Asked) -> bool:
    """It is about the site of the count `{id}`."""
    return _at_site(tx, asked, "SELECT site FROM count_task WHERE id = %(id)s::uuid")


def of_damage(tx: Tx, asked: Asked) -> bool:
    """It is about the site of the damaged goods `{id}`."""
    return _at_site(tx, asked, "SELECT site FROM damage WHERE id = %(id)s::uuid")


def paper(tx: Tx, asked: Asked) -> bool:
    """It is about the order of the invoice or credit note `{number}`."""
    series, _, digits = asked.at["number"].partition("-")
    if not (digits.isascii() and digits.isdigit()):
        return True
    row = tx.row(
        "SELECT o.number FROM paper p JOIN orders o ON o.id = p.order_id"
        " WHERE p.series = %(series)s AND p.number = %(number)s::numeric",
        series=series, number=digits,
    )  # fmt: skip
    return row is None or order(tx, asked._replace(at={"number": row.number}))


def ordered(tx: Tx, asked: Any) -> bool:
    """It is about the order its body names as `order`."""
    return order(tx, asked._replace(at={"number": asked.body.order}))


def every_order(tx: Tx, asked: Any) -> bool:
    """It is about every order its body names in `orders`; those that do not exist are told so one by one."""
    return orders(tx, asked, asked.body.orders)


def of_bulk(tx: Tx, asked: Asked) -> bool:
    """It is about every order of what was done to many under `{id}`."""
    sql = "SELECT document FROM bulk_run WHERE id = %(id)s::uuid"
    row = tx.row(sql, id=asked.at["id"]) if is_id(asked.at["id"]) else None
    return row is None or orders(tx, asked, [each[0] for each in msgspec.json.decode(row.document)])


def printed_subject(tx: Tx, asked: Any) -> bool:
    """It is about the parcel, or the fulfilment of a pick list, that its body names as `subject`."""
    table = "fulfilment" if asked.body.kind == "pick_list" else "parcel"
    return owned(table)(tx, asked._replace(at={"id": asked.body.subject}))


def scanned(tx: Tx, asked: Any) -> bool:
    """It is about every parcel that has, or had, the tracking code of its body."""
    rows = tx.rows(
        "SELECT id::text FROM parcel WHERE tracking_code = %(code)s AND carrier = %(carrier)s",
        code=asked.body.tracking_code, carrier=asked.body.carrier,
    )  # fmt: skip
    return all(owned("parcel")(tx, asked._replace(at={"id": row.id})) for row in rows)


def message(tx: Tx, asked: Asked) -> bool:
    """It is about the channel of the message `{id}`; messages have no site."""
    if not is_id(asked.at["id"]):
        return True
    row = tx.row("SELECT channel FROM inbox WHERE id = %(id)s::uuid", id=asked.at["id"])
    return row is None or channels(lambda _: [row.channel])(tx, asked)


def messages_asked(tx: Tx, asked: Any) -> bool:
    """A key limited to channels must say which one it asks about."""
    return channels(lambda question: [question.query.channel or ""])(tx, asked)


def _at_site(tx: Tx, asked: Asked, sql: str) -> bool:
    row = tx.row(sql, id=asked.at["id"]) if is_id(asked.at["id"]) else None
    return row is None or asked.access.sites is None or row.site in asked.access.sites


def _of_order(tx: Tx, asked: Asked, sql: str) -> bool:
    row = tx.row(sql, id=asked.at["id"]) if is_id(asked.at["id"]) else None
    return row is None or order(tx, asked._replace(at={"number": row.number}))
