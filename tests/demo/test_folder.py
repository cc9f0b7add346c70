"""The demo's own folder: found again however early a demo was killed, and nobody else's."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from orderwright.doors.demo.folder import FRESH_FOR, NotOurs, claim_folder, new_run, remember


def test_a_demo_killed_while_its_database_was_made_finds_its_folder_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert claim_folder(folder) is None
    (folder / "postgres").mkdir()
    assert claim_folder(folder) is None


def test_what_is_run_is_found_again_while_it_is_fresh(tmp_path: Path) -> None:
    run = new_run(5, 1)
    claim_folder(tmp_path)
    remember(tmp_path, run)
    assert claim_folder(tmp_path) == run
    assert [run.is_wanted(*asked) for asked in ((5, 1), (6, 1), (5, 2), (None, 1))] == [True, False, False, False]
    assert not msgspec.structs.replace(run, ends_at=run.ends_at - FRESH_FOR - timedelta(seconds=1)).is_wanted(5, 1)


def test_a_folder_with_anything_else_in_it_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    with pytest.raises(NotOurs, match="was not made by the demo"):
        claim_folder(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["letters"]
