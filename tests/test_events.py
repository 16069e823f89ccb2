"""When events are held: what is known, what is expected, what nobody knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue, Event, PartialDate
from regen_map.intake import Rule, Severity, read_catalogue
from regen_map.messages import LANGUAGES
from regen_map.messages.events import (
    edition_in_words,
    not_announced_in_words,
    occasion_in_words,
)
from regen_map.query import Timing
from regen_map.query.events import events, occasion_between, occasion_of

Make: TypeAlias = Callable[..., Catalogue]
Rows: TypeAlias = Callable[..., bytes]
Files: TypeAlias = Callable[..., dict[str, bytes]]

DATA = Path(__file__).parents[1] / "data"
DAY = dt.date(2026, 7, 10)


def event(start: str = "", end: str = "", repeats: str = "", **times: str) -> Event:
    return Event(
        id="festa",
        name_it="Festa",
        name_en="Feast",
        start=PartialDate(start) if start else None,
        end=PartialDate(end) if end else None,
        repeats=repeats or None,
        start_time=times.get("start_time"),
        end_time=times.get("end_time"),
    )


def row(key: str, start: str = "", end: str = "", repeats: str = "") -> dict[str, str]:
    return {"id": key, "start": start, "end": end, "repeats": repeats}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def between(make: Make, first: str, last: str, *rows: Mapping[str, str]) -> list[str]:
    found = query.occasions_between(make(events=rows), DAY, day(first), day(last))
    return [each.event.id for each in found]


@pytest.mark.parametrize(
    ("start", "end", "repeats", "timing", "first", "last"),
    [
        ("2026-07-08", "2026-07-11", "", "running", "2026-07-08", "2026-07-11"),
        ("2026-07-10", "2026-07-10", "", "running", "2026-07-10", "2026-07-10"),
        ("2026-07-10", "", "", "running", "2026-07-10", None),
        ("2026-06", "2026-07-12", "", "running", None, "2026-07-12"),
        ("2026-07", "2026-07-12", "", "upcoming", None, "2026-07-12"),
        ("2026-07-11", "2026-07-12", "", "upcoming", "2026-07-11", "2026-07-12"),
        ("2026-07", "2026-07", "", "upcoming", None, None),
        ("2026", "2026", "", "upcoming", None, None),
        ("2026-09", "", "yearly", "upcoming", None, None),
        ("2026-08-01", "2026-08-02", "ended", "upcoming", "2026-08-01", "2026-08-02"),
        ("2025-09-11", "2025-09-14", "yearly", "expected", None, None),
        ("2025-09", "", "yearly", "expected", None, None),
        ("2025-09", "", "same_day", "expected", None, None),
        ("2025", "2025", "yearly", "undated", None, None),
        ("", "2025-09", "yearly", "undated", None, None),
        ("", "", "yearly", "undated", None, None),
        ("", "", "", "undated", None, None),
        ("2026-07-09", "", "", "past", None, None),
        ("2025-09-11", "2025-09-14", "", "past", None, None),
        ("2010", "2010", "ended", "ended", None, None),
        ("", "", "ended", "ended", None, None),
        ("2025-07-07", "2025-07-07", "same_day", "upcoming", "2027-07-07", "2027-07-07"),
        ("2025-07-09", "2025-07-11", "same_day", "running", "2026-07-09", "2026-07-11"),
        ("2025-08-01", "", "same_day", "upcoming", "2026-08-01", None),
        ("2025-12-31", "2026-01-01", "same_day", "upcoming", "2026-12-31", "2027-01-01"),
        ("2024-02-29", "2024-02-29", "same_day", "upcoming", "2028-02-29", "2028-02-29"),
    ],
)
def test_event_stands_to_a_day_as_its_dates_and_its_return_tell(  # noqa: PLR0913, PLR0917
    start: str, end: str, repeats: str, timing: str, first: str | None, last: str | None
) -> None:
    found = occasion_of(event(start, end, repeats), DAY)
    assert found.timing.value == timing
    assert found.first == (day(first) if first else None)
    assert found.last == (day(last) if last else None)
    assert found.last_edition == (start or None, end or None)
    assert (found.month is not None) == (found.timing is Timing.EXPECTED)


def test_day_that_is_in_leap_years_only_is_never_moved() -> None:
    leap = event("1896-02-29", "1896-02-29", "same_day")
    assert occasion_of(leap, day("1896-03-01")).first == day("1904-02-29")


def test_days_come_back_until_the_end_of_all_years() -> None:
    yearly = event("2025-07-07", "2025-07-07", "same_day")
    assert occasion_of(yearly, dt.date.max).timing is Timing.EXPECTED
    assert occasion_of(event("9999-12-31", "", "same_day"), dt.date.max).timing is Timing.RUNNING


_DATES = st.one_of(
    st.just(""),
    st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31)).flatmap(
        lambda date: st.sampled_from([date.isoformat(), f"{date:%Y-%m}", f"{date:%Y}"])
    ),
)
_DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
_REPEATS = st.sampled_from(["", "same_day", "yearly", "ended"])


def in_order(start: str, end: str) -> tuple[str, str]:
    reversed_ = start and end and PartialDate(start).surely_after(PartialDate(end))
    return (end, start) if reversed_ else (start, end)


@settings(deadline=None)
@given(_DATES, _DATES, _REPEATS, _DAYS)
def test_dates_are_never_made_up(start: str, end: str, repeats: str, today: dt.date) -> None:
    start, end = in_order(start, end)
    found = occasion_of(event(start, end, repeats), today)
    for known, told in ((start, found.first), (end, found.last)):
        if told is not None:
            same = known == told.isoformat()
            returned = repeats == "same_day" and len(start) == 10
            assert same or returned
    if found.timing is Timing.RUNNING:
        assert found.first is None or found.first <= today
        assert found.last is None or today <= found.last
    if found.timing is Timing.UPCOMING and found.first is not None:
        assert found.first > today or found.last is None
    if repeats == "same_day" and found.first is not None:
        assert f"{found.first:%m-%d}" == start[5:]
    for language in LANGUAGES:
        said = occasion_in_words(found, language)
        assert said
        assert "None" not in said
        assert "{" not in said


@settings(deadline=None)
@given(_DATES, _DATES, _REPEATS, _DAYS, _DAYS, st.integers(0, 500))
def test_what_is_held_between_two_days_overlaps_them(  # noqa: PLR0913, PLR0917
    start: str, end: str, repeats: str, today: dt.date, first: dt.date, n_days: int
) -> None:
    start, end = in_order(start, end)
    last = first + dt.timedelta(days=n_days)
    found = occasion_between(event(start, end, repeats), today, first, last)
    if found is None:
        return
    if found.first is not None:
        assert found.first <= last
    if found.last is not None:
        assert found.last >= first
    if found.timing is Timing.EXPECTED:
        assert repeats in ("yearly", "same_day")
        assert last >= today
    if found.timing in (Timing.PAST, Timing.ENDED) and repeats != "same_day":
        known = PartialDate(start or end), PartialDate(end or start)
        assert known[0].first_day <= last
        assert known[1].last_day >= first


def test_events_are_listed_by_when_they_are(make_catalogue: Make) -> None:
    rows = [
        row("past", "2018-08-23", "2018-08-26"),
        row("ended", "2010", "2010", "ended"),
        row("undated"),
        row("june", "2025-06-07", "2025-06-08", "yearly"),
        row("september", "2025-09-11", "2025-09-14", "yearly"),
        row("this-month", "2025-07-25", "2025-07-26", "yearly"),
        row("over-this-year", "2026-07-01", "2026-07-02", "yearly"),
        row("all-summer", "2025-06-13", "2025-09-28", "yearly"),
        row("next-year", "2025-05-01", "2025-05-01", "same_day"),
        row("soon", "2026-08-01", "2026-08-02"),
        row("long", "2026-07-01", "2026-09-30"),
        row("today", "2026-07-10", "2026-07-10"),
        row("later-past", "2025-10", "2025-10"),
    ]
    found = query.occasions(make_catalogue(events=rows), DAY)
    assert [each.event.id for each in found] == [
        *("today", "long", "soon", "next-year"),
        *("this-month", "all-summer", "september", "june", "over-this-year"),
        *("undated", "later-past", "past", "ended"),
    ]


def test_events_of_a_place_are_told_apart(make_catalogue: Make) -> None:
    places = [{"id": "rossi", "kind": "gallery"}]
    rows = [row("a"), row("b", "2026-08-01") | {"place_id": "rossi"}, row("c")]
    catalogue = make_catalogue(workshops=places, events=rows)
    assert [each.event.id for each in query.occasions_at(catalogue, "rossi", DAY)] == ["b"]
    assert [each.id for each in query.events_at(catalogue, "rossi")] == ["b"]
    assert query.occasions_at(catalogue, "", DAY) == query.occasions_at(catalogue, "x", DAY) == ()


def test_visit_meets_what_overlaps_it(make_catalogue: Make) -> None:
    rows = [
        row("over", "2026-07-11", "2026-07-12"),
        row("begins", "2026-07-20", "2026-08-02"),
        row("unknown-day", "2026-07", "2026-07"),
        row("expected", "2025-06-13", "2025-09-28", "yearly"),
        row("other-month", "2025-09-11", "2025-09-14", "yearly"),
        row("same-day", "2024-07-15", "2024-07-15", "same_day"),
        row("past", "2018-07-15", "2018-07-16"),
        row("ended", "2015-07-15", "2015-07-16", "ended"),
        row("undated", "2025", "2025", "yearly"),
    ]
    assert between(make_catalogue, "2026-07-14", "2026-07-20", *rows) == [
        *("unknown-day", "same-day", "begins", "expected")
    ]
    assert between(make_catalogue, "2026-07-20", "2026-07-14", *rows) == []


def test_edition_of_the_year_that_is_over_is_expected_the_year_after(make_catalogue: Make) -> None:
    held = row("held", "2026-07-01", "2026-07-02", "yearly")
    assert between(make_catalogue, "2026-07-10", "2026-07-31", held) == []
    assert between(make_catalogue, "2027-07-10", "2027-07-31", held) == ["held"]
    winter = row("winter", "2025-12-20", "2026-01-06", "yearly")
    assert between(make_catalogue, "2027-01-02", "2027-01-03", winter) == ["winter"]
    assert between(make_catalogue, "2026-07-10", "2026-11-30", winter) == []


def test_past_time_shows_the_documented_edition_alone(make_catalogue: Make) -> None:
    rows = [
        row("yearly", "2025-09-11", "2025-09-14", "yearly"),
        row("ended", "2025-09-12", "2025-09-12", "ended"),
        row("same-day", "2025-09-13", "2025-09-13", "same_day"),
    ]
    catalogue = make_catalogue(events=rows)
    there = query.occasions_between(catalogue, DAY, day("2025-09-01"), day("2025-09-30"))
    assert {each.event.id: each.timing.value for each in there} == {
        "yearly": "past",
        "same-day": "past",
        "ended": "ended",
    }
    assert [each.first for each in there if each.event.id == "same-day"] == [day("2025-09-13")]
    assert between(make_catalogue, "2024-09-01", "2024-09-30", *rows) == []


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("made", "italian", "english"),
    [
        (
            event("2027-07-07", "2027-07-08"),
            "Dal 7 all’8 luglio 2027",
            "From 7 to 8 July 2027",
        ),
        (
            event("2026-12-30", "2027-01-11"),
            "Dal 30 dicembre 2026 all’11 gennaio 2027",
            "From 30 December 2026 to 11 January 2027",
        ),
        (
            event("2026-08-11", "2026-09-02"),
            "Dall’11 agosto al 2 settembre 2026",
            "From 11 August to 2 September 2026",
        ),
        (event("2026-08-08", "2026-08-08"), "L’8 agosto 2026", "On 8 August 2026"),
        (
            event("2026-08-08", "2026-08-08", start_time="17:00", end_time="22:00"),
            "L’8 agosto 2026, ore 17:00–22:00",
            "On 8 August 2026, 17:00–22:00",
        ),
        (
            event("2026-08-01", "2026-08-02", start_time="17:00"),
            "Dal 1º al 2 agosto 2026, ogni giorno ore 17:00",
            "From 1 to 2 August 2026, 17:00 each day",
        ),
        (event("2025-05-01", "2025-05-01", "same_day"), "Il 1º maggio 2027", "On 1 May 2027"),
        (
            event("2026-09-30", "2026-10-01"),
            "Dal 30 settembre al 1º ottobre 2026",
            "From 30 September to 1 October 2026",
        ),
        (
            event("2026-07-01", "2026-08-01"),
            "In corso fino al 1º agosto 2026",
            "On now, until 1 August 2026",
        ),
        (
            event("2026-09", "2026-10-04"),
            "In programma: settembre 2026 – 4 ottobre 2026; i giorni esatti non sono noti",
            "Planned: September 2026 – 4 October 2026; the exact days are not known",
        ),
        (
            event("2026-07-01", "2026-07-11"),
            "In corso fino all’11 luglio 2026",
            "On now, until 11 July 2026",
        ),
        (
            event("2025-09-11", "2025-09-14", "yearly"),
            (
                "Di solito a settembre: le date della prossima edizione non sono note; "
                "ultima edizione nota: 11–14 settembre 2025"
            ),
            (
                "Usually in September: the dates of the next edition are not known; "
                "last known edition: 11–14 September 2025"
            ),
        ),
        (
            event("2025-08", "", "yearly"),
            (
                "Di solito ad agosto: le date della prossima edizione non sono note; "
                "ultima edizione nota: agosto 2025"
            ),
            (
                "Usually in August: the dates of the next edition are not known; "
                "last known edition: August 2025"
            ),
        ),
        (
            event("2025-07-27", "2025-08-13", "yearly"),
            (
                "Di solito tra luglio e agosto: le date della prossima edizione non sono note; "
                "ultima edizione nota: 27 luglio – 13 agosto 2025"
            ),
            (
                "Usually between July and August: the dates of the next edition are not known; "
                "last known edition: 27 July – 13 August 2025"
            ),
        ),
        (
            event("2015-06-18"),
            (
                "Ultima edizione nota: 18 giugno 2015 (la fine non è nota); "
                "non si sa se ce ne saranno altre"
            ),
            (
                "Last known edition: 18 June 2015 (the end is not known); "
                "whether there will be others is not known"
            ),
        ),
        (
            event("2010", "2010", "ended"),
            "Non si tiene più; ultima edizione nota: 2010",
            "No longer held; last known edition: 2010",
        ),
        (event("", "", "ended"), "Non si tiene più", "No longer held"),
        (event(), "Le date non sono note", "The dates are not known"),
    ],
)
def test_occasion_is_said_in_words(made: Event, italian: str, english: str) -> None:
    found = occasion_of(made, DAY)
    assert occasion_in_words(found, "it") == italian
    assert occasion_in_words(found, "en") == english


def test_edition_is_written_as_exact_as_it_is_known() -> None:
    assert edition_in_words("2025-06", "2025-09", "it") == "giugno–settembre 2025"
    assert edition_in_words("2010", "2011", "en") == "2010–2011"
    assert edition_in_words(None, "2025-03", "en") == "March 2025 (the start is not known)"
    assert edition_in_words(None, None, "it") == ""


@pytest.mark.parametrize(
    ("start", "end", "italian", "english"),
    [
        ("2025-05-01", "2025-05-01", "1º maggio 2025", "1 May 2025"),
        ("2025-05-01", "2025-05-03", "1º–3 maggio 2025", "1–3 May 2025"),
        ("2025-04-21", "2025-05-01", "21 aprile – 1º maggio 2025", "21 April – 1 May 2025"),
        (
            "2025-12-31",
            "2026-01-01",
            "31 dicembre 2025 – 1º gennaio 2026",
            "31 December 2025 – 1 January 2026",
        ),
        ("2025-04", "2025-05-01", "aprile 2025 – 1º maggio 2025", "April 2025 – 1 May 2025"),
        ("2025-05-11", "2025-05-11", "11 maggio 2025", "11 May 2025"),
    ],
)
def test_first_of_a_month_is_an_ordinal_number_in_italian(
    start: str, end: str, italian: str, english: str
) -> None:
    assert edition_in_words(start, end, "it") == italian
    assert edition_in_words(start, end, "en") == english


def test_day_that_only_the_return_tells_is_said_not_to_be_announced() -> None:
    one = occasion_of(event("2024-06-16", "2024-06-16", "same_day"), DAY)
    assert not_announced_in_words(one, "it") == (
        "Ricorre ogni anno in questo giorno; il programma del 2027 non è annunciato"
    )
    assert not_announced_in_words(one, "en") == (
        "Held every year on this day; the programme for 2027 has not been announced"
    )
    several = occasion_of(event("2024-07-09", "2024-07-10", "same_day"), DAY)
    assert not_announced_in_words(several, "it") == (
        "Ricorre ogni anno in questi giorni; il programma del 2026 non è annunciato"
    )
    no_end = occasion_of(event("2024-06-16", "", "same_day"), DAY)
    assert not_announced_in_words(no_end, "en").startswith("Held every year on this day;")


@pytest.mark.parametrize(
    "made",
    [
        event("2026-09-11", "2026-09-14", "same_day"),
        event("2026-07-10", "2026-07-10", "same_day"),
        event("2026-09-11", "2026-09-14"),
        event("2024-06-16", "2024-06-16", "yearly"),
        event("2024-06-16", "2024-06-16", "ended"),
        event("2024-06", "", "same_day"),
        event("", "", "same_day"),
    ],
)
def test_nothing_is_said_of_a_program_where_the_edition_is_documented_or_has_no_day(
    made: Event,
) -> None:
    assert not_announced_in_words(occasion_of(made, DAY), "it") == ""


def test_program_of_a_past_return_is_nobodys_matter() -> None:
    made = event("2020-06-16", "2020-06-16", "same_day")
    past = occasion_between(made, DAY, day("2024-06-01"), day("2024-06-30"))
    assert past is not None
    assert past.first == day("2024-06-16")
    assert not_announced_in_words(past, "it") == ""


# ---------------------------------------------------------------- from files


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ({"start_time": "tardi"}, ("start_time",)),
        (
            {"start": "2026-07-07", "end": "2026-07-07", "start_time": "9", "end_time": "8:00"},
            ("start_time",),
        ),
    ],
)
def test_unclear_time_leaves_the_row_out(
    change: dict[str, str], columns: tuple[str, ...], files: Files, rows: Rows
) -> None:
    reading = read_catalogue(files(events=rows("events", change)))
    told = [each for each in reading.issues if each.is_error]
    assert [(each.rule, each.columns, each.line) for each in told] == [(Rule.TIME, columns, 2)]


def test_end_before_the_start_of_the_same_day_is_told(files: Files, rows: Rows) -> None:
    times = {"start_time": "22:00", "end_time": "02:00"}
    same_day = times | {"start": "2026-07-07", "end": "2026-07-07"}
    (issue,) = read_catalogue(files(events=rows("events", same_day))).issues
    assert (issue.rule, issue.severity) == (Rule.TIMES_REVERSED, Severity.ERROR)
    assert (issue.columns, issue.found) == (("start_time", "end_time"), "22:00, 02:00")
    for dates in ({"end": "2026-07-08"}, {"start": "2026-07", "end": "2026-07"}, {"end": ""}):
        night = rows("events", same_day | dates)
        assert read_catalogue(files(events=night)).issues == ()


def test_times_and_returns_are_read_as_offices_write_them(files: Files) -> None:
    content = (
        "codice;nome;name;Si ripete;Ora inizio;Ora di fine\n"
        "festa;Festa;Feast;tutti gli anni;ore 9,30;18.00\n"
        "fiera;Fiera;Fair;data fissa;;\n"
    )
    reading = read_catalogue(files(events=content.encode()))
    assert not [each for each in reading.issues if each.is_error]
    assert reading.catalogue is not None
    found = events(reading.catalogue)
    read = [(each.repeats, each.start_time, each.end_time) for each in found.values()]
    assert read == [("yearly", "09:30", "18:00"), ("same_day", None, None)]


def test_events_of_carrara_promise_no_dates_that_are_not_announced() -> None:
    folder = {path.name: path.read_bytes() for path in DATA.iterdir() if path.is_file()}
    catalogue = read_catalogue(folder).catalogue
    assert catalogue is not None
    found = {each.event.id: each for each in query.occasions(catalogue, day("2026-11-01"))}
    assert len(found) == 13
    dated = {key: each.first for key, each in found.items() if each.first}
    assert dated == {
        "evento-primo-maggio-anarchico": day("2027-05-01"),
        "evento-san-ceccardo": day("2027-06-16"),
        "evento-7-luglio": day("2027-07-07"),
    }
    assert found["evento-con-vivere"].month == 9
    assert found["evento-biennale-scultura"].timing is Timing.PAST
