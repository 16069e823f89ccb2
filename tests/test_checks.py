from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from regen_map.intake import Rule, Severity, read_catalogue

Rows = Callable[..., bytes]
Files = Callable[..., dict[str, bytes]]


@pytest.mark.parametrize(
    ("table", "change", "rule", "columns"),
    [
        ("workshops", {"lat": ""}, Rule.POSITION_HALF, ("lat",)),
        ("workshops", {"lon": ""}, Rule.POSITION_HALF, ("lon",)),
        ("workshops", {"lat": "45"}, Rule.POSITION_OUTSIDE, ("lat", "lon")),
        ("workshops", {"lat": "10.09", "lon": "44.08"}, Rule.POSITION_SWAPPED, ("lat", "lon")),
        ("workshops", {"source_dates": "2025 | 2024"}, Rule.SOURCE_DATES, ("source_dates",)),
        ("projects", {"start": "2026", "end": "2025"}, Rule.DATES_REVERSED, ("start", "end")),
        ("events", {"start": "2025-09", "end": "2025-08"}, Rule.DATES_REVERSED, ("start", "end")),
        ("projects", {"place_id": "nowhere"}, Rule.REFERENCE_UNKNOWN, ("place_id",)),
        ("events", {"place_id": "nowhere"}, Rule.REFERENCE_UNKNOWN, ("place_id",)),
        ("funding", {"project_id": "none"}, Rule.REFERENCE_UNKNOWN, ("project_id",)),
        ("funding", {"programme_id": "none"}, Rule.REFERENCE_UNKNOWN, ("programme_id",)),
        ("milestones", {"project_id": "none"}, Rule.REFERENCE_UNKNOWN, ("project_id",)),
        ("stops", {"itinerary_id": "none"}, Rule.REFERENCE_UNKNOWN, ("itinerary_id",)),
        ("stops", {"place_id": "none"}, Rule.REFERENCE_UNKNOWN, ("place_id",)),
        ("funding", {"amount_eur": "-1"}, Rule.OUT_OF_RANGE, ("amount_eur",)),
        ("funding", {"source": ""}, Rule.REQUIRED, ("source",)),
    ],
)
def test_unsound_row_is_described_and_left_out(  # noqa: PLR0913, PLR0917
    table: str,
    change: Mapping[str, str],
    rule: Rule,
    columns: tuple[str, ...],
    files: Files,
    rows: Rows,
) -> None:
    context = {name: rows(name, {}) for name in ("programmes", "projects", "itineraries")}
    reading = read_catalogue(files(**{**context, table: rows(table, change)}))
    (issue,) = reading.issues
    assert (issue.file, issue.rule, issue.columns) == (f"{table}.csv", rule, columns)
    assert (issue.line, issue.severity) == (2, Severity.ERROR)
    assert reading.catalogue is not None
    assert reading.catalogue.table(table).empty


@pytest.mark.parametrize(
    ("table", "change", "rule"),
    [
        (
            "workshops",
            {"lat": "", "lon": "", "position_accuracy_m": "20"},
            Rule.ACCURACY_WITHOUT_POSITION,
        ),
        ("workshops", {"sources": ""}, Rule.NO_SOURCE),
        ("projects", {"sources": ""}, Rule.NO_SOURCE),
        ("workshops", {"summary_it": "Solo qui"}, Rule.ONE_LANGUAGE),
        ("projects", {"note_en": "Only here"}, Rule.ONE_LANGUAGE),
        ("projects", {"cup": "F87H2100123000A"}, Rule.CUP_UNUSUAL),
    ],
)
def test_doubtful_row_is_kept_with_a_warning(
    table: str, change: Mapping[str, str], rule: Rule, files: Files, rows: Rows
) -> None:
    reading = read_catalogue(files(**{table: rows(table, change)}))
    assert [(issue.rule, issue.severity) for issue in reading.issues] == [(rule, Severity.WARNING)]
    assert reading.catalogue is not None
    assert len(reading.catalogue.table(table)) == 1


def test_dates_that_may_be_in_order_are_accepted(files: Files, rows: Rows) -> None:
    content = rows("projects", {"start": "2025-03", "end": "2025"})
    assert read_catalogue(files(projects=content)).issues == ()


def test_id_is_unique_over_all_places(files: Files, rows: Rows) -> None:
    reading = read_catalogue(files(attractions=rows("attractions", {"id": "rossi"})))
    (issue,) = reading.issues
    assert (issue.rule, issue.expected) == (Rule.REPEATED, "workshops.csv:2")
    assert reading.catalogue is not None
    assert reading.catalogue.place_ids == ("rossi",)


def test_id_may_return_in_a_table_of_other_things(files: Files, rows: Rows) -> None:
    assert read_catalogue(files(projects=rows("projects", {"id": "rossi"}))).issues == ()


def test_unsound_row_leaves_out_the_rows_that_refer_to_it(files: Files, rows: Rows) -> None:
    reading = read_catalogue(
        files(
            workshops=rows("workshops", {}, {"id": "bad", "kind": "?"}),
            programmes=rows("programmes", {}),
            projects=rows("projects", {"place_id": "bad"}, {"id": "free"}),
            funding=rows("funding", {}, {"project_id": "free"}),
        )
    )
    assert [(issue.file, issue.rule) for issue in reading.issues] == [
        ("workshops.csv", Rule.TERM),
        ("projects.csv", Rule.REFERENCE_LEFT_OUT),
        ("funding.csv", Rule.REFERENCE_LEFT_OUT),
    ]
    assert reading.catalogue is not None
    assert reading.catalogue.table("funding")["project_id"].tolist() == ["free"]


def test_mistyped_reference_suggests_the_nearest(files: Files, rows: Rows) -> None:
    (issue,) = read_catalogue(files(projects=rows("projects", {"place_id": "rosi"}))).issues
    assert (issue.expected, issue.suggestion) == ("workshops.csv", "rossi")


def test_gap_in_the_order_of_stops_is_told_once(files: Files, rows: Rows) -> None:
    stops = rows("stops", {"order": "2"}, {"order": "4"}, {"order": "5"}, {"order": "1"})
    reading = read_catalogue(files(itineraries=rows("itineraries", {}), stops=stops))
    assert [(i.rule, i.line, i.found, i.expected) for i in reading.issues] == [
        (Rule.STOP_ORDER, 3, "4", "3")
    ]
    assert reading.catalogue is not None
    assert len(reading.catalogue.table("stops")) == 4


def test_refused_coordinate_is_no_missing_one(files: Files, rows: Rows) -> None:
    reading = read_catalogue(files(workshops=rows("workshops", {"lat": "north"})))
    assert [issue.rule for issue in reading.issues] == [Rule.NUMBER]


def test_coordinates_that_contradict_the_drawing_give_way(files: Files) -> None:
    content = b"""{"type": "FeatureCollection", "features": [{"type": "Feature",
        "geometry": {"type": "Point", "coordinates": [10.1, 44.1]},
        "properties": {"id": "a", "name_it": "A", "name_en": "A", "kind": "square",
                       "lat": 44.2, "lon": 10.1, "sources": "https://a.example"}}]}"""
    reading = read_catalogue(files() | {"public_spaces.geojson": content})
    (issue,) = reading.issues
    assert (issue.rule, issue.expected) == (Rule.POSITION_TWICE, "44.1, 10.1")
    assert reading.catalogue is not None
    assert reading.catalogue.places.loc["a", "lat"] == 44.1
