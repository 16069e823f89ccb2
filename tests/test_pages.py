from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES
from regen_map.query import Criteria
from regen_map.store import DATA_VARIABLE
from regen_map.ui.details import details_html
from regen_map.ui.pages import PAGES, page_script
from regen_map.webmap import payload_of_key
from tests.app import (
    OpenApp,
    act,
    ask,
    map_message,
    message,
    run,
    speak,
    started,
    told,
    turn_to,
    visible,
)


def ranked(app: AppTest, town: Catalogue) -> list[str]:
    listed = query.entries(town)
    order = np.frombuffer(base64.b64decode(told(app)["o"]), dtype="<u4")
    return [listed[each].key for each in order]


def places_of(app: AppTest) -> dict[str, Any]:
    """Read the places that the browser is told to fetch."""
    sent = payload_of_key(told(app)["u"])
    assert sent is not None
    document: dict[str, Any] = json.loads(sent.content)
    return document


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(
    ("language", "title"), [("it", "Prova si rigenera"), ("en", "Trial regenerates")]
)
@pytest.mark.parametrize("page", PAGES)
def test_page_runs(page: str, language: str, title: str, open_app: OpenApp) -> None:
    app = turn_to(open_app(lang=language), page)
    assert [each.value for each in app.title] == [title]
    assert (len(app.error), len(app.warning)) == (0, 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_town_can_be_explored(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    app = started("explore", lang=language)
    assert (told(app)["b"], told(app)["l"]) == ("", language)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_its_script(page: str) -> None:
    assert page_script(page).is_file()


def test_about_page_counts_what_the_catalogue_holds(open_app: OpenApp, town: Catalogue) -> None:
    app = turn_to(open_app(lang="en", family="workshop"), "about")
    text = "\n".join(each.value for each in app.markdown)
    assert "| Projects | 5 |" in text
    assert "| Workshops and studios | 3 |" in text
    assert town.version in text
    assert "https://creativecommons.org/licenses/by/4.0/" in text


@pytest.mark.parametrize("page", PAGES)
def test_links_to_all_pages_keep_the_view(page: str, open_app: OpenApp) -> None:
    params = {"lang": "en", "family": "workshop", "place": "rossi", "walk": "mine", "stops": "lido"}
    app = turn_to(open_app(**params, start="2026-11-28T10:00", to="2026-12-01"), page)
    labels = ["Explore", "Projects", "Walks", "Events", "About"]
    own = ["For those who keep the data: sign in and edit"] if page == "about" else []
    assert [each.proto.label for each in app.page_link] == [*labels, *own]
    kept = {**params, "start": "2026-11-28T10:00", "to": "2026-12-01"}
    assert {each.proto.query_string for each in app.page_link} == {urlencode(kept)}


# ---------------------------------------------------------------- narrowing


def test_page_starts_with_everything(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app()
    data = told(app)
    assert visible(app, town) == [entry.key for entry in query.entries(town)]
    assert (data["b"], data["o"], data["s"], data["d"]) == ("", "", "", "")
    assert data["n"] == "Mostrati 9 luoghi su 9 · 4 non sulla mappa"
    assert (data["f"], data["q"]) == ({}, 0)


def test_family_narrows_the_list_and_the_map_alike(open_app: OpenApp, town: Catalogue) -> None:
    app = ask(open_app(lang="en"), family="workshop")
    assert visible(app, town) == ["rossi", "nicoli", "caffe"]
    assert told(app)["n"] == "Showing 3 of 9 places · 2 not on the map"


def test_options_say_how_many_they_would_show(open_app: OpenApp) -> None:
    app = open_app(lang="en")
    families = places_of(app)["facets"][0]
    assert dict(zip(families["labels"], told(app)["c"][0], strict=True)) == {
        "Public spaces": 3,
        "Workshops and studios": 3,
        "Cultural places": 2,
        "Town-wide projects": 1,
    }


def test_search_narrows_and_puts_the_best_first(open_app: OpenApp, town: Catalogue) -> None:
    app = ask(open_app(), q=" teatro ")
    assert ranked(app, town)[0] == "teatro"
    assert sorted(ranked(app, town)) == sorted(visible(app, town)) == ["cinema", "teatro"]
    assert app.query_params["q"] == "teatro"


def test_search_for_nothing_known_shows_nothing(open_app: OpenApp, town: Catalogue) -> None:
    app = ask(open_app(lang="en"), q="xyzzy")
    assert visible(app, town) == []
    assert told(app)["n"] == "Showing 0 of 9 places"


def test_filters_asked_for_in_the_browser_narrow_everything(
    open_app: OpenApp, town: Catalogue
) -> None:
    app = ask(open_app(lang="en"), quarter="marina")
    assert visible(app, town) == ["lido", "museo", "project:rete"]
    ask(app, quarter="marina", years="2016-2020")
    assert visible(app, town) == ["project:rete"]
    assert told(app)["f"] == {"quarter": "marina", "years": "2016-2020"}
    assert app.query_params == {"lang": "en", "quarter": "marina", "years": "2016-2020"}
    ask(app)
    assert visible(app, town) == [entry.key for entry in query.entries(town)]
    assert app.query_params == {"lang": "en"}


def test_what_the_browser_asks_for_leaves_the_language_alone(open_app: OpenApp) -> None:
    app = ask(open_app(lang="en"), lang="it", q="marmo", place="museo")
    assert app.query_params == {"lang": "en", "q": "marmo", "place": "museo"}


def test_one_request_says_filters_and_place_together(open_app: OpenApp, town: Catalogue) -> None:
    app = ask(open_app(lang="en"), family="workshop", place="rossi", request=2)
    assert visible(app, town) == ["rossi", "nicoli", "caffe"]
    assert (told(app)["s"], told(app)["q"]) == ("rossi", 2)


def test_answer_names_the_request_that_it_contains(open_app: OpenApp) -> None:
    app = open_app()
    for number in (1, 7):
        assert told(ask(app, q="marmo", request=number))["q"] == number
    speak(app, "en")
    assert told(app)["q"] == 7


@pytest.mark.parametrize(
    "asked",
    [None, [], "kind", {"kind": ["museum"]}, {"kind": {"museum": 1}}, {"years": 3}, {"q": None}],
    ids=str,
)
def test_nonsense_from_the_browser_is_no_filter(asked: object, open_app: OpenApp) -> None:
    app = act(open_app(), "view", asked)
    assert (told(app)["f"], told(app)["s"]) == ({}, "")


def test_counts_stand_in_the_order_of_the_options(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app(family="workshop", q="rossi")
    criteria = Criteria(text="rossi", chosen={"family": ("workshop",)})
    # No place of this town has opening hours: the moment only makes the facet count.
    counts = query.select(town, criteria, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)).counts
    offered = {
        facet["name"]: dict(zip(facet["options"], numbers, strict=True))
        for facet, numbers in zip(places_of(app)["facets"], told(app)["c"], strict=True)
    }
    assert offered == counts


def test_place_chosen_in_the_browser_is_opened_and_closed(
    open_app: OpenApp, town: Catalogue
) -> None:
    app = ask(open_app(lang="en", family="workshop"), family="workshop", place="rossi")
    assert told(app)["s"] == "rossi"
    assert told(app)["d"] == details_html(town, "en", "rossi")
    assert app.query_params == {"lang": "en", "family": "workshop", "place": "rossi"}
    ask(app, family="workshop", place="")
    assert (told(app)["s"], told(app)["d"]) == ("", "")
    assert app.query_params == {"lang": "en", "family": "workshop"}


@pytest.mark.parametrize("key", ["none-such", "<script>", None, 7, ["rossi"]], ids=str)
def test_place_that_is_not_there_has_no_details(key: object, open_app: OpenApp) -> None:
    assert told(ask(open_app(), place=key))["d"] == ""


# ---------------------------------------------------------------- the map stays


def test_map_is_never_mounted_again(open_app: OpenApp) -> None:
    app = open_app()
    mounted = map_message(app)
    steps: tuple[Callable[[], object], ...] = (
        lambda: ask(app, family="workshop"),
        lambda: ask(app, q="rossi"),
        lambda: speak(app, "en"),
        lambda: ask(app, q="rossi", place="rossi"),
        lambda: ask(app, status="active"),
    )
    for step in steps:
        before = told(app)
        step()
        assert map_message(app) == mounted
        assert told(app) != before


@pytest.mark.parametrize(
    "params",
    [{"lang": "en"}, {"place": "museo"}, {"q": "marmo", "family": "attraction"}],
    ids=str,
)
def test_map_is_the_same_for_every_link(params: dict[str, str], open_app: OpenApp) -> None:
    assert map_message(open_app(**params)) == map_message(open_app())


def test_map_sends_nothing_back_and_loads_only_our_own_files(open_app: OpenApp) -> None:
    sent = json.loads(map_message(open_app())[1])
    assert sent["returned_objects"] == []
    links = sent["js_links"] + sent["css_links"]
    assert links
    assert all(link.startswith("../../assets/") for link in links)
    assert not any(sent[name] for name in ("feature_group", "layer_control", "zoom", "center"))


def test_explorer_keeps_its_identity_through_changes(open_app: OpenApp) -> None:
    app = open_app()
    identity = message(app, "bidi_component").id
    ask(app, family="attraction", q="museo")
    assert message(app, "bidi_component").id == identity


# ---------------------------------------------------------------- links


def test_link_restores_filters_place_and_language(open_app: OpenApp, town: Catalogue) -> None:
    link = {"lang": "en", "family": "attraction,workshop", "status": "active", "place": "museo"}
    app = open_app(**link)
    data = told(app)
    assert visible(app, town) == ["rossi", "museo"]
    assert (data["l"], data["s"]) == ("en", "museo")
    assert data["d"] == details_html(town, "en", "museo")
    assert app.segmented_control(key="language").value == "en"
    assert data["f"] == {"family": "workshop,attraction", "status": "active"}
    assert app.query_params == link


def test_link_restores_a_search(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app(q="caffe")
    assert ranked(app, town) == ["caffe"]
    assert told(app)["f"] == {"q": "caffe"}


def test_place_that_a_filter_hides_can_still_be_open(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app(family="workshop", place="museo")
    assert "museo" not in visible(app, town)
    assert "Museo del Marmo" in told(app)["d"]


def test_junk_in_a_link_is_ignored(open_app: OpenApp) -> None:
    app = open_app(lang="xx", family="none-such", years="x", place="<script>", colour="red")
    data = told(app)
    assert (data["b"], data["s"], data["d"], data["l"]) == ("", "", "", "it")


def test_address_follows_every_change(open_app: OpenApp) -> None:
    app = open_app()
    assert app.query_params == {}
    ask(app, family="workshop")
    assert app.query_params == {"lang": "it", "family": "workshop"}
    speak(app, "en")
    assert app.query_params == {"lang": "en", "family": "workshop"}
    ask(app, family="workshop", q="rossi")
    assert app.query_params == {"lang": "en", "q": "rossi", "family": "workshop"}
    ask(app, q="rossi")
    assert app.query_params == {"lang": "en", "q": "rossi"}


def test_address_given_by_the_back_button_is_adopted(open_app: OpenApp, town: Catalogue) -> None:
    app = ask(open_app(), family="workshop")
    app.query_params.clear()
    app.query_params.update({"lang": "en", "family": "attraction", "place": "teatro"})
    run(app)
    assert visible(app, town) == ["museo", "teatro"]
    assert (told(app)["l"], told(app)["s"]) == ("en", "teatro")
    assert told(app)["f"] == {"family": "attraction"}


def test_address_that_lags_behind_quick_changes_is_not_taken_for_the_back_button(
    open_app: OpenApp,
) -> None:
    app = ask(open_app(lang="en"), family="workshop")
    for wanted in ({"family": "workshop", "q": "rossi"}, {}, {"status": "active"}):
        app.query_params.clear()
        app.query_params.update({"lang": "en"})
        ask(app, **wanted)
        assert told(app)["f"] == wanted
        assert app.query_params == {"lang": "en", **wanted}


# ---------------------------------------------------------------- language


def test_language_changes_every_word_and_no_filter(open_app: OpenApp, town: Catalogue) -> None:
    app = open_app(family="workshop", place="rossi")
    before = told(app)
    speak(app, "en")
    after = told(app)
    assert [each.value for each in app.title] == ["Trial regenerates"]
    assert places_of(app)["strings"]["search"] == "Search for a place, a street, a person, a craft"
    assert visible(app, town) == ["rossi", "nicoli", "caffe"]
    assert (before["b"], before["s"]) == (after["b"], after["s"])
    for name in ("u", "l", "d", "n"):
        assert before[name] != after[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_explorer_names_places_that_the_server_can_send(language: str, open_app: OpenApp) -> None:
    assert places_of(open_app(lang=language))["language"] == language
