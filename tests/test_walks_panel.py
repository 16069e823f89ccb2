from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pytest
from streamlit.testing.v1 import AppTest

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.intake import read_catalogue
from regen_map.messages import LANGUAGES
from tests.app import (
    OpenApp,
    act,
    ask,
    attributes,
    map_message,
    panel,
    speak,
    texts,
    told,
    visible,
)
from tests.conftest import TOWN, write

# A Saturday, an hour later in the town.
NOW = dt.datetime(2026, 11, 28, 9, 0, tzinfo=dt.UTC)
HOSTILE = "<script>alert(1)</script>\"'`${1}"


@pytest.fixture(scope="module")
def app_files(town_files: dict[str, bytes]) -> dict[str, bytes]:
    """Give the town two walks, of which one attacks."""
    theme = {"vocabulary": "theme", "term": "marble", "label_it": "Marmo", "label_en": "Marble"}
    stops = [("giro", "piazza"), ("giro", "rossi"), ("giro", "museo"), ("cattivo", "museo")]
    extra: dict[str, Sequence[Mapping[str, str]]] = {
        "vocabularies": [*TOWN["vocabularies"], theme],
        "itineraries": [
            {"id": "giro", "name_it": "Giro", "name_en": "Round", "theme": "marble"},
            {"id": "cattivo", "name_it": HOSTILE, "name_en": HOSTILE, "theme": "marble"},
        ],
        "stops": [
            {"itinerary_id": walk, "order": str(order), "place_id": place, "text_it": HOSTILE}
            for order, (walk, place) in enumerate(stops, 1)
        ],
    }
    return town_files | {f"{name}.csv": write(name, rows) for name, rows in extra.items()}


@pytest.fixture(scope="module")
def town(app_files: dict[str, bytes]) -> Catalogue:
    found = read_catalogue(app_files).catalogue
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def _at_this_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regen_map.ui.town.present", lambda: NOW)


def route(app: AppTest, town: Catalogue) -> list[str]:
    listed = query.entries(town)
    return [listed[index].key for index in told(app)["r"]]


# ---------------------------------------------------------------- the list


def test_list_names_every_walk_and_shows_their_places(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app("walks", lang="en")
    assert texts(app, ".rm-card .rm-name") == ["Round", HOSTILE]
    assert texts(app, ".rm-card .rm-meta")[0] == "3 stops · about 310 m on foot, 4 min"
    assert set(visible(app, town)) == {"piazza", "rossi", "museo"}
    assert (told(app)["r"], told(app)["s"], told(app)["n"]) == ([], "", "Walks")


def test_place_touched_on_the_map_is_named_with_the_walks_through_it(open_app: OpenApp) -> None:
    app = ask(open_app("walks", lang="en"), place="rossi")
    assert texts(app, ".rm-current h3") == ["Rossi workshop"]
    assert texts(app, ".rm-passing button") == ["Round"]
    assert attributes(app, ".rm-current a", "href") == ["./?lang=en&place=rossi"]
    assert (told(app)["s"], told(app)["n"]) == ("rossi", "Rossi workshop")


def test_place_on_no_walk_says_so(open_app: OpenApp) -> None:
    app = open_app("walks", lang="en", place="lido")
    assert "No themed walk comes through here." in panel(app).to_text()


@pytest.mark.parametrize("place", ["project:rete", "none-such"])
def test_what_is_no_place_is_not_named(place: str, open_app: OpenApp) -> None:
    app = open_app("walks", place=place)
    assert (told(app)["s"], texts(app, ".rm-current")) == ("", [])


# ---------------------------------------------------------------- one walk


def test_open_walk_has_its_stops_in_order_on_list_and_map(
    open_app: OpenApp, town: Catalogue
) -> None:
    app = ask(open_app("walks", lang="en"), walk="giro")
    assert route(app, town) == ["piazza", "rossi", "museo"]
    assert texts(app, ".rm-stop .rm-number") == ["1", "2", "3"]
    assert set(visible(app, town)) == {"piazza", "rossi", "museo"}
    assert told(app)["n"] == "Round: 3 stops · about 310 m on foot, 4 min"
    assert app.query_params == {"lang": "en", "walk": "giro"}


def test_stop_that_is_reached_is_told_first_and_said(open_app: OpenApp) -> None:
    app = open_app("walks", lang="en", walk="giro", place="rossi")
    assert texts(app, ".rm-current h3") == ["2 Rossi workshop"]
    assert attributes(app, '[aria-current="step"]', "data-key") == ["rossi"]
    assert told(app)["n"] == "Round: Stop 2 of 3, Rossi workshop"
    assert told(app)["s"] == "rossi"


@pytest.mark.parametrize(
    ("place", "idle"),
    [
        ("", ["rm-previous"]),
        ("piazza", ["rm-previous"]),
        ("rossi", []),
        ("museo", ["rm-next"]),
    ],
)
def test_ends_of_a_walk_are_told(place: str, idle: list[str], open_app: OpenApp) -> None:
    app = open_app("walks", walk="giro", place=place)
    assert attributes(app, '.rm-way [aria-disabled="true"]', "id") == idle


def test_start_is_now_unless_a_visitor_says_when(open_app: OpenApp) -> None:
    app = open_app("walks", lang="en", walk="giro")
    assert "Starting on Saturday 28 November 2026 at 10:00." in panel(app).to_text()
    ask(app, walk="giro", start="2027-05-01T15:30")
    assert "Starting on Saturday 1 May 2027 at 15:30." in panel(app).to_text()
    assert attributes(app, "#rm-start", "value") == ["2027-05-01T15:30"]
    assert app.query_params["start"] == "2027-05-01T15:30"


def test_chosen_options_are_shown_as_chosen(open_app: OpenApp) -> None:
    app = open_app("walks", walk="giro", pause="20", budget="90", doors="not_closed")
    assert attributes(app, "option[selected]", "value") == ["20", "90", "not_closed"]


def test_stop_that_is_left_out_stays_on_the_map_and_says_why(
    open_app: OpenApp, town: Catalogue
) -> None:
    app = open_app("walks", lang="en", walk="giro", doors="open")
    assert texts(app, ".rm-left b") == ["Rossi workshop", "Marble Museum"]
    assert panel(app).to_text().count("not known whether it is open on arrival") == 2
    assert route(app, town) == ["piazza"]
    assert set(visible(app, town)) == {"piazza", "rossi", "museo"}


def test_place_that_is_no_stop_is_named_beside_the_walk(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app("walks", lang="en", walk="giro", place="lido")
    assert texts(app, ".rm-current h3") == ["Lido"]
    assert told(app)["s"] == "lido"
    assert "lido" in visible(app, town)


def test_links_lead_to_track_sheet_and_details(open_app: OpenApp) -> None:
    app = open_app("walks", lang="en", walk="giro", place="rossi", pause="20")
    links = attributes(app, "a.rm-action", "href")
    assert links[0] == "./?lang=en&place=rossi&walk=giro&pause=20"
    assert links[1].startswith("geo:44.080100,10.100200?")
    assert links[2:] == ["en/walks/giro.gpx?pause=20", "en/walks/giro?pause=20"]


def test_link_to_pass_on_opens_this_walk_and_tells_nothing_else(open_app: OpenApp) -> None:
    params = {"lang": "en", "stops": "lido", "pause": "20", "q": "marmo", "place": "rossi"}
    app = open_app("walks", walk="giro", **params)
    assert attributes(app, "[data-copy]", "data-copy") == ["walks?lang=en&walk=giro&pause=20"]
    app = open_app("walks", walk="mine", **params)
    assert attributes(app, "[data-copy]", "data-copy") == [
        "walks?lang=en&walk=mine&stops=lido&pause=20"
    ]


# ---------------------------------------------------------------- one's own


def test_own_walk_begins_empty_and_offers_every_place(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app("walks", lang="en", walk="mine")
    assert "There are no stops yet." in panel(app).to_text()
    assert visible(app, town) == [entry.key for entry in query.entries(town)]
    assert (told(app)["r"], texts(app, ".rm-way, #rm-share, #rm-order")) == ([], [])


def test_place_touched_on_the_map_can_be_added_until_it_is_a_stop(open_app: OpenApp) -> None:
    app = open_app("walks", lang="en", walk="mine", place="rossi")
    assert attributes(app, "[data-add]", "data-add") == ["rossi"]
    ask(app, walk="mine", stops="rossi", place="rossi")
    assert texts(app, "[data-add]") == []
    assert told(app)["n"] == "Your own walk: Stop 1 of 1, Rossi workshop"
    assert app.query_params == {"lang": "en", "place": "rossi", "walk": "mine", "stops": "rossi"}


def test_themed_walk_becomes_ones_own(open_app: OpenApp) -> None:
    app = open_app("walks", walk="giro")
    assert attributes(app, "#rm-copy", "data-set") == ["stops=piazza%2Crossi%2Cmuseo&walk=mine"]


def test_shorter_order_is_offered_while_there_is_one(open_app: OpenApp) -> None:
    app = open_app("walks", walk="mine", stops="piazza,museo,rossi,teatro", lang="en")
    (order,) = attributes(app, "#rm-order", "data-order")
    assert set(order.split(",")) == {"piazza", "museo", "rossi", "teatro"}
    ask(app, walk="mine", stops=order)
    assert texts(app, "#rm-order") == []
    assert "This is the shortest order found." in panel(app).to_text()


def test_full_walk_offers_no_more_stops(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regen_map.ui.walks.MOST_STOPS", 2)
    app = open_app("walks", lang="en", walk="mine", stops="rossi,museo", place="lido")
    assert texts(app, "[data-add], #rm-add") == []
    assert panel(app).to_text().count("There can be 2 stops at most.") == 2


def test_stop_that_is_left_out_for_time_can_be_removed(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app("walks", walk="mine", stops="rossi,teatro,lido", budget="30")
    kept, gone = route(app, town), attributes(app, ".rm-left li", "data-key")
    assert sorted([*kept, *gone]) == ["lido", "rossi", "teatro"]
    assert attributes(app, ".rm-left button", "data-remove") == gone
    assert gone


# ---------------------------------------------------------------- always


def test_language_changes_every_word_and_keeps_the_walk(open_app: OpenApp) -> None:
    app = open_app("walks", walk="giro", place="rossi", start="2027-05-01T15:30")
    before = told(app)
    after = told(speak(app, "en"))
    assert texts(app, "h2") == ["Round"]
    for name in ("r", "s", "k", "b"):
        assert before[name] == after[name]
    for name in ("d", "n", "u", "l"):
        assert before[name] != after[name]


def test_map_is_never_mounted_again(open_app: OpenApp) -> None:
    app = open_app("walks")
    mounted = map_message(app)
    for wanted in ({"walk": "giro"}, {"walk": "giro", "place": "rossi"}, {"walk": "mine"}, {}):
        assert map_message(ask(app, **wanted)) == mounted


def test_answer_names_the_request_that_it_contains(open_app: OpenApp) -> None:
    assert told(ask(open_app("walks"), walk="giro", request=7))["q"] == 7


@pytest.mark.parametrize(
    "asked", [None, [], "walk", {"walk": ["giro"]}, {"walk": "<script>"}, {"stops": 3}], ids=str
)
def test_nonsense_from_the_browser_opens_no_walk(asked: object, open_app: OpenApp) -> None:
    app = act(open_app("walks"), "view", asked)
    assert (told(app)["r"], told(app)["k"]) == ([], "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"place": "museo"},
        {"walk": "cattivo", "place": "museo"},
        {"walk": "mine", "stops": "museo,rossi,piazza", "doors": "open"},
    ],
    ids=str,
)
def test_texts_stay_texts_and_every_control_has_a_name(
    params: dict[str, str], language: str, open_app: OpenApp
) -> None:
    app = open_app("walks", lang=language, **params)
    assert "<script" not in told(app)["d"]
    ids = attributes(app, "[id]", "id")
    assert len(ids) == len(set(ids))
    assert all(texts(app, "button:not([aria-label]), a:not([aria-label])"))
    assert all(attributes(app, "[aria-label]", "aria-label"))
