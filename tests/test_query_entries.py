from __future__ import annotations

from collections.abc import Callable

import pytest

from regen_map import query
from regen_map.catalogue import Catalogue

Make = Callable[..., Catalogue]

PLACES = ["piazza", "cinema", "lido", "rossi", "nicoli", "caffe", "museo", "teatro"]


def test_places_come_in_file_order_then_projects_without_a_place(town: Catalogue) -> None:
    assert [entry.key for entry in query.entries(town)] == [*PLACES, "project:rete"]


def test_every_project_stands_in_exactly_one_entry(town: Catalogue) -> None:
    shown = [project.id for entry in query.entries(town) for project in entry.projects]
    assert sorted(shown) == sorted(project.id for project in town.projects)


def test_project_is_shown_under_its_place(town: Catalogue) -> None:
    entry = query.entries(town)[0]
    assert (entry.family, entry.subject) == ("public_space", town.place("piazza"))
    assert [project.id for project in entry.projects] == ["selciato", "luci"]
    assert {query.entry_key(project) for project in entry.projects} == {"piazza"}


def test_project_without_a_place_stands_for_itself(town: Catalogue) -> None:
    entry = query.entries(town)[-1]
    assert (entry.family, entry.place) == (query.TOWN_WIDE, None)
    assert entry.subject is entry.projects[0]
    assert query.entry_key(entry.projects[0]) == entry.key


def test_entry_is_found_by_its_key(town: Catalogue) -> None:
    found = [query.entry_index(town, entry.key) for entry in query.entries(town)]
    assert found == list(range(len(PLACES) + 1))


@pytest.mark.parametrize("key", ["", "rete", "selciato", "project:selciato", "Piazza"])
def test_key_of_nothing_finds_nothing(key: str, town: Catalogue) -> None:
    assert query.entry_index(town, key) is None


def test_catalogue_without_rows_has_no_entries(make_catalogue: Make) -> None:
    assert len(query.entries(make_catalogue())) == 0


def test_programmes_of_a_project_come_once_in_the_order_of_the_money(make_catalogue: Make) -> None:
    line = {"project_id": "a", "nature": "spent", "counted": "yes"}
    catalogue = make_catalogue(
        projects=[{"id": "a"}, {"id": "b"}],
        programmes=[{"id": "alfa", "level": "eu"}, {"id": "beta", "level": "state"}],
        funding=[line | {"programme_id": each} for each in ("beta", "alfa", "beta")],
    )
    assert [each.id for each in query.programmes_of(catalogue, "a")] == ["beta", "alfa"]
    assert query.programmes_of(catalogue, "b") == ()
    assert query.programmes_of(catalogue, "nothing") == ()


def test_events_are_those_of_the_place(town: Catalogue) -> None:
    assert [event.id for event in query.events_at(town, "piazza")] == ["fiera"]
    assert query.events_at(town, "rossi") == ()
    assert query.events_at(town, "") == ()


def test_events_without_a_place_belong_to_no_place(make_catalogue: Make) -> None:
    catalogue = make_catalogue(events=[{"id": "sagra", "quarter": "marina"}])
    assert query.events_at(catalogue, "sagra") == ()


def test_projects_of_a_place_come_in_file_order(town: Catalogue) -> None:
    assert [each.id for each in query.projects_at(town, "piazza")] == ["selciato", "luci"]
    assert query.projects_at(town, "rossi") == ()
