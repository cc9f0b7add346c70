"""The power goes: what the disk was not asked to keep is gone, and what was acknowledged is there."""

import fcntl
import os
import random
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.server import Server
from bench.shopfront import furnish
from tests.torture.crowd import PRODUCTS, Crowd
from tests.torture.report import SEED, SOUND, asked, judged, skip

RUN = "F3 power cut"
DISK_BYTES = 2 * 1024**3
SHUT_DOWN, WITHOUT_FLUSH = 0x8004587D, 2
"""EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH: nothing more reaches the disk, not even the journal."""


class Disk:
    """An ext4 file system in a file, whose power can be cut."""

    def __init__(self, home: Path) -> None:
        self._image, self.folder = home / "disk.img", home / "disk"
        self.folder.mkdir()
        with self._image.open("wb") as image:
            image.truncate(DISK_BYTES)
        _run("mkfs.ext4", "-q", self._image)
        self.mount()

    def mount(self) -> None:
        """As at a start: the journal is replayed."""
        _run("mount", "-o", "loop", self._image, self.folder)
        self.folder.chmod(0o711)

    def cut(self) -> None:
        """From now on nothing is written."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUT_DOWN, struct.pack("I", WITHOUT_FLUSH))
        finally:
            os.close(folder)

    def unmount(self) -> None:
        """Once whoever used it is gone."""
        until = time.monotonic() + 30
        while subprocess.run(["umount", self.folder], capture_output=True).returncode:
            if time.monotonic() > until:
                _run("umount", self.folder)
            time.sleep(0.05)


@pytest.fixture
def disk(on_disk: Path) -> Iterator[Disk]:
    if os.geteuid() != 0:
        skip(RUN, "it mounts a file system, which only root may")
    missing = [name for name in ("mkfs.ext4", "mount", "umount", "losetup") if shutil.which(name) is None]
    if missing:
        skip(RUN, f"this machine has no {', '.join(missing)}")
    try:
        disk = Disk(on_disk)
    except subprocess.CalledProcessError as error:
        skip(RUN, f"this machine does not allow it: {error.stderr.decode().strip()}")
    yield disk
    disk.unmount()


@pytest.mark.torture
def test_what_was_acknowledged_is_there_after_the_power_was_cut(disk: Disk, on_disk: Path) -> None:
    house = disk.folder / "house"
    house.mkdir()
    # The practice gateway plays the outside, which has its own power.
    (house / "practice-gateway.sqlite").symlink_to(on_disk / "practice-gateway.sqlite")
    rng, back_s = random.Random(SEED), []
    server = Server(house)
    furnish(server.store, PRODUCTS, 20_000)
    server.let_go()
    with Crowd(server.port, server.key, SEED, callers=8) as crowd:
        for _ in range(asked("POWER_CUTS", 10)):
            crowd.await_deeds(rng.randint(5, 60), 60)
            time.sleep(rng.uniform(0, 0.1))
            database = server.database_pids()
            disk.cut()
            begun = time.perf_counter()
            server.kill(*database)
            disk.unmount()
            disk.mount()
            server.restart()
            back_s.append(time.perf_counter() - begun)
    server.take_hold()
    verdict = judged(RUN, server, crowd.history, cuts=len(back_s), back_after_s_most=round(max(back_s), 2))
    server.stop()
    assert verdict == SOUND


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
