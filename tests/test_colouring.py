from __future__ import annotations

import base64
import datetime as dt
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue, Phase
from regen_map.messages import LANGUAGES
from regen_map.query.delays import delays_by_project
from regen_map.query.desk_link import Colour
from regen_map.query.money import money_of
from regen_map.webmap import Colouring, colouring
from regen_map.webmap.colouring import (
    AMOUNT_LOOKS,
    DELAY_LOOKS,
    NO_CLASS,
    PHASE_LOOKS,
    Look,
)
from regen_map.webmap.symbols import telling_project
from tests.app import OpenApp, told
from tests.large_town import large_town, shipped_town

Make = Callable[..., Catalogue]
Row = Mapping[str, str]

DAY = dt.date(2026, 11, 23)
COLOURINGS = [Colour.PHASE, Colour.DELAY, Colour.AMOUNT]
LOOKS: Mapping[Colour, Sequence[Look]] = {
    Colour.PHASE: tuple(PHASE_LOOKS.values()),
    Colour.DELAY: DELAY_LOOKS,
    Colour.AMOUNT: AMOUNT_LOOKS,
}
PAPERS = ("#ffffff", "#f4f0e8")
"""The legend's ground and the map's, by day."""
DARK_GROUNDS = ("#15181c", "#1d2126", "#262b31")
"""The symbols', the map's and the legend's ground, by night."""


def coloured(
    catalogue: Catalogue, by: Colour, language: str = "en", day: dt.date = DAY
) -> Colouring:
    found = colouring(catalogue, language, catalogue.projects, by, day)
    assert found is not None
    return found


def label(catalogue: Catalogue, found: Colouring, place: str = "rossi") -> str:
    """Give the words of the class of a place; empty for none."""
    index = query.entry_index(catalogue, place)
    assert index is not None
    number = int(found.classes[index])
    return "" if number == NO_CLASS else found.legend[number].label


@pytest.fixture
def class_at(make_catalogue: Make) -> Callable[..., str]:
    """Tell the class of a place that has these projects, with these funding lines."""

    def tell(by: Colour, *projects: Row, funding: Sequence[Row] = ()) -> str:
        catalogue = make_catalogue(
            workshops=[{"id": "rossi", "kind": "gallery", "lat": "44.08", "lon": "10.09"}],
            projects=[
                {"id": f"p{number}", "place_id": "rossi", **each}
                for number, each in enumerate(projects)
            ],
            programmes=[{"id": "pnrr", "level": "eu"}],
            funding=[
                {
                    "project_id": "p0",
                    "programme_id": "pnrr",
                    "nature": "allocated",
                    "counted": "yes",
                    **each,
                }
                for each in funding
            ],
        )
        return label(catalogue, coloured(catalogue, by))

    return tell


ClassAt = Callable[..., str]

# ------------------------------------------------------------------- by phase


@pytest.mark.parametrize(
    ("phases", "told"),
    [
        (["works", "completed"], "Works under way"),
        (["testing", "works"], "Works under way"),
        (["planning", "testing"], "Being tested"),
        (["planning", "tender", "design"], "Out to tender"),
        (["completed", "planning"], "Planned"),
        (["dropped", "completed"], "Completed"),
        (["dropped"], "Dropped"),
        ([""], "Phase not known"),
        (["planning", ""], "Planned"),
    ],
)
def test_place_has_the_phase_that_is_most_under_way(
    phases: Sequence[str], told: str, class_at: ClassAt
) -> None:
    assert class_at(Colour.PHASE, *({"phase": each} for each in phases)) == told


@pytest.mark.parametrize("phase", ["completed", "dropped"])
def test_what_is_over_is_told_only_where_no_phase_is_unknown(phase: str, class_at: ClassAt) -> None:
    assert class_at(Colour.PHASE, {"phase": phase}, {"phase": ""}) == "Phase not known"


def test_colour_and_ring_of_a_place_tell_the_same_phase() -> None:
    town = shipped_town()
    found = coloured(town, Colour.PHASE)
    phases = [*PHASE_LOOKS]
    for entry, number in zip(query.entries(town), found.classes.tolist(), strict=True):
        telling = telling_project(entry.projects)
        if telling and all(each.phase for each in entry.projects):
            assert phases[number] == telling.phase


# ------------------------------------------------------------------- by delay


def due(months: int, **more: str) -> Row:
    """Make a project that ended so many months after the first of January 2024."""
    year, month = divmod(months, 12)
    end = f"{2024 + year}-{month + 1:02}-01"
    return {
        "phase": "completed",
        "first_declared_end": "2024-01-01",
        "declared_end": "2024-01-01",
        "end": end,
        **more,
    }


UNMEASURED = {"phase": "works"}


@pytest.mark.parametrize(
    ("months", "told"),
    [
        (-2, "No delay, or under a month"),
        (0, "No delay, or under a month"),
        (1, "1 to 6 months"),
        (6, "1 to 6 months"),
        (7, "7 to 12 months"),
        (12, "7 to 12 months"),
        (13, "13 to 24 months"),
        (24, "13 to 24 months"),
        (25, "25 months or more"),
    ],
)
def test_delays_are_parted_at_whole_months(months: int, told: str, class_at: ClassAt) -> None:
    assert class_at(Colour.DELAY, due(months)) == told


def test_longest_sure_delay_of_a_place_counts(class_at: ClassAt) -> None:
    assert class_at(Colour.DELAY, due(2), due(14), due(0), UNMEASURED) == "13 to 24 months"


def test_place_is_in_time_only_where_nothing_is_unknown(class_at: ClassAt) -> None:
    assert class_at(Colour.DELAY, due(0), due(-3)) == "No delay, or under a month"
    assert class_at(Colour.DELAY, due(0), UNMEASURED) == "Not known or not measurable"


def test_dates_that_may_mean_a_delay_or_none_are_not_known(class_at: ClassAt) -> None:
    vague = {"phase": "completed", "first_declared_end": "2024-01", "end": "2024"}
    assert class_at(Colour.DELAY, vague) == "Not known or not measurable"


def test_what_will_not_be_done_says_nothing_of_the_rest(class_at: ClassAt) -> None:
    dropped = {"phase": "dropped", "first_declared_end": "2020-01-01"}
    assert class_at(Colour.DELAY, dropped, due(0)) == "No delay, or under a month"
    assert class_at(Colour.DELAY, dropped) == "Not known or not measurable"


def test_overdue_that_nobody_looked_at_is_no_sure_delay(class_at: ClassAt) -> None:
    overdue = {"phase": "works", "first_declared_end": "2024-01-01", "as_of": "2023-05"}
    assert class_at(Colour.DELAY, overdue) == "Overdue, perhaps finished"
    assert class_at(Colour.DELAY, overdue, due(0)) == "Overdue, perhaps finished"
    assert class_at(Colour.DELAY, overdue, due(2)) == "1 to 6 months"
    looked = {**overdue, "as_of": "2026-11-01"}
    assert class_at(Colour.DELAY, looked) == "25 months or more"


# ------------------------------------------------------------------ by amount


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("0", "Less than €100,000"),
        ("99999.99", "Less than €100,000"),
        ("100000", "€100,000 to €999,999"),
        ("999999.99", "€100,000 to €999,999"),
        ("1000000", "€1,000,000 to €4,999,999"),
        ("4999999.99", "€1,000,000 to €4,999,999"),
        ("5000000", "€5,000,000 or more"),
    ],
)
def test_amounts_are_parted_at_round_sums(amount: str, told: str, class_at: ClassAt) -> None:
    assert class_at(Colour.AMOUNT, {}, funding=[{"amount_eur": amount}]) == told


def test_projects_of_a_place_are_added_up(class_at: ClassAt) -> None:
    lines = [
        {"amount_eur": "60000"},
        {"amount_eur": "60000", "project_id": "p1"},
        {"amount_eur": "900000", "project_id": "p1", "counted": "no"},
    ]
    assert class_at(Colour.AMOUNT, {}, {}, funding=lines) == "€100,000 to €999,999"


@pytest.mark.parametrize("nature", ["estimated", "spent", "fit_out", "private"])
def test_natures_are_never_mixed(nature: str, class_at: ClassAt) -> None:
    other = {"amount_eur": "9000000", "nature": nature}
    assert class_at(Colour.AMOUNT, {}, funding=[other]) == "Amount allocated not known"
    both = [other, {"amount_eur": "200000"}]
    assert class_at(Colour.AMOUNT, {}, funding=both) == "€100,000 to €999,999"


def test_project_without_figures_is_not_of_the_lowest_class(class_at: ClassAt) -> None:
    assert class_at(Colour.AMOUNT, {}) == "Amount allocated not known"
    nameless = [{"amount_eur": ""}]
    assert class_at(Colour.AMOUNT, {}, funding=nameless) == "Amount allocated not known"


@pytest.mark.parametrize("gap", [{"amount_eur": ""}, {"amount_eur": "", "project_id": "p1"}])
def test_sum_of_which_a_part_is_missing_is_a_minimum_and_never_the_lowest(
    gap: Row, class_at: ClassAt
) -> None:
    small, large = {"amount_eur": "50000"}, {"amount_eur": "2000000"}
    assert class_at(Colour.AMOUNT, {}, {}, funding=[small, gap]) == "Amount allocated not known"
    assert class_at(Colour.AMOUNT, {}, {}, funding=[large, gap]) == "€1,000,000 to €4,999,999"


# -------------------------------------------------------------- what is counted


@pytest.mark.parametrize("by", COLOURINGS)
def test_every_selected_place_has_one_class_and_no_other_has_any(by: Colour) -> None:
    town = shipped_town()
    found = coloured(town, by)
    with_projects = [bool(entry.projects) for entry in query.entries(town)]
    assert (found.classes != NO_CLASS).tolist() == with_projects
    assert found.classes.dtype == np.uint8
    assert found.classes[found.classes != NO_CLASS].max() < len(found.legend)


@pytest.mark.parametrize("by", COLOURINGS)
def test_legend_counts_the_places_that_are_on_the_map(by: Colour) -> None:
    town = shipped_town()
    located = [
        entry
        for entry in query.entries(town)
        if entry.place and entry.projects and entry.place.lat is not None
    ]
    found = coloured(town, by)
    assert sum(each.n for each in found.legend) == len(located)
    assert "1 place of these projects has no position" in found.rule


@pytest.mark.parametrize("by", COLOURINGS)
def test_nothing_selected_leaves_every_place_without_a_class(by: Colour) -> None:
    town = shipped_town()
    found = colouring(town, "it", (), by, DAY)
    assert found is not None
    assert set(found.classes.tolist()) == {NO_CLASS}
    assert {each.n for each in found.legend} == {0}
    assert len(found.legend) == len(LOOKS[by])


@pytest.mark.parametrize("by", COLOURINGS)
def test_only_selected_projects_count_and_each_once(by: Colour) -> None:
    town = shipped_town()
    project = next(each for each in town.projects if each.place_id == "carmi")
    once, twice = (colouring(town, "it", [project] * n, by, DAY) for n in (1, 2))
    assert once is not None
    assert twice is not None
    assert once.classes.tolist() == twice.classes.tolist()
    assert int((once.classes != NO_CLASS).sum()) == 1


def test_colours_by_family_need_no_colouring() -> None:
    town = shipped_town()
    assert colouring(town, "it", town.projects, Colour.FAMILY, DAY) is None


@pytest.mark.parametrize("by", COLOURINGS)
def test_past_is_told_of_the_places_that_the_browser_has(by: Colour, make_catalogue: Make) -> None:
    past = make_catalogue(
        workshops=[{"id": each, "kind": "gallery"} for each in ("gone", "rossi")],
        projects=[
            {"id": "old", "place_id": "gone", "phase": "works"},
            {"id": "new", "place_id": "rossi", "phase": "works"},
        ],
    )
    shown = make_catalogue(
        workshops=[
            {"id": each, "kind": "gallery", "lat": "44.08", "lon": "10.09"}
            for each in ("bianchi", "neri", "rossi")
        ]
    )
    found = colouring(past, "en", past.projects, by, DAY, shown=shown)
    assert found is not None
    assert (found.classes != NO_CLASS).tolist() == [
        each.key == "rossi" for each in query.entries(shown)
    ]
    assert sum(each.n for each in found.legend) == 1


def test_delay_is_that_of_the_project_as_it_was_known(make_catalogue: Make) -> None:
    def town(**project: str) -> Catalogue:
        row = {"id": "a", "place_id": "rossi", "first_declared_end": "2024-01-01", **project}
        return make_catalogue(workshops=[{"id": "rossi", "kind": "gallery"}], projects=[row])

    past = town(phase="works", declared_end="2025-06-01", as_of="2023-01")
    now = town(phase="completed", end="2027-01-01", as_of="2027-02")
    before = colouring(now, "en", past.projects, Colour.DELAY, dt.date(2023, 6, 1))
    assert before is not None
    assert label(now, before) == "13 to 24 months"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 4), kept=st.sets(st.integers(0, 79)))
def test_classes_follow_from_the_projects_of_each_place(seed: int, kept: set[int]) -> None:
    town = large_town(places=30, projects=80, lines=120, seed=seed)
    projects = [town.projects[each] for each in sorted(kept)]
    late = delays_by_project(town, DAY)
    by_delay = colouring(town, "en", projects, Colour.DELAY, DAY)
    by_amount = colouring(town, "en", projects, Colour.AMOUNT, DAY)
    assert by_delay is not None
    assert by_amount is not None
    for index, entry in enumerate(query.entries(town)):
        own = [each for each in projects if query.entry_key(each) == entry.key]
        if not own:
            assert by_delay.classes[index] == by_amount.classes[index] == NO_CLASS
            continue
        sure = [late[each.id].least_months or 0 for each in own if not late[each.id].unconfirmed]
        starts = (1, 7, 13, 25)
        reached = sum(max(sure, default=0) >= each for each in starts)
        if reached:
            assert by_delay.classes[index] == reached
        else:
            assert by_delay.classes[index] in (0, len(starts) + 1, len(starts) + 2)
        sums = [money_of(town, each.id).by_nature.get("allocated") for each in own]
        total = sum((each for each in sums if each is not None), Decimal(0))
        limits = (100_000, 1_000_000, 5_000_000)
        expected = sum(total >= each for each in limits)
        if expected:
            assert by_amount.classes[index] == expected
        else:
            assert by_amount.classes[index] in (0, len(limits) + 1)


# -------------------------------------------------------------- what travels


@pytest.mark.parametrize("by", COLOURINGS)
def test_message_holds_a_byte_for_each_entry_and_the_words(by: Colour) -> None:
    town = shipped_town()
    found = coloured(town, by)
    message = found.message()
    assert base64.b64decode(message["b"]) == found.classes.tobytes()
    assert len(base64.b64decode(message["b"])) == len(query.entries(town))
    assert [each[:4] for each in message["l"]] == [list(each[:4]) for each in found.legend]
    assert message["l"][-1][4].split()[0] == str(found.legend[-1].n)
    assert (message["t"], message["r"]) == (found.title, found.rule)


@pytest.mark.parametrize("by", COLOURINGS)
def test_every_language_tells_the_legend_in_its_own_words(by: Colour) -> None:
    town = shipped_town()
    told = [coloured(town, by, language) for language in LANGUAGES]
    assert len({each.title for each in told}) == len({each.rule for each in told}) == len(told)
    for one in told:
        labels = [each.label for each in one.legend]
        assert len(set(labels)) == len(labels)
        assert len({each.mark for each in one.legend}) == len(labels)


def test_amounts_are_written_as_the_language_has_them() -> None:
    town = shipped_town()
    assert [each.label for each in coloured(town, Colour.AMOUNT, "it").legend][:2] == [
        "Meno di 100.000\xa0€",
        "Da 100.000 a 999.999 €",
    ]


@pytest.mark.parametrize("page", ["walks", "events"])
def test_other_panels_send_no_colouring(page: str, open_app: OpenApp) -> None:
    assert told(open_app(page, lang="it", **{"p.colour": "delay"}))["c"] is None


# -------------------------------------------------------------------- colours


def linear(colour: str) -> list[float]:
    """Give red, green and blue of #rrggbb as parts of full light (IEC 61966-2-1)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


VISION = {
    "common": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Machado, Oliveira and Fernandes, 2009, severity 1, on linear light."""


def perceived(colour: str, vision: str) -> tuple[float, float, float]:
    """Give a colour in Oklab (Ottosson, 2020), as somebody sees it."""
    light = linear(colour)
    r, g, b = (sum(x * y for x, y in zip(row, light, strict=True)) for row in VISION[vision])
    cones = (
        0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
        0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
        0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
    )
    long, medium, short = (max(each, 0) ** (1 / 3) for each in cones)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


@pytest.mark.parametrize("by", COLOURINGS)
def test_colours_stand_out_from_their_ground_by_day_and_by_night(by: Colour) -> None:
    for look in LOOKS[by]:
        assert min(contrast(look.colour, ground) for ground in PAPERS) >= 3, look
        assert min(contrast(look.colour_dark, ground) for ground in DARK_GROUNDS) >= 3, look


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("by", COLOURINGS)
def test_colours_are_told_apart_however_one_sees_them(by: Colour, vision: str) -> None:
    for colours in (
        [look.colour for look in LOOKS[by]],
        [look.colour_dark for look in LOOKS[by]],
    ):
        for one, other in itertools.combinations(colours, 2):
            apart = math.dist(perceived(one, vision), perceived(other, vision))
            # Five times what is just noticed between two large fields.
            assert apart >= 0.08, (one, other)


@pytest.mark.parametrize(
    "scale",
    [
        DELAY_LOOKS[:5],
        AMOUNT_LOOKS[:4],
        [PHASE_LOOKS[each] for each in (Phase.PLANNING, Phase.DESIGN, Phase.TENDER)],
        [PHASE_LOOKS[each] for each in (Phase.WORKS, Phase.TESTING)],
    ],
)
def test_more_of_the_same_is_further_from_the_ground(scale: Sequence[Look]) -> None:
    by_day = [luminance(each.colour) for each in scale]
    by_night = [luminance(each.colour_dark) for each in scale]
    assert by_day == sorted(by_day, reverse=True)
    assert by_night == sorted(by_night)


@pytest.mark.parametrize("by", COLOURINGS)
def test_every_class_has_a_sign_that_is_no_number(by: Colour) -> None:
    marks = [look.mark for look in LOOKS[by]]
    assert len(set(marks)) == len(marks)
    assert all(len(mark) == 1 and not mark.isdigit() for mark in marks)
