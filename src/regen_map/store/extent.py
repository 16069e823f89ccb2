"""How much of the tables a change takes away or alters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from regen_map.catalogue import TABLES, Catalogue

_FEW_ROWS = 5
"""So many rows may change without a question, however small a table is."""
_LARGE_SHARE = 0.2

_KEYS: Mapping[str, tuple[str, ...]] = {
    "funding": ("project_id", "programme_id", "nature"),
    "milestones": ("project_id", "date"),
}
"""What tells rows apart, though not always, where a table has no key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """
    How much of a table a change touches.

    Attributes
    ----------
    table
        Its name.
    n_rows
        How many rows it has before.
    n_removed
        How many of them are taken away.
    n_changed
        How many of the others change.
    """

    table: str
    n_rows: int
    n_removed: int
    n_changed: int

    @property
    def is_large(self) -> bool:
        """Whether rows are taken away, or more than a fifth of them change."""
        large = self.n_changed > max(_FEW_ROWS, _LARGE_SHARE * self.n_rows)
        return self.n_removed > 0 or large


def extents(before: Catalogue, after: Catalogue) -> tuple[Extent, ...]:
    """Tell of which tables rows are taken away, or more than a fifth and five of them change."""
    found = (_extent(name, before, after) for name in TABLES)
    return tuple(each for each in found if each.is_large)


def key_columns(table: str) -> tuple[str, ...]:
    """Name the columns that tell the rows of a table apart, as far as any do."""
    return TABLES[table].key or _KEYS[table]


def keys_of(catalogue: Catalogue, table: str) -> Counter[tuple[object, ...]]:
    """Count the rows of a table by what tells them apart."""
    return _counted(catalogue.frames[table], key_columns(table))


def _extent(name: str, before: Catalogue, after: Catalogue) -> Extent:
    old, new = before.frames[name], after.frames[name]
    if old is new or old.equals(new):
        return Extent(table=name, n_rows=len(old), n_removed=0, n_changed=0)
    n_removed = (keys_of(before, name) - keys_of(after, name)).total()
    n_differing = (_rows(name, old) - _rows(name, new)).total()
    if not TABLES[name].key:
        # A line whose key alone has changed is still there.
        n_removed = max(len(old) - len(new), 0)
    return Extent(
        table=name,
        n_rows=len(old),
        n_removed=n_removed,
        n_changed=max(n_differing - n_removed, 0),
    )


def _rows(table: str, frame: pd.DataFrame) -> Counter[tuple[object, ...]]:
    """Count whole rows, with what is drawn on the map."""
    columns = TABLES[table].names
    if isinstance(frame, gpd.GeoDataFrame):
        plain = pd.DataFrame(frame).assign(geometry=frame.geometry.to_wkb())
        return _counted(plain, (*columns, "geometry"))
    return _counted(frame, columns)


def _counted(frame: pd.DataFrame, columns: tuple[str, ...]) -> Counter[tuple[object, ...]]:
    if frame.empty:
        return Counter()
    cells = frame[list(columns)].to_numpy(dtype=object, copy=True)
    # What is missing must equal what is missing, which NaN does not.
    cells[pd.isna(cells)] = None
    return Counter(map(tuple, cells.tolist()))
