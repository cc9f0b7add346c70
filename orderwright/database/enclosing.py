"""Secrets that must be read again are kept enclosed, by a key that lies in the data folder and not in the database.

Whoever has the database, or a backup of it, and not the key, reads none of them. AES-256-GCM; what a secret is for is
bound in, so that nobody can put one row's into another's. See docs/decisions/0012-secrets-are-enclosed.md.
"""

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orderwright.database.tx import Tx

KEY_BYTES = 32
NONCE_BYTES = 12
_CACHED = "enclosing"
_MARK = "v1."


class NoKey(Exception):
    """The file with the key is not to be read, or holds none; `str()` of it is what people read."""


def enclose(tx: Tx, purpose: str, secret: str) -> str:
    """A secret as it is kept. purpose: what it is for, the same when it is read."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _MARK + urlsafe_b64encode(nonce + _cipher(tx).encrypt(nonce, secret.encode(), purpose.encode())).decode()


def disclose(tx: Tx, purpose: str, enclosed: str) -> str | None:
    """A secret, read again; None when it was enclosed by another key, for something else, or not at all."""
    if not enclosed.startswith(_MARK):
        return None
    sealed = urlsafe_b64decode(enclosed.removeprefix(_MARK))
    try:
        return _cipher(tx).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode()).decode()
    except InvalidTag:
        return None


def _cipher(tx: Tx) -> AESGCM:
    """Read once a process and store."""
    if _CACHED not in tx.store.cache:
        tx.store.cache[_CACHED] = AESGCM(key_in(tx.store.database.key_file))
    return cast("AESGCM", tx.store.cache[_CACHED])


def key_in(path: Path | None) -> bytes:
    """The key of a file, which is made when there is none: of several who make it at once one does. Raises NoKey."""
    if path is None:
        raise NoKey("no file for the key was named")
    with suppress(FileNotFoundError):
        return _read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)  # whole or not at all, and never over another's
    finally:
        fresh.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        key = urlsafe_b64decode(path.read_bytes().strip())
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as wrong:
        raise NoKey(f"{path} cannot be read: {wrong}") from wrong
    if len(key) != KEY_BYTES:
        raise NoKey(f"{path} holds no key; put the one back that was there")
    return key
