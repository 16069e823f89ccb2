"""The address of a page as a QR code."""

from __future__ import annotations

import io

import segno

_QUIET_ZONE = 4
"""In modules: what ISO/IEC 18004 asks for around the code."""

_MOST_BYTES = 2331
"""What the largest code of error level M holds, ISO/IEC 18004 table 7."""


def can_hold(address: str) -> bool:
    """Tell whether a QR code is large enough for an address."""
    return len(address.encode()) <= _MOST_BYTES


def code_svg(address: str, title: str) -> bytes | None:
    """
    Draw an address as a QR code of error level M, black on white in any theme.

    Parameters
    ----------
    address
        What a camera reads.
    title
        What the drawing is, in words.

    Returns
    -------
    bytes or None
        An SVG document in UTF-8; None for an address that no QR code can hold.
    """
    if not can_hold(address):
        return None
    code = segno.make(address, error="m", micro=False, boost_error=False)
    drawn = io.BytesIO()
    code.save(
        drawn,
        kind="svg",
        border=_QUIET_ZONE,
        title=title,
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return drawn.getvalue()
