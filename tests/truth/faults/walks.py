"""Faults of walks and totes. The world's one open pick list is #pick4 at LEEDS: a HAT of it is picked."""

from tests.truth.world import Fault

_WALK = (
    "INSERT INTO pick_batch (id, number, site, strategy, totes, due_at, state, picker, predicted_mm, predicted_s,"
    " first_come_mm, made_at, claimed_at, ended_at) VALUES (#walk{n}, 'W-{n}', '{site}', 'batch', 1, '2026-11-20',"
    " '{state}', {picker}, 1, 1, 1, '2026-11-20', {claimed}, {ended})"
)


def _walk(n: int = 1, site: str = "LEEDS", state: str = "walking", picker: str = "pia") -> str:
    is_over = state in ("done", "dropped")
    return _WALK.format(
        n=n, site=site, state=state, picker=f"'{picker}'" if state != "planned" else "NULL",
        claimed="'2026-11-20'" if state != "planned" else "NULL", ended="'2026-11-20'" if is_over else "NULL",
    )  # fmt: skip


_ON_IT = "UPDATE pick_task SET batch_id = #walk1 WHERE id = #pick4"
_TOTE = (
    "INSERT INTO tote (site, code, batch_id, fulfilment_id, taken_at)"
    " VALUES ('LEEDS', 'T1', #walk1, {whose}, '2026-11-20')"
)

FAULTS = (
    Fault(
        "walks_hold_open_work_of_their_site", "a walk goes to a bin of another site",
        ";\n".join([_walk(site="BRISTOL"), _ON_IT]),
        "at LEEDS: on walk W-1 at BRISTOL",
    ),
    Fault(
        "walks_hold_open_work_of_their_site", "a walk ended and something of it is still to be picked",
        ";\n".join([_walk(state="done"), _ON_IT]),
        "which is done",
    ),
    Fault(
        "walks_hold_open_work_of_their_site", "a pick task is on a walk nobody knows",
        _ON_IT,
        "on walk None",
    ),
    Fault(
        "a_picker_walks_one_walk", "a picker is on two walks",
        ";\n".join(["DROP INDEX pick_batch_walker", _walk(1), _walk(2)]),
        "pia at LEEDS: 2 walks",
    ),
    Fault(
        "walks_end_when_they_are_over", "a walk is done and never ended",
        ";\n".join([_walk(state="done"), "UPDATE pick_batch SET ended_at = NULL"]),
        "walk W-1 is done, ended None",
    ),
    Fault(
        "totes_in_use_hold_or_await_something", "an empty tote is kept from others",
        ";\n".join([_walk(state="done"), _TOTE.format(whose="#work3")]),
        "tote T1 at LEEDS: empty",
    ),
    Fault(
        "totes_in_use_hold_or_await_something", "an empty mixed tote outlives its walk",
        ";\n".join([_walk(state="done"), _TOTE.format(whose="NULL")]),
        "of walk W-1, which is done",
    ),
    Fault(
        "units_lie_in_totes_of_their_order", "picked units lie in a tote that is free",
        "UPDATE pick_task SET tote = 'T1' WHERE id = #pick4",
        "in tote T1, which is for None",
    ),
    Fault(
        "units_lie_in_totes_of_their_order", "picked units lie in another walk's mixed tote",
        ";\n".join([_walk(), _TOTE.format(whose="NULL"), "UPDATE pick_task SET tote = 'T1' WHERE id = #pick4"]),
        "in tote T1",
    ),
)  # fmt: skip
