from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES
from tests.app import (
    OpenApp,
    ask,
    attributes,
    map_message,
    panel,
    speak,
    texts,
    told,
    visible,
)
from tests.conftest import write

NOW = dt.datetime(2026, 11, 28, 9, 0, tzinfo=dt.UTC)
HOSTILE = "<img src=x onerror=alert(1)>\"'`${1}"

EVENTS = [
    {"id": "now", "place_id": "piazza", "start": "2026-11-27", "end": "2026-11-29"},
    {"id": "soon", "place_id": "rossi", "start": "2026-12-02", "end": "2026-12-02"},
    {"id": "later", "place_id": "piazza", "start": "2027-02-01", "end": "2027-02-02"},
    {"id": "yearly", "start": "2026-06-06", "end": "2026-06-07", "repeats": "yearly"},
    {"id": "undated", "place_id": "cinema"},
    {"id": "over", "place_id": "lido", "start": "2024-05-01", "end": "2024-05-02"},
    {"id": "attack", "name_it": HOSTILE, "name_en": HOSTILE, "summary_it": HOSTILE},
]


@pytest.fixture(scope="module")
def app_files(town_files: dict[str, bytes]) -> dict[str, bytes]:
    """Give the town events of every timing."""
    return town_files | {"events.csv": write("events", EVENTS)}


@pytest.fixture(autouse=True)
def _at_this_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regen_map.ui.town.present", lambda: NOW)


def shown(app: AppTest) -> list[str]:
    return [each.removeprefix("rm-event-") for each in attributes(app, ".rm-event", "id")]


def test_events_stand_in_groups_of_what_is_known_of_them(open_app: OpenApp) -> None:
    app = open_app("events", lang="en")
    assert shown(app) == ["now", "soon", "later", "yearly", "undated", "attack", "over"]
    assert texts(app, "h3") == [
        "On now",
        "Coming up",
        "Expected",
        "No known dates",
        "Past (1)",
    ]
    assert texts(app, "#rm-past > summary") == ["Past (1)"]
    assert told(app)["n"] == "7 events"


def test_map_shows_where_something_is_held(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app("events")
    assert set(visible(app, town)) == {"piazza", "rossi", "cinema", "lido"}


@pytest.mark.parametrize(
    ("params", "events"),
    [
        ({"from": "2026-12-01", "to": "2026-12-31"}, ["soon"]),
        ({"from": "2026-11-28", "to": "2026-11-28"}, ["now"]),
        ({"from": "2027-01-01"}, ["later", "yearly"]),
        ({"to": "2026-11-30"}, ["now"]),
        ({"from": "2024-01-01", "to": "2024-12-31"}, ["over"]),
        ({"from": "2027-03-01", "to": "2027-03-02"}, []),
    ],
    ids=str,
)
def test_days_narrow_list_and_map_alike(
    params: dict[str, str], events: list[str], open_app: OpenApp, town: Catalogue
) -> None:
    app = ask(open_app("events", lang="en"), **params)
    assert shown(app) == events
    places = {event["id"]: event.get("place_id") for event in EVENTS}
    assert set(visible(app, town)) == {places[each] for each in events} - {None}
    assert app.query_params == {"lang": "en", **params}


def test_days_with_nothing_say_so(open_app: OpenApp) -> None:
    params = {"from": "2027-03-01", "to": "2027-03-02"}
    app = open_app("events", lang="en", **params)
    assert "No event is known for these days." in panel(app).to_text()
    assert told(app)["n"] == "0 events"


def test_choice_of_days_is_shown_as_chosen(open_app: OpenApp) -> None:
    app = open_app("events")
    for choice, first, last in (
        ("week", "2026-11-28", "2026-12-04"),
        ("months", "2026-11-28", "2027-02-28"),
    ):
        asked = attributes(app, f"#rm-choice-{choice}", "data-set")
        assert asked == [f"from={first}&to={last}"]
        ask(app, **{"from": first, "to": last})
        pressed = attributes(app, '[aria-pressed="true"]', "id")
        assert pressed == [f"rm-choice-{choice}"]
        assert attributes(app, ".rm-days input", "value") == [first, last]


def test_place_touched_on_the_map_marks_its_events(open_app: OpenApp) -> None:
    app = ask(open_app("events", lang="en"), place="piazza")
    assert attributes(app, '[aria-current="true"]', "id") == ["rm-event-now", "rm-event-later"]
    assert (told(app)["s"], told(app)["n"]) == ("piazza", "Alberica square: 2 events")


@pytest.mark.parametrize("place", ["museo", "project:rete"])
def test_place_without_events_is_not_marked_on_the_map(place: str, open_app: OpenApp) -> None:
    app = open_app("events", lang="en", place=place)
    assert (told(app)["s"], told(app)["n"]) == ("", "7 events")
    assert app.query_params["place"] == place


def test_only_an_event_with_known_days_goes_into_a_calendar(open_app: OpenApp) -> None:
    app = open_app("events", lang="en")
    files = attributes(app, "a[download]", "href")
    assert files == [
        *(f"en/events/{each}.ics" for each in ("now", "soon", "later")),
        "en/events.ics",
    ]


def test_place_without_a_position_is_not_offered_on_the_map(open_app: OpenApp) -> None:
    app = open_app("events")
    offered = attributes(app, "[data-select]", "data-select")
    assert offered == ["piazza", "rossi", "piazza", "lido"]
    assert "Cinema" in panel(app).to_text()


def test_language_changes_every_word_and_keeps_the_days(open_app: OpenApp) -> None:
    app = open_app("events", to="2026-12-31", place="piazza")
    before, events = told(app), shown(app)
    after = told(speak(app, "en"))
    assert (shown(app), after["b"], after["s"]) == (events, before["b"], before["s"])
    assert before["d"] != after["d"]
    assert app.query_params["to"] == "2026-12-31"


def test_map_is_never_mounted_again(open_app: OpenApp) -> None:
    app = open_app("events")
    mounted = map_message(app)
    for wanted in ({"place": "piazza"}, {"to": "2026-12-31"}, {}):
        assert map_message(ask(app, **wanted)) == mounted


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_stay_texts(language: str, open_app: OpenApp) -> None:
    app = open_app("events", lang=language)
    assert panel(app).query("img") == []
    assert HOSTILE in [each.to_text() for each in panel(app).query("h4")]
    ids = attributes(app, "[id]", "id")
    assert len(ids) == len(set(ids))


def test_past_events_lie_open_only_where_days_are_asked_for(open_app: OpenApp) -> None:
    assert len(texts(open_app("events", lang="en"), "details.rm-panel:not([open])")) == 1
    asked = {"lang": "en", "from": "2024-01-01", "to": "2024-12-31"}
    assert len(texts(open_app("events", **asked), "details.rm-panel[open]")) == 1


def test_link_whose_days_end_before_they_begin_says_so(open_app: OpenApp) -> None:
    asked = {"lang": "en", "from": "2026-12-10"}
    said = ["The last day comes before the first: choose another."]
    assert texts(open_app("events", **asked, to="2026-12-01"), "#rm-days-told") == said
    for last in ("2026-12-10", "", "junk"):
        assert texts(open_app("events", **asked, to=last), "#rm-days-told") in ([], [""])
