"""Walks as GPX, read by two other programs."""

from __future__ import annotations

import datetime as dt
import io
from xml.etree import ElementTree as ET

import gpxpy
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map.export.gpx import GpxStop, gpx_of
from regen_map.messages import LANGUAGES

NOW = dt.datetime(2026, 9, 14, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))
GPX = "{http://www.topografix.com/GPX/1/1}"
STOPS = (
    GpxStop(name="Duomo", text="Il rosone", lat=44.0799, lon=10.0994),
    GpxStop(name="Bottega ignota", text="Chiedere in giro"),
    GpxStop(name="Teatro", lat=44.0785, lon=10.0971),
)


def written(name: str = "Giro", stops: tuple[GpxStop, ...] = STOPS, **more: str) -> bytes:
    return gpx_of(name, stops, **({"language": "it"} | more), time=NOW)


def test_located_stops_are_points_and_a_route() -> None:
    found = gpxpy.parse(written(link="https://town.example/giro", author="Comune").decode())
    for points in (found.waypoints, found.routes[0].points):
        assert [(each.name, each.latitude, each.longitude) for each in points] == [
            ("Duomo", 44.0799, 10.0994),
            ("Teatro", 44.0785, 10.0971),
        ]
        assert [each.description for each in points] == ["Il rosone", None]
    assert [(each.name, each.link) for each in found.routes] == [
        ("Giro", "https://town.example/giro")
    ]
    assert (found.name, found.author_name, found.link) == (
        "Giro",
        "Comune",
        "https://town.example/giro",
    )
    assert found.time == NOW
    box = found.bounds
    assert box is not None
    assert (box.min_latitude, box.max_latitude) == (44.0785, 44.0799)
    assert (box.min_longitude, box.max_longitude) == (10.0971, 10.0994)


@pytest.mark.parametrize("language", LANGUAGES)
def test_description_says_what_the_line_is_and_what_is_missing(language: str) -> None:
    said = gpxpy.parse(written(language=language, text="Sei tappe.").decode()).description
    assert said is not None
    assert said.startswith("Sei tappe. ")
    assert {"it": "retta", "en": "straight"}[language] in said
    assert "Bottega ignota" in said
    whole = gpxpy.parse(written(stops=STOPS[:1], language=language).decode()).description
    assert whole is not None
    assert "Bottega" not in whole


def test_gdal_reads_the_route() -> None:
    layer = pyogrio.read_dataframe(io.BytesIO(written()), layer="route_points")
    assert layer["name"].tolist() == ["Duomo", "Teatro"]
    assert layer.crs == "EPSG:4326"
    assert layer.geometry.x.tolist() == [10.0994, 10.0971]
    assert len(pyogrio.read_dataframe(io.BytesIO(written()), layer="waypoints")) == 2


def test_walk_without_positions_is_still_a_walk() -> None:
    found = gpxpy.parse(written(stops=STOPS[1:2]).decode())
    assert (found.waypoints, found.bounds) == ([], None)
    assert [route.points for route in found.routes] == [[]]
    assert gpxpy.parse(written(stops=()).decode()).routes[0].name == "Giro"


def test_elements_stand_in_the_order_of_the_schema() -> None:
    content = written(link="https://a.example/", author="A", text="B")
    root = ET.fromstring(content)  # noqa: S314 -- our own
    assert root.tag == f"{GPX}gpx"
    assert [each.tag.removeprefix(GPX) for each in root] == ["metadata", "wpt", "wpt", "rte"]
    metadata = root.find(f"{GPX}metadata")
    assert metadata is not None
    names = [each.tag.removeprefix(GPX) for each in metadata]
    assert names == ["name", "desc", "author", "link", "time", "bounds"]
    assert root.findtext(f"{GPX}metadata/{GPX}time") == "2026-09-14T10:00:00Z"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "", "data:text/html,x", " https://x"])
def test_only_addresses_of_the_web_are_links(link: str) -> None:
    assert b"<link" not in written(link=link)


def test_equal_walks_are_equal_files() -> None:
    assert written() == written()


def test_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        gpx_of("Giro", STOPS, language="it", time=NOW.replace(tzinfo=None))


_HOSTILE = st.text(max_size=40) | st.sampled_from(
    [
        "]]><script>alert(1)</script>",
        "&lt;&#0;&xxe;",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
        "\x00\x0b\ufffe\uffff\ud800",
        "\u202egnp.exe\u2066",
        "a\r\nb\rc",
        "x" * 20_000,
    ]
)


@settings(deadline=None)
@given(name=_HOSTILE, text=_HOSTILE, link=_HOSTILE.map("https://x.example/".__add__))
def test_any_text_comes_through_as_text(name: str, text: str, link: str) -> None:
    stops = (
        GpxStop(name=name, text=text, lat=-90.0, lon=179.9999999),
        GpxStop(name=text, lat=0.00000001, lon=0.0),
        GpxStop(name=name, text=text),
    )
    content = written(name, stops, link=link, text=text, author=name)
    root = ET.fromstring(content)  # noqa: S314 -- our own
    assert [each.tag.removeprefix(GPX) for each in root] == ["metadata", "wpt", "wpt", "rte"]
    point = root.find(f"{GPX}wpt")
    assert point is not None
    assert set(point.attrib) == {"lat", "lon"}
    told = point.findtext(f"{GPX}name") or ""
    assert [each for each in told if each.isalnum()] == [each for each in name if each.isalnum()]
    assert not {*told} & {"\x00", "\u202e", "\ud800", "\ufffe", "\r"}
    assert len(gpxpy.parse(content.decode()).waypoints) == 2
