"""What the pages take in from others when the package is built."""

import json

import hatch_build
from orderwright.doors.console.statics import VENDOR, Statics
from tests.tidy import ROOT


def test_the_lock_file_names_hashes_and_no_addresses():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert all(each["integrity"].startswith("sha512-") and "resolved" not in each for each in packages.values())


def test_what_is_taken_in_is_what_the_lock_file_names_with_its_licences():
    assert hatch_build.is_taken(ROOT), "python hatch_build.py"
    assert {path.name for path in VENDOR.iterdir()} == {*hatch_build.WANTED, hatch_build.STAMP}


def test_the_same_content_has_the_same_address():
    assert Statics().address("console.css") == Statics().address("console.css")
