"""One encrypted file, written and read as a stream.

After a mark and a salt come pieces: length, then AES-256-GCM over up to 1 MiB, with the
number of the piece as nonce. The last one says that it is the last, so that a file that
was cut off, or whose pieces were moved, does not open.
"""

import io
import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = b"SIXFOLD BACKUP 1"
PIECE = 1024 * 1024
SALT_BYTES, LENGTH_BYTES = 16, 4


class VaultError(ValueError):
    """The file is none of ours, is damaged, or was made with another key."""


def cipher_of(key: str, salt: bytes) -> AESGCM:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"sixfold backup")
    return AESGCM(kdf.derive(key.encode()))


class Sealing(io.RawIOBase):
    """Encrypts what is written to it into `target`; `close` seals the last piece."""

    def __init__(self, target: BinaryIO, key: str) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        self.target, self.cipher = target, cipher_of(key, salt)
        self.held, self.number = bytearray(), 0
        target.write(MARK + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.held += data
        while len(self.held) > PIECE:
            self._seal(bytes(self.held[:PIECE]), b"more")
            del self.held[:PIECE]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self.held), b"last")
        super().close()

    def _seal(self, piece: bytes, which: bytes) -> None:
        sealed = self.cipher.encrypt(self.number.to_bytes(12), piece, which)
        self.target.write(len(sealed).to_bytes(LENGTH_BYTES) + sealed)
        self.number += 1


class Opening(io.RawIOBase):
    """Reads back what `Sealing` wrote; VaultError where it is not whole."""

    def __init__(self, source: BinaryIO, key: str) -> None:
        head = source.read(len(MARK) + SALT_BYTES)
        if head[: len(MARK)] != MARK:
            raise VaultError("This is not a backup of Sixfold.")
        self.source, self.cipher = source, cipher_of(key, head[len(MARK) :])
        self.held, self.number, self.ended = b"", 0, False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self.ended and (size < 0 or len(self.held) < size):
            self.held += self._next()
        size = len(self.held) if size < 0 else size
        given, self.held = self.held[:size], self.held[size:]
        return given

    def _next(self) -> bytes:
        length = int.from_bytes(self.source.read(LENGTH_BYTES))
        sealed = self.source.read(min(length, PIECE + 16))
        nonce = self.number.to_bytes(12)
        self.number += 1
        for which in (b"more", b"last"):
            try:
                piece = self.cipher.decrypt(nonce, sealed, which)
            except InvalidTag:
                continue
            self.ended = which == b"last"
            return piece
        raise VaultError(
            f"Piece {self.number} does not open: the file is damaged or cut off, or "
            "BACKUP_KEY is another than it was made with."
        )
