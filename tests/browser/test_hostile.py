"""A catalogue whose every text attacks the page: nothing runs, nothing breaks."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from regen_map.catalogue import TABLES, Cell
from tests.browser.conftest import DATA, Opened, serving
from tests.browser.visits import width_needed

ATTACKS = {
    "script": "<script>window.top.hacked = 1; alert(1)</script>",
    "image": '<img src=x onerror="window.top.hacked = 1; alert(1)">',
    "template": "${window.top.hacked = 1}{{ 7 * 7 }}{% raw %}",
    "backtick": "`;window.top.hacked = 1;`",
    "backslash": "\\\\'\\\";window.top.hacked = 1;//</script>",
    "attribute": '" onmouseover="window.top.hacked = 1" autofocus onfocus="window.top.hacked = 1',
    "override": "\u202egnp.exe \u2066hidden\u2069",
    "markdown": "[link](javascript:window.top.hacked=1) ![x](http://evil.example/x.png)",
    "long": "longword" * 1250,
    "svg": "<svg onload=window.top.hacked=1><a xlink:href='javascript:alert(1)'>",
}


def hostile_row(table: str, key: str, attack: str, position: int) -> dict[str, str]:
    """Give a row whose every free text is the attack."""
    row: dict[str, str] = {}
    for column in TABLES[table].columns:
        if column.cell in (Cell.LINE, Cell.TEXT, Cell.LINES):
            row[column.name] = attack.replace("|", "/")
    return row | {
        "id": key,
        "kind": {"workshops": "gallery", "attractions": "museum"}[table],
        "lat": str(44.0755 + 0.0006 * position),
        "lon": str(10.0960 + 0.0007 * position),
        "position_accuracy_m": "40",
        "image": "",
        "sources": "https://example.org/a?b='%22%3E%3Cscript%3E",
        "source_dates": "2025",
        "website": "https://example.org/%22onclick=%22alert(1)",
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the hostile catalogue."""
    folder = tmp_path_factory.mktemp("hostile")
    for name in ("city.toml", "vocabularies.csv"):
        shutil.copy(DATA / name, folder)
    for table in ("workshops", "attractions"):
        rows = [
            hostile_row(table, f"{table}-{name}", attack, position)
            for position, (name, attack) in enumerate(ATTACKS.items())
        ]
        rows.append(rows[0] | {"id": f"{table}-link", "website": "javascript:alert(1)"})
        text = io.StringIO()
        writer = csv.DictWriter(text, TABLES[table].names)
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{table}.csv").write_text(text.getvalue(), "utf-8")
    (folder / "public_spaces.geojson").write_text(json.dumps(hostile_area()), "utf-8")
    with serving(Path(folder), "--tiles", "none") as address:
        yield address


def hostile_area() -> dict[str, object]:
    """Give a park that is an area and whose texts attack."""
    corners = [[10.097, 44.078], [10.099, 44.078], [10.099, 44.0795], [10.097, 44.078]]
    texts = {"name_it": ATTACKS["script"], "name_en": ATTACKS["image"], "summary_it": "${1}"}
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [corners]},
        "properties": {"id": "area", "kind": "park", "summary_en": "`", **texts},
    }
    return {"type": "FeatureCollection", "features": [feature]}


def test_nothing_runs_and_texts_stay_texts(opened: Opened, hostile: str) -> None:
    explore = opened(server=hostile)
    names = explore.on_map("view.state.payload.places.name")
    assert ATTACKS["script"] in names
    assert ATTACKS["template"] in names
    listed = explore.page.locator(".rm-name").all_text_contents()
    assert ATTACKS["image"] in listed
    for key in explore.on_map("view.state.payload.places.key"):
        explore.page.evaluate(
            "key => dispatchEvent(new CustomEvent('regen-map:select', {detail: {key}}))", key
        )
        explore.wait_for_details(key)
        explore.on_map("view.showTooltip([0, 1, 2, 3, 4], {x: 200, y: 200})")
    assert explore.page.evaluate("window.hacked") is None
    assert explore.ran == []
    assert explore.errors == []


def test_row_with_a_javascript_link_is_left_out(opened: Opened, hostile: str) -> None:
    explore = opened(server=hostile)
    keys = explore.on_map("view.state.payload.places.key")
    assert "workshops-script" in keys
    assert "workshops-link" not in keys


@pytest.mark.parametrize("width", [360, 1280])
def test_layout_holds(opened: Opened, hostile: str, width: int) -> None:
    for place in ("workshops-long", "workshops-override", "workshops-attribute"):
        explore = opened(f"/?place={place}", server=hostile, width=width)
        assert width_needed(explore.page) <= width
        details = explore.page.locator(".rm-details").bounding_box()
        assert details is not None
        assert details["width"] <= width


def test_filters_without_any_option_are_not_offered(opened: Opened, hostile: str) -> None:
    explore = opened(server=hostile)
    explore.open_filters()
    sets = explore.page.locator(".rm-facets fieldset")
    assert sets.count() > 0
    assert all(each.locator("input").count() for each in sets.all())


def test_search_for_an_attack_only_searches(opened: Opened, hostile: str) -> None:
    explore = opened(server=hostile)
    for attack in ("<script>alert(1)</script>", "${alert(1)}", "` \\ '"):
        explore.search(attack)
        explore.chip(attack.strip()).wait_for()
    assert explore.ran == []
    assert explore.errors == []


def test_area_is_drawn_and_chosen_by_a_click_anywhere_in_it(opened: Opened, hostile: str) -> None:
    explore = opened("/?family=public_space", server=hostile)
    assert explore.on_map("view.features.areas.length") == 1
    explore.on_map("view.map.setView([44.0785, 10.0983], 18, {animate: false})")
    x, y = explore.point_of("area")
    explore.page.mouse.click(x + 60, y - 10)
    explore.wait_for_details("area")
