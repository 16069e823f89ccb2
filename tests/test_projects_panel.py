"""The planner's desk: what it shows for what is asked, and what it tells the map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from regen_map.catalogue import Catalogue
from regen_map.export.selection import FORMATS
from regen_map.intake import read_catalogue
from regen_map.messages import LANGUAGES
from regen_map.query.desk_link import Tab
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
    turn_to,
    visible,
)
from tests.conftest import TOWN, write

NOW = dt.datetime(2026, 11, 28, 9, 0, tzinfo=dt.UTC)
HOSTILE = "<script>alert(1)</script>\"'`${1}"


@pytest.fixture(scope="module")
def app_files(town_files: dict[str, bytes]) -> dict[str, bytes]:
    """Give the town money, sixty projects more, and one that attacks."""
    bad: dict[str, str] = {
        "id": "cattivo",
        **dict.fromkeys(("name_it", "name_en", "owner", "new_use_it", "promoter"), HOSTILE),
        "quarter": "marina",
    }
    many = [{"id": f"altro-{each}", "phase": "design"} for each in range(60)]
    line = {"programme_id": "pnrr", "nature": "allocated", "counted": "yes"}
    extra: dict[str, Sequence[Mapping[str, str]]] = {
        "projects": [*TOWN["projects"], bad, *many],
        "funding": [
            {**line, "project_id": "selciato", "amount_eur": "1000000", "as_of": "2025-03"},
            {**line, "project_id": "selciato", "amount_eur": "5", "counted": "no"},
            {**line, "project_id": "cattivo", "note_it": HOSTILE, "nature": "spent"},
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


def listed(app: AppTest) -> list[str]:
    """Give the ids of the projects of the list."""
    return [each.removeprefix("rm-project-") for each in attributes(app, ".rm-project", "id")]


# ---------------------------------------------------------------- what is shown


def test_desk_begins_with_every_project_and_their_places(
    open_app: OpenApp, town: Catalogue
) -> None:
    app = open_app("projects", lang="en")
    assert told(app)["n"] == "Showing 66 projects of 66 · 63 without a position"
    assert texts(app, "#rm-shown") == [told(app)["n"]]
    assert set(visible(app, town)) == {"piazza", "cinema", "lido"}
    assert texts(app, ".rm-chip") == []
    assert app.query_params == {"lang": "en"}


def test_filter_narrows_list_map_and_address_alike(open_app: OpenApp, town: Catalogue) -> None:
    app = ask(open_app("projects", lang="en"), **{"p.phase": "works,completed"})
    assert listed(app) == ["selciato", "luci"]
    assert visible(app, town) == ["piazza"]
    assert app.query_params == {"lang": "en", "p.phase": "works,completed"}
    assert told(app)["w"] == {"lang": "en", "p.phase": "works,completed"}


def test_nothing_found_says_so_and_still_lets_filters_go(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.q": "xyzzy"})
    assert "No project matches the filters." in panel(app).to_text()
    assert texts(app, ".rm-totals") == []
    assert len(texts(app, ".rm-tab")) == len(Tab)
    assert attributes(app, ".rm-chip", "data-set") == ["p.q=&", "p.q="]


@pytest.mark.parametrize(
    ("asked", "chips"),
    [
        ({"p.phase": "works,unknown"}, ["Phase Works under way", "Phase phase not known"]),
        ({"p.min": "10"}, ["Amount from €10"]),
        ({"p.start": "0000-2020"}, ["Start up to 2020"]),
        ({"p.near": "piazza", "p.within": "300"}, ["Area within 300 m of Alberica square"]),
        ({"p.area": "10,44;10.2,44;10.1,44.2"}, ["Area area drawn on the map"]),
    ],
)
def test_each_filter_has_a_chip_that_takes_it_away(
    asked: dict[str, str], chips: list[str], open_app: OpenApp
) -> None:
    app = open_app("projects", lang="en", **asked)
    assert texts(app, ".rm-chip:not(.rm-all) span") == chips
    removing = attributes(app, ".rm-chip:not(.rm-all)", "aria-label")
    assert [each.partition(":")[0] for each in removing] == [
        f"Remove the filter {each.split()[0]}" for each in chips
    ]
    cleared = parse_qs(attributes(app, ".rm-chip.rm-all", "data-set")[0], keep_blank_values=True)
    assert cleared == {name: [""] for name in asked}


def test_facets_are_checkboxes_with_legends_and_counts(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.phase": "works"})
    assert texts(app, "#rm-filters fieldset legend")[:2] == ["Phase", "Stalled"]
    boxes = attributes(app, '[data-toggle="p.phase"][type="checkbox"]', "value")
    assert boxes == ["planning", "design", "works", "completed", "unknown"]
    counts = texts(app, 'fieldset[id="rm-facet-p.phase"] small')
    assert counts == ["1", "60", "1", "1", "3"]
    assert attributes(app, "input[checked]", "value") == ["works"]


def test_ranges_are_shown_as_they_are_asked(open_app: OpenApp) -> None:
    asked = {"p.min": "1000", "p.max": "2000000", "p.start": "2018-9999", "p.late": "3"}
    app = open_app("projects", **asked, **{"p.uses": "cinema"})
    values = {
        name: attributes(app, f'[id="{name}"]', "value")[0]
        for name in (
            "rm-min",
            "rm-max",
            "rm-first-p.start",
            "rm-last-p.start",
            "rm-late",
            "rm-uses",
        )
    }
    assert list(values.values()) == ["1000", "2000000", "2018", "", "3", "cinema"]


def test_what_is_left_out_only_because_nobody_knows_is_said(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.start": "2018-2018"})
    assert "64 projects are left out only because their start is not known." in panel(app).to_text()


def test_place_is_shown_by_name_in_the_form_of_distances(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.near": "piazza", "p.within": "250"})
    assert attributes(app, "#rm-near", "value") == ["Alberica square"]
    assert attributes(app, "#rm-within option[selected]", "value") == ["250"]


def test_freshness_that_no_project_has_today_is_asked_for_as_the_files_do(
    open_app: OpenApp,
) -> None:
    app = open_app("projects", **{"p.freshness": "older"})
    assert listed(app) == []
    assert texts(app, ".rm-chip span")[0] == "Ultima verifica più di tre anni fa"
    assert (
        attributes(app, ".rm-actions a[download]", "href")[0]
        == "data/projects.pdf?lang=it&p.freshness=older"
    )


# ---------------------------------------------------------------- totals


def test_totals_open_into_lines_with_source_and_date(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en")
    assert texts(app, "#rm-total-1 summary b") == ["€1,000,000"]
    assert "March 2025" in texts(app, "#rm-total-1 li")[0]
    assert attributes(app, "#rm-total-1 li a", "href") == ["https://source.example/funding"]
    assert texts(app, "#rm-total-2 summary b") == ["Amount not known"]
    assert "1 of 66 with a known amount" in panel(app).to_text()


def test_other_figures_are_flagged_and_listed_apart(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.phase": "works"})
    assert "also give other figures" in texts(app, "#rm-total-other summary")[0]
    assert texts(app, "#rm-total-other li b") == ["€5"]


# ---------------------------------------------------------------- the list


def test_rows_tell_phase_money_and_delay_and_lead_to_the_record(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.phase": "works"})
    assert texts(app, ".rm-project .rm-tag") == ["Works under way", "stalled", "Centre"]
    assert attributes(app, ".rm-project button", "data-select") == ["piazza"]
    (link,) = attributes(app, ".rm-project a", "href")
    assert parse_qs(urlsplit(link).query) == {
        "lang": ["en"],
        "project": ["selciato"],
        "p.phase": ["works"],
    }


def test_project_without_a_position_is_listed_and_says_so(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.q": "Network"})
    assert listed(app)[0] == "rete"
    assert "not on the map: position not known" in panel(app).to_text()
    assert texts(app, '[id="rm-project-rete"] button') == []


def test_first_fifty_are_listed_then_more(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en")
    assert len(listed(app)) == 50
    assert texts(app, "#rm-more") == ["Show 16 more projects"]
    (more,) = attributes(app, "#rm-more", "data-set")
    assert more == "p.rows=100"
    ask(app, **{"p.rows": "100"})
    assert len(listed(app)) == 66
    assert texts(app, "#rm-more") == []
    assert app.query_params["p.rows"] == "100"


def test_place_that_is_selected_marks_its_projects(open_app: OpenApp) -> None:
    app = ask(open_app("projects", lang="en"), place="piazza")
    assert attributes(app, '.rm-project[aria-current="true"]', "data-key") == ["piazza", "piazza"]
    assert texts(app, "#rm-chosen h3") == ["Alberica square"]
    assert told(app)["s"] == "piazza"


# ---------------------------------------------------------------- tabs and files


@pytest.mark.parametrize("tab", Tab)
def test_tab_is_in_the_address_and_marked(tab: str, open_app: OpenApp) -> None:
    app = ask(open_app("projects", lang="en"), desk=tab, **{"p.phase": "works"})
    assert attributes(app, '.rm-tab[aria-current="page"]', "id") == [f"rm-tab-{tab}"]
    assert app.query_params.get("desk", "list") == tab
    loaded = attributes(app, "[data-load]", "data-load")
    assert loaded == ([] if tab == "list" else [f"data/desk/{tab}.html?lang=en&p.phase=works"])


def test_tabs_are_links_that_keep_the_filters(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.phase": "works"})
    asked = [parse_qs(urlsplit(each).query) for each in attributes(app, ".rm-tab", "href")]
    assert [each.get("desk", ["list"]) for each in asked] == [[each] for each in Tab]
    assert all(each["p.phase"] == ["works"] for each in asked)


def test_every_format_is_offered_for_this_selection(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", **{"p.owner": "none-such", "p.phase": "works"})
    assert attributes(app, ".rm-actions a[download]", "href") == [
        f"data/projects.{ending}?lang=en&p.phase=works" for ending in FORMATS
    ]
    assert attributes(app, '.rm-actions a[href^="en/"]', "href") == ["en/projects?p.phase=works"]


# ---------------------------------------------------------------- always


def test_map_is_never_mounted_again(open_app: OpenApp) -> None:
    app = open_app("projects")
    mounted = map_message(app)
    for wanted in ({"p.phase": "works"}, {"desk": "money"}, {"place": "piazza"}, {}):
        assert map_message(ask(app, **wanted)) == mounted


def test_selection_survives_other_pages(open_app: OpenApp) -> None:
    app = open_app("projects", lang="en", desk="money", **{"p.phase": "works"})
    turn_to(app, "walks")
    ask(app, **told(app)["w"], walk="mine", stops="rossi")
    turn_to(app, "projects")
    assert app.query_params["p.phase"] == "works"
    assert attributes(app, '.rm-tab[aria-current="page"]', "id") == ["rm-tab-money"]


def test_language_changes_every_word_and_keeps_the_selection(open_app: OpenApp) -> None:
    app = open_app("projects", **{"p.phase": "works"})
    before = told(app)
    after = told(speak(app, "en"))
    assert before["n"] == "Mostrato 1 progetto su 66"
    assert after["n"] == "Showing 1 project of 66"
    assert before["b"] == after["b"]


def test_answer_names_the_request_that_it_contains(open_app: OpenApp) -> None:
    assert told(ask(open_app("projects"), desk="money", request=7))["q"] == 7


@pytest.mark.parametrize(
    "asked",
    [
        None,
        [],
        "p.phase",
        {"p.phase": ["works"]},
        {"p.phase": "<script>", "p.min": "-1", "p.area": "1,1;2,2", "desk": "none"},
        {"p.rows": "1e9", "p.near": HOSTILE, "p.within": "99999"},
        {"p.rows": "-5", "p.late": "²"},
    ],
    ids=str,
)
def test_nonsense_from_the_browser_selects_everything(asked: object, open_app: OpenApp) -> None:
    app = act(open_app("projects", lang="en"), "view", asked)
    assert told(app)["n"].startswith("Showing 66 projects")
    assert app.query_params == {"lang": "en"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"p.q": HOSTILE},
        {"p.uses": HOSTILE},
        {"p.owner": HOSTILE},
        {"p.q": "script", "p.rows": "150"},
        {"desk": "money", "p.quarter": "marina"},
    ],
    ids=str,
)
def test_hostile_texts_stay_texts(language: str, asked: dict[str, str], open_app: OpenApp) -> None:
    app = open_app("projects", lang=language, **asked)
    found = panel(app)
    assert found.query("script") == []
    for each in found.query("*"):
        names = set(each.attrs or {})
        assert not {name for name in names if name.startswith("on")}
    assert not [
        each for each in attributes(app, "a", "href") if each.lower().startswith("javascript")
    ]


def test_ids_of_the_desk_are_unique(open_app: OpenApp) -> None:
    ids = attributes(open_app("projects", place="piazza", **{"p.phase": "works"}), "[id]", "id")
    assert len(ids) == len(set(ids))
