"""Bytes made ready to be sent over HTTP many times."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Packed:
    """
    A body with all that its sender needs, computed once.

    Attributes
    ----------
    key
        Changes with any byte of the content.
    content, compressed
        The body as it is and as gzip; equal bodies compress to equal bytes.
    """

    key: str
    content: bytes
    compressed: bytes


def pack(content: bytes) -> Packed:
    """Compress and fingerprint a body."""
    # A time stamp inside would make equal bodies differ.
    return Packed(fingerprint(content), content, gzip.compress(content, 9, mtime=0))


def fingerprint(*parts: bytes) -> str:
    """Give sixteen hexadecimal digits that change with any byte of the parts."""
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]
