"""Cartons get a number of their own when they are packed, and no number twice."""

import psycopg
import pytest

from orderwright.business.deeds.pack import unpack
from orderwright.business.shipping.forms import Unpack
from orderwright.business.shipping.reads import get_parcel
from orderwright.business.shipping.ssccs import COMPANY_PREFIX, next_ssccs, sscc_at
from orderwright.settings import PutSettings, put_settings
from orderwright.values.codes import is_sscc
from tests.floor import Floor, done, refused


def prefixed(floor: Floor, prefix: str) -> None:
    done(floor.run(put_settings, PutSettings(values={COMPANY_PREFIX.name: prefix}, actor="test")))


def test_a_prefix_s_numbers_run_through_all_extension_digits_and_end() -> None:
    assert sscc_at("9506000", 17) == "095060000000000176"
    assert sscc_at("950600013435", 9999) == "095060001343599990"
    assert str(sscc_at("950600013435", 10_000)).startswith("19506000134350000")
    assert is_sscc(str(sscc_at("950600013435", 99_999)))
    assert sscc_at("950600013435", 100_000) is None


def test_a_packed_parcel_has_the_next_number_and_a_parcel_unpacked_keeps_its_own(floor: Floor) -> None:
    prefixed(floor, "9506000")
    floor.stock("LEEDS", MUG=9)
    first = floor.packed(str(floor.place({"MUG": 1}).number))
    assert first.sscc == "095060000000000008" == sscc_at("9506000", 0)
    done([floor.one(unpack, Unpack(parcel_id=first.id, actor="test"))])
    number = floor.rows("SELECT o.number FROM orders o")[0].number
    [again] = done([floor.pack(number)])[0].parcels
    assert again.sscc == sscc_at("9506000", 1)
    with floor.store.read() as tx:
        assert [get_parcel(tx, each.id).parcel.sscc for each in (first, again)] == [first.sscc, again.sscc]


def test_without_a_prefix_parcels_have_no_number(floor: Floor) -> None:
    floor.stock("LEEDS", MUG=1)
    assert floor.packed(str(floor.place({"MUG": 1}).number)).sscc is None
    assert floor.rows("SELECT * FROM sscc_series") == []


def test_a_prefix_that_is_none_is_refused(floor: Floor) -> None:
    for prefix in ("123", "1234567890123", "12a4", "１２３４"):
        assert refused(floor.one(put_settings, PutSettings(values={COMPANY_PREFIX.name: prefix}, actor="test")))


def test_prefixes_have_series_of_their_own_and_used_up_ones_give_none(floor: Floor) -> None:
    prefixed(floor, "950600013435")
    with floor.store.begin() as tx:
        tx.write("INSERT INTO sscc_series VALUES ('950600013435', 99999)")
        assert next_ssccs(tx, 2) == [sscc_at("950600013435", 99_999), None]
    prefixed(floor, "9506000")
    with floor.store.begin() as tx:
        assert next_ssccs(tx, 2) == [sscc_at("9506000", 0), sscc_at("9506000", 1)]
        assert next_ssccs(tx, 0) == []


def test_no_two_parcels_share_a_number(floor: Floor) -> None:
    prefixed(floor, "9506000")
    floor.stock("LEEDS", MUG=2)
    one, two = (floor.packed(str(floor.place({"MUG": 1}).number)) for _ in range(2))
    with pytest.raises(psycopg.errors.UniqueViolation), floor.store.begin() as tx:
        tx.write("UPDATE parcel SET sscc = %(sscc)s WHERE id = %(id)s", sscc=one.sscc, id=two.id)
