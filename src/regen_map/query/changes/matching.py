"""Which rows of two states of a table are the same."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from regen_map.catalogue import Table

_LINE = ("project_id", "programme_id", "nature")
_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "funding": ((*_LINE, "source", "as_of"), (*_LINE, "source"), _LINE),
    "milestones": (
        ("project_id", "date", "source"),
        ("project_id", "date"),
        ("project_id", "text_it"),
    ),
    "stops": (("itinerary_id", "place_id"), ("itinerary_id", "order")),
}
"""
By what rows are taken for the same where the key of the table does not tell: one after the
other, each among the rows for which the one before found none.
"""

Cells: TypeAlias = tuple[Any, ...]
"""The columns of a row in their order, and the shape as WKB where it is no point."""


def rows_of_frame(table: Table, frame: pd.DataFrame) -> list[Cells]:
    """Give the rows of a table as tuples of its columns and of the shape, if it is no point."""
    columns = [_cells(frame[name]) for name in table.names]
    return list(zip(*columns, _shapes(frame), strict=True))


def _cells(column: pd.Series[Any]) -> list[Any]:
    # No two missing numbers are equal, and each is another.
    return column.astype(object).where(column.notna(), None).tolist()


def _shapes(frame: pd.DataFrame) -> list[bytes | None]:
    """Give the shapes that latitude and longitude do not tell, as WKB."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return [None] * len(frame)
    shapes = frame.geometry.to_numpy()
    drawn = np.isin(shapely.get_type_id(shapes), (-1, shapely.GeometryType.POINT), invert=True)
    found = np.full(len(frame), None, dtype=object)
    found[drawn] = shapely.to_wkb(shapes[drawn], output_dimension=2, byte_order=1)
    return list(found)


def pairs_of(
    table: Table, before: list[Cells], after: list[Cells]
) -> Iterator[tuple[Cells | None, Cells | None]]:
    """Match the rows that differ: the later order, and then those that are gone."""
    old, new = _without(before, after), _without(after, before)
    matched: dict[int, int] = {}
    left = list(range(len(old)))
    for key in _KEYS.get(table.name, (table.key,)):
        places = [table.names.index(name) for name in key]
        waiting: defaultdict[Cells, deque[int]] = defaultdict(deque)
        for at in left:
            waiting[tuple(old[at][place] for place in places)].append(at)
        for at, row in enumerate(new):
            alike = (
                waiting.get(tuple(row[place] for place in places)) if at not in matched else None
            )
            if alike:
                matched[at] = alike.popleft()
        left = sorted(at for each in waiting.values() for at in each)
    for at, row in enumerate(new):
        yield (old[matched[at]] if at in matched else None), row
    for at in left:
        yield old[at], None


def _without(rows: Sequence[Cells], others: Iterable[Cells]) -> list[Cells]:
    """Leave out each row as often as it is among others."""
    alike = Counter(others)
    left = []
    for row in rows:
        if alike[row]:
            alike[row] -= 1
        else:
            left.append(row)
    return left
