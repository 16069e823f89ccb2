"""The name of a state of the data: equal content, equal name."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

import geopandas as gpd
import pandas as pd
import shapely

from regen_map.catalogue import TABLES, City, Vocabularies

_LENGTH = 16


def content_version(
    city: City, vocabularies: Vocabularies, frames: Mapping[str, pd.DataFrame]
) -> str:
    """
    Name the content of a catalogue.

    Returns
    -------
    str
        Sixteen hexadecimal digits: equal for equal records in equal order,
        however the files were written.
    """
    digest = hashlib.sha256()
    digest.update(_json(dataclasses.asdict(city)))
    digest.update(
        _json(
            [
                (
                    term.vocabulary,
                    term.parent,
                    term.term,
                    sorted(term.labels.items()),
                    sorted(term.notes.items()),
                    term.opencoesione,
                )
                for term in vocabularies
            ]
        )
    )
    for name, table in TABLES.items():
        frame = frames[name]
        # Column by column: the values of one column stay of one type.
        digest.update(_json([name, [[each, frame[each].tolist()] for each in table.names]]))
        if isinstance(frame, gpd.GeoDataFrame):
            shapes = shapely.to_wkb(
                frame.geometry.to_numpy(), hex=True, output_dimension=2, byte_order=1
            )
            digest.update(_json(shapes.tolist()))
    return digest.hexdigest()[:_LENGTH]


def _json(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=_plain)
    return text.encode("ascii")


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(value)
