"""A small city that tests fill with rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest

from regen_map.catalogue import TABLES, City, Project, Vocabularies, Workshop
from regen_map.intake.city import read_city
from regen_map.intake.terms import read_vocabularies

Rows: TypeAlias = Callable[..., bytes]
Files: TypeAlias = Callable[..., dict[str, bytes]]

CITY = b"""
name_it = "Prova"
name_en = "Trial"
locales = ["it", "en"]
extent = [10.0, 44.0, 10.2, 44.2]
home = [10.05, 44.05, 10.15, 44.15]
metric_crs = "EPSG:7791"
time_zone = "Europe/Rome"
holiday_country = "IT"
[publisher]
name = "Comune di Prova"
[licence]
name = "CC BY 4.0"
url = "https://creativecommons.org/licenses/by/4.0/"
[[tiles]]
id = "osm"
name = "OpenStreetMap"
url = "https://tiles.example/{z}/{x}/{y}.png"
attribution = "OpenStreetMap contributors"
"""

VOCABULARIES = """vocabulary,term,parent,label_it,label_en
quarter,centro,,Centro,Centre
kind,square,public_space,Piazza,Square
kind,gallery,workshop,Galleria,Gallery
kind,museum,attraction,Museo,Museum
craft,mosaic,,Mosaico,Mosaic
project_kind,reuse,,Riuso,Reuse
theme,marble,,Marmo,Marble
""".encode()

SOUND: Mapping[str, Mapping[str, str]] = {
    "workshops": {
        "id": "rossi",
        "name_it": "Galleria Rossi",
        "name_en": "Rossi gallery",
        "kind": "gallery",
        "lat": "44.08",
        "lon": "10.09",
        "sources": "https://a.example/1",
    },
    "attractions": {
        "id": "museo",
        "name_it": "Museo",
        "name_en": "Museum",
        "kind": "museum",
        "sources": "https://a.example/2",
    },
    "programmes": {"id": "pnrr", "name_it": "PNRR", "name_en": "RRF", "level": "eu"},
    "projects": {
        "id": "verdi",
        "name_it": "Teatro Verdi",
        "name_en": "Verdi theatre",
        "sources": "https://a.example/3",
    },
    "funding": {
        "project_id": "verdi",
        "programme_id": "pnrr",
        "amount_eur": "1500000.50",
        "nature": "allocated",
        "counted": "yes",
        "source": "https://a.example/4",
    },
    "milestones": {
        "project_id": "verdi",
        "date": "2025-09",
        "text_it": "Aperto il cantiere",
        "text_en": "Site opened",
        "source": "https://a.example/5",
    },
    "events": {"id": "festa", "name_it": "Festa", "name_en": "Feast"},
    "itineraries": {"id": "giro", "name_it": "Giro", "name_en": "Round", "theme": "marble"},
    "stops": {"itinerary_id": "giro", "order": "1", "place_id": "rossi"},
}


def rows(table: str, *changes: Mapping[str, str], delimiter: str = ",") -> bytes:
    """Write a table: a sound row with each of the changes; no row without any."""
    names = TABLES[table].names
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    for change in changes:
        writer.writerow({**SOUND[table], **change})
    return text.getvalue().encode()


def files(**tables: bytes) -> dict[str, bytes]:
    """Put tables into a folder of a city that has one sound workshop."""
    folder = {"city.toml": CITY, "vocabularies.csv": VOCABULARIES}
    tables = {"workshops": rows("workshops", {}), **tables}
    return folder | {f"{name}.csv": content for name, content in tables.items()}


@pytest.fixture(name="rows", scope="session")
def _rows() -> Rows:
    return rows


@pytest.fixture(name="files", scope="session")
def _files() -> Files:
    return files


@pytest.fixture
def city() -> City:
    """Between 44.0 and 44.2 north, 10.0 and 10.2 east."""
    found, _ = read_city(CITY)
    assert found is not None
    return found


@pytest.fixture
def vocabularies() -> Vocabularies:
    """One term of each open vocabulary, and the closed ones."""
    found, _ = read_vocabularies(VOCABULARIES)
    return found


@pytest.fixture
def make_project() -> Callable[..., Project]:
    """Make a project, with changes."""

    def make(**changes: Any) -> Project:
        return Project(**{"id": "verdi", "name_it": "Teatro", "name_en": "Theatre", **changes})

    return make


@pytest.fixture
def make_workshop() -> Callable[..., Workshop]:
    """Make a workshop, with changes."""

    def make(**changes: Any) -> Workshop:
        sound = {"id": "rossi", "name_it": "Rossi", "name_en": "Rossi", "kind": "gallery"}
        return Workshop(**{**sound, **changes})

    return make
