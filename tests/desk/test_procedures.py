"""How the shop settles each cause: versions are kept, and which one was at hand."""

from typing import Any

import pytest

from orderwright.business.deeds.hold import hold_orders
from orderwright.business.deeds.resolve import ResolveException, resolve_exceptions
from orderwright.business.orders.commands import HoldOrder
from orderwright.business.orders.procedures import (
    Procedure,
    ProcedureRead,
    WriteProcedure,
    list_procedures,
    list_versions,
    procedure_for,
    write_procedures,
)
from orderwright.business.orders.rules import stage_of
from tests.shop import Shop


def write(shop: Shop, text: str, kind: str = "manual", stage: str = "any", version: int | None = None) -> Any:
    told = WriteProcedure(kind=kind, stage=stage, text=text, version=version, actor="staff:Mae")
    return shop.run(write_procedures, told)[0]


def counting(shop: Shop) -> dict[tuple[str, str], Procedure]:
    with shop.store.read() as tx:
        return {(each.kind, each.stage): each for each in list_procedures(tx)}


def test_each_text_is_a_version_and_all_are_kept(shop: Shop):
    assert [write(shop, text).version for text in ("1. Call.", "1. Write.", " 1. Write. ", "1. Call.")] == [1, 2, 2, 3]
    with shop.store.read() as tx:
        assert [each.text for each in list_versions(tx, "manual", "any")] == ["1. Call.", "1. Write.", "1. Call."]


@pytest.mark.parametrize(
    ("state", "stage"),
    [("held", "planned"), ("packed", "floor"), ("shipped", "away"), ("cancelled", "any"), ("", "any")],
)
def test_what_can_be_done_depends_on_where_the_order_is(state: str, stage: str):
    assert stage_of(state) == stage


def test_the_stages_own_procedure_counts_before_that_for_any(shop: Shop):
    write(shop, "any")
    write(shop, "floor", stage="floor")
    found = counting(shop)
    asked = [procedure_for(found, *each) for each in (("manual", "held"), ("manual", "packed"), ("price", "held"))]
    assert [each and each.text for each in asked] == ["any", "floor", None]
    write(shop, "", stage="floor")
    again = procedure_for(counting(shop), "manual", "packed")
    assert again
    assert again.text == "any"


def test_two_who_write_at_once_do_not_write_over_each_other(shop: Shop):
    write(shop, "One", version=0)
    assert write(shop, "Two", version=0).code == "stale"
    assert write(shop, "Two", version=1).version == 2


def test_only_causes_and_stages_there_are_have_procedures(shop: Shop):
    assert write(shop, "x", kind="nonsense").code == "not_found"
    assert write(shop, "x", stage="moon").code == "not_found"
    assert write(shop, "a\x00").code == "malformed"
    assert counting(shop) == {}


def test_what_was_at_hand_is_kept_with_the_exception_it_settled(shop: Shop):
    write(shop, "1. Call.")
    number = shop.place({"MUG": 1}).number
    shop.run(hold_orders, HoldOrder(number=number, kind="fraud", actor="test"))
    id_ = shop.value("SELECT id::text FROM exception")

    def resolve(version: int) -> Any:
        read = ProcedureRead(stage="any", version=version)
        told = ResolveException(id=id_, resolution="hold_over", release=True, procedure=read, actor="staff:Clara")
        return shop.run(resolve_exceptions, told)[0]

    before = shop.counts()
    assert resolve(2).code == "no_such_procedure"
    assert shop.counts() == before
    shown = resolve(1)
    assert (shown.procedure_stage, shown.procedure_version, shown.closed_by) == ("any", 1, "staff:Clara")
    assert resolve(1).repeated
    with shop.store.read() as tx:
        assert [each.read for each in list_versions(tx, "manual", "any")] == [1]
