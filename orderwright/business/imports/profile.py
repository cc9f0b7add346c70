"""An import profile: what a shop's file means, written down once, in TOML."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from orderwright.business.imports.fields import FIELDS, LINE_FIELDS
from orderwright.business.imports.profile_walk import Wrong, walk
from orderwright.business.imports.sheets import FileForm
from orderwright.business.imports.times import is_zone
from orderwright.values.countries import COUNTRIES
from orderwright.values.money import digits_of
from orderwright.values.refusal import Refusal

Kind = Literal["shipping", "discount", "fee", "voucher", "sample", "manual", "bad_debt", "commission", "other"]
Becomes = Literal["shipping", "discount", "line", "adjustment", "apart"]
_BY_KIND: dict[str, Becomes] = {"shipping": "shipping", "discount": "discount", "bad_debt": "adjustment"}


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the profile; what is not known there is an error."""


class FilePart(_Part, frozen=True):
    """How the file is written. Empty texts are found out from the file itself."""

    encoding: str = ""
    delimiter: Literal["", ",", ";", "\t", "|"] = ""
    sheet: str = ""
    header_row: int = 1


class NumbersPart(_Part, frozen=True):
    """How numbers are written. Anything else in a number is an error, never skipped."""

    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    signs: list[str] = []


class TimesPart(_Part, frozen=True):
    """Wall-clock zone of times without one, and their forms (strptime) besides ISO 8601."""

    zone: str = "UTC"
    formats: list[str] = []


class CodesPart(_Part, frozen=True):
    """One normal form of a product code, so that two spellings are one product."""

    case: Literal["keep", "upper", "lower"] = "keep"


class CustomersPart(_Part, frozen=True):
    """`missing`: an order without a customer is a guest's, or refused. `id_is_number`: "17850.0" is 17850."""

    missing: Literal["guest", "refuse"] = "guest"
    id_is_number: bool = False


class OrdersPart(_Part, frozen=True):
    """How rows make orders.

    `duplicates`: rows equal in every cell are real quantity ("keep", the default) or repeats ("drop").
    `blank_reference`: a row without one is refused, or belongs to the order of the row above.
    `set_aside`: order states whose orders are counted and not taken, such as "cancelled".
    """

    duplicates: Literal["keep", "drop"] = "keep"
    blank_reference: Literal["refuse", "previous"] = "refuse"
    set_aside: list[str] = []
    prices_include_tax: bool = False
    service: str = "standard"


class CreditsPart(_Part, frozen=True):
    """What is a credit note: a reference that starts with one of `prefixes`, its quantities below zero or not.

    `negative_quantity`: rows below zero without such a reference are a credit of that order, or refused.
    """

    prefixes: list[str] = []
    quantities: Literal["negative", "positive"] = "negative"
    negative_quantity: Literal["credit", "refuse"] = "credit"


class StockPart(_Part, frozen=True):
    """Orders that are no orders but changes of stock: all of `when` holds for every row of goods in them."""

    when: list[Literal["price_zero", "customer_missing"]] = []


class PaymentPart(_Part, frozen=True):
    """The payment state where the file has none, and the file's own words for states."""

    state: Literal["unpaid", "authorised", "paid", "on_account"] = "unpaid"
    gateway: str = "practice"
    states: dict[str, Literal["unpaid", "authorised", "paid", "on_account"]] = {}


class NotGoodsRule(_Part, frozen=True):
    """Codes that stand where product codes stand and are none.

    `codes` are compared without case, `pattern` (a regular expression) with the whole code. `becomes` says
    what a row turns into inside an order: its shipping price, its discount, an order line all the same, an
    adjustment, or nothing ("apart": counted by `name`). Out of the box the kind decides.
    """

    kind: Kind
    name: str = ""
    codes: list[str] = []
    pattern: str = ""
    becomes: Becomes | None = None

    @property
    def turns_into(self) -> Becomes:
        """What a row with this code becomes."""
        return self.becomes or _BY_KIND.get(self.kind, "apart")

    @property
    def label(self) -> str:
        """The name it is counted under."""
        return self.name or self.kind


class Profile(_Part, frozen=True):
    """All that is known of a file. `columns` map fields to headers; `items` map line fields to headers with
    {n} where one row is one order with its items side by side. Without columns they are guessed."""

    name: str = ""
    channel: str = "file"
    currency: str = ""
    country: str = ""
    file: FilePart = FilePart()
    columns: dict[str, str] = {}
    items: dict[str, str] = {}
    numbers: NumbersPart = NumbersPart()
    times: TimesPart = TimesPart()
    countries: dict[str, str] = {}
    codes: CodesPart = CodesPart()
    customers: CustomersPart = CustomersPart()
    orders: OrdersPart = OrdersPart()
    credits: CreditsPart = CreditsPart()
    stock_changes: StockPart = StockPart()
    payment: PaymentPart = PaymentPart()
    not_goods: list[NotGoodsRule] = []

    @property
    def form(self) -> FileForm:
        """What `open_sheet` needs to know."""
        part = self.file
        return FileForm(part.encoding, part.delimiter, part.sheet, part.header_row)


def read_profile(text: str) -> Profile:
    """A profile from TOML. Refuses import_profile_invalid with all `findings`, each "path: what is wrong"."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise Refusal("import_profile_invalid", findings=[f"toml: {wrong}"]) from wrong
    profile, wrongs = walk(tree, Profile)
    if profile is not None:
        wrongs = _wrongs_of(profile)
    if wrongs or profile is None:
        raise Refusal("import_profile_invalid", findings=[f"{wrong.path}: {wrong.why}" for wrong in wrongs])
    return profile


def builtin_profiles() -> list[str]:
    """The names of the profiles that come along."""
    return sorted(entry.name.removesuffix(".toml") for entry in (files(__package__) / "profiles").iterdir())


def get_profile(name_or_path: str) -> Profile:
    """A profile that comes along, by name, or one from a file ending in .toml.

    Refuses import_profile_unknown and what `read_profile` refuses.
    """
    if name_or_path in builtin_profiles():
        found = files(__package__) / "profiles" / f"{name_or_path}.toml"
        return read_profile(found.read_text(encoding="utf-8"))
    path = Path(name_or_path)
    if path.suffix != ".toml" or not path.is_file():
        raise Refusal("import_profile_unknown", profile=name_or_path, known=builtin_profiles())
    return read_profile(path.read_text(encoding="utf-8"))


def _wrongs_of(profile: Profile) -> list[Wrong]:
    wrongs = [Wrong(f"columns.{field}", "no such field") for field in profile.columns if field not in FIELDS]
    for field, header in profile.items.items():
        if field not in LINE_FIELDS:
            wrongs.append(Wrong(f"items.{field}", "no such field of a line"))
        elif "{n}" not in header:
            wrongs.append(Wrong(f"items.{field}", "needs {n} where the item's number stands"))
        elif field in profile.columns:
            wrongs.append(Wrong(f"items.{field}", "stands under columns too"))
    if profile.numbers.decimal == profile.numbers.thousands:
        wrongs.append(Wrong("numbers.thousands", "is the decimal mark"))
    if not is_zone(profile.times.zone):
        wrongs.append(Wrong("times.zone", "is no time zone such as Europe/London"))
    wrongs += _wrong_codes(profile)
    for number, rule in enumerate(profile.not_goods):
        if not rule.codes and not rule.pattern:
            wrongs.append(Wrong(f"not_goods[{number}]", "needs codes or a pattern"))
        try:
            re.compile(rule.pattern)
        except re.error as wrong:
            wrongs.append(Wrong(f"not_goods[{number}].pattern", str(wrong)))
    return wrongs


def _wrong_codes(profile: Profile) -> list[Wrong]:
    wrongs = []
    for path, code in [("country", profile.country), *_own_countries(profile)]:
        if code and code not in COUNTRIES:
            wrongs.append(Wrong(path, "is no ISO 3166-1 code of two capital letters"))
    if profile.currency:
        try:
            digits_of(profile.currency)
        except ValueError:
            wrongs.append(Wrong("currency", "is no ISO 4217 currency"))
    if not 1 <= len(profile.channel) <= 64:
        wrongs.append(Wrong("channel", "needs 1 to 64 characters"))
    if profile.file.header_row < 1:
        wrongs.append(Wrong("file.header_row", "counts from 1"))
    return wrongs


def _own_countries(profile: Profile) -> list[tuple[str, str]]:
    return [(f"countries.{name}", code) for name, code in profile.countries.items()]
