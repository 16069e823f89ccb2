"""Ids of new rows, made of their names."""

from __future__ import annotations

import re
import unicodedata

from regen_map.catalogue import PLACE_TABLES
from regen_map.editing.rows import Files

_LONGEST = 60
_SIGNS = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """
    Write a name in small letters, digits and hyphens.

    Examples
    --------
    >>> slug("Caffè dell’Opera – 1890"), slug("北京")
    ('caffe-dell-opera-1890', '')
    """
    parts = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(each for each in parts if not unicodedata.combining(each))
    words = _SIGNS.sub("-", bare).strip("-")
    if len(words) <= _LONGEST:
        return words
    cut = words[: _LONGEST + 1].rpartition("-")[0]
    return cut or words[:_LONGEST]


def proposed_id(files: Files, table: str, name: str) -> str:
    """
    Propose the id of a new row.

    Parameters
    ----------
    files
        As they are.
    table
        Where the row is to be added; the three tables of places share their ids.
    name
        Its Italian name.

    Returns
    -------
    str
        A `slug` that no row has, with a number behind it where it must; empty where the
        name has neither letters nor digits.
    """
    wanted = slug(name)
    if not wanted:
        return ""
    places = [each.name for each in PLACE_TABLES]
    tables = places if table in places else [table]
    drafts = [draft for each in tables if (draft := files.draft(each)) is not None]
    taken = {entry.values.get("id") for draft in drafts for entry in draft.entries}
    number = 2
    proposed = wanted
    while proposed in taken:
        proposed = f"{wanted}-{number}"
        number += 1
    return proposed
