from tests.truth.world import Fault

_VIEW = (
    "INSERT INTO saved_view (id, list, owner, name, name_key, query, place, made_by, made_at) VALUES"
    " (#view, 'orders', 'staff:Olive', 'Late', 'late', '', 1, 'staff:Olive', '2026-11-01Z');\n"
)
_SUGGESTION = (
    "INSERT INTO suggestion (exception_id, order_id, kind, made_at, digest, dial, done_at, came, reason)"
    " SELECT id, order_id, {kind}, opened_at, 'x', 'tell', opened_at, '{came}', '' FROM exception WHERE id = #doubt1"
)

FAULTS = (
    Fault(
        "a_list_opens_with_a_view_one_sees", "somebody opens a list with a view of another",
        _VIEW + "INSERT INTO first_view VALUES ('staff:Kim', 'orders', #view)",
        "staff:Kim opens orders with Late",
    ),
    Fault(
        "notes_stand_in_the_timeline", "a note is told by no fact",
        "INSERT INTO order_note VALUES (#note, #order1, 'staff:Kim', 'Call.', '2026-11-01Z')",
        "of staff:Kim is told by no fact",
    ),
    Fault(
        "contacts_stand_in_the_timeline", "a contact is told by no fact",
        "INSERT INTO contact VALUES (#contact, #order1, 'phone', 'where_is_it', '2026-11-01Z', 'Where?', true,"
        " 'staff:Kim', '2026-11-01Z')",
        "written down by staff:Kim, is not told by its order's facts",
    ),
    Fault(
        "procedures_keep_their_versions", "a version was deleted",
        "INSERT INTO desk_procedure VALUES ('address', 'any', 1, 'a', 'x', '2026-11-01Z'),"
        " ('address', 'any', 3, 'c', 'x', '2026-11-03Z')",
        "address (any): version 3, 2 kept",
    ),
    Fault(
        "decisions_are_about_their_exceptions", "a suggestion is about another cause",
        _SUGGESTION.format(kind="'price'", came="taken"),
        "is about another cause",
    ),
    Fault(
        "decisions_are_about_their_exceptions", "a decision was overridden and nobody said why",
        _SUGGESTION.format(kind="kind", came="overridden"),
        "was overridden without a reason",
    ),
)  # fmt: skip
