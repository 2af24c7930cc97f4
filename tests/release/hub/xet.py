"""The file-backed store of the real Xet client, seen from the server: which file has which hash.

Layout of a shard: a header of 48 bytes; then for each file a record of 48 bytes (file hash, u32
flags, u32 segments), its segment records, as many again if bit 31 of the flags is set, and if bit
30 is set one that begins with the SHA-256 of the file; a hash of 32 bytes 0xFF ends the list.
"""

from __future__ import annotations

import hashlib
import struct
import tempfile
from pathlib import Path

__all__ = ["XetStore"]

_RECORD = 48
_END = b"\xff" * 32
_VERIFIED = 1 << 31
_WITH_SHA256 = 1 << 30


class XetStore:
    """Where the clients' Xet library puts its chunks and shards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """The address that clients are told to store under."""
        return f"local://{self.folder.resolve()}"

    @property
    def stored_bytes(self) -> int:
        """Bytes of the chunks kept now; the growth over an upload is what it newly stored."""
        return sum(
            path.stat().st_size
            for path in (self.folder / "xet" / "xorbs" / "xorbs").rglob("*")
            if path.is_file()
        )

    def hash_of(self, sha256: str) -> str | None:
        """The Xet hash of the file with this SHA-256, if a client stored it."""
        for shard in sorted((self.folder / "xet" / "xorbs" / "shards").glob("*.mdb")):
            found = _files(shard.read_bytes()).get(sha256)
            if found is not None:
                return found
        return None

    def read(self, xet_hash: str, size: int, sha256: str) -> bytes:
        """Rebuild a file from its chunks, as the Hub does for clients without Xet."""
        from hf_xet import XetFileInfo, XetSession

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            with XetSession().new_file_download_group(endpoint=self.url) as group:
                group.start_download_file(XetFileInfo(xet_hash, size), str(path))
            data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"the store gave other bytes for {xet_hash}")
        return data


def _files(shard: bytes) -> dict[str, str]:
    """Xet hashes by SHA-256, from one shard."""
    found, place = {}, _RECORD
    while (name := shard[place : place + 32]) not in (_END, b""):
        flags, segments = struct.unpack_from("<II", shard, place + 32)
        place += _RECORD * (1 + segments * (2 if flags & _VERIFIED else 1))
        if flags & _WITH_SHA256:
            found[_printed(shard[place : place + 32])] = _printed(name)
            place += _RECORD
    return found


def _printed(digest: bytes) -> str:
    """Hashes print as four groups of eight bytes, each from its end."""
    return "".join(digest[start : start + 8][::-1].hex() for start in range(0, 32, 8))
