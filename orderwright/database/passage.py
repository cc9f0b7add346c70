"""Passage for the account PostgreSQL borrows when we are root: through closed folders, and no further."""

import logging
import os
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderwright.database.away import DatabaseAway

# A POSIX access list as Linux stores it (linux/posix_acl_xattr.h): version 2, then (tag, permissions, id).
ACCESS_LIST = "system.posix_acl_access"
HEADER, ENTRY = struct.Struct("<I"), struct.Struct("<HHI")
OWNER, USER, GROUP_OWNER, GROUP, MASK, OTHERS = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
NO_ID = 0xFFFFFFFF
SEARCH = 1

log = logging.getLogger(__name__)


def open_passage(folder: Path, uid: int, options: Mapping[str, Any]) -> None:
    """Let user `uid` reach `folder` (not read what it passes), where the folders above it are closed.

    Each closed folder gets one entry in its access list, as `setfacl -m u:UID:x` does. `options` are
    `Account.options()`. Raises DatabaseAway where the file system keeps no such lists.
    """
    if may_enter(folder, options):
        return
    for above in [*reversed(folder.parents), folder]:
        if may_enter(above, options):
            continue
        try:
            _allow_search(above, uid)
        except (OSError, AttributeError) as error:  # AttributeError: only Linux has os.setxattr
            raise DatabaseAway(_closed(above, uid)) from error
        if not may_enter(above, options):
            raise DatabaseAway(_closed(above, uid))
        log.warning("PostgreSQL does not run as root: user %d may now pass through %s", uid, above)


def may_enter(folder: Path, options: Mapping[str, Any]) -> bool:
    """Whether the account of `options` can pass through a folder."""
    return subprocess.run(["/bin/sh", "-c", 'test -x "$1"', "sh", folder], **options).returncode == 0


def may_run(program: str, options: Mapping[str, Any]) -> bool:
    """Whether the account of `options` can start a program."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, **options).returncode == 0
    except PermissionError:
        return False


def _closed(folder: Path, uid: int) -> str:
    return (
        f"PostgreSQL does not run as root, and user {uid}, who would run it, cannot pass through {folder}. "
        "Run this command as an ordinary user, or choose another folder with ORDERWRIGHT_DATA, "
        f"or allow it: chmod o+x {folder}"
    )


def _allow_search(folder: Path, uid: int) -> None:
    entries = _access_list(folder)
    mask = entries.get((MASK, NO_ID), 7)
    for tag, id_ in entries:
        if tag in (USER, GROUP_OWNER, GROUP):
            # The mask is about to widen; what it held back from the others must stay held back.
            entries[tag, id_] &= mask
    entries[USER, uid] = entries.get((USER, uid), 0) | SEARCH
    entries[MASK, NO_ID] = (mask if (MASK, NO_ID) in entries else entries[GROUP_OWNER, NO_ID]) | SEARCH
    packed = b"".join(ENTRY.pack(tag, entries[tag, id_], id_) for tag, id_ in sorted(entries))
    os.setxattr(folder, ACCESS_LIST, HEADER.pack(2) + packed)


def _access_list(folder: Path) -> dict[tuple[int, int], int]:
    """(tag, id) -> permissions; a folder without a list has its mode's three entries."""
    try:
        stored = os.getxattr(folder, ACCESS_LIST)
    except OSError:
        mode = folder.stat().st_mode
        return {(OWNER, NO_ID): mode >> 6 & 7, (GROUP_OWNER, NO_ID): mode >> 3 & 7, (OTHERS, NO_ID): mode & 7}
    return {(tag, id_): permissions for tag, permissions, id_ in ENTRY.iter_unpack(stored[HEADER.size :])}
