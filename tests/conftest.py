"""A small city that tests fill with rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from streamlit.testing.v1 import AppTest

from regen_map.catalogue import TABLES, Catalogue, City, Project, Vocabularies, Workshop
from regen_map.intake import read_catalogue
from regen_map.intake.city import read_city
from regen_map.intake.terms import read_vocabularies
from regen_map.store import DATA_VARIABLE, HISTORY_VARIABLE
from tests.app import OpenApp, started

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

VOCABULARIES = b"""vocabulary,term,parent,label_it,label_en
quarter,centro,,Centro,Centre
kind,square,public_space,Piazza,Square
kind,gallery,workshop,Galleria,Gallery
kind,museum,attraction,Museo,Museum
craft,mosaic,,Mosaico,Mosaic
project_kind,reuse,,Riuso,Reuse
theme,marble,,Marmo,Marble
"""

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


@pytest.fixture(autouse=True)
def _no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no history beside the files that tests read, unless a test wants one."""
    monkeypatch.setenv(HISTORY_VARIABLE, "off")


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


TOWN: Mapping[str, Sequence[Mapping[str, str]]] = {
    "vocabularies": [
        {"vocabulary": vocabulary, "term": term, "parent": parent, "label_it": it, "label_en": en}
        for vocabulary, term, parent, it, en in (
            ("quarter", "centro", "", "Centro", "Centre"),
            ("quarter", "marina", "", "Marina", "Seaside"),
            ("kind", "square", "public_space", "Piazza", "Square"),
            ("kind", "theatre", "public_space", "Ex teatro", "Former theatre"),
            ("kind", "gallery", "workshop", "Galleria", "Gallery"),
            ("kind", "theatre", "attraction", "Teatro", "Theatre"),
            ("kind", "museum", "attraction", "Museo", "Museum"),
            ("craft", "mosaic", "", "Mosaico", "Mosaic"),
        )
    ],
    "public_spaces": [
        {
            "id": "piazza",
            "name_it": "Piazza Alberica",
            "name_en": "Alberica square",
            "kind": "square",
            "quarter": "centro",
            "address": "Via Carriona 1",
            "lat": "44.0800000",
            "lon": "10.1000000",
            "position_accuracy_m": "5",
            "status": "active",
        },
        {"id": "cinema", "name_it": "Cinema", "name_en": "Cinema", "kind": "theatre"},
        {"id": "lido", "kind": "square", "quarter": "marina", "lat": "44.03", "lon": "10.04"},
    ],
    "workshops": [
        {
            "id": "rossi",
            "name_it": "Bottega Rossi",
            "name_en": "Rossi workshop",
            "kind": "gallery",
            "quarter": "centro",
            "lat": "44.0801",
            "lon": "10.1002",
            "position_accuracy_m": "100",
            "craft": "mosaic",
            "visit": "yes",
            "status": "active",
            "people": "Ada Neri | Ugo Bianchi",
        },
        {"id": "nicoli", "kind": "gallery", "visit": "by_appointment", "status": "closed"},
        {"id": "caffe", "name_it": "Caffè Perù", "name_en": "Café Peru", "kind": "gallery"},
    ],
    "attractions": [
        {
            "id": "museo",
            "name_it": "Museo del Marmo",
            "name_en": "Marble Museum",
            "kind": "museum",
            "quarter": "marina",
            "lat": "44.082",
            "lon": "10.101",
            "status": "active",
            "author": "Pietro Tacca",
            "summary_it": "Accanto alla piazza",
            "summary_en": "Beside the square",
        },
        {"id": "teatro", "kind": "theatre", "status": "closed", "lat": "44.09", "lon": "10.12"},
    ],
    "programmes": [
        {"id": "pnrr", "name_it": "Piano di ripresa", "name_en": "Recovery plan", "level": "eu"},
        {"id": "bando", "level": "region"},
    ],
    "projects": [
        {
            "id": "selciato",
            "name_it": "Nuovo selciato",
            "name_en": "New paving",
            "place_id": "piazza",
            "phase": "works",
            "stalled": "yes",
            "start": "2022",
            "declared_end": "2026-06",
            "promoter": "Comune di Prova",
            "cup": "B65I18000100001",
        },
        {"id": "luci", "place_id": "piazza", "phase": "completed", "start": "2018", "end": "2020"},
        {"id": "sala", "place_id": "cinema", "phase": "planning"},
        {"id": "bagni", "place_id": "lido"},
        {"id": "rete", "name_it": "Rete", "name_en": "Network", "quarter": "marina"},
    ],
    "funding": [
        {"project_id": project, "programme_id": programme, "nature": "allocated", "counted": "yes"}
        for project, programme in (("selciato", "pnrr"), ("selciato", "bando"), ("rete", "pnrr"))
    ],
    "milestones": [
        {"project_id": "sala", "date": "2024-05", "text_it": "Idea", "text_en": "Idea"},
        {"project_id": "rete", "date": "2016", "text_it": "Idea", "text_en": "Idea"},
    ],
    "events": [{"id": "fiera", "name_it": "Fiera", "name_en": "Fair", "place_id": "piazza"}],
    "streets": [
        {"name": "Via Carriona", "kind": "street", "lat": "44.0801", "lon": "10.1001"},
        {"name": "Via Carriona 1", "kind": "address", "lat": "44.0802", "lon": "10.1002"},
    ],
}
"""A town with something for every filter; what a row lacks, `write` adds."""


def write(table: str, changes: Sequence[Mapping[str, str]]) -> bytes:
    """Write rows that need only say what matters: the rest is made up."""
    names = list(TABLES[table].names if table in TABLES else changes[0])
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    for change in changes:
        name = change.get("name_it", change.get("id", "")).capitalize()
        source = f"https://source.example/{table}"
        made_up = {"name_it": name, "name_en": name, "source": source, "sources": source}
        writer.writerow({key: made_up[key] for key in made_up if key in names} | {**change})
    return text.getvalue().encode()


@pytest.fixture(scope="session")
def town_files() -> dict[str, bytes]:
    """Give the files of `TOWN`."""
    return {"city.toml": CITY} | {f"{name}.csv": write(name, TOWN[name]) for name in TOWN}


@pytest.fixture(scope="session")
def make_catalogue(town_files: dict[str, bytes]) -> Callable[..., Catalogue]:
    """Read a catalogue of only the tables given: as rows, or as a GeoJSON file."""

    def make(**tables: Sequence[Mapping[str, str]] | bytes) -> Catalogue:
        kept = {name: town_files[name] for name in ("city.toml", "vocabularies.csv")}
        tables.setdefault("workshops", [])
        for name, content in tables.items():
            if isinstance(content, bytes):
                kept[f"{name}.geojson"] = content
            else:
                kept[f"{name}.csv"] = write(name, content)
        catalogue = read_catalogue(kept).catalogue
        assert catalogue is not None
        return catalogue

    return make


@pytest.fixture(scope="session")
def town(town_files: dict[str, bytes]) -> Catalogue:
    """Read `TOWN`, which has no faults."""
    reading = read_catalogue(town_files)
    assert reading.issues == ()
    assert reading.catalogue is not None
    return reading.catalogue


@pytest.fixture(scope="module")
def app_files(town_files: dict[str, bytes]) -> dict[str, bytes]:
    """Give the files of the town that `open_app` shows; a module may show another."""
    return town_files


@pytest.fixture(scope="module")
def app_folder(tmp_path_factory: pytest.TempPathFactory, app_files: dict[str, bytes]) -> Path:
    """Write them."""
    folder = tmp_path_factory.mktemp("town")
    for name, content in app_files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def open_app(app_folder: Path, monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Open a page of the app, in `app_folder`, by a link with these parameters."""
    monkeypatch.setenv(DATA_VARIABLE, str(app_folder))

    def start(page: str = "explore", **params: str) -> AppTest:
        return started(page, **params)

    return start
