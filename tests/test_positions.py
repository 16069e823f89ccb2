"""Positions as offices give them: metres, swapped, outside, half."""

from __future__ import annotations

import json
from collections.abc import Callable

import pyproj
import pytest

from regen_map.catalogue import City, Vocabularies
from regen_map.intake import Options, Rule, TableReading, read_table
from regen_map.intake.projection import kilometres_outside, recognise
from tests.conftest import SOUND, rows

LAT, LON = 44.0796, 10.0979
NATIONAL = ["EPSG:3003", "EPSG:25832", "EPSG:32632", "EPSG:6707", "EPSG:7791"]


def metres(crs: str) -> tuple[float, float]:
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = to_metres.transform(LON, LAT)
    return x, y


Read = Callable[..., TableReading]


@pytest.fixture
def read(city: City, vocabularies: Vocabularies) -> Read:
    def read_rows(*changes: dict[str, str], repair: bool = False, **also: str) -> TableReading:
        content = rows("workshops", *({**change, **also} for change in changes))
        return read_table(
            "workshops.csv",
            content,
            city=city,
            vocabularies=vocabularies,
            options=Options(repair=repair),
        )

    return read_rows


def rules(reading: TableReading) -> list[Rule]:
    return [issue.rule for issue in reading.issues]


@pytest.mark.parametrize("crs", NATIONAL)
def test_metres_of_every_national_system_are_recognised_by_their_size(crs: str, read: Read) -> None:
    x, y = metres(crs)
    reading = read({"lat": f"{y:.2f}", "lon": f"{x:.2f}"})
    assert rules(reading) == [Rule.POSITION_PROJECTED]
    (place,) = reading.records
    assert abs(place.lat - LAT) < 5e-5
    assert abs(place.lon - LON) < 5e-5
    assert crs.removeprefix("EPSG:") in reading.issues[0].expected
    assert reading.issues[0].n_rows == 1


def test_accuracy_of_the_conversion_is_told_and_is_the_least_there_is(read: Read) -> None:
    x, y = metres("EPSG:3003")
    reading = read(
        {"id": "a", "lat": f"{y}", "lon": f"{x}", "position_accuracy_m": "1"},
        {"id": "b", "lat": f"{y}", "lon": f"{x}", "position_accuracy_m": "50"},
        {"id": "c", "lat": f"{y}", "lon": f"{x}"},
    )
    assert "± 4 m" in reading.issues[0].expected
    assert [place.position_accuracy_m for place in reading.records] == [4, 50, None]


def test_metres_far_from_the_city_are_no_position(read: Read) -> None:
    reading = read({"lat": "5037000", "lon": "1514000"})
    assert rules(reading) == [Rule.POSITION_OUTSIDE]
    assert reading.records == ()


def test_metres_just_outside_the_city_are_told_with_the_distance(read: Read) -> None:
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:7791", always_xy=True)
    x, y = to_metres.transform(10.1, 44.3)
    reading = read({"lat": f"{y}", "lon": f"{x}"})
    assert Rule.POSITION_OUTSIDE in rules(reading)
    assert reading.issues[-1].expected.endswith("; 11 km")


@pytest.mark.parametrize(
    ("lat", "lon"), [("90.1", "10.1"), ("44.1", "-180.1"), ("44.1", "4881300")]
)
def test_degrees_that_do_not_exist_are_refused(lat: str, lon: str, read: Read) -> None:
    assert set(rules(read({"lat": lat, "lon": lon}))) == {Rule.OUT_OF_RANGE}


def test_swapped_pair_is_proposed_and_left_out(read: Read) -> None:
    reading = read({"lat": "10.0979", "lon": "44.0796"})
    assert rules(reading) == [Rule.POSITION_SWAPPED]
    assert reading.issues[0].suggestion == "44.0796, 10.0979"
    assert reading.records == ()


def test_swapped_pair_is_put_right_when_asked_and_told(read: Read) -> None:
    reading = read({"lat": "10,0979", "lon": "44,0796"}, repair=True)
    assert rules(reading) == [Rule.DECIMAL_COMMA, Rule.POSITION_REPAIRED]
    assert (reading.records[0].lat, reading.records[0].lon) == (LAT, LON)


def test_position_outside_is_told_with_its_distance(read: Read) -> None:
    reading = read({"lat": "41.9", "lon": "12.5"}, repair=True)
    assert rules(reading) == [Rule.POSITION_OUTSIDE]
    assert reading.issues[0].expected == "44.0 … 44.2, 10.0 … 10.2; 299 km"
    assert reading.issues[0].columns == ("lat", "lon")


def test_missing_position_is_fine(read: Read) -> None:
    reading = read({"lat": "", "lon": ""})
    assert (rules(reading), len(reading.records)) == ([], 1)


def test_distance_is_that_of_the_ellipsoid_to_the_nearest_edge() -> None:
    extent = (10.0, 44.0, 10.2, 44.2)
    assert kilometres_outside(44.1, 10.1, extent) == 0
    # A degree of the meridian at 44° north, WGS84.
    assert kilometres_outside(45.2, 10.1, extent) == pytest.approx(111.13, abs=0.02)


def test_nobody_else_s_coordinates_are_recognised(city: City) -> None:
    assert recognise(10.1, 44.1, city) is None
    assert recognise(4_881_300, 587_900, city) is None


@pytest.mark.parametrize("crs", NATIONAL)
def test_shapes_of_a_foreign_system_are_brought_to_degrees(
    crs: str, city: City, vocabularies: Vocabularies
) -> None:
    x, y = metres(crs)
    corners = [[x, y], [x + 50, y], [x + 50, y + 50], [x, y]]
    feature = {
        "type": "Feature",
        "properties": {**SOUND["workshops"], "kind": "square", "lat": None, "lon": None},
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }
    document = {
        "type": "FeatureCollection",
        "crs": {
            "type": "name",
            "properties": {"name": f"urn:ogc:def:crs:{crs.replace(':', '::')}"},
        },
        "features": [feature],
    }
    reading = read_table(
        "public_spaces.geojson",
        json.dumps(document).encode(),
        city=city,
        vocabularies=vocabularies,
    )
    assert rules(reading) == [Rule.CRS_CONVERTED]
    assert reading.issues[0].found == crs
    assert reading.draft is not None
    shape = reading.draft.entries[0].shape
    assert shape is not None
    assert shape.bounds[:2] == pytest.approx((LON, LAT), abs=5e-5)


def test_shape_that_no_projection_can_place_is_told(city: City, vocabularies: Vocabularies) -> None:
    feature = {
        "type": "Feature",
        "properties": {**SOUND["workshops"], "kind": "square", "lat": None, "lon": None},
        "geometry": {"type": "Point", "coordinates": [1e8, 1e8]},
    }
    document = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "EPSG:3003"}},
        "features": [feature],
    }
    reading = read_table(
        "public_spaces.geojson", json.dumps(document).encode(), city=city, vocabularies=vocabularies
    )
    assert Rule.POSITION_OUTSIDE in rules(reading)
    assert reading.records == ()
