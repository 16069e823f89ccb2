"""The town that ships, and towns of many rows made in memory."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import shapely

from regen_map.catalogue import (
    TABLES,
    Catalogue,
    Funding,
    PartialDate,
    Phase,
    Programme,
    Project,
    PublicSpace,
    Record,
    Workshop,
    to_frame,
)
from regen_map.intake import read_catalogue

LEVELS = ("eu", "state", "region", "municipality")
NATURES = ("allocated", "estimated", "spent", "fit_out", "private")
PROMOTERS = ("Comune", "Regione, Toscana", "100 % srl")
SQUARE_DEGREES = 0.0004
DATA = Path(__file__).parents[1] / "data"


@lru_cache(maxsize=1)
def shipped_town() -> Catalogue:
    """Read the catalogue that the project ships."""
    files = {path.name: path.read_bytes() for path in DATA.iterdir() if path.is_file()}
    catalogue = read_catalogue(files).catalogue
    assert catalogue is not None
    return catalogue


@lru_cache(maxsize=4)
def large_town(*, places: int, projects: int, lines: int, seed: int = 7) -> Catalogue:
    """
    Make a catalogue with so many rows, anything of which may be unknown.

    City, vocabularies and the other tables are those of `shipped_town`.

    Parameters
    ----------
    places, projects, lines
        How many workshops and squares together, projects, and funding lines.
    seed
        Equal for equal catalogues.
    """
    base = shipped_town()
    dice = random.Random(seed)  # noqa: S311 -- rows, no secrets
    squares = list(_squares(dice, base, places // 10))
    made: dict[str, list[Record]] = {
        "workshops": list(_workshops(dice, base, places - len(squares))),
        "attractions": [],
        "programmes": [_programme(number) for number in range(40)],
        "milestones": [],
    }
    ids = [each.id for each in made["workshops"] if isinstance(each, Workshop)]
    ids += [square.id for square, _ in squares]
    made["projects"] = [_project(dice, number, ids) for number in range(projects)]
    made["funding"] = [_line(dice, projects) for _ in range(lines)]
    frames = {name: to_frame(rows, TABLES[name]) for name, rows in made.items()}
    frames["public_spaces"] = to_frame(
        [square for square, _ in squares],
        TABLES["public_spaces"],
        [shape for _, shape in squares],
    )
    return Catalogue(
        city=base.city,
        vocabularies=base.vocabularies,
        frames={**base.frames, **frames},
        version=f"large-{seed}",
    )


def _somewhere(dice: random.Random, base: Catalogue) -> tuple[float, float]:
    left, bottom, right, top = base.city.home
    return dice.uniform(left, right), dice.uniform(bottom, top)


def _workshops(dice: random.Random, base: Catalogue, count: int) -> Iterator[Workshop]:
    for number in range(count):
        lon, lat = _somewhere(dice, base)
        known = dice.random() < 0.8
        yield Workshop(
            id=f"w{number}",
            name_it=f"Bottega {number}",
            name_en=f"Workshop {number}",
            kind="artisan_workshop",
            lat=lat if known else None,
            lon=lon if known else None,
            position_accuracy_m=dice.choice([None, 0.0, 5.0, 30.0, 200.0]) if known else None,
        )


def _squares(
    dice: random.Random, base: Catalogue, count: int
) -> Iterator[tuple[PublicSpace, shapely.Polygon]]:
    for number in range(count):
        lon, lat = _somewhere(dice, base)
        half = SQUARE_DEGREES / 2
        square = PublicSpace(
            id=f"s{number}",
            name_it=f"Piazza {number}",
            name_en=f"Square {number}",
            kind="square",
            lat=lat,
            lon=lon,
            position_accuracy_m=10.0,
        )
        yield square, shapely.box(lon - half, lat - half, lon + half, lat + half)


def _programme(number: int) -> Programme:
    return Programme(
        id=f"f{number}",
        name_it=f"Fondo {number}",
        name_en=f"Fund {number}",
        level=LEVELS[number % len(LEVELS)],
    )


def _date(dice: random.Random) -> PartialDate | None:
    whole = f"{dice.randint(2000, 2030)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    length = dice.choice([0, 4, 7, 10])
    return PartialDate(whole[:length]) if length else None


def _project(dice: random.Random, number: int, places: list[str]) -> Project:
    return Project(
        id=f"p{number}",
        name_it=f"Progetto {number}",
        name_en=f"Project {number}",
        place_id=dice.choice(places) if places and dice.random() < 0.9 else None,
        former_use_it=dice.choice([None, "Caserma", "Scuola", "Ex cinema"]),
        new_use_it=dice.choice([None, "Biblioteca", "Museo", "Alloggi"]),
        phase=dice.choice([None, *(phase.value for phase in Phase)]),
        stalled=dice.choice([None, True, False]),
        start=_date(dice),
        first_declared_end=_date(dice),
        declared_end=_date(dice),
        end=_date(dice),
        owner=tuple(dice.sample([f"Ente {each}" for each in range(300)], dice.randint(0, 2))),
        promoter=tuple(dice.sample(PROMOTERS, dice.randint(0, 2))),
        cup=dice.choice([None, "B65I18000100001"]),
        as_of=_date(dice),
    )


def _line(dice: random.Random, projects: int) -> Funding:
    cents = dice.choice([None, 0, dice.randrange(10**12)])
    return Funding(
        project_id=f"p{dice.randrange(projects)}",
        programme_id=f"f{dice.randrange(40)}",
        amount_eur=None if cents is None else Decimal(cents).scaleb(-2),
        nature=dice.choice(NATURES),
        counted=dice.random() < 0.8,
        as_of=_date(dice),
        source="https://source.example/funding",
    )
