"""The surroundings of regenerated spaces in words, as a tab of the desk and as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence

import pytest

from regen_map.catalogue import Catalogue
from regen_map.export.context_table import CELLS, context_table
from regen_map.facts import Wording
from regen_map.facts.asked import asked_of
from regen_map.facts.context import COLUMNS, ContextFacts, SpaceFacts
from regen_map.messages import LANGUAGES, translator
from regen_map.past import Past
from regen_map.web.desk.context import context_csv, context_tab
from regen_map.web.pages.addresses import Section
from regen_map.web.pages.rendering import Address, html
from tests.large_town import shipped_town
from tests.pages import HOSTILE, Html
from tests.test_context import Row, attraction, place, project

Make = Callable[..., Catalogue]

DAY = dt.date(2026, 11, 22)


def facts(catalogue: Catalogue, language: str = "en", most: int = 40) -> ContextFacts:
    return ContextFacts(Wording(catalogue, translator(language), DAY), catalogue.projects, most)


def told(make: Make, *workshops: Row, accuracy: str = "10", language: str = "en") -> SpaceFacts:
    """Tell of a space that is known so exactly."""
    spaces = [attraction("space", 0, accuracy)]
    catalogue = make(workshops=workshops, attractions=spaces, projects=[project("p", "space")])
    (found,) = facts(catalogue, language).spaces(0, 9)
    return found


@pytest.fixture(scope="module")
def centre(make_catalogue: Make) -> Catalogue:
    """Make a space with something of everything around it, and a seaside without workshops."""
    return make_catalogue(
        workshops=[
            place("verdi", 120, "20", name_it="Verdi", name_en="Verdi", quarter="centro"),
            place("bianchi", 150, "5", status="unknown", quarter="centro"),
            place("neri", 280, "20", quarter="centro"),
            place("rossi", 100, status="closed", quarter="centro"),
            place("lost", quarter="centro"),
        ],
        attractions=[
            attraction("space", 0, "10", quarter="centro"),
            attraction("museum", 200, "10", quarter="centro"),
            attraction("beach", 3000, "10", quarter="marina"),
        ],
        projects=[
            project("p", "space"),
            project("q", "museum"),
            project("r", "beach"),
            project("s", quarter="marina"),
        ],
    )


# ---------------------------------------------------------------- spaces


def test_line_counts_what_is_sure_and_what_is_not(centre: Catalogue) -> None:
    space, *_ = facts(centre).spaces(0, 1)
    assert space.reaches[0].line == (
        "Within 5 minutes’ walk: 2 workshops and studios (1 not known to be still active), "
        "1 cultural place and 1 other project (and 1 more that may lie within or beyond)."
    )
    italian, *_ = facts(centre, "it").spaces(0, 1)
    assert italian.reaches[0].line == (
        "A 5 minuti a piedi: 2 botteghe e studi (di 1 non si sa se sia in attività), "
        "1 luogo della cultura e un altro progetto "
        "(e 1 altro che può stare entro il limite o oltre)."
    )


def test_every_number_of_a_line_opens_into_names(centre: Catalogue) -> None:
    space, *_ = facts(centre).spaces(0, 1)
    assert [(each.label, each.names) for each in space.reaches[0].lists] == [
        ("Workshops and studios, for sure", ["Verdi", "Bianchi (not known whether it is active)"]),
        ("Cultural places, for sure", ["Museum"]),
        ("Other projects, for sure", ["Q"]),
        ("Workshops and studios, perhaps", ["Neri"]),
        ("Closed, not counted", ["Rossi"]),
    ]
    assert all(each.n == len(each.names) for each in space.reaches[0].lists)


def test_names_that_do_not_fit_are_counted(centre: Catalogue) -> None:
    space, *_ = facts(centre, most=1).spaces(0, 1)
    workshops = space.reaches[0].lists[0]
    assert (workshops.n, workshops.names, workshops.n_more) == (2, ["Verdi"], 1)


def test_place_and_project_of_one_id_keep_their_names(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        attractions=[attraction("space", 0), attraction("same", 50, name_en="Palace")],
        projects=[project("p", "space"), project("same", "same", name_en="Restoration")],
    )
    space, _ = facts(catalogue).spaces(0, 9)
    names = {each.label: each.names for each in space.reaches[0].lists}
    assert names["Cultural places, for sure"] == ["Palace"]
    assert names["Other projects, for sure"] == ["Restoration"]


def test_distance_that_is_known_well_enough_is_told_with_its_uncertainty(
    centre: Catalogue,
) -> None:
    space, *_ = facts(centre).spaces(0, 1)
    assert space.nearest == (
        "Nearest active workshop: Verdi, about 120 m in a straight line (±\u00a030 m)."
    )


def test_position_of_300_metres_supports_no_claim_of_50(make_catalogue: Make) -> None:
    found = told(make_catalogue, place("verdi", 50), accuracy="300")
    assert found.position == "Of this space the position is known to ±\u00a0300\u00a0m."
    assert found.reaches[0].line == (
        "Within 5 minutes’ walk: too uncertain to say, because the position is known to "
        "±\u00a0300\u00a0m; 1 may lie within or beyond."
    )
    assert found.reaches[1].line.startswith("Within 10 minutes’ walk: 1 workshop or studio")
    assert found.nearest == (
        "Nearest active workshop: too uncertain to say how far. Verdi is at most 350 m away in a "
        "straight line: the two positions together are known to ±\u00a0300 m."
    )
    assert "50 m" not in found.nearest.replace("350 m", "")


def test_uncertainty_is_never_told_smaller_than_it_is(make_catalogue: Make) -> None:
    found = told(make_catalogue, place("verdi", 100, "1"), accuracy="0")
    assert "(±\u00a010 m)" in found.nearest
    far = told(make_catalogue, place("verdi", 5000, "1010"), accuracy="0")
    assert "about 5 km in a straight line (±\u00a01.1 km)" in far.nearest


def test_accuracy_that_nobody_states_is_said(make_catalogue: Make) -> None:
    found = told(make_catalogue, place("verdi", 100), accuracy="")
    unstated = "nobody states how exactly the position is known"
    assert found.position == f"Of this space {unstated}."
    assert f"too uncertain to say, because {unstated}; 1 may lie" in found.reaches[0].line
    assert found.nearest == (
        "Nearest active workshop: too uncertain to say how far. Verdi is drawn about 100 m away, "
        "but nobody states how exactly the positions are known."
    )
    alone = told(make_catalogue, accuracy="")
    assert alone.reaches[0].line.endswith(f"too uncertain to say, because {unstated}.")


def test_nothing_near_is_told_only_as_far_as_positions_are_known(make_catalogue: Make) -> None:
    found = told(make_catalogue, place("verdi", 5000), place("lost"))
    assert found.reaches[0].line == (
        "Within 5 minutes’ walk: nothing, as far as positions are known."
    )
    assert found.reaches[0].lists == []
    maybe = told(make_catalogue, place("verdi", 270, "30"))
    assert maybe.reaches[0].line == (
        "Within 5 minutes’ walk: nothing for sure; 1 may lie within or beyond."
    )


def test_workshop_of_unknown_state_is_no_nearest_active_one(make_catalogue: Make) -> None:
    found = told(make_catalogue, place("perhaps", 40, "5", status="unknown"), place("open", 200))
    assert found.nearest == (
        "Nearest active workshop: Open, about 200 m in a straight line (±\u00a010 m). "
        "Drawn nearer is Perhaps (not known whether it is active), about 40 m away."
    )
    only = told(make_catalogue, place("perhaps", 40, "5", status="unknown"))
    assert only.nearest.startswith("No other active workshop has a known position. Drawn nearer")
    assert told(make_catalogue).nearest == "No other active workshop has a known position."


def test_those_that_may_be_as_near_are_named(make_catalogue: Make) -> None:
    found = told(make_catalogue, place("open", 100, "20"), place("rival", 110, "20"))
    assert found.nearest.endswith("1 other may be as near.")
    assert (found.rivals.label, found.rivals.names) == ("Perhaps as near", ["Rival"])


def test_space_that_is_a_workshop_says_so(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("own", 0)], projects=[project("p", "own")])
    (found,) = facts(catalogue).spaces(0, 9)
    assert found.nearest == (
        "It is itself an active workshop. No other active workshop has a known position."
    )


def test_spaces_are_told_some_at_a_time_in_their_order(centre: Catalogue) -> None:
    told_facts = facts(centre)
    assert told_facts.located == ["space", "museum", "beach"]
    everything = [each.found.place_id for each in told_facts.spaces(0, 9)]
    assert everything == ["space", "museum", "beach"]
    assert [each.found.place_id for each in told_facts.spaces(1, 1)] == ["museum"]


# ---------------------------------------------------------------- quarters and method


def test_quarters_tell_what_they_lack(centre: Catalogue) -> None:
    (said,) = facts(centre).summary
    assert said == (
        "Seaside: No workshop is known. 1 space of 1 has no active workshop for sure within "
        "5 minutes’ walk. Of these, 1 has none even perhaps, as far as positions are known. "
        "1 project has no position."
    )


def test_quarter_whose_workshops_are_closed_or_doubtful_says_which(make_catalogue: Make) -> None:
    closed = place("shut", 0, status="closed", quarter="centro")
    doubtful = place("perhaps", 0, status="unknown", quarter="marina")
    rows = [attraction("a", 0, quarter="centro"), attraction("b", 0, quarter="marina")]
    catalogue = make_catalogue(
        workshops=[closed, doubtful],
        attractions=rows,
        projects=[project("p", "a"), project("q", "b")],
    )
    first, second = facts(catalogue).summary
    assert first.startswith("Centre: The workshops known are closed.")
    assert second.startswith("Seaside: No workshop is known to be active: of 1 nobody knows.")


def test_quarters_without_projects_and_without_anything_are_listed(make_catalogue: Make) -> None:
    catalogue = make_catalogue(workshops=[place("open", 0, quarter="centro")])
    assert facts(catalogue).summary == [
        "No project selected, but workshops or cultural places: Centre.",
        "Neither a project selected nor a workshop or cultural place is known: Seaside.",
    ]


def test_cells_of_a_quarter_count_what_the_headings_say(centre: Catalogue) -> None:
    found = facts(centre)
    middle, seaside = found.quarters
    assert len(found.headings) == len(COLUMNS) == len(middle.cells)
    numbers = {each.label: each.n for each in middle.cells}
    assert list(numbers) == list(found.headings)
    assert numbers["Active workshops and studios"] == 3
    assert [each.n for each in seaside.cells] == [2, 1, 1, 1, 0, 0, 1, 0]
    assert seaside.cells[0].names == ["R", "S"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_method_names_pace_projection_day_version_and_what_is_left_out(language: str) -> None:
    town = shipped_town()
    said = " ".join(facts(town, language).method)
    words = translator(language)
    for each in ("RDN2008 / UTM zone 32N", "EPSG:7791", town.version, "269", "538"):
        assert each in said
    assert words.number(1.3, 1) in said
    assert words.number(4.2, 1) in said
    assert words.date("2026-11-22") in said


def test_method_counts_what_has_no_position_or_no_stated_accuracy(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[place("lost"), place("shut", status="closed"), place("silent", 0, "")],
        attractions=[attraction("gone")],
        projects=[project("p", "gone"), project("q")],
    )
    said = " ".join(facts(catalogue).method)
    assert "though they may be near: 1 workshop or studio and 1 cultural place." in said
    assert "Of 1 position nobody states how exact it is" in said
    assert "2 of the projects selected have no position" in said


# ---------------------------------------------------------------- tab and file


def tab(catalogue: Catalogue, language: str = "en", **params: str) -> Html:
    asked = asked_of(Past(lambda: catalogue), params, language, DAY)
    values = context_tab(asked)
    text = html("context.html", language, catalogue, Address(Section.PLACES), **values)
    page = f"<!doctype html><html lang='{language}'><head><title>x</title></head>"
    return Html(f"{page}<body>{text}</body></html>")


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_tab_shows_method_quarters_and_spaces(language: str) -> None:
    town = shipped_town()
    found, page = facts(town, language), tab(town, language)
    assert all(" ".join(each.split()) in page.text for each in found.method)
    assert page.texts("tbody th") == [each.name for each in found.quarters]
    assert len(page.texts("thead th")) == len(COLUMNS) + 1
    assert {*page.values("thead th", "scope")} == {"col"}
    assert {*page.values("tbody th", "scope")} == {"row"}
    assert page.values("li.rm-project", "data-key") == list(found.located)
    ids = page.values("[id]", "id")
    assert len(ids) == len(set(ids))
    levels = {each.name for each in page.document.query("h1, h2, h3, h4")}
    assert levels == {"h3", "h4"}


def test_tab_follows_the_selection_and_its_file_too(centre: Catalogue) -> None:
    page = tab(centre, "it", **{"p.quarter": "marina"})
    assert page.values("li.rm-project", "data-key") == ["beach"]
    assert page.links == ["data/desk/context.csv?lang=it&p.quarter=marina"]


def test_tab_without_a_located_project_says_so(make_catalogue: Make) -> None:
    catalogue = make_catalogue(projects=[project("p")])
    page = tab(catalogue)
    assert "nothing can be said of what lies around them" in page.text
    assert page.values("li.rm-project", "data-key") == []


def test_tab_of_many_spaces_shows_the_first_and_counts_the_others(make_catalogue: Make) -> None:
    rows = [attraction(f"s{number}", number) for number in range(53)]
    projects = [project(f"p{number}", f"s{number}") for number in range(53)]
    catalogue = make_catalogue(attractions=rows, projects=projects)
    page = tab(catalogue)
    assert len(page.values("li.rm-project", "data-key")) == 50
    assert "3 more spaces are in the CSV file only." in page.text
    content = context_table(Wording(catalogue, translator("en"), DAY), catalogue.projects)
    spaces = {row["id"] for row in table(content) if row["subject"] == "space"}
    assert len(spaces) == 53


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(text: str, make_catalogue: Make) -> None:
    named = {"name_it": text, "name_en": text}
    catalogue = make_catalogue(
        workshops=[place("w", 100, "5", **named), place("v", 101, "5", **named)],
        attractions=[attraction("space", 0, "5", quarter="centro", **named)],
        projects=[project("p", "space", **named)],
    )
    page = tab(catalogue)
    assert page.document.query("script, img, style, textarea, title") == page.document.query(
        "head > title"
    )
    for each in page.document.query("body *"):
        assert not {name for name in each.attrs or {} if name.startswith("on")}
    assert page.values("li.rm-project", "data-key") == ["space"]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3"])
def test_no_cell_of_the_file_is_run_as_a_formula(name: str, make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        attractions=[attraction("space", 0, name_it=name, name_en=name)],
        projects=[project("p", "space")],
    )
    content = context_table(
        Wording(catalogue, translator("en"), DAY), catalogue.projects, [(name, name)]
    )
    cells = [cell for row in table(content) for cell in row.values()]
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]


def values(rows: Sequence[dict[str, str]], subject: str, **wanted: str) -> list[dict[str, str]]:
    return [
        row
        for row in rows
        if row["subject"] == subject and all(row[name] == each for name, each in wanted.items())
    ]


def test_file_holds_method_day_version_projection_and_filters() -> None:
    town = shipped_town()
    asked = asked_of(Past(lambda: town), {"p.quarter": "padula"}, "en", DAY)
    rows = table(context_csv(asked))
    assert tuple(rows[0]) == CELLS
    said = {row["measure"]: row["said"] for row in values(rows, "method")}
    assert said["day"] == "2026-11-22"
    assert said["version"] == town.version
    assert said["crs"] == "RDN2008 / UTM zone 32N (EPSG:7791)"
    assert said["filter"].endswith(": Padula")
    sentences = [row["said"] for row in values(rows, "method", measure="sentence")]
    assert sentences == list(ContextFacts(asked.wording, asked.selection.projects).method)
    (detour,) = values(rows, "method", measure="detour")
    (pace,) = values(rows, "method", measure="pace")
    (line,) = values(rows, "method", measure="straight_line", minutes="5")
    assert float(line["value"]) == pytest.approx(
        5 * float(pace["value"]) / float(detour["value"]), abs=0.1
    )


def test_file_holds_every_number_of_every_space_and_quarter(centre: Catalogue) -> None:
    rows = table(context_table(Wording(centre, translator("en"), DAY), centre.projects))
    (workshops,) = values(rows, "space", id="space", measure="workshop_sure", minutes="5")
    assert (workshops["value"], workshops["ids"]) == ("2", "verdi | bianchi")
    (maybe,) = values(rows, "space", id="space", measure="workshop_maybe", minutes="5")
    assert (maybe["value"], maybe["ids"]) == ("1", "neri")
    (near,) = values(rows, "space", id="space", measure="nearest_workshop")
    assert (near["ids"], near["value"], near["unit"], near["uncertainty_m"]) == (
        "verdi",
        "120.0",
        "m",
        "30.0",
    )
    (far,) = values(rows, "quarter", id="marina", measure="far", minutes="5")
    assert (far["name"], far["value"], far["ids"]) == ("Seaside", "1", "beach")
    assert [row["id"] for row in values(rows, "unlocated")] == ["s"]
    assert all(None not in row.values() for row in rows)


def test_file_has_italian_headings_in_italian(centre: Catalogue) -> None:
    italian, english = (
        table(context_table(Wording(centre, translator(language), DAY), centre.projects))
        for language in ("it", "en")
    )
    assert list(italian[0]) == [
        "oggetto",
        "codice",
        "nome",
        "misura",
        "minuti",
        "valore",
        "unità",
        "incertezza_m",
        "codici",
        "in_parole",
    ]
    assert [row["valore"] for row in italian] == [row["value"] for row in english]


def test_file_is_the_same_for_the_same_day(centre: Catalogue) -> None:
    first, second = (
        context_table(Wording(centre, translator("it"), DAY), centre.projects) for _ in range(2)
    )
    assert first == second
