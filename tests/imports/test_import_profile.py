"""Import profiles: typed, with every mistake found at once, and the ones that come along."""

import pytest

from orderwright.business.imports.profile import builtin_profiles, get_profile, read_profile
from orderwright.values.refusal import Refusal


def test_every_mistake_is_found_with_its_path() -> None:
    with pytest.raises(Refusal) as no:
        read_profile(
            'currency = 5\nclour = "red"\n[numbers]\ndecimal = ";"\n[orders]\nset_aside = "cancelled"\n'
            '[countries]\n"EIRE" = 7\n[payment.states]\n"x" = "perhaps"\n'
            '[[not_goods]]\ncodes = ["P"]\n[[not_goods]]\nkind = "shiping"\ncods = ["P"]\n'
        )
    assert no.value.facts["findings"] == [
        "clour: is not known",
        "currency: expected `str`, got `int`",
        "numbers.decimal: invalid enum value ';'",
        "countries.EIRE: expected `str`, got `int`",
        "orders.set_aside: expected `array`, got `str`",
        "payment.states.x: invalid enum value 'perhaps'",
        "not_goods[0].kind: is missing",
        "not_goods[1].cods: is not known",
        "not_goods[1].kind: invalid enum value 'shiping'",
    ]


def test_what_is_typed_right_and_means_nothing_is_found_too() -> None:
    with pytest.raises(Refusal) as no:
        read_profile(
            'currency = "XXQ"\ncountry = "UK"\nchannel = ""\n[file]\nheader_row = 0\n[numbers]\nthousands = "."\n'
            '[times]\nzone = "Mars/Olympus"\n[columns]\ncolour = "c"\ntitle = "t"\n'
            '[items]\nsku = "Item"\ntotal = "T {n}"\ntitle = "Title {n}"\n[countries]\n"Oz" = "oz"\n'
            '[[not_goods]]\nkind = "fee"\n[[not_goods]]\nkind = "fee"\npattern = "("\n'
        )
    assert no.value.facts["findings"] == [
        "columns.colour: no such field",
        "items.sku: needs {n} where the item's number stands",
        "items.total: no such field of a line",
        "items.title: stands under columns too",
        "numbers.thousands: is the decimal mark",
        "times.zone: is no time zone such as Europe/London",
        "country: is no ISO 3166-1 code of two capital letters",
        "countries.Oz: is no ISO 3166-1 code of two capital letters",
        "currency: is no ISO 4217 currency",
        "channel: needs 1 to 64 characters",
        "file.header_row: counts from 1",
        "not_goods[0]: needs codes or a pattern",
        "not_goods[1].pattern: missing ), unterminated subpattern at position 0",
    ]


def test_broken_toml_is_refused_with_its_place() -> None:
    with pytest.raises(Refusal) as no:
        read_profile("currency = EUR")
    assert no.value.code == "import_profile_invalid"
    assert "line 1" in no.value.facts["findings"][0]


def test_the_profiles_that_come_along_can_be_used_and_the_example_shows_the_defaults() -> None:
    assert builtin_profiles() == ["example", "online_retail"]
    assert get_profile("online_retail").currency == "GBP"
    example, empty = get_profile("example"), read_profile("")
    for part in ("file", "numbers", "times", "codes", "customers", "orders", "credits", "stock_changes"):
        assert getattr(example, part) == getattr(empty, part)


def test_a_profile_may_stand_in_a_file_of_its_own(tmp_path: pytest.TempPathFactory) -> None:
    path = tmp_path / "shop.toml"  # type: ignore[operator]
    path.write_text('currency = "CHF"\n', encoding="utf-8")
    assert get_profile(str(path)).currency == "CHF"
    for unknown in ("nobody", str(path.with_suffix(".ini")), "../online_retail"):
        with pytest.raises(Refusal) as no:
            get_profile(unknown)
        assert no.value.facts == {"profile": unknown, "known": ["example", "online_retail"]}
