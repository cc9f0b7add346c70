"""What an address was probably meant to be."""

import pytest

from orderwright.values.address_mending import mended
from orderwright.values.forms import AddressForm


def address(country: str, city: str, region: str, postal_code: str) -> AddressForm:
    return AddressForm(
        country=country, name="A. Buyer", lines=["1 High St"], city=city, region=region, postal_code=postal_code
    )


@pytest.mark.parametrize(
    ("entered", "suggested"),
    [
        (("GB", "Leeds", "", "LS1 IAA"), ("GB", "Leeds", "", "LS1 1AA")),
        (("US", "San Francisco", "CA", "941O3"), ("US", "San Francisco", "CA", "94103")),
        (("US", "San Francisco", "NY", "94103"), ("US", "San Francisco", "CA", "94103")),
        (("US", "San Francisco", "", "94103"), ("US", "San Francisco", "CA", "94103")),
        (("US", "San Francisco", "Kalifornia", "94103"), ("US", "San Francisco", "CA", "94103")),
    ],
)
def test_a_slip_of_code_or_region_is_mended_and_nothing_else(entered, suggested):
    assert mended(address(*entered)) == address(*suggested)


@pytest.mark.parametrize(
    "entered",
    [("GB", "Leeds", "", "LS1 1AA"), ("GB", "Leeds", "", "ZZ"), ("GB", "", "", "LS1 IAA"), ("XX", "Leeds", "", "1")],
)
def test_a_sound_address_and_one_that_cannot_be_told_get_no_suggestion(entered):
    assert mended(address(*entered)) is None
