"""What a customer's card must say, and when a list of prices counts. Pure."""

from collections.abc import Iterator
from datetime import date

from orderwright.business.customers.forms import CustomerCard, PriceListForm
from orderwright.values import money
from orderwright.values.codes import text_problem
from orderwright.values.contacts import email_problem, phone_problem
from orderwright.values.countries import COUNTRIES
from orderwright.values.findings import Finding, text_findings, worded

CODE_MAX = 64


def card_findings(card: CustomerCard) -> list[Finding]:
    """What is wrong with a card by itself. Addresses may be incomplete: orders say what they lack."""
    findings = list(text_findings(card))
    if not (card.name.strip() or card.email.strip() or card.phone.strip()):
        findings.append(Finding("/name", "missing", "Write down a name, an e-mail address or a phone number."))
    if card.email.strip() and email_problem(card.email.strip()) is not None:
        findings.append(Finding("/email", "email_form", "This is no e-mail address."))
    country = card.addresses[0].country if card.addresses else ""
    phone = card.phone.strip()
    is_checkable = country in COUNTRIES or phone.startswith("+")
    if phone and is_checkable and phone_problem(phone, country or "ZZ") is not None:
        findings.append(Finding("/phone", "phone_form", "This is no phone number."))
    for i, address in enumerate(card.addresses):
        if address.country not in COUNTRIES:
            findings.append(Finding(f"/addresses/{i}/country", "country_unknown", "Say which country this is in."))
    return findings


def price_list_findings(code: str, form: PriceListForm) -> list[Finding]:
    """What is wrong with a list of prices by itself."""
    findings = list(text_findings(form))
    if not 1 <= len(code) <= CODE_MAX or text_problem(code) is not None or code != code.strip():
        findings.append(worded("/code", "bad_form", "A code has 1 to {most} characters.", most=CODE_MAX))
    findings += _currency_findings(form.currency)
    if form.valid_from and form.valid_until and form.valid_until < form.valid_from:
        findings.append(Finding("/valid_until", "order", "It ends before it begins."))
    return findings


def is_valid_on(day: date, valid_from: date | None, valid_until: date | None) -> bool:
    """Whether a list of prices counts on a day; both of its days are included."""
    return (valid_from is None or valid_from <= day) and (valid_until is None or day <= valid_until)


def _currency_findings(currency: str) -> Iterator[Finding]:
    try:
        money.digits_of(currency)
    except ValueError:
        yield Finding("/currency", "bad_currency", "This is no currency. Write three letters, such as GBP.")
