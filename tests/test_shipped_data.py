"""The catalogue that comes with the product keeps its promises."""

from __future__ import annotations

import dataclasses
import math
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from regen_map import query
from regen_map.catalogue import PLACE_TABLES, TABLES, Catalogue, records
from regen_map.intake import Reading, read_catalogue
from regen_map.messages import LANGUAGES
from regen_map.store import shipped_folder
from regen_map.ui.details import details_html
from regen_map.webmap import payload

FILES = sorted(path for path in shipped_folder().iterdir() if path.is_file())
SOURCED = [name for name, table in TABLES.items() if {"sources", "source"} & set(table.names)]
LOCATED = [table.name for table in PLACE_TABLES]

PLACEHOLDER = re.compile(
    r"\b(?:TODO|FIXME|TBD|TBC|XXX+|n\.\s?d\.|n/[ad]|lorem|ipsum|null|none|nan|undefined|foo|bar)\b"
    r"|\?\?|example\.(?:com|org|net)|\.example\b",
    re.IGNORECASE,
)
MEANT = {"bar"}
"""Words among them that the town's own texts use: a bar is a café."""
LOCAL_PATH = re.compile(
    r"file://|localhost|127\.0\.0\.1|(?<![\w./:-])/(?:home|root|work|tmp|mnt|srv|Users|var)/"
    r"|\b[A-Za-z]:\\|research/|\.\./"
)


@pytest.fixture(scope="module")
def reading() -> Reading:
    names = [*(table.file_name for table in TABLES.values()), "city.toml", "vocabularies.csv"]
    return read_catalogue({name: (shipped_folder() / name).read_bytes() for name in names})


@pytest.fixture(scope="module")
def shipped(reading: Reading) -> Catalogue:
    assert reading.catalogue is not None
    return reading.catalogue


def rows(shipped: Catalogue, table: str) -> Iterator[Any]:
    return records(shipped.table(table), TABLES[table])


def names(faulty: Iterator[Any]) -> list[str]:
    """Name rows, so that a failure tells which they are."""
    return [getattr(row, "id", "") or str(row)[:120] for row in faulty]


# ---------------------------------------------------------------- whole files


def test_files_have_no_issues(reading: Reading) -> None:
    assert [
        f"{issue.file}:{issue.line or issue.row} {issue.rule}" for issue in reading.issues
    ] == []


@pytest.mark.parametrize(
    ("tables", "at_least"),
    [
        (["public_spaces"], 20),
        (["projects"], 50),
        (["workshops"], 45),
        (["attractions", "events"], 75),
        (["creative_cities"], 11),
        (["programmes"], 10),
        (["funding"], 60),
        (["milestones"], 100),
        (["itineraries"], 3),
        (["stops"], 20),
        (["streets"], 50),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
def test_catalogue_is_as_rich_as_promised(
    tables: list[str], at_least: int, shipped: Catalogue
) -> None:
    assert sum(len(shipped.table(table)) for table in tables) >= at_least


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_is_plain_utf8_with_unix_lines(path: Any) -> None:
    content = path.read_bytes()
    content.decode("utf-8")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_mentions_no_path_of_the_machine_it_was_made_on(path: Any) -> None:
    assert LOCAL_PATH.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("table", TABLES)
def test_no_text_is_a_placeholder(table: str, shipped: Catalogue) -> None:
    found = [
        (names(iter([row])), word)
        for row in rows(shipped, table)
        for text in texts(row)
        for word in PLACEHOLDER.findall(text)
        if word.lower() not in MEANT
    ]
    assert found == []


def texts(row: Any) -> Iterator[str]:
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if each)


# ---------------------------------------------------------------- sources


@pytest.mark.parametrize("table", SOURCED)
def test_every_row_has_a_source(table: str, shipped: Catalogue) -> None:
    without = (
        row for row in rows(shipped, table) if not (getattr(row, "sources", ()) or source_of(row))
    )
    assert names(without) == []


def source_of(row: Any) -> str:
    source: str = getattr(row, "source", "") or ""
    return source


@pytest.mark.parametrize("table", [name for name in SOURCED if "sources" in TABLES[name].names])
def test_every_source_has_a_date_or_a_gap_for_it(table: str, shipped: Catalogue) -> None:
    uneven = (row for row in rows(shipped, table) if len(row.sources) != len(row.source_dates))
    assert names(uneven) == []


@pytest.mark.parametrize("table", [name for name in SOURCED if "sources" in TABLES[name].names])
def test_no_source_is_named_twice(table: str, shipped: Catalogue) -> None:
    twice = (row for row in rows(shipped, table) if len(row.sources) != len(set(row.sources)))
    assert names(twice) == []


@pytest.mark.parametrize(
    "table", [name for name in TABLES if {"as_of", "sources"} <= set(TABLES[name].names)]
)
def test_facts_are_not_older_than_the_date_they_are_said_to_hold(
    table: str, shipped: Catalogue
) -> None:
    early = (
        row
        for row in rows(shipped, table)
        if row.as_of and row.source_dates and all(row.source_dates)
        if all(row.as_of.first_day > date.last_day for date in row.source_dates)
    )
    assert names(early) == []


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("table", TABLES)
def test_every_text_stands_in_both_languages(table: str, shipped: Catalogue) -> None:
    columns = [name.removesuffix("_it") for name in TABLES[table].names if name.endswith("_it")]
    one_sided = [
        (names(iter([row])), column)
        for row in rows(shipped, table)
        for column in columns
        if len({bool(getattr(row, f"{column}_{language}")) for language in LANGUAGES}) > 1
    ]
    assert one_sided == []


@pytest.mark.parametrize("table", [*LOCATED, "projects", "events", "programmes", "itineraries"])
def test_every_row_is_summed_up_in_words_of_its_language(table: str, shipped: Catalogue) -> None:
    silent = (
        row
        for row in rows(shipped, table)
        if not row.summary_it or row.summary_it == row.summary_en
    )
    assert names(silent) == []


def test_every_term_used_has_a_label_in_both_languages(shipped: Catalogue) -> None:
    assert [
        (term.vocabulary, term.term, language)
        for term in shipped.vocabularies
        for language in LANGUAGES
        if not term.labels.get(language)
    ] == []


# ---------------------------------------------------------------- places


@pytest.mark.parametrize("table", LOCATED)
def test_every_position_has_an_accuracy_and_a_source(table: str, shipped: Catalogue) -> None:
    bare = (
        row
        for row in rows(shipped, table)
        if row.lat is not None
        and not (row.position_accuracy_m and row.position_source_it and row.position_source_en)
    )
    assert names(bare) == []


@pytest.mark.parametrize("table", LOCATED)
def test_unknown_position_has_no_accuracy_and_no_source(table: str, shipped: Catalogue) -> None:
    odd = (
        row
        for row in rows(shipped, table)
        if row.lat is None and (row.position_accuracy_m is not None or row.position_source_it)
    )
    assert names(odd) == []


def test_place_without_a_point_has_no_geometry_at_all(shipped: Catalogue) -> None:
    places = shipped.places
    assert (places.geometry.isna() == places["lat"].isna()).all()
    assert not any(shape.is_empty for shape in places.geometry.dropna())


def test_places_lie_within_the_extent_of_the_city(shipped: Catalogue) -> None:
    minx, miny, maxx, maxy = shipped.city.extent
    left, bottom, right, top = shipped.places.total_bounds
    assert minx <= left <= right <= maxx
    assert miny <= bottom <= top <= maxy


def test_start_view_holds_a_good_part_of_the_places(shipped: Catalogue) -> None:
    minx, miny, maxx, maxy = shipped.city.home
    located = shipped.places.dropna(subset=["lat"])
    inside = located.cx[minx:maxx, miny:maxy]
    assert len(inside) >= len(located) / 3


def test_streets_lie_where_the_places_are(shipped: Catalogue) -> None:
    minx, miny, maxx, maxy = shipped.city.extent
    assert all(
        minx <= each.lon <= maxx and miny <= each.lat <= maxy for each in rows(shipped, "streets")
    )
    assert all(each.accuracy_m is not None for each in rows(shipped, "streets"))


def test_ids_are_unique_over_all_places(shipped: Catalogue) -> None:
    ids = [row.id for table in LOCATED for row in rows(shipped, table)]
    assert [each for each, n in Counter(ids).items() if n > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_entries_have_the_same_name(language: str, shipped: Catalogue) -> None:
    spelled = [
        getattr(entry.subject, f"name_{language}").casefold() for entry in query.entries(shipped)
    ]
    assert [name for name, n in Counter(spelled).items() if n > 1] == []


def test_no_place_stands_in_two_families_under_a_similar_name(shipped: Catalogue) -> None:
    def bare(name: str) -> str:
        return re.sub(r"\W+", "", re.sub(r"\(.*?\)", "", name)).casefold()

    families: dict[str, list[str]] = {}
    for table in LOCATED:
        for row in rows(shipped, table):
            families.setdefault(bare(row.name_it), []).append(row.id)
    assert [ids for ids in families.values() if len(ids) > 1] == []


def test_places_piled_at_one_point_do_not_claim_to_be_exact(shipped: Catalogue) -> None:
    """Many at one point means the middle of a square or a street given for the door."""
    points: dict[tuple[float, float], list[float]] = {}
    for table in LOCATED:
        for row in rows(shipped, table):
            if row.lat is not None:
                points.setdefault((row.lat, row.lon), []).append(row.position_accuracy_m)
    assert [at for at, metres in points.items() if len(metres) > 3 and min(metres) < 25] == []
    assert (0, 0) not in points


# ---------------------------------------------------------------- projects and money


def test_every_amount_has_a_source_and_is_no_guess(shipped: Catalogue) -> None:
    lines = list(rows(shipped, "funding"))
    assert names(line for line in lines if not line.source) == []
    known = [line.amount_eur for line in lines if line.amount_eur is not None]
    assert len(known) >= len(lines) / 2
    assert all(amount > 0 for amount in known)


def test_what_does_not_count_says_why(shipped: Catalogue) -> None:
    silent = (line for line in rows(shipped, "funding") if not line.counted and not line.note_it)
    assert names(silent) == []


def test_no_line_of_money_is_counted_twice(shipped: Catalogue) -> None:
    lines = Counter(
        (line.project_id, line.programme_id, line.nature, line.amount_eur)
        for line in rows(shipped, "funding")
        if line.counted and line.amount_eur is not None
    )
    assert [line for line, n in lines.items() if n > 1] == []


def test_sums_are_finite_and_of_a_plausible_size(shipped: Catalogue) -> None:
    sums = [
        amount
        for project in shipped.projects
        for amount in query.money_of(shipped, project.id).by_nature.values()
    ]
    assert all(math.isfinite(amount) for amount in sums)
    assert max(sums) < Decimal(100_000_000)


def test_completed_projects_have_no_stall_and_stalled_ones_a_phase(shipped: Catalogue) -> None:
    odd = (
        project
        for project in shipped.projects
        if project.stalled and project.phase in (None, "completed", "dropped")
    )
    assert names(odd) == []


def test_every_programme_pays_for_something(shipped: Catalogue) -> None:
    used = {line.programme_id for line in rows(shipped, "funding")}
    assert names(each for each in rows(shipped, "programmes") if each.id not in used) == []


# ---------------------------------------------------------------- the other tables


def test_creative_cities_are_italian_and_have_their_year(shipped: Catalogue) -> None:
    cities = list(rows(shipped, "creative_cities"))
    assert "carrara" in {city.id for city in cities}
    assert all(2004 <= city.year.year <= 2030 for city in cities)
    assert all(36 <= city.lat <= 47.1 and 6.6 <= city.lon <= 18.6 for city in cities)


def test_every_walk_has_several_stops(shipped: Catalogue) -> None:
    stops = Counter(stop.itinerary_id for stop in rows(shipped, "stops"))
    assert all(stops[walk.id] >= 3 for walk in rows(shipped, "itineraries"))


# ---------------------------------------------------------------- what visitors get


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_can_be_opened(language: str, shipped: Catalogue) -> None:
    shown = [details_html(shipped, language, entry.key) for entry in query.entries(shipped)]
    assert all(shown)
    assert not [html for html in shown if "None" in html or "nan<" in html]


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_travel_in_a_small_parcel(language: str, shipped: Catalogue) -> None:
    assert len(payload(shipped, language).compressed) < 64 * 2**10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_found_by_its_own_name(language: str, shipped: Catalogue) -> None:
    listed = query.entries(shipped)
    lost = [
        entry.key
        for at, entry in enumerate(listed)
        if at not in query.rank(shipped, getattr(entry.subject, f"name_{language}"))[:3]
    ]
    assert lost == []
