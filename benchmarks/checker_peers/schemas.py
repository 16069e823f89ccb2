"""The Table Schema of each file, fitted to how it is written."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pyproj import Transformer

from benchmarks.checker_peers.dialects import Dialect
from regen_map.catalogue import TABLES
from regen_map.intake.terms import read_vocabularies

DATA = Path(__file__).resolve().parents[2] / "data"
_YES = ("yes", "sì", "si", "Sì", "SÌ", "SI")
_NO = ("no", "No", "NO")


def table_of(file: str) -> str:
    """Name the table of a file: its name up to the hyphen."""
    return file.partition("-")[0]


@cache
def shipped_schema(table: str) -> str:
    """Give the Table Schema that ``data/datapackage.json`` ships for a table, as JSON."""
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    name = table.replace("_", "-")
    return next(json.dumps(each["schema"]) for each in package["resources"] if each["name"] == name)


def fitted_schema(table: str, dialect: Dialect, headings: Sequence[str]) -> dict[str, Any]:
    """Fit a Table Schema to a file.

    Numbers and days are written as in the dialect; the labels of terms and Italian words for yes and no are
    allowed; positions must lie in the city; fields bear the file's own headings and stand in their order; one
    language is enough where the file has no column for the other.

    Parameters
    ----------
    table
        The table that the file holds.
    dialect
        How the file is written.
    headings
        The headings of the file.
    """
    schema: dict[str, Any] = json.loads(shipped_schema(table))
    schema.pop("foreignKeys", None)  # one file is checked by itself
    spelled = {column: heading for heading, column in dialect.headings.items()}
    fields = {}
    for each in schema["fields"]:
        name = each["name"]
        heading = spelled.get(name, name)
        fitted = _fit_field({"constraints": {}} | each, table, dialect)
        fields[heading] = fitted | {"name": heading}
        if name.endswith("_en") and heading not in headings:
            fitted["constraints"].pop("required", None)
    unknown = {"type": "any"}
    missing = [
        each for heading, each in fields.items() if heading not in headings and each["constraints"].get("required")
    ]
    schema["fields"] = [*({**fields.get(each, unknown), "name": each} for each in headings), *missing]
    schema["primaryKey"] = [spelled.get(name, name) for name in schema.get("primaryKey", [])]
    return schema


def _fit_field(field: Mapping[str, Any], table: str, dialect: Dialect) -> dict[str, Any]:
    name, constraints = field["name"], dict(field["constraints"])
    fitted = {**field, "constraints": constraints}
    if "enum" in constraints:
        constraints["enum"] = [*constraints["enum"], *_labels(table, name)]
    if name in ("lat", "lon"):
        constraints.clear()
        if dialect.crs:
            constraints["minimum"], constraints["maximum"] = _extent(dialect.crs)[name]
        else:
            fitted["type"] = "string"
    if name in dialect.untyped:
        constraints.clear()
        return fitted | {"type": "any"}
    if name in dialect.dates:
        constraints.pop("pattern", None)
        return fitted | {"type": "date", "format": dialect.dates[name] or "default"}
    if fitted["type"] == "boolean":
        fitted |= {"trueValues": list(_YES), "falseValues": list(_NO)}
    if fitted["type"] == "number":
        fitted |= {"decimalChar": dialect.decimal}
        fitted |= {"groupChar": dialect.thousands} if dialect.thousands else {}
    return fitted


@cache
def _labels(table: str, column: str) -> list[str]:
    """List the Italian labels of the terms of a column, and OpenCoesione's words for them."""
    vocabularies, _ = read_vocabularies((DATA / "vocabularies.csv").read_bytes())
    vocabulary = TABLES[table].column(column).vocabulary
    terms = [term for term in vocabularies if term.vocabulary == vocabulary]
    return sorted({word for term in terms for word in (term.labels.get("it", ""), term.opencoesione) if word})


@cache
def _extent(crs: str) -> dict[str, tuple[float, float]]:
    """Give the bounds of the city by column, in a reference system."""
    minx, miny, maxx, maxy = tomllib.loads((DATA / "city.toml").read_text(encoding="utf-8"))["extent"]
    transformer = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    minx, miny, maxx, maxy = transformer.transform_bounds(minx, miny, maxx, maxy)
    return {"lon": (minx, maxx), "lat": (miny, maxy)}
