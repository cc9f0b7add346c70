"""JSON from outside: what is right is read, what is wrong is told in full, and at once."""

import copy
import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from orderwright.values.refusal import Refusal
from orderwright.values.shapes import is_closed, shape_findings
from orderwright.values.strict_json import BYTES_MAX, decode, mended, parse


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Line(Shape, frozen=True):
    sku: Annotated[str, Meta(min_length=1, max_length=8)]
    quantity: Annotated[int, Meta(ge=1, le=1000)]
    amount: Decimal | None = None


class Card(Shape, frozen=True, tag="card"):
    number: Annotated[str, Meta(pattern="^[0-9]+$")]


class Cash(Shape, frozen=True, tag="cash"):
    given: int = 0


class Order(Shape, frozen=True):
    reference: str
    lines: Annotated[list[Line], Meta(min_length=1, max_length=3)]
    at: Annotated[datetime, Meta(tz=True)] | None = None
    state: Literal["new", "paid"] = "new"
    payment: Card | Cash | None = None
    counts: dict[str, int] = {}
    by_bin: dict[int, list[str]] = {}
    place: tuple[int, int] = (0, 0)
    weight: float = 0.0
    is_gift: bool = False
    gift_note: str = msgspec.field(name="giftNote", default="")


class Open(msgspec.Struct):
    """Takes fields it does not know, and one of any kind."""

    name: str = ""
    rest: Any = None


GOOD = {
    "reference": "1001: Zoë 👩‍👩‍👧",
    "lines": [{"sku": "MUG", "quantity": 2, "amount": "9.90"}],
    "at": "2026-11-20T09:30:00Z",
    "state": "paid",
    "payment": {"type": "card", "number": "42"},
    "counts": {"a": 1},
    "by_bin": {"7": ["x"]},
    "place": [1, 2],
    "weight": 1.5,
    "is_gift": True,
    "giftNote": 'she said: "שלום"\n',
}


def body_of(**changes):
    return json.dumps(GOOD | changes).encode()


def findings_of(body, shape=Order):
    with pytest.raises(Refusal) as no:
        decode(body, shape)
    assert no.value.code == "malformed"
    return [(finding["pointer"], finding["code"]) for finding in no.value.facts["findings"]]


@pytest.mark.parametrize("is_ascii", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_right_body_is_read_however_it_is_written(is_ascii, indent):
    order = decode(json.dumps(GOOD, ensure_ascii=is_ascii, indent=indent).encode(), Order)
    assert order.reference == GOOD["reference"]
    assert order.lines == [Line(sku="MUG", quantity=2, amount=Decimal("9.90"))]
    assert order.at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert (order.payment, order.by_bin, order.place) == (Card(number="42"), {7: ["x"]}, (1, 2))
    assert order.gift_note == GOOD["giftNote"]


def test_all_findings_come_at_once_in_the_order_of_the_shape():
    lines = [{"sku": "", "quantity": 0, "size": 1}, {"sku": "A" * 9, "quantity": "2"}, 3, {"quantity": 1.5}]
    changes = {
        "reference": 5,
        "lines": lines,
        "at": "2026-11-20T09:30:00",
        "state": "shipped" * 1000,
        "payment": {"type": "card", "number": "4-2"},
        "counts": {"a/b~": "1"},
        "by_bin": {"x": [1]},
        "place": [1, "2"],
        "weight": "1",
        "is_gift": 1,
        "note": "",
    }
    body = {name: value for name, value in (GOOD | changes).items() if name != "giftNote"} | {"gift_note": ""}
    assert findings_of(json.dumps(body).encode()) == [
        ("/reference", "wrong_type"),
        ("/lines", "too_long"),
        ("/lines/0/sku", "too_short"),
        ("/lines/0/quantity", "out_of_range"),
        ("/lines/0/size", "unknown_field"),
        ("/lines/1/sku", "too_long"),
        ("/lines/1/quantity", "wrong_type"),
        ("/lines/2", "wrong_type"),
        ("/lines/3/sku", "missing"),
        ("/lines/3/quantity", "wrong_type"),
        ("/at", "bad_time"),
        ("/state", "not_one_of"),
        ("/payment/number", "bad_form"),
        ("/counts/a~1b~0", "wrong_type"),
        ("/by_bin/x", "wrong_type"),
        ("/by_bin/x/0", "wrong_type"),
        ("/place/1", "wrong_type"),
        ("/weight", "wrong_type"),
        ("/is_gift", "wrong_type"),
        ("/note", "unknown_field"),
        ("/gift_note", "unknown_field"),
    ]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"payment": {"type": "cheque"}}, ("/payment", "not_one_of")),
        ({"payment": {}}, ("/payment", "missing")),
        ({"payment": []}, ("/payment", "wrong_type")),
        ({"lines": []}, ("/lines", "too_short")),
        ({"lines": {}}, ("/lines", "wrong_type")),
        ({"place": [1]}, ("/place", "bad_length")),
        ({"at": "yesterday"}, ("/at", "bad_time")),
        ({"weight": 1e308 * 10}, ("", "not_json")),
        ({"reference": None}, ("/reference", "wrong_type")),
    ],
)
def test_what_does_not_fit_is_told_where_it_stands(changes, finding):
    assert findings_of(body_of(**changes)) == [finding]


def test_a_message_never_repeats_what_was_sent():
    with pytest.raises(Refusal) as no:
        decode(body_of(state="secret", reference=5, payment={"type": "secret"}), Order)
    assert "secret" not in str(no.value.facts)


def test_at_most_a_hundred_findings_are_told():
    body = body_of(counts={f"k{i}": "x" for i in range(20_000)})
    assert len(findings_of(body)) == 100


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"name":"a","name":"a"}', [("/name", "duplicate_key")]),
        (b'{"name":"a","\\u006eame":"b"}', [("/name", "duplicate_key")]),
        (b'{"rest":[{"a":{"x":1,"x":2}}]}', [("/rest/0/a/x", "duplicate_key")]),
        (b'{"rest":{"a":":","a":":"}}', [("/rest/a", "duplicate_key")]),
        (b'{"rest":{"a":1,"a":"\\u003a"}}', [("/rest/a", "duplicate_key")]),
        (b'{"rest":{"a":1,"a":"\\u003A"}}', [("/rest/a", "duplicate_key")]),
        (b'{"x":{"a":1,"b":2,"a":3}}', [("/x/a", "duplicate_key")]),
    ],
)
def test_a_key_twice_is_found_at_any_depth_even_behind_escapes(body, found):
    assert findings_of(body, Open) == found
    with pytest.raises(Refusal) as no:
        parse(body, bytes_max=1000)
    assert [(each["pointer"], each["code"]) for each in no.value.facts["findings"]] == found


@pytest.mark.parametrize(
    "body",
    [
        b'{"rest":{"a":":","b":"\\u003a"}}',
        b'{"rest":"\\\\u003a: \\\\u0000"}',
        b'{"rest":123456789012345678901234567890}',
        b' { "rest" : [ { "a" : { } } , [ ] , "a\\/b" ] } ',
    ],
)
def test_what_only_looks_suspicious_is_read(body):
    assert decode(body, Open).rest == json.loads(body)["rest"]
    assert parse(body, bytes_max=1000) == json.loads(body)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", ("", "not_json")),
        (b'{"name":"a"', ("", "not_json")),
        (b'{"name":NaN}', ("", "not_json")),
        (b'{"rest":-Infinity}', ("", "not_json")),
        (b"{'name':1}", ("", "not_json")),
        (b'\xef\xbb\xbf{"name":"a"}', ("", "not_json")),
        (b'{"name":"a\tb"}', ("", "not_json")),
        (b'{"rest":' + b"1" * 5000 + b"}", ("", "not_json")),
        ('{"name":"a"}'.encode("utf-16"), ("", "not_utf8")),
        (b'{"name":"\xff"}', ("", "not_utf8")),
        (b'{"name":"\xed\xa0\x80"}', ("", "not_utf8")),
        (b'{"name":"\\u0000"}', ("/name", "bad_text")),
        (b'{"name":"\\ud800"}', ("/name", "bad_text")),
        (b'{"rest":["\\udc00\\ud800"]}', ("/rest/0", "bad_text")),
        (b'{"rest":{"\\u0000":1}}', ("/rest/\\x00", "bad_text")),
        (b'{"rest":1e999}', ("/rest", "out_of_range")),
    ],
)
def test_what_is_no_json_of_ours_is_refused(body, found):
    assert findings_of(body, Open) == [found]
    with pytest.raises(Refusal, match="malformed"):
        parse(body, bytes_max=10_000)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_is_allowed_to_32_and_no_deeper(opening, closing):
    def nested(depth: int) -> bytes:
        return opening * depth + b"1" + closing * depth

    assert parse(nested(32), bytes_max=1000)
    with pytest.raises(Refusal) as no:
        parse(nested(33), bytes_max=1000)
    assert [each["code"] for each in no.value.facts["findings"]] == ["too_deep"]


@pytest.mark.parametrize("depth", [33, 500, 900, 990, 1200])
def test_any_deeper_body_is_refused_as_such_whatever_shape_it_should_have(depth):
    assert findings_of(b'{"rest":' + b"[" * depth + b"]" * depth + b"}", Open) == [("", "too_deep")]
    assert findings_of(b'{"name":1,"name":' * depth + b"0" + b"}" * depth, Open) == [("", "too_deep")]


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_json_a_hundred_thousand_deep_is_refused_at_once(body):
    start = time.perf_counter()
    assert findings_of(body) == [("", "too_deep")]
    assert time.perf_counter() - start < 0.5


def test_a_body_of_a_hundred_megabytes_is_refused_unread():
    body = bytes(100_000_000)
    start = time.perf_counter()
    with pytest.raises(Refusal) as no:
        decode(body, Order)
    assert time.perf_counter() - start < 0.05
    assert (no.value.code, no.value.facts) == ("too_large", {"bytes_max": BYTES_MAX})
    with pytest.raises(Refusal, match="too_large"):
        parse(b"[1, 2]", bytes_max=5)


def test_a_shape_is_closed_when_nothing_unnamed_can_come_in():
    assert is_closed(Order)
    assert is_closed(list[Line])
    assert not is_closed(Open)
    assert not is_closed(dict[str, Any])


SCALARS = st.sampled_from(
    [None, True, 0, 1, -1, 10**30, 1.0, 2.5, "", "A", "MUG-TOO-LONG", "paid", "2026-11-20T09:30:00Z", "9.9", "\0"]
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["sku", "quantity", "type", "x", "7", "é:"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw):
    """GOOD with a few parts replaced, dropped or added."""
    tree = copy.deepcopy(GOOD)
    for _ in range(draw(st.integers(0, 3))):
        node = tree
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], (dict, list)) and draw(st.booleans()):
                node = node[key]
                continue
            act = draw(st.sampled_from(["replace", "drop", "add"]))
            if act == "drop":
                del node[key]
            elif act == "replace":
                node[key] = draw(TREES)
            elif isinstance(node, dict):
                node[draw(st.sampled_from(["note", "sku", "amount", "é"]))] = draw(TREES)
            else:
                node.append(draw(TREES))
            break
    return tree


@given(mutated())
def test_the_walk_finds_nothing_exactly_when_msgspec_accepts(tree):
    body = json.dumps(tree).encode()
    try:
        form = msgspec.json.decode(body, type=Order)
    except msgspec.ValidationError:
        form = None
    findings = list(shape_findings(tree, Order))
    assert (form is None) == bool(findings)
    if findings or "\\u0000" in body.decode():
        assert findings_of(body) != []
    else:
        assert decode(body, Order) == form


@given(TREES, st.booleans(), st.data())
def test_any_tree_is_read_as_it_was_written_and_refused_once_a_key_is_doubled(tree, is_ascii, data):
    text = json.dumps({"tree": tree}, ensure_ascii=is_ascii)
    if "\\u0000" in text:
        with pytest.raises(Refusal, match="malformed"):
            parse(text.encode(), bytes_max=BYTES_MAX)
        return
    assert parse(text.encode(), bytes_max=BYTES_MAX) == {"tree": tree}
    at = data.draw(st.sampled_from([i for i, sign in enumerate(text) if sign == "{"]))
    doubled = f'{text[: at + 1]}"k":":","k":{data.draw(st.sampled_from(["1", json.dumps("::"), "[]"]))}'
    doubled += ("" if text[at + 1] == "}" else ",") + text[at + 1 :]
    with pytest.raises(Refusal, match="malformed"):
        parse(doubled.encode(), bytes_max=BYTES_MAX)


class Envelope(Shape, frozen=True):
    topic: str
    message: msgspec.Raw


def test_what_is_kept_as_it_came_fits_whatever_it_is_and_is_still_looked_through():
    for message in (b'{"a\\u003ab":  1.50}', b"7", b"null", b"[]", b'"\\u003a"'):
        assert bytes(decode(b'{"topic": "x", "message": %s}' % message, Envelope).message) == message
    with pytest.raises(Refusal) as no:
        decode(b'{"topic": 1, "message": {"a": 1, "a": 2}}', Envelope)
    assert [(each["pointer"], each["code"]) for each in no.value.facts["findings"]] == [
        ("/message/a", "duplicate_key"), ("/topic", "wrong_type"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (r'["A\u0000B", "\uD83D", "\udc00x"]', ["A\x01B", "\x01", "\x01x"]),
        (r'["\ud83d\ude00", "\\u0000", "\u001d", "\\\u0000"]', ["\U0001f600", "\\u0000", "\x1d", "\\\x01"]),
    ],
)
def test_what_no_text_can_hold_is_mended_where_it_is_escaped_and_nothing_else(body: str, texts: list[str]) -> None:
    assert parse(mended(body.encode()), bytes_max=BYTES_MAX) == texts
