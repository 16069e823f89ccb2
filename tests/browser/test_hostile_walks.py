"""Walks and events whose every text attacks the page: nothing runs, nothing breaks."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from regen_map.catalogue import TABLES
from tests.browser.conftest import DATA, Opened, serving
from tests.browser.test_hostile import ATTACKS, hostile_row
from tests.browser.visits import width_needed


def write(folder: Path, table: str, rows: Sequence[Mapping[str, str]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TABLES[table].names)
        writer.writeheader()
        writer.writerows(rows)


def texts(attack: str, *names: str) -> dict[str, str]:
    return {f"{name}_{language}": attack for name in names for language in ("it", "en")}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a town of attacks, each with a walk through all of them and an event."""
    folder = tmp_path_factory.mktemp("hostile-walks")
    for name in ("city.toml", "vocabularies.csv", "public_spaces.geojson"):
        shutil.copy(DATA / name, folder)
    places = [
        hostile_row("attractions", f"attractions-{name}", attack, at)
        for at, (name, attack) in enumerate(ATTACKS.items())
    ]
    walks = [
        {"id": name, "theme": "marble", **texts(attack, "name", "summary")}
        for name, attack in ATTACKS.items()
    ]
    stops = [
        {
            "itinerary_id": walk["id"],
            "order": str(at),
            "place_id": place["id"],
            **texts(walk["name_it"], "text"),
        }
        for walk in walks
        for at, place in enumerate(places, 1)
    ]
    events = [
        {
            "id": name,
            "place_id": f"attractions-{name}",
            "website": "javascript:alert(1)" if name == "svg" else "https://example.org/%22%3E",
            "sources": "https://example.org/a?b='%22%3E%3Cscript%3E",
            "source_dates": "2025",
            **texts(attack, "name", "summary", "recurrence", "note"),
        }
        for name, attack in ATTACKS.items()
    ]
    tables = {"attractions": places, "itineraries": walks, "stops": stops, "events": events}
    for table, rows in {**tables, "workshops": []}.items():
        write(folder, table, rows)
    with serving(folder, "--tiles", "none") as address:
        yield address


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_and_texts_stay_texts(opened: Opened, hostile: str, width: int) -> None:
    page = opened("/walks?lang=en", server=hostile, width=width)
    names = page.page.locator(".rm-card .rm-name").all_text_contents()
    assert ATTACKS["script"] in names
    offered = page.page.evaluate(
        "[...document.querySelectorAll('#rm-places option')].map(o => o.value)"
    )
    assert ATTACKS["image"] in offered
    for path in (
        "/walks?lang=en&walk=script&place=attractions-image",
        "/walks?lang=en&walk=mine&stops=attractions-template&place=attractions-attribute",
        "/events?lang=en&place=attractions-override",
    ):
        page.go(hostile + path)
        for part in page.page.locator(".rm-visit [data-key]").all():
            part.dispatch_event("mouseover")
        assert width_needed(page.page) <= width
    assert ATTACKS["svg"] not in page.page.locator("h4").all_text_contents()
    assert ATTACKS["markdown"] in page.page.locator("h4").all_text_contents()
    links = page.page.evaluate("[...document.querySelectorAll('.rm-visit a')].map(a => a.protocol)")
    assert set(links) <= {"http:", "https:", "geo:"}
    assert page.page.evaluate("window.hacked") is None
    assert page.ran == []
    assert page.errors == []
