"""Secrets are enclosed by a key outside of the database: made once, read by all, never replaced."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orderwright.database.enclosing import NoKey, disclose, enclose, key_in
from tests.shop import Shop


def test_what_is_enclosed_is_read_again_for_the_same_purpose_alone(shop: Shop) -> None:
    with shop.begin() as tx:
        kept = enclose(tx, "second step of A", "JBSWY3DP")
        assert "JBSWY3DP" not in kept
        assert enclose(tx, "second step of A", "JBSWY3DP") != kept
        told = [disclose(tx, purpose, kept) for purpose in ("second step of A", "second step of B")]
        assert told == ["JBSWY3DP", None]
        assert [disclose(tx, "second step of A", each) for each in ("", "JBSWY3DP", kept[:-8] + "AAAAAAA=")] == [
            None
        ] * 3


def test_of_many_who_make_the_key_at_once_all_have_the_same(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secrets.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(key_in, [path] * 16))
    assert len(keys) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secrets.key"]


@pytest.mark.parametrize("content", ["", "not a key", "AAAA"])
def test_a_file_that_holds_no_key_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.key"
    path.write_text(content)
    with pytest.raises(NoKey):
        key_in(path)
    assert path.read_text() == content
