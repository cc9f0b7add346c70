"""Markup put into everything people may have written, to see that no page takes it for its own."""

import json
import re
from html.parser import HTMLParser
from typing import Any

from psycopg import errors

from orderwright.database.tx import Tx

CODES = """
    account answer ask asked booking carrier carton cartons cause channel channels checked code command content
    countries country currency cut_off deed device dial digest email email_key ended_why external_id figure gateway hash
    hazard holidays key key_id kind kit_sku language leaves_at list list_key lot media method milestone name_key number
    origin outcome owner packing part password path person photo picker pin place policy postal_code prefix price_list
    provider query raw recovery reference refusal report request rhythm roles scope scopes serial series service
    setting severity shortage site sites skills sku sku_given skus split stage state store strategy supplier task
    time_zone to_site topic tote totp totp_new tracking tracking_code type value verdict version weekday working_days
    zone zones
"""
"""Names of columns that hold what programs go by: a code, a state, a key. Whatever else is text is people's words."""
TABLES = "task", "schedule", "migration", "revision", "clock", "setting"
"""Tables nobody writes a word into, and that of settings, where each text has a length and a form of its own."""
SAID = frozenset(
    {"name", "company", "lines", "city", "region", "note", "gift_note", "title", "text", "words", "reason"}
)
"""What people say within the documents that are kept whole."""

ID = re.compile(r"(staff:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")

_SHOWN = re.compile(r"onerror=&#34;([\w.]+)&#34;&gt;")


def evil(where: str) -> str:
    """Markup that leaves whatever it stands in: an attribute of either quotes, a script, an element."""
    return f'"\'></script><img src=x onerror="{where}">'


def plant(tx: Tx) -> set[str]:
    """Put it into every column of words that holds something; `table.column` of each."""
    columns = tx.rows(
        """
        SELECT c.table_name::text AS of, c.column_name::text AS name
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
          AND (c.data_type = 'text' OR c.data_type = 'ARRAY' AND c.udt_name = '_text')
          AND c.table_name <> ALL (%(none)s) AND c.column_name <> ALL (%(codes)s) ORDER BY 1, 2
        """,
        none=list(TABLES), codes=CODES.split(),
    )  # fmt: skip
    return {f"{each.of}.{each.name}" for each in columns if _plant(tx, each.of, each.name)}


def take_out(tx: Tx, planted: set[str]) -> None:
    """Put things back as they were, for whoever looks over the store afterwards."""
    for each in planted:
        table, _, column = each.partition(".")
        marks = {"mark": evil(each), "escaped": json.dumps(evil(each))[1:-1]}
        is_list = tx.row(f'SELECT pg_typeof("{column}")::text AS kind FROM "{table}" LIMIT 1').kind == "text[]"
        said = f"replace(replace({'word' if is_list else column}, %(mark)s, ''), %(escaped)s, '')"
        was = f"(SELECT array_agg({said}) FROM unnest({column}) AS word)" if is_list else said
        tx.write(f"UPDATE {table} SET {column} = {was}", **marks)


def _plant(tx: Tx, table: str, column: str) -> bool:
    rows = tx.rows(f'SELECT ctid::text AS at, "{column}" AS said FROM "{table}"')
    mark = evil(f"{table}.{column}")
    spoilt = [(row.at, row.said, _spoilt(row.said, mark)) for row in rows if row.said]
    changed = [(at, said) for at, before, said in spoilt if said != before]
    try:
        with tx.connection.transaction():
            for at, said in changed:
                tx.write(f'UPDATE "{table}" SET "{column}" = %(said)s WHERE ctid = %(at)s::tid', said=said, at=at)
    except (errors.CheckViolation, errors.ForeignKeyViolation):
        return False  # the store itself takes no words there
    return bool(changed)


def _spoilt(said: Any, mark: str) -> Any:
    if isinstance(said, list):
        return [each + mark for each in said]
    if ID.match(said):
        return said
    if said[0] not in '{["':
        return said + mark
    return json.dumps(
        _within(json.loads(said), mark, is_said=said[0] == '"'), ensure_ascii=False, separators=(",", ":")
    )


def _within(said: Any, mark: str, *, is_said: bool) -> Any:
    if isinstance(said, dict):
        return {key: _within(value, mark, is_said=key in SAID) for key, value in said.items()}
    if isinstance(said, list):
        return [_within(each, mark, is_said=is_said) for each in said]
    return said + mark if is_said and isinstance(said, str) and said and not ID.match(said) else said


class _Reader(HTMLParser):
    """Reads a page as a browser does, and keeps what would run."""

    def __init__(self) -> None:
        super().__init__()
        self.fired: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fired += [f"{tag} {name}={value}" for name, value in attrs if name.startswith("on")]


def fired_on(page: str) -> list[str]:
    """What a browser would run of a page though no page of ours has it: attributes that hold a script."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.fired


def shown_on(page: str) -> set[str]:
    """The columns of which a page shows what was put there, as the text it is."""
    return set(_SHOWN.findall(page))
