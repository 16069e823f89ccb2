"""Zip archives, unpacked in memory, never further than allowed."""

from __future__ import annotations

import io
import lzma
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator

from regen_map.intake.issues import FileError, Rule
from regen_map.intake.limits import Limits, megabytes

MAGIC = b"PK"

_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    LookupError,
    NotImplementedError,  # a compression that Python does not know
    OSError,
    RuntimeError,  # a password, found out late
    ValueError,
    struct.error,
)
_ENCRYPTED = 0x1


def members(
    content: bytes, limits: Limits, *, refusal: Rule, expected: str
) -> Iterator[tuple[str, bytes]]:
    """
    Unpack an archive, one member after the other.

    Parameters
    ----------
    content
        The bytes of the archive.
    limits
        `Limits.unpacked_bytes` counts what really comes out, whatever the archive
        says about itself.
    refusal, expected
        The fault of an archive that cannot be read, and what it should have been.

    Yields
    ------
    str, bytes
        Name with its folders, and content. Folders themselves are left out.

    Raises
    ------
    FileError
        With `refusal`, found ``"password"`` if a member is encrypted; with
        `Rule.UNPACKED_TOO_LARGE`.
    """
    left = limits.unpacked_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.filename.endswith("/"):
                    continue
                if info.flag_bits & _ENCRYPTED:
                    raise FileError(refusal, found="password", expected=expected)
                # The module stops at the size that the archive claims.
                info.file_size = sys.maxsize
                with archive.open(info) as member:
                    unpacked = member.read(left + 1)
                left -= len(unpacked)
                if left < 0:
                    raise FileError(
                        Rule.UNPACKED_TOO_LARGE, expected=megabytes(limits.unpacked_bytes)
                    )
                yield info.filename, unpacked
    except _FAULTS:
        raise FileError(refusal, expected=expected) from None
