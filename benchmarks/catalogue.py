"""Generated places: the same set for every compared page.

One *big* quarter holds half of the places; the other half is spread over the *small* quarters.
Switching the big quarter off halves the set, and leaving out another small quarter each time makes
every subset a new one, so no page can answer a change from memory.
"""

import csv
import json
import random
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BIG_QUARTER = "centro-storico"
SMALL_QUARTERS = (
    "caffaggio", "grazzano", "baluardo", "vezzala", "caina", "lugnola", "san-francesco", "carrara-est",
    "carrara-ovest", "padula", "san-martino", "monterosso", "torano", "colonnata", "fantiscritti", "miseglia",
    "bedizzano", "codena", "gragnana", "sorgnano", "stadio-fossola", "avenza", "turigliano", "campocecina", "nazzano",
)  # fmt: skip
KINDS = {
    "workshop": ("artist_studio", "artisan_workshop", "gallery", "historic_shop", "food_producer", "eatery"),
    "attraction": ("church", "palace", "monument", "museum", "street_art", "heritage_site", "viewpoint"),
    "public_space": ("square", "street", "building", "housing", "creative_hub", "other"),
}
# The big quarter and the rest also differ by family: a filter by family halves the set too.
BIG_QUARTER_FAMILIES = ("attraction", "public_space")
OTHER_FAMILY = "workshop"
LATITUDES = (44.03, 44.13)
LONGITUDES = (10.02, 10.17)

COMMON_COLUMNS = (
    "id", "name_it", "name_en", "kind", "quarter", "address", "lat", "lon", "position_accuracy_m",
    "position_source_it", "position_source_en", "summary_it", "summary_en", "note_it", "note_en", "website", "email",
    "phone", "opening_hours", "wheelchair", "wikidata", "image", "image_credit", "image_licence", "status", "as_of",
    "sources", "source_dates",
)  # fmt: skip
WORKSHOP_COLUMNS = (*COMMON_COLUMNS, "craft", "visit", "founded", "people", "contact_it", "contact_en")
ATTRACTION_COLUMNS = (*COMMON_COLUMNS, "period_it", "period_en", "author", "admission")
# Tables that know nothing of single places: taken from the shipped catalogue as they are.
SHARED_FILES = ("vocabularies.csv", "programmes.csv", "streets.csv", "creative_cities.csv")
# Tables that refer to places: taken without their rows.
REFERRING_FILES = ("projects.csv", "funding.csv", "milestones.csv", "events.csv", "itineraries.csv", "stops.csv")


@dataclass(frozen=True, slots=True)
class Place:
    """A generated place.

    Attributes
    ----------
    id, name
        Its slug and its name; both are unique.
    family, kind, quarter
        Its terms; ``quarter`` is what the compared pages filter by.
    lat, lon
        Its position in degrees, WGS84.
    """

    id: str
    name: str
    family: str
    kind: str
    quarter: str
    lat: float
    lon: float


def generate_places(count: int, *, seed: int = 20) -> list[Place]:
    """Generate places spread over the town, its quarters, and the three families.

    Parameters
    ----------
    count
        How many.
    seed
        The same seed gives the same places.
    """
    rng = random.Random(seed)
    places = []
    for index in range(count):
        family = rng.choice(BIG_QUARTER_FAMILIES) if index % 2 == 0 else OTHER_FAMILY
        quarter = BIG_QUARTER if index % 2 == 0 else SMALL_QUARTERS[index // 2 % len(SMALL_QUARTERS)]
        places.append(
            Place(
                id=f"place-{index:05d}",
                name=f"Place {index:05d}",
                family=family,
                kind=rng.choice(KINDS[family]),
                quarter=quarter,
                lat=round(rng.uniform(*LATITUDES), 6),
                lon=round(rng.uniform(*LONGITUDES), 6),
            )
        )
    return places


def select(places: Iterable[Place], *, half: bool, left_out: str | None) -> list[Place]:
    """Select what a page must show.

    Parameters
    ----------
    half
        Leave out the big quarter, half of the places.
    left_out
        A small quarter to leave out, or None.
    """
    hidden = {left_out, BIG_QUARTER if half else None}
    return [place for place in places if place.quarter not in hidden]


def write_json(places: Sequence[Place], path: Path) -> None:
    """Write places for the compared pages, which all read this one file."""
    path.write_text(json.dumps([asdict(place) for place in places]), encoding="utf-8")


def read_json(path: Path) -> list[Place]:
    """Read what `write_json` wrote."""
    return [Place(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def write_folder(places: Sequence[Place], folder: Path, shipped: Path) -> None:
    """Write places as a catalogue folder of the app.

    Parameters
    ----------
    folder
        Where to write; created when missing.
    shipped
        The catalogue that the project ships, for the tables that are not about single places.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = {family: [_row(place) for place in places if place.family == family] for family in KINDS}
    _write_csv(folder / "workshops.csv", WORKSHOP_COLUMNS, rows["workshop"])
    _write_csv(folder / "attractions.csv", ATTRACTION_COLUMNS, rows["attraction"])
    (folder / "public_spaces.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [_feature(row) for row in rows["public_space"]]}),
        encoding="utf-8",
    )
    _copy_city(shipped, folder)
    for name in SHARED_FILES:
        if (shipped / name).is_file():
            shutil.copyfile(shipped / name, folder / name)
    for name in REFERRING_FILES:
        if (shipped / name).is_file():
            with (shipped / name).open(encoding="utf-8") as lines:
                (folder / name).write_text(next(lines, ""), encoding="utf-8")


def _copy_city(source: Path, folder: Path) -> None:
    """Copy ``city.toml``, with a first view that shows all generated places, as on the other pages."""
    if (source / "city.toml").is_file():
        text = (source / "city.toml").read_text(encoding="utf-8")
        home = f"home = [{LONGITUDES[0]}, {LATITUDES[0]}, {LONGITUDES[1]}, {LATITUDES[1]}]"
        (folder / "city.toml").write_text(re.sub(r"(?m)^home *=.*$", home, text), encoding="utf-8")


def _row(place: Place) -> dict[str, str]:
    row = dict.fromkeys(COMMON_COLUMNS, "")
    row.update(
        id=place.id,
        name_it=place.name,
        name_en=place.name,
        kind=place.kind,
        quarter=place.quarter,
        lat=str(place.lat),
        lon=str(place.lon),
        position_accuracy_m="10",
        position_source_it="generata per una misura",
        position_source_en="generated for a measurement",
        summary_it="Luogo generato per una misura.",
        summary_en="A place generated for a measurement.",
        status="active",
        as_of="2025",
        sources=f"https://example.org/{place.id}",
        source_dates="2025",
    )
    return row


def _feature(row: Mapping[str, str]) -> dict[str, object]:
    properties: dict[str, object] = {
        key: value or None for key, value in row.items() if key not in ("lat", "lon")
    }
    properties["position_accuracy_m"] = float(row["position_accuracy_m"])
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]},
        "properties": properties,
    }


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
