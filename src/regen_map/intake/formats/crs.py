"""The reference system that a file of shapes names."""

from __future__ import annotations

import re

import pyproj
from pyproj.exceptions import CRSError

from regen_map.intake.issues import FileError, Rule

EXPECTED = "WGS84 (EPSG:4326)"

_WGS84 = frozenset({4326, 4979})
"""With and without heights, which are dropped."""
_LONGITUDE_FIRST = re.compile(r"(?:urn:ogc:def:crs:)?OGC:[0-9.]*:?CRS84h?", re.IGNORECASE)
_LONGITUDE_FIRST_ADDRESS = re.compile(r"https?://[\w.]+/def/crs/OGC/[0-9.]+/CRS84h?")
_EPSG = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[0-9.]*:)?([0-9]{4,6})", re.IGNORECASE)
_EPSG_ADDRESS = re.compile(r"https?://[\w.]+/def/crs/EPSG/[0-9.]+/([0-9]{4,6})")


def named(name: str) -> str:
    """
    Understand the name of a CRS, such as ``"urn:ogc:def:crs:EPSG::3003"``.

    Parameters
    ----------
    name
        A URN or an address of the OGC, or ``"EPSG:3003"``. Nothing else is tried:
        what PROJ understands can name files.

    Returns
    -------
    str
        ``"EPSG:3003"``; empty for longitude and latitude WGS84, in this order as
        files of shapes have them, whatever the authority says of the axes.

    Raises
    ------
    FileError
        With `Rule.CRS` if there is no such CRS.
    """
    name = name.strip()
    if _LONGITUDE_FIRST.fullmatch(name) or _LONGITUDE_FIRST_ADDRESS.fullmatch(name):
        return ""
    found = _EPSG.fullmatch(name) or _EPSG_ADDRESS.fullmatch(name)
    if found is None:
        raise _unknown(name)
    return numbered(int(found.group(1)))


def numbered(code: int) -> str:
    """Find a CRS by its number in the register of EPSG; else as `named`."""
    if code in _WGS84:
        return ""
    name = f"EPSG:{code}"
    try:
        pyproj.CRS.from_epsg(code)
    except CRSError:
        raise _unknown(name) from None
    return name


def described(wkt: str) -> str:
    """
    Understand the well-known text of a CRS, also in the spelling of ESRI.

    Parameters
    ----------
    wkt
        The text.

    Returns
    -------
    str
        As `named`; the text itself where the register of EPSG does not have it.

    Raises
    ------
    FileError
        With `Rule.CRS` if it is no such text.
    """
    try:
        crs = pyproj.CRS.from_wkt(wkt)
        code = crs.to_epsg()
        same = crs.equals(pyproj.CRS.from_epsg(4326), ignore_axis_order=True)
    except (CRSError, UnicodeError):
        raise _unknown(wkt) from None
    if same or code in _WGS84:
        return ""
    return wkt if code is None else f"EPSG:{code}"


def _unknown(name: str) -> FileError:
    return FileError(Rule.CRS, found=name[:100], expected=EXPECTED)
