"""The matcher: what fits a page, what does not."""

import pytest

from tests.docs.shown import differences

ID = "01a20093-24c2-7235-95ab-50fd13a1afbb"


@pytest.mark.parametrize(
    ("shown", "came"),
    [
        ('{"a": 1,\n "b": [1, 2]}', '{"b":[1,2],"a":1}'),
        ('{"id": "<id>"}', f'{{"id":"{ID}"}}'),
        ('{"by": "key:<prefix>"}', '{"by":"key:5105380ce438"}'),
        ('{"at": "<time>", "on": "<date>"}', '{"at":"2026-11-22T00:06:12.862610Z","on":"2026-11-22"}'),
        ('{"a": 1, ...}', '{"a":1,"b":2}'),
        ('{..., "a": {"b": [1, ...], ...}}', '{"z":0,"a":{"b":[1,2,3],"c":4}}'),
        ('{"ms": ..., "a": [...]}', '{"ms":17,"a":[1,{"b":2}]}'),
        ('{"says": "there ... two"}', '{"says":"there are\\n two"}'),
        ("Store <id> is made.", f"Store {ID} is made."),
        ("[1/2] ...\n...\n[2/2] b: holds (... ms)", "[1/2] a\nx\ny\n[2/2] b: holds (12 ms)"),
        ("", ""),
    ],
)
def test_what_fits(shown, came):
    assert differences(shown, came) == []


@pytest.mark.parametrize(
    ("shown", "came", "where"),
    [
        ('{"a": 1}', '{"a":2}', "answer.a"),
        ('{"a": 1}', '{"a":true}', "answer.a"),
        ('{"a": 1}', '{"a":1,"b":2}', "answer.b"),
        ('{"a": 1, "b": 2, ...}', '{"a":1}', "answer.b"),
        ('{"a": [1, 2]}', '{"a":[1]}', "answer.a"),
        ('{"a": [1]}', '{"a":[1,2]}', "answer.a"),
        ('{"a": [{"b": 1, ...}, ...]}', '{"a":[{"b":2}]}', "answer.a[0].b"),
        ('{"id": "<id>"}', '{"id":"17"}', "answer.id"),
        ('{"a": 1}', "curl: (7) Failed to connect", "shown is JSON"),
        ("two lines\nhere", "two lines", "shown:"),
        ("one line", "one line\nand another", "shown:"),
        ("", "something", "shown:"),
    ],
)
def test_what_differs(shown, came, where):
    (difference,) = differences(shown, came)
    assert difference.startswith(where)
