"""What differs between two catalogues, row by row and cell by cell."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import (
    PLACE_TABLES,
    TABLES,
    Catalogue,
    Funding,
    Milestone,
    PartialDate,
    Phase,
    Project,
    PublicSpace,
    Stop,
    records,
    to_frame,
)
from regen_map.query import Change, Difference, by_subject, changes_between
from tests.large_town import shipped_town

Rows: TypeAlias = Mapping[str, Sequence[Any]]


def town(**tables: Sequence[Any]) -> Catalogue:
    """Make the town that ships with other rows in some tables."""
    return shipped_town().with_tables(
        {name: to_frame(rows, TABLES[name]) for name, rows in tables.items()}
    )


def project(**cells: Any) -> Project:
    return Project(**{"id": "verdi", "name_it": "Teatro", "name_en": "Theatre", **cells})


def line(amount: str | None = "10", **cells: Any) -> Funding:
    told = {
        "project_id": "verdi",
        "programme_id": "pnrr",
        "amount_eur": None if amount is None else Decimal(amount),
        "nature": "allocated",
        "counted": True,
        "source": "https://source.example/1",
    }
    return Funding(**{**told, **cells})


def step(date: str = "2025-06", **cells: Any) -> Milestone:
    told = {
        "project_id": "verdi",
        "date": PartialDate(date),
        "text_it": "Passo",
        "text_en": "Step",
        "source": "https://source.example/2",
    }
    return Milestone(**{**told, **cells})


def told(before: Rows, after: Rows) -> list[tuple[Change, str, object, object]]:
    """Compare two towns in short: what became of which cell."""
    shared: Rows = {name: [] for name in (*before, *after)}
    found = changes_between(town(**{**shared, **before}), town(**{**shared, **after}))
    return [(each.kind, each.column, each.before, each.after) for each in found]


def of_project(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return told({"projects": [project(**before)]}, {"projects": [project(**after)]})


# ---------------------------------------------------------------- projects


def test_catalogue_does_not_differ_from_itself_nor_from_its_twin() -> None:
    ours = shipped_town()
    assert changes_between(ours, ours) == ()
    twin = {
        name: to_frame(
            list(records(frame, TABLES[name])),
            TABLES[name],
            list(frame.geometry) if TABLES[name].located else None,
        )
        for name, frame in ours.frames.items()
    }
    assert changes_between(ours, ours.with_tables(twin)) == ()


def test_order_of_rows_is_no_difference() -> None:
    ours = shipped_town()
    turned = {name: frame.iloc[::-1] for name, frame in ours.frames.items()}
    assert changes_between(ours, ours.with_tables(turned)) == ()


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("design", "works", Change.ADVANCED),
        ("works", "tender", Change.SET_BACK),
        ("planning", "dropped", Change.DROPPED),
        ("dropped", "works", Change.RESUMED),
        (None, "works", Change.KNOWN),
        ("works", None, Change.WITHDRAWN),
    ],
)
def test_phase_tells_which_way_a_project_went(
    before: str | None, after: str | None, kind: Change
) -> None:
    assert of_project({"phase": before}, {"phase": after}) == [(kind, "phase", before, after)]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, True, Change.STALLED),
        (False, True, Change.STALLED),
        (True, False, Change.RESUMED),
        (None, False, Change.KNOWN),
        (False, None, Change.WITHDRAWN),
        (True, None, Change.WITHDRAWN),
    ],
)
def test_what_stalls_and_goes_on_is_told_with_what_was_known_before(
    before: bool | None,  # noqa: FBT001
    after: bool | None,  # noqa: FBT001
    kind: Change,
) -> None:
    found = of_project({"stalled": before}, {"stalled": after})
    assert found == [(kind, "stalled", before, after)]


def ends(first: str | None, latest: str | None) -> dict[str, PartialDate | None]:
    return {
        "first_declared_end": PartialDate(first) if first else None,
        "declared_end": PartialDate(latest) if latest else None,
    }


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (
            ("2025-06", None),
            ("2025-06", "2026-08"),
            [(Change.DELAYED, "declared_end", "2025-06", "2026-08")],
        ),
        (
            ("2024", "2025-06"),
            ("2024", "2025-03"),
            [(Change.BROUGHT_FORWARD, "declared_end", "2025-06", "2025-03")],
        ),
        (
            ("2024", "2025"),
            ("2024", "2025-06"),
            [(Change.MENDED, "declared_end", "2025", "2025-06")],
        ),
        ((None, None), (None, "2025"), [(Change.KNOWN, "declared_end", None, "2025")]),
        (("2024", "2026"), ("2024", None), [(Change.WITHDRAWN, "declared_end", "2026", None)]),
        (
            ("2024", None),
            ("2025", None),
            [(Change.DELAYED, "first_declared_end", "2024", "2025")],
        ),
        (
            ("2023", "2025"),
            ("2024", "2026"),
            [
                (Change.DELAYED, "declared_end", "2025", "2026"),
                (Change.MENDED, "first_declared_end", "2023", "2024"),
            ],
        ),
        (("2024", None), ("2024", "2024"), [(Change.KNOWN, "declared_end", None, "2024")]),
    ],
)
def test_declared_end_moves_only_where_it_surely_does(
    before: tuple[str, str], after: tuple[str, str], found: list[tuple[Change, str, str, str]]
) -> None:
    assert of_project(ends(*before), ends(*after)) == found


def test_phase_that_nobody_has_heard_of_is_merely_another() -> None:
    found = of_project({"phase": "limbo"}, {"phase": "works"})
    assert found == [(Change.MENDED, "phase", "limbo", "works")]


def test_move_of_an_end_is_measured_as_exactly_as_its_dates() -> None:
    def months(before: str, after: str) -> tuple[int, int] | None:
        old, new = (project(**ends(None, end)) for end in (before, after))
        (found,) = changes_between(town(projects=[old]), town(projects=[new]))
        return found.months

    assert months("2025-06-30", "2026-08-30") == (14, 14)
    assert months("2025-06", "2026-08") == (13, 14)
    assert months("2026-08-30", "2025-06-30") == (-14, -14)


def test_any_other_cell_is_known_mended_or_withdrawn() -> None:
    before = {"owner": (), "cup": "B65I18000100001", "area_m2": 10.0, "summary_it": "Uno"}
    after = {"owner": ("Comune",), "cup": None, "area_m2": 12.5, "summary_it": "Due"}
    assert of_project(before, after) == [
        (Change.KNOWN, "owner", None, ("Comune",)),
        (Change.MENDED, "area_m2", 10.0, 12.5),
        (Change.MENDED, "summary_it", "Uno", "Due"),
        (Change.WITHDRAWN, "cup", "B65I18000100001", None),
    ]


def test_other_date_of_a_check_is_the_least_telling() -> None:
    before, after = {"as_of": PartialDate("2024")}, {"as_of": PartialDate("2025"), "website": "x"}
    assert [kind for kind, *_ in of_project(before, after)] == [Change.KNOWN, Change.CHECKED]


# ---------------------------------------------------------------- money


def test_sum_of_a_nature_goes_up_and_down() -> None:
    before = {"funding": [line("10"), line("5", nature="spent")]}
    after = {"funding": [line("10"), line("7.50", source="b"), line("4", nature="spent")]}
    found = told(before, after)
    assert found[:2] == [
        (Change.MONEY_UP, "amount_eur", Decimal(10), Decimal("17.50")),
        (Change.MONEY_DOWN, "amount_eur", Decimal(5), Decimal(4)),
    ]
    assert [(kind, column) for kind, column, *_ in found[2:]] == [
        (Change.NEW, ""),
        (Change.MENDED, "amount_eur"),
    ]


def test_amount_that_becomes_known_is_no_more_money() -> None:
    unknown, known = line(None, source="b"), line("5", source="b")
    found = told({"funding": [unknown]}, {"funding": [known]})
    assert (Change.MONEY_KNOWN, "amount_eur", None, Decimal(5)) in found
    beside = told({"funding": [line(), unknown]}, {"funding": [line(), known]})
    assert (Change.MONEY_KNOWN, "amount_eur", Decimal(10), Decimal(15)) in beside
    back = told({"funding": [line(), known]}, {"funding": [line(), unknown]})
    assert (Change.MONEY_WITHDRAWN, "amount_eur", Decimal(15), Decimal(10)) in back


def test_figure_that_is_not_counted_moves_no_sum() -> None:
    found = told({"funding": [line()]}, {"funding": [line(), line("99", counted=False)]})
    assert [kind for kind, *_ in found] == [Change.NEW]
    found = told({"funding": [line()]}, {"funding": [line(counted=False)]})
    assert found == [
        (Change.MONEY_WITHDRAWN, "amount_eur", Decimal(10), None),
        (Change.MENDED, "counted", True, False),
    ]


def test_line_that_was_written_anew_is_the_same_line() -> None:
    before = line("10", source="a", as_of=PartialDate("2024"))
    after = line("12", source="b", as_of=PartialDate("2025"))
    found = told({"funding": [before]}, {"funding": [after]})
    assert [(kind, column) for kind, column, *_ in found] == [
        (Change.MONEY_UP, "amount_eur"),
        (Change.MENDED, "amount_eur"),
        (Change.MENDED, "as_of"),
        (Change.MENDED, "source"),
    ]


def test_lines_of_one_source_are_matched_by_their_date() -> None:
    old, new = line("10", as_of=PartialDate("2024")), line("20", as_of=PartialDate("2025"))
    found = told({"funding": [old]}, {"funding": [new, old]})
    assert [(kind, column) for kind, column, *_ in found] == [
        (Change.MONEY_UP, "amount_eur"),
        (Change.NEW, ""),
    ]


def test_equal_lines_are_counted_not_lost() -> None:
    found = told({"funding": [line()]}, {"funding": [line(), line(), line()]})
    assert [kind for kind, *_ in found] == [Change.MONEY_UP, Change.NEW, Change.NEW]
    assert found[0][2:] == (Decimal(10), Decimal(30))


def test_money_of_a_project_that_went_or_came_is_told_once() -> None:
    there: Rows = {"projects": [project(id="b")], "funding": [line("10", project_id="b")]}
    gone: Rows = {"projects": [], "funding": []}
    found = changes_between(town(**there), town(**gone))
    assert [(each.table, each.kind) for each in found] == [
        ("projects", Change.REMOVED),
        ("funding", Change.REMOVED),
    ]
    come = changes_between(town(**gone), town(**there))
    assert [(each.table, each.kind, each.nature) for each in come] == [
        ("projects", Change.NEW, ""),
        ("funding", Change.NEW, ""),
    ]


def test_row_that_the_file_has_with_a_fault_is_left_out_and_not_removed() -> None:
    before = town(projects=[project(id="b"), project(id="c")], funding=[line(project_id="b")])
    gone = town(projects=[], funding=[])
    after = dataclasses.replace(gone, left_out={"projects": frozenset({"b"})})
    found = [(each.table, each.subject, each.kind) for each in changes_between(before, after)]
    assert found == [
        ("projects", "c", Change.REMOVED),
        ("projects", "b", Change.LEFT_OUT),
        ("funding", "b", Change.LEFT_OUT),
    ]


# ---------------------------------------------------------------- steps, walks, places


def test_new_milestone_is_a_step_and_a_corrected_one_is_none() -> None:
    found = told({"milestones": [step()]}, {"milestones": [step(), step("2025-07")]})
    assert found == [(Change.STEP, "", None, None)]
    mended = step(text_it="Altro", phase="works")
    assert told({"milestones": [step()]}, {"milestones": [mended]}) == [
        (Change.KNOWN, "phase", None, "works"),
        (Change.MENDED, "text_it", "Passo", "Altro"),
    ]
    redated = told({"milestones": [step()]}, {"milestones": [step("2025-06-12")]})
    assert redated == [(Change.MENDED, "date", "2025-06", "2025-06-12")]


def test_stop_put_between_others_moves_them_on() -> None:
    def stops(*places: str) -> Rows:
        return {
            "stops": [
                Stop(itinerary_id="giro", order=order, place_id=place)
                for order, place in enumerate(places, 1)
            ]
        }

    assert told(stops("a", "b"), stops("a", "c", "b")) == [
        (Change.NEW, "", None, None),
        (Change.MENDED, "order", 2, 3),
    ]
    assert told(stops("a", "b"), stops("a", "c")) == [(Change.MENDED, "place_id", "b", "c")]


def space(lat: float | None, lon: float | None, **cells: Any) -> PublicSpace:
    made = {"id": "piazza", "name_it": "P", "name_en": "P", "kind": "square", **cells}
    return PublicSpace(lat=lat, lon=lon, **made)


def test_place_that_moved_tells_how_far() -> None:
    before, after = (
        town(public_spaces=[space(44.08, 10.1)]),
        town(public_spaces=[space(44.081, 10.1)]),
    )
    (found,) = changes_between(before, after)
    assert (found.kind, found.column) == (Change.MOVED, "position")
    assert (found.before, found.after) == ((44.08, 10.1), (44.081, 10.1))
    assert found.metres == pytest.approx(111.1, abs=0.2)


def test_position_that_becomes_known_did_not_move() -> None:
    rows: list[Rows] = [{"public_spaces": [space(*at)]} for at in ((None, None), (44.0, 10.0))]
    assert told(*rows) == [(Change.KNOWN, "position", None, (44.0, 10.0))]
    assert told(*rows[::-1]) == [(Change.WITHDRAWN, "position", (44.0, 10.0), None)]


def test_shape_may_change_where_the_position_does_not() -> None:
    def drawn(half: float) -> Catalogue:
        shape = shapely.box(10.1 - half, 44.08 - half, 10.1 + half, 44.08 + half)
        frame = to_frame([space(44.08, 10.1)], TABLES["public_spaces"], [shape])
        return shipped_town().with_tables({"public_spaces": frame})

    (found,) = changes_between(drawn(0.001), drawn(0.002))
    assert (found.kind, found.column) == (Change.MENDED, "shape")
    assert found.before.area < found.after.area
    (undrawn,) = changes_between(drawn(0.001), town(public_spaces=[space(44.08, 10.1)]))
    assert (undrawn.kind, undrawn.after) == (Change.WITHDRAWN, None)


SHIPPED = [name for name in TABLES if name != "addresses"]
"""The tables of the town that ships: it has no house numbers."""


@pytest.mark.parametrize("name", SHIPPED)
def test_row_more_or_less_is_told_of_every_table(name: str) -> None:
    ours = shipped_town()
    frame = ours.frames[name]
    fewer = ours.with_tables({name: frame.iloc[1:]})
    (gone,) = (each for each in changes_between(ours, fewer) if not each.nature)
    (new,) = (each for each in changes_between(fewer, ours) if not each.nature)
    (row,) = records(frame.iloc[:1], TABLES[name])
    assert (gone.table, gone.kind, gone.old, gone.new) == (name, Change.REMOVED, row, None)
    assert (new.table, new.old, new.new) == (name, None, row)
    assert new.kind is (Change.STEP if name == "milestones" else Change.NEW)
    assert new.subject == gone.subject != ""


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (name, column.name)
        for name in SHIPPED
        for column in TABLES[name].columns
        if column.name not in {*TABLES[name].key, "id", "lat", "lon", "project_id"}
    ],
)
def test_every_cell_of_every_table_is_compared(name: str, column: str) -> None:
    ours, table = shipped_town(), TABLES[name]
    rows = list(records(ours.frames[name], table))
    old = getattr(rows[0], column)
    other: Any = {
        "tuple": ("a", "b"),
        "bool": old is not True,
        "float": 1.5,
        "int": 998,
        "Decimal": Decimal("1.01"),
    }.get(type(old).__name__, PartialDate("1999"))
    rows[0] = dataclasses.replace(rows[0], **{column: other})
    frame = to_frame(rows, table, list(ours.frames[name].geometry) if table.located else None)
    found = changes_between(ours, ours.with_tables({name: frame}))
    cells = [each for each in found if not each.nature]
    if column in ("programme_id", "nature", "place_id") and name in ("funding", "stops"):
        assert cells
    else:
        (cell,) = cells
        assert (cell.column, cell.after) == (column, other)


def test_only_the_tables_that_are_asked_for_are_compared() -> None:
    before, after = town(), town(projects=[project()], milestones=[step()])
    found = changes_between(before, after, ("milestones",))
    assert {each.table for each in found} == {"milestones"}


def test_subjects_stand_together_the_most_telling_first() -> None:
    rows = [project(id=name, phase="works") for name in ("a", "b", "c")]
    changed = [
        project(id="a", phase="works", cup="B65I18000100001"),
        project(id="b", phase="dropped"),
        project(id="c", phase="works"),
        project(id="d"),
    ]
    before = town(projects=rows, milestones=[], funding=[])
    after = town(
        projects=changed,
        milestones=[step(project_id="b"), step(project_id="c")],
        funding=[],
        public_spaces=[],
    )
    groups = by_subject(changes_between(before, after))
    assert [group[0].subject for group in groups[:4]] == ["d", "b", "c", "a"]
    assert [each.kind for each in groups[1]] == [Change.DROPPED, Change.STEP]
    assert {each.table for group in groups[4:] for each in group} == {"public_spaces"}


def test_line_more_is_less_telling_than_a_project_that_advances() -> None:
    before = town(projects=[project(phase="design")], funding=[])
    after = town(projects=[project(phase="works")], funding=[line(None)])
    kinds = [each.kind for each in changes_between(before, after)]
    assert kinds == [Change.ADVANCED, Change.NEW]


# ---------------------------------------------------------------- any two towns

_DATES = st.none() | st.sampled_from(["2024", "2025-06", "2025-06-12"]).map(PartialDate)
_PROJECTS = st.lists(
    st.builds(
        project,
        id=st.sampled_from("abcd"),
        phase=st.none() | st.sampled_from([each.value for each in Phase]),
        stalled=st.none() | st.booleans(),
        declared_end=_DATES,
        first_declared_end=_DATES,
        owner=st.sampled_from([(), ("x",), ("x", "y")]),
        area_m2=st.none() | st.sampled_from([1.0, 2.5]),
    ),
    max_size=4,
    unique_by=lambda each: each.id,
)
_LINES = st.lists(
    st.builds(
        line,
        st.none() | st.sampled_from(["0", "1.5", "20"]),
        project_id=st.sampled_from("ab"),
        nature=st.sampled_from(["allocated", "spent"]),
        counted=st.booleans(),
        as_of=_DATES,
        source=st.sampled_from(["s", "t"]),
    ),
    max_size=6,
)
_STEPS = st.lists(
    st.builds(
        step,
        st.sampled_from(["2024", "2025-06"]),
        project_id=st.sampled_from("ab"),
        text_it=st.sampled_from(["Uno", "Due"]),
        source=st.sampled_from(["s", "t"]),
    ),
    max_size=5,
)
_TOWNS = st.fixed_dictionaries({"projects": _PROJECTS, "funding": _LINES, "milestones": _STEPS})
_WHOLE = (Change.NEW, Change.STEP)


def whole(found: Sequence[Difference], *kinds: Change) -> Counter[Any]:
    return Counter((each.table, each.subject) for each in found if each.kind in kinds)


@settings(max_examples=30, deadline=None)
@given(one=_TOWNS, other=_TOWNS)
def test_what_is_new_one_way_is_removed_the_other_way(one: Rows, other: Rows) -> None:
    first, second = town(**one), town(**other)
    there, back = changes_between(first, second), changes_between(second, first)
    assert whole(there, *_WHOLE) == whole(back, Change.REMOVED)
    assert whole(back, *_WHOLE) == whole(there, Change.REMOVED)
    assert bool(there) == bool(back)


@settings(max_examples=30, deadline=None)
@given(one=_TOWNS, other=_TOWNS)
def test_changes_applied_to_the_rows_of_one_give_those_of_the_other(one: Rows, other: Rows) -> None:
    found = changes_between(town(**one), town(**other))
    for name in ("projects", "funding", "milestones"):
        rows = Counter(one[name])
        pairs = {
            (id(each.old), id(each.new)): (each.old, each.new)
            for each in found
            if each.table == name and not each.nature
        }
        for old, new in pairs.values():
            rows[old] -= old is not None
            rows[new] += new is not None
        assert +rows == Counter(other[name])


@settings(max_examples=30, deadline=None)
@given(one=_TOWNS, other=_TOWNS)
def test_sums_are_those_of_the_project(one: Rows, other: Rows) -> None:
    towns = town(**one), town(**other)
    found = {
        (each.subject, each.nature): (each.before, each.after)
        for each in changes_between(*towns)
        if each.nature
    }
    for name in "ab":
        for nature in ("allocated", "spent"):
            sums = tuple(query.money_of(each, name).by_nature.get(nature) for each in towns)
            both = all(each.project(name) for each in towns) or not any(
                each.project(name) for each in towns
            )
            # The lines of what came or went as a whole tell its money.
            differ = both and sums[0] != sums[1]
            assert found.get((name, nature)) == (sums if differ else None)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_shuffled_rows_do_not_differ(seed: int) -> None:
    ours, dice = shipped_town(), random.Random(seed)  # noqa: S311
    order = {name: dice.sample(range(len(each)), len(each)) for name, each in ours.frames.items()}
    mixed = {name: each.iloc[order[name]] for name, each in ours.frames.items()}
    assert changes_between(ours, ours.with_tables(mixed)) == ()


def test_every_place_table_is_one_sort_of_subject() -> None:
    names = [table.name for table in PLACE_TABLES]
    ours = shipped_town()
    fewer = ours.with_tables({name: ours.frames[name].iloc[1:] for name in names})
    found = changes_between(ours, fewer)
    assert [each.table for each in found] == names


def test_repeated_ids_are_neither_lost_nor_a_crash() -> None:
    ours = shipped_town()
    frame = ours.frames["events"]
    twice = ours.with_tables({"events": frame.iloc[[0, 0, *range(len(frame))]]})
    found = changes_between(ours, twice)
    assert [each.kind for each in found] == [Change.NEW, Change.NEW]
    assert [each.kind for each in changes_between(twice, ours)] == [Change.REMOVED] * 2
