from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue, PartialDate, Phase, Project
from regen_map.query.delays import whole_months

Make = Callable[..., Catalogue]

DAY = dt.date(2026, 11, 22)


def project(phase: str | None = None, **dates: str | None) -> Project:
    known: dict[str, Any] = {key: PartialDate(text) for key, text in dates.items() if text}
    return Project(id="verdi", name_it="Teatro", name_en="Theatre", phase=phase, **known)


def measured(**dates: str | None) -> tuple[str, int | None, int | None, int | None]:
    delay = query.delay_of(project(**dates), DAY)
    return delay.kind.value, delay.least_months, delay.months, delay.most_months


def test_finished_project_is_late_on_the_first_promise_not_on_the_last() -> None:
    dates = {"first_declared_end": "2016-12-31", "declared_end": "2019-11-30", "end": "2019-12-31"}
    assert measured(phase="completed", **dates) == ("finished", 36, 36, 36)


def test_project_that_ended_before_the_promise_is_early() -> None:
    assert measured(first_declared_end="2025-06-30", end="2025-04-29") == ("finished", -2, -2, -2)


def test_delay_that_is_declared_counts_from_the_first_declared_end() -> None:
    dates = {"first_declared_end": "2025-12-31", "declared_end": "2027-03-31"}
    assert measured(phase="works", **dates) == ("declared", 15, 15, 15)


def test_promise_that_still_holds_is_no_delay() -> None:
    assert measured(phase="works", first_declared_end="2027-06") == ("declared", 0, 0, 0)
    both = {"first_declared_end": "2027", "declared_end": "2027"}
    assert measured(phase="planning", **both) == ("declared", 0, 0, 0)


def test_what_goes_on_past_its_latest_declared_end_is_overdue_since_the_first() -> None:
    dates = {"first_declared_end": "2024-11-22", "declared_end": "2025-12-31"}
    delay = query.delay_of(project(phase="works", **dates), DAY)
    assert (delay.kind, delay.months) == (query.Kind.OVERDUE, 24)
    assert (delay.against, delay.until) == ("2024-11-22", "2026-11-22")


def test_declared_end_is_overdue_only_when_every_day_it_may_mean_has_passed() -> None:
    assert measured(phase="works", first_declared_end="2026")[0] == "declared"
    assert measured(phase="works", first_declared_end="2026-11-22")[0] == "declared"
    assert measured(phase="works", first_declared_end="2026-11-21") == ("overdue", 0, 0, 0)


@pytest.mark.parametrize(
    ("as_of", "told"),
    [(None, "no"), ("2025-05", "no"), ("2025-06", "no"), ("2025-07", "yes"), ("2026", "yes")],
)
def test_overdue_project_nobody_has_looked_at_since_may_have_ended(
    as_of: str | None, told: str
) -> None:
    delay = query.delay_of(project(phase="works", first_declared_end="2025-06", as_of=as_of), DAY)
    assert delay.kind is query.Kind.OVERDUE
    assert delay.unconfirmed is (told == "no")


def test_who_looked_after_the_first_promise_alone_does_not_know_how_the_last_was_kept() -> None:
    dates = {"first_declared_end": "2024-06", "declared_end": "2026-05", "as_of": "2025-06"}
    assert query.delay_of(project(phase="works", **dates), DAY).unconfirmed


def test_dates_that_stop_at_the_year_or_the_month_give_a_range() -> None:
    dates = {"first_declared_end": "2014", "end": "2018-06"}
    assert measured(phase="completed", **dates) == ("finished", 41, 41, 53)
    dates = {"first_declared_end": "2025-12", "declared_end": "2027-03"}
    assert measured(phase="works", **dates) == ("declared", 14, 14, 15)
    dates = {"first_declared_end": "2025", "end": "2023-06"}
    assert measured(phase="completed", **dates) == ("finished", -30, -18, -18)


def test_dates_that_leave_open_whether_it_is_late_give_no_months() -> None:
    dates = {"first_declared_end": "2024-10", "end": "2024"}
    assert measured(phase="completed", **dates) == ("finished", -9, None, 2)


@pytest.mark.parametrize(
    "told",
    [
        {"phase": "works", "start": "2020"},
        {"phase": "works", "end": "2020"},
        {"phase": "dropped", "first_declared_end": "2020", "declared_end": "2022"},
        {"phase": "completed", "first_declared_end": "2020"},
        {"phase": "completed", "first_declared_end": "2020", "declared_end": "2020"},
        {"first_declared_end": "2020"},
        {"first_declared_end": "2020", "declared_end": "2020"},
        {"phase": "works", "declared_end": "2030"},
    ],
    ids=str,
)
def test_what_nobody_can_measure_has_no_delay_rather_than_none_at_all(
    told: dict[str, str],
) -> None:
    delay = query.delay_of(project(**told), DAY)
    assert delay.kind is query.Kind.NONE
    assert (delay.months, delay.least_months, delay.most_months) == (None, None, None)
    assert (delay.against, delay.until) == (None, None)


def test_the_one_declared_end_stands_for_the_first() -> None:
    assert measured(phase="works", declared_end="2025-11-22") == ("overdue", 12, 12, 12)
    assert measured(declared_end="2025-11-22", end="2026-01-22") == ("finished", 2, 2, 2)


def test_end_that_has_not_come_yet_is_no_end() -> None:
    dates = {"first_declared_end": "2025-11-22", "end": "2026-12-01"}
    assert measured(phase="works", **dates)[0] == "overdue"


def test_longest_delay_comes_first_and_what_cannot_be_measured_last(make_catalogue: Make) -> None:
    rows = [
        {"id": "silent"},
        {"id": "early", "first_declared_end": "2025-06-30", "end": "2024-06-30"},
        {"id": "open", "first_declared_end": "2025-10", "end": "2025"},
        {"id": "late", "first_declared_end": "2025-06-30", "end": "2026-06-30"},
        {"id": "later", "first_declared_end": "2020-06-30", "phase": "works"},
        {"id": "as-late", "first_declared_end": "2024-06-30", "end": "2025-06-30"},
    ]
    catalogue = make_catalogue(projects=rows)
    order = [each.project.id for each in query.delays(catalogue, catalogue.projects, DAY)]
    assert order == ["later", "late", "as-late", "open", "early", "silent"]


def test_delays_are_told_of_the_projects_asked_for_alone(make_catalogue: Make) -> None:
    catalogue = make_catalogue(projects=[{"id": "a"}, {"id": "b"}])
    told = query.delays(catalogue, catalogue.projects[1:], DAY)
    assert [each.project.id for each in told] == ["b"]
    assert query.delays(catalogue, [], DAY) == ()


DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31))


def added(day: dt.date, months: int) -> dt.date:
    """Add months to a day; a day that the month lacks is its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@given(one=DAYS, other=DAYS)
def test_whole_months_are_as_many_as_fit(one: dt.date, other: dt.date) -> None:
    start, end = sorted((one, other))
    months = whole_months(start, end)
    assert added(start, months) <= end < added(start, months + 1)
    assert whole_months(end, start) == -months


PARTIAL = st.builds(lambda day, n: day.isoformat()[:n], DAYS, st.sampled_from([4, 7, 10]))


@given(first=PARTIAL, end=PARTIAL, share=st.floats(0, 1), other=st.floats(0, 1))
def test_every_day_that_dates_may_mean_lies_in_the_range(
    first: str, end: str, share: float, other: float
) -> None:
    delay = query.delay_of(project(first_declared_end=first, end=end), dt.date(2041, 1, 1))
    assert delay.least_months is not None
    assert delay.most_months is not None
    if first == end:
        assert (delay.least_months, delay.most_months) == (0, 0)
        return
    days = [
        date.first_day + (date.last_day - date.first_day) * part
        for date, part in ((PartialDate(first), share), (PartialDate(end), other))
    ]
    assert delay.least_months <= whole_months(*days) <= delay.most_months
    if delay.months is not None:
        assert abs(delay.months) == min(abs(delay.least_months), abs(delay.most_months))


@given(
    dates=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("first_declared_end", "declared_end", "end", "as_of"), PARTIAL)
    ),
    phase=st.none() | st.sampled_from(list(Phase)),
    day=DAYS,
)
def test_every_project_has_a_delay_or_none_that_can_be_measured(
    dates: dict[str, str], phase: str | None, day: dt.date
) -> None:
    delay = query.delay_of(project(phase=phase, **dates), day)
    told = (delay.least_months, delay.most_months, delay.against, delay.until)
    assert all(each is None for each in told) == (delay.kind is query.Kind.NONE)
    assert any(each is None for each in told) == (delay.kind is query.Kind.NONE)
