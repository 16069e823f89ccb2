"""The record of a project: phases, promises, money, code, neighbours, history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue, City, PartialDate, Phase, Project, Vocabularies
from regen_map.facts import ProjectFacts, Wording
from regen_map.facts.cup import cup_of
from regen_map.facts.promises import moved_in_words
from regen_map.facts.record import Near, ProjectRecord
from regen_map.facts.stages import Stage, State
from regen_map.intake.city import read_city
from regen_map.messages import LANGUAGES, translator
from regen_map.store import folder_store
from tests.conftest import CITY, TOWN
from tests.pages import DATA, HOSTILE

DAY = dt.date(2026, 11, 23)


def trial_city() -> City:
    found, _ = read_city(CITY)
    assert found is not None
    return found


EMPTY = Catalogue(trial_city(), Vocabularies(()), {}, "empty")
"""For words that no row decides."""

Make: TypeAlias = Callable[..., Catalogue]
Cells: TypeAlias = Mapping[str, str]
Tell: TypeAlias = Callable[..., ProjectRecord]


def record_of(catalogue: Catalogue, project_id: str, language: str = "en") -> ProjectRecord:
    project = catalogue.project(project_id)
    assert project is not None
    wording = Wording(catalogue, translator(language), DAY)
    return ProjectRecord(ProjectFacts(wording, project))


@pytest.fixture(scope="module")
def carrara() -> Catalogue:
    return folder_store(DATA).load().catalogue


@pytest.fixture
def tell(make_catalogue: Make) -> Tell:
    """Tell of a project of which only what is given is known."""

    def make(
        steps: Sequence[Cells] = (),
        lines: Sequence[Cells] = (),
        language: str = "en",
        **cells: str,
    ) -> ProjectRecord:
        line = {"project_id": "p", "programme_id": "pnrr", "nature": "allocated", "counted": "yes"}
        catalogue = make_catalogue(
            projects=[{"id": "p", **cells}],
            milestones=[
                {"project_id": "p", "text_it": "Passo", "text_en": "Step"} | {**each}
                for each in steps
            ],
            programmes=TOWN["programmes"],
            funding=[line | {**each} for each in lines],
        )
        return record_of(catalogue, "p", language)

    return make


def stages(record: ProjectRecord) -> dict[str, Stage]:
    return {each.phase: each for each in record.stages}


def states(record: ProjectRecord) -> list[State]:
    return [each.state for each in record.stages]


# ---------------------------------------------------------------- phases


def test_phases_stand_in_the_order_of_the_vocabulary_with_the_present_one_marked(
    tell: Tell,
) -> None:
    record = tell(
        [{"date": "2024-02", "phase": "design"}, {"date": "2025-06-01", "phase": "works"}],
        phase="works",
    )
    assert [each.phase for each in record.stages] == [
        each for each in Phase if each is not Phase.DROPPED
    ]
    assert states(record) == [
        State.UNTOLD,
        State.REACHED,
        State.UNTOLD,
        State.CURRENT,
        State.AHEAD,
        State.AHEAD,
    ]
    told = stages(record)
    assert (told["design"].date, told["design"].machine_date) == ("February 2024", "2024-02")
    assert (told["works"].date, told["works"].machine_date) == ("1 June 2025", "2025-06-01")
    assert told["works"].meaning == "The building site is open"


def test_phase_of_today_that_no_step_dates_has_an_unknown_date(tell: Tell) -> None:
    told = stages(tell(phase="tender"))
    assert told["tender"].date == "date not known"
    assert told["tender"].machine_date == ""


def test_nothing_is_claimed_of_a_phase_that_nobody_tells_of(tell: Tell) -> None:
    planning = stages(tell(phase="completed"))["planning"]
    assert planning.state is State.UNTOLD
    assert (planning.said, planning.date, planning.news) == ("No news of this phase", "", "")


def test_end_dates_the_completion_only_where_no_step_does(tell: Tell) -> None:
    assert stages(tell(phase="completed", end="2020-05"))["completed"].date == "May 2020"
    step = {"date": "2020-06-02", "phase": "completed"}
    told = stages(tell([step], phase="completed", end="2020-05"))["completed"]
    assert told.date == "2 June 2020"
    assert stages(tell(phase="works", end="2020-05"))["completed"].date == ""


def test_first_step_dates_a_phase_and_the_latest_is_its_news(tell: Tell) -> None:
    dates = ("2025-06", "2026-02-13", "2025")
    told = stages(tell([{"date": each, "phase": "works"} for each in dates], phase="works"))
    assert told["works"].machine_date == "2025"
    assert told["works"].news == "latest news: 13 February 2026"


def test_step_to_come_reaches_no_phase(tell: Tell) -> None:
    told = stages(tell([{"date": "2027-01", "phase": "testing"}], phase="works"))["testing"]
    assert told.state is State.AHEAD
    assert (told.date, told.news) == ("", "announced for: January 2027")


def test_phase_that_was_reached_and_left_again_was_reached(tell: Tell) -> None:
    told = stages(tell([{"date": "2020", "phase": "works"}], phase="design"))
    assert told["works"].state is State.REACHED


def test_unknown_phase_marks_none_and_keeps_what_steps_tell(tell: Tell) -> None:
    record = tell([{"date": "2020", "phase": "design"}])
    assert State.CURRENT not in states(record)
    assert State.AHEAD not in states(record)
    assert stages(record)["design"].state is State.REACHED
    assert record.phase == "phase not known"


def test_dropped_project_ends_with_that_and_is_never_said_to_be_completed(tell: Tell) -> None:
    record = tell([{"date": "2019", "phase": "design"}], phase="dropped")
    told = stages(record)
    assert record.stages[-1].phase == "dropped"
    assert told["dropped"].state is State.CURRENT
    assert told["completed"].state is State.GIVEN_UP
    assert told["design"].state is State.REACHED
    assert told["works"].state is State.UNTOLD
    assert record.delay == "The project was dropped: no delay is measured."


def test_project_that_goes_on_is_not_told_that_it_may_be_dropped(tell: Tell) -> None:
    assert "dropped" not in stages(tell(phase="works"))
    again = tell([{"date": "2015", "phase": "dropped"}], phase="design")
    assert stages(again)["dropped"].state is State.REACHED


def test_whether_it_has_stalled_is_told_or_said_to_be_unknown(tell: Tell) -> None:
    assert tell(phase="works").standstill == "Whether the project has stalled is not known."
    for stalled in ("yes", "no"):
        assert tell(phase="works", stalled=stalled).standstill == ""
    assert tell(phase="completed").standstill == ""


# ---------------------------------------------------------------- promises


@pytest.mark.parametrize(
    ("first", "latest", "said"),
    [
        ("", "", "No promised end is known."),
        ("2025-06", "", "Only one promised end is known: whether it has changed is not."),
        ("", "2025-06", "Only one promised end is known: whether it has changed is not."),
        ("2025-06", "2025-06", "The promised end has not changed."),
        ("2025-01-31", "2025-02-28", "31 January 2025 → 28 February 2025, 1 month later."),
        ("2025-01-01", "2025-01-20", "1 January 2025 → 20 January 2025, less than a month apart."),
        ("2026-01-15", "2025-10-15", "15 January 2026 → 15 October 2025, 3 months earlier."),
        ("2025-12-31", "2027-03", "31 December 2025 → March 2027, between 14 and 15 months later."),
        ("2027-03", "2025-12-31", "between 14 and 15 months earlier."),
        ("2025", "2025-06", "between 6 months earlier and 5 months later."),
    ],
)
def test_move_of_the_promise_is_told_as_exactly_as_its_dates(
    first: str, latest: str, said: str, tell: Tell
) -> None:
    record = tell(first_declared_end=first, declared_end=latest, phase="works")
    assert record.moved.endswith(said)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.integers(-15000, 15000))
def test_move_of_the_promise_agrees_with_the_measured_delay(first: dt.date, days: int) -> None:
    latest = first + dt.timedelta(days=days)
    project = Project(
        id="p",
        name_it="P",
        name_en="P",
        first_declared_end=PartialDate(first.isoformat()),
        declared_end=PartialDate(latest.isoformat()),
    )
    months = query.delay_of(project, dt.date(1800, 1, 1)).months
    assert months is not None
    said = moved_in_words(Wording(EMPTY, translator("en"), DAY), project)
    if months > 0:
        assert f", {months} month" in said
        assert said.endswith(" later.")
    elif months < 0:
        assert f", {-months} month" in said
        assert said.endswith(" earlier.")
    else:
        assert said.endswith(("apart.", "not changed."))


@pytest.mark.parametrize(
    ("cells", "label", "said", "known"),
    [
        ({"phase": "completed", "end": "2020-05"}, "Actual end", "May 2020", True),
        ({"phase": "completed"}, "Actual end", "not known", False),
        ({}, "Actual end", "not known", False),
        ({"phase": "works"}, "Actual end", "not ended yet, as far as is known", True),
        ({"phase": "dropped"}, "Actual end", "will not be carried through", True),
        ({"phase": "works", "end": "2027"}, "Announced end", "2027", True),
    ],
)
def test_end_is_told_as_what_it_is(
    cells: Cells, label: str, said: str, *, known: bool, tell: Tell
) -> None:
    end = tell(**cells).dates[-1]
    assert (end.label, end.said.text, end.known) == (label, said, known)


def test_every_promise_is_told_or_said_to_be_unknown(tell: Tell) -> None:
    record = tell(phase="works", start="2024", first_declared_end="2025-12")
    assert [(each.label, each.said.text) for each in record.dates[:3]] == [
        ("Start", "2024"),
        ("First promised end", "December 2025"),
        ("Latest promised end", "not known"),
    ]
    assert record.delay.startswith("Between 10 and 11 months late (to this day")


# ---------------------------------------------------------------- money


def test_every_figure_tells_whether_it_is_counted(tell: Tell) -> None:
    lines = [
        {"amount_eur": "1000000", "as_of": "2025"},
        {"amount_eur": "5", "counted": "no", "note_en": "Older", "source": "https://s.example/a"},
        {},
    ]
    record = tell(lines=lines)
    assert [each.amount for each in record.sums] == ["€1,000,000"]
    assert [(each.line.amount, each.said) for each in record.figures] == [
        ("€1,000,000", "added"),
        ("€5", "not added"),
        ("amount not known", "added"),
    ]
    assert record.figures[1].line.note.text == "Older"
    assert "not added" in record.contradiction
    assert record.no_sum == ""


def test_sum_of_nothing_is_no_zero(tell: Tell) -> None:
    assert tell().no_sum == "Amount not known"
    assert tell(lines=[{"amount_eur": "5", "counted": "no"}]).no_sum.startswith("No settled amount")
    assert tell().contradiction == ""


def test_programmes_are_told_with_their_level(tell: Tell) -> None:
    (programme,) = tell(lines=[{}]).programmes
    assert (programme.name, programme.level, programme.website) == (
        "Recovery plan",
        "European Union",
        "",
    )


def test_actor_that_nobody_names_is_not_known(tell: Tell) -> None:
    actors = list(tell(promoter="Ada | Ugo").actors)
    assert [(each.label, each.said.text, each.known) for each in actors] == [
        ("Owner", "not known", False),
        ("Promoter", "Ada and Ugo", True),
        ("Designed by", "not known", False),
    ]


# ---------------------------------------------------------------- code


@pytest.mark.parametrize(
    ("code", "usual", "said"),
    [
        ("B65I18000100001", True, "Only OpenCUP tells"),
        ("B65I1800010000X", False, "needs checking"),
        ("000000000000000", False, "needs checking"),
        ("B65I", False, "does not have the form"),
        ("b65i18000100001", False, "does not have the form"),
        ("../../evil?x=1#", False, "does not have the form"),
        *((text, False, "does not have the form") for text in HOSTILE),
    ],
)
def test_form_of_a_code_is_told_and_nothing_more(
    code: str, *, usual: bool, said: str, tell: Tell
) -> None:
    record = tell()
    cup = cup_of(record.wording, replace(record.project, cup=code))
    assert cup is not None
    assert (cup.code, cup.usual) == (code, usual)
    assert said in cup.said
    assert bool(cup.links) == (said != "does not have the form")


def test_code_leads_to_its_sheet_and_to_the_home_of_the_other_site(tell: Tell) -> None:
    cup = tell(cup="B65I18000100001").cup
    assert cup is not None
    assert [each.address for each in cup.links] == [
        "https://opencup.gov.it/portale/progetto/-/cup/B65I18000100001",
        "https://opencoesione.gov.it/",
    ]
    assert tell().cup is None


@pytest.mark.parametrize(
    ("cell", "usual"),
    [("b65i 18000100001", True), ("B65I18000100001", True), ("B65I1800010000X", False)],
)
def test_code_is_judged_as_when_it_was_read(cell: str, *, usual: bool, tell: Tell) -> None:
    cup = tell(cup=cell).cup
    assert cup is not None
    assert cup.usual == usual


# ---------------------------------------------------------------- documents


def test_every_document_is_named_once(tell: Tell) -> None:
    record = tell(
        [{"date": "2024", "source": "https://a.example/1"}],
        [{"source": "https://b.example/2"}],
        sources="https://a.example/1",
        source_dates="2024-03",
        website="https://c.example/",
    )
    assert [(each.address, each.date) for each in record.documents] == [
        ("https://a.example/1", "March 2024"),
        ("https://b.example/2", "undated"),
        ("https://c.example/", "undated"),
    ]


# ---------------------------------------------------------------- neighbours


def at(place_id: str, metres_north: float, accuracy: str = "5", **cells: str) -> dict[str, str]:
    lat = 44.08 + metres_north / 111_111
    position = {"lat": f"{lat:.7f}", "lon": "10.1", "position_accuracy_m": accuracy}
    return {"id": place_id, "kind": "gallery", **position, **cells}


@pytest.fixture
def street(make_catalogue: Make) -> ProjectRecord:
    """Place a project in a street of workshops, museums and other projects."""
    catalogue = make_catalogue(
        workshops=[
            at("here", 0),
            at("near", 100, status="active"),
            at("shut", 150, status="closed"),
            at("maybe", 200, "200"),
            at("far", 300),
            at("unplaced", 0) | {"lat": "", "lon": ""},
        ],
        attractions=[
            at("museum", 50) | {"kind": "museum"},
            at("site", 120) | {"kind": "museum"},
        ],
        projects=[
            {"id": "p", "place_id": "here"},
            {"id": "beside", "place_id": "here", "phase": "works"},
            {"id": "q", "place_id": "site", "name_en": "Other"},
        ],
    )
    return record_of(catalogue, "p")


def near(record: ProjectRecord) -> dict[str, Near]:
    return {each.place.id: each for each in record.nearby}


def test_workshops_and_projects_within_five_minutes_are_near(street: ProjectRecord) -> None:
    assert list(near(street)) == ["near", "site", "shut", "maybe"]
    assert near(street)["near"].far == "100 m, about 2 minutes"
    assert [(each.id, each.name) for each in near(street)["site"].projects] == [("q", "Other")]


def test_neighbour_of_which_the_position_is_inexact_is_only_perhaps_near(
    street: ProjectRecord,
) -> None:
    assert [each.sure for each in street.nearby] == [True, True, True, False]
    assert near(street)["maybe"].far.endswith("perhaps beyond five minutes")
    assert "about" not in near(street)["maybe"].far.partition(" · ")[0]


def test_workshop_that_is_closed_is_said_to_be(street: ProjectRecord) -> None:
    assert near(street)["shut"].kind == "Gallery · Closed"


def test_other_projects_at_the_place_are_told(street: ProjectRecord) -> None:
    assert [(each.id, each.phase) for each in street.others] == [("beside", "Works under way")]


def test_nothing_is_near_what_has_no_position(town: Catalogue) -> None:
    assert list(record_of(town, "sala").nearby) == []
    network = record_of(town, "rete")
    assert network.place is None
    assert [*network.nearby, *network.others] == []


# ---------------------------------------------------------------- history


def test_history_is_in_order_with_the_undated_last(tell: Tell) -> None:
    record = tell(
        [{"date": "2024-05"}, {"date": "2023"}],
        [{"as_of": "2024-02", "amount_eur": "5", "source": "https://m.example/a"}, {}],
        as_of="2025-01-10",
    )
    assert [(each.machine_date, each.about) for each in record.history] == [
        ("2023", "Milestone"),
        ("2024-02", "Figure"),
        ("2024-05", "Milestone"),
        ("2025-01-10", "Last check of the record"),
        ("", "Figure"),
    ]
    assert record.history[1].said.text == "€5 · Allocated · added"
    assert record.history[1].source_name == "m.example"
    assert record.history[-1].date == "undated"


# ---------------------------------------------------------------- always


@pytest.mark.parametrize("language", LANGUAGES)
def test_record_of_every_shipped_project_can_be_told(carrara: Catalogue, language: str) -> None:
    for project in carrara.projects:
        record = record_of(carrara, project.id, language)
        assert states(record).count(State.CURRENT) == (project.phase is not None)
        assert len(record.figures) == len(query.money_of(carrara, project.id).lines)
        dates = [PartialDate(each.machine_date) for each in record.history if each.machine_date]
        assert dates == sorted(dates, key=lambda date: date.first_day)
        said = [record.moved, record.delay, record.description, record.title]
        assert all(said)
        assert all("{" not in each for each in said)


def test_record_of_a_hostile_project_is_told_as_it_is(town: Catalogue) -> None:
    for text in HOSTILE:
        frames = dict(town.frames)
        frames["projects"] = frames["projects"].assign(name_en=text, summary_en=text, cup=text)
        record = record_of(replace(town, frames=frames, version=text), "selciato")
        assert record.facts.name == text
        assert record.cup is not None
        assert record.cup.links == ()
        assert not {"\u202e", "\u2066"} & set(record.title + record.description)
