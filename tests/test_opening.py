from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regen_map import query
from regen_map.catalogue import Catalogue, City
from regen_map.intake.city import read_city
from regen_map.messages import LANGUAGES
from regen_map.messages.opening import now_in_short, now_in_words, week_in_words
from regen_map.query import OpeningState
from tests.conftest import CITY

Make = Callable[..., Catalogue]

ROME = ZoneInfo("Europe/Rome")
OPEN, CLOSED, UNKNOWN = OpeningState
NOON_BREAK = "Mo-Fr 09:00-13:00,15:00-18:00; Sa 10:00-12:00; PH off"


def town() -> City:
    found, _ = read_city(CITY)
    assert found is not None
    return found


TOWN = town()


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ROME)


def at(hours: str | None, text: str) -> query.Opening:
    return query.opening_at(hours, moment(text), TOWN)


def words(hours: str | None, text: str, language: str = "it") -> str:
    return now_in_words(at(hours, text), language)


def table(hours: str | None, day: str, language: str = "it") -> dict[str, str]:
    date = dt.date.fromisoformat(day)
    days = query.week(hours, date, TOWN)
    holidays = query.holiday_hours(hours, date, TOWN)
    return dict(week_in_words(days, language, holidays=holidays))


# ---------------------------------------------------------------- at a moment


@pytest.mark.parametrize(
    ("when", "state", "change", "today"),
    [
        ("2026-11-23T08:59", CLOSED, "2026-11-23T09:00", True),
        ("2026-11-23T09:00", OPEN, "2026-11-23T13:00", True),
        ("2026-11-23T12:59:59", OPEN, "2026-11-23T13:00", True),
        ("2026-11-23T13:00", CLOSED, "2026-11-23T15:00", True),
        ("2026-11-23T18:00", CLOSED, "2026-11-24T09:00", False),
        ("2026-11-28T12:00", CLOSED, "2026-11-30T09:00", False),
        # The Republic's day, a Tuesday.
        ("2026-06-01T18:00", CLOSED, "2026-06-03T09:00", False),
        ("2026-06-02T10:00", CLOSED, "2026-06-03T09:00", False),
    ],
)
def test_noon_break_nights_and_holidays_are_closed(
    when: str, state: OpeningState, change: str, *, today: bool
) -> None:
    found = at(NOON_BREAK, when)
    assert (found.state, found.change, found.today) == (state, moment(change), today)


@pytest.mark.parametrize(
    ("hours", "when", "state", "change"),
    [
        ("24/7", "2026-11-23T03:00", OPEN, None),
        ("off", "2026-11-23T03:00", CLOSED, None),
        ("Fr 22:00-02:00", "2026-11-28T01:59", OPEN, "2026-11-28T02:00"),
        ("Fr 22:00-02:00", "2026-11-28T02:00", CLOSED, "2026-12-04T22:00"),
        ("Jun-Aug 10:00-12:00", "2026-11-23T11:00", CLOSED, "2027-06-01T10:00"),
        ("week 01-26 Mo 10:00-12:00", "2026-11-23T11:00", CLOSED, "2027-01-04T10:00"),
        ("week 27-53 Mo 10:00-12:00", "2026-11-23T11:00", OPEN, "2026-11-23T12:00"),
        ("sunrise-sunset", "2026-11-23T16:00", OPEN, "2026-11-23T16:47"),
        ("Mo-Su,PH 10:00-12:00", "2026-06-02T11:00", OPEN, "2026-06-02T12:00"),
        ('Mo 10:00-12:00 open "gruppi"', "2026-11-23T11:00", OPEN, "2026-11-23T12:00"),
    ],
)
def test_the_syntax_of_openstreetmap_is_understood(
    hours: str, when: str, state: OpeningState, change: str | None
) -> None:
    found = at(hours, when)
    assert (found.state, found.change) == (state, change and moment(change))


@pytest.mark.parametrize(
    ("hours", "stated"),
    [
        (None, False),
        ("", False),
        ("sempre", False),
        ("Mo-Fr 9.00-13.00", False),
        ("unknown", True),
        ('"su appuntamento"', True),
        ('Mo-Fr 09:00-13:00 "su appuntamento"', True),
        # An end that nobody states, and holidays of schools, which nobody here knows.
        ("Mo-Su 09:00+", True),
        ("Mo-Su 09:00-10:00+", True),
        ("Mo-Fr 09:00-13:00; SH off", True),
        # Nothing is said of days that are no holidays.
        ("PH off", True),
    ],
)
def test_what_is_not_known_is_never_closed(hours: str | None, *, stated: bool) -> None:
    found = at(hours, "2026-11-23T11:30")
    assert (found.state, found.stated) == (UNKNOWN, stated)
    assert now_in_short(found, "it") == ""


def test_closed_on_holidays_is_closed_on_a_holiday() -> None:
    assert at("PH off", "2026-06-02T11:00").state == CLOSED


@pytest.mark.parametrize(
    ("utc", "state", "change"),
    [
        # At 1:00 UTC the clocks of Rome jump from 2:00 to 3:00 …
        ("2026-03-29T00:59", OPEN, "2026-03-29T05:00+02:00"),
        ("2026-03-29T01:00", OPEN, "2026-03-29T05:00+02:00"),
        ("2026-03-29T02:59", OPEN, "2026-03-29T05:00+02:00"),
        ("2026-03-29T03:00", CLOSED, "2026-04-04T22:00+02:00"),
        # … and in autumn from 3:00 back to 2:00.
        ("2026-10-25T00:30", OPEN, "2026-10-25T05:00+01:00"),
        ("2026-10-25T01:30", OPEN, "2026-10-25T05:00+01:00"),
        ("2026-10-25T03:59", OPEN, "2026-10-25T05:00+01:00"),
        ("2026-10-25T04:00", CLOSED, "2026-10-31T22:00+01:00"),
    ],
)
def test_nights_in_which_the_clocks_change(utc: str, state: OpeningState, change: str) -> None:
    when = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)
    found = query.opening_at("Sa 22:00-05:00", when, TOWN)
    assert found.state == state
    assert found.change == dt.datetime.fromisoformat(change)


@pytest.mark.parametrize("when", ["2026-03-29T02:30", "2026-03-27T02:30", "2026-10-25T02:30"])
def test_hours_that_no_clock_shows_do_no_harm(when: str) -> None:
    assert at("24/7", when).state == OPEN


def test_moment_may_be_told_in_any_time_zone() -> None:
    when = moment("2026-11-23T14:00")
    tokyo = when.astimezone(ZoneInfo("Asia/Tokyo"))
    assert query.opening_at(NOON_BREAK, tokyo, TOWN) == at(NOON_BREAK, "2026-11-23T14:00")
    assert query.day_of(tokyo.replace(hour=1, day=24), TOWN) == dt.date(2026, 11, 23)


def test_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="must have a time zone"):
        query.opening_at(NOON_BREAK, moment("2026-11-23T14:00").replace(tzinfo=None), TOWN)


def test_country_whose_holidays_nobody_knows_has_none() -> None:
    nowhere = dataclasses.replace(TOWN, holiday_country="XX")
    found = query.opening_at(NOON_BREAK, moment("2026-06-02T10:00"), nowhere)
    assert found.state == OPEN
    assert not any(day.holiday for day in query.week(NOON_BREAK, dt.date(2026, 6, 1), nowhere))


PIECES = ["Mo", "Fr-Su", "PH", "off", "unknown", "open", '"x"', "24/7", "week 53", "Feb 29"]
PIECES += [
    "easter",
    "09:00-13:00",
    "22:00-30:00",
    "sunset+",
    "(sunrise+01:00)-12:00",
    "2026-2030/3",
]
PIECES += [";", ",", "||", " ", ":", "-", "Mo[-1]", "+100 days", "SH", "Jan 31-Mar 01", "99:99"]


@settings(max_examples=300)
@given(
    hours=st.one_of(
        st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join)
    ),
    when=st.integers(0, 4_000_000_000).map(lambda each: dt.datetime.fromtimestamp(each, ROME)),
)
def test_every_text_is_open_closed_or_unknown(hours: str, when: dt.datetime) -> None:
    found = query.opening_at(hours, when, TOWN)
    assert found.state in OpeningState
    assert found.change is None or found.change > found.at
    days = query.week(hours, query.day_of(when, TOWN), TOWN)
    assert len(days) == 7
    for language in LANGUAGES:
        assert now_in_words(found, language)
        assert bool(now_in_short(found, language)) == (found.state != UNKNOWN)
        assert week_in_words(days, language)


# ---------------------------------------------------------------- through a week


def test_week_begins_with_the_day_and_names_holidays() -> None:
    days = query.week(NOON_BREAK, dt.date(2026, 5, 30), TOWN)
    assert [day.date.day for day in days] == [30, 31, 1, 2, 3, 4, 5]
    assert [day.state for day in days] == [OPEN, CLOSED, OPEN, CLOSED, OPEN, OPEN, OPEN]
    assert [day.holiday for day in days] == [False, False, False, True, False, False, False]


def test_night_belongs_to_its_evening() -> None:
    days = query.week("Fr,Sa 22:00-02:00", dt.date(2026, 11, 27), TOWN)
    assert [len(day.spans) for day in days] == [1, 1, 0, 0, 0, 0, 0]
    assert days[1].spans[0].end == moment("2026-11-29T02:00")


def test_days_without_a_pause_are_cut_at_midnight() -> None:
    days = query.week("24/7", dt.date(2026, 10, 22), TOWN)
    assert [span.start.time() for day in days for span in day.spans] == [dt.time()] * 7


def test_week_of_unknown_hours_is_unknown() -> None:
    for hours in (None, "sempre", "unknown"):
        assert {day.state for day in query.week(hours, dt.date(2026, 11, 23), TOWN)} == {UNKNOWN}


# ---------------------------------------------------------------- of a catalogue


def test_every_entry_has_a_state(make_catalogue: Make) -> None:
    rows = [
        {"id": "open", "opening_hours": "Mo 10:00-12:00"},
        {"id": "later", "opening_hours": "Mo 15:00-18:00"},
        {"id": "silent"},
        {"id": "ceased", "opening_hours": "Mo 10:00-12:00", "status": "closed"},
        {"id": "asked", "opening_hours": "Mo 10:00-12:00", "visit": "by_appointment"},
        {"id": "same", "opening_hours": "Mo 10:00-12:00", "visit": "yes"},
    ]
    catalogue = make_catalogue(
        workshops=[{"kind": "gallery", **row} for row in rows],
        projects=[{"id": "p", "name_it": "Rete", "name_en": "Network"}],
    )
    when = moment("2026-11-23T11:00")
    states = query.open_now(catalogue, when)
    assert states.tolist() == [OPEN, CLOSED, UNKNOWN, UNKNOWN, UNKNOWN, OPEN, UNKNOWN]
    grouped = query.openings(catalogue, when)
    assert {now_in_short(each, "it"): list(where) for each, where in grouped.items()} == {
        "Aperto fino alle 12": [0, 5],
        "Apre alle 15": [1],
    }


def test_states_of_a_catalogue_are_those_of_its_places(make_catalogue: Make) -> None:
    texts = [NOON_BREAK, "24/7", "off", "PH off", '"x"', "Mo-Su 09:00+", "sunrise-sunset"]
    rows = [
        {"id": f"a{at}", "kind": "gallery", "opening_hours": text} for at, text in enumerate(texts)
    ]
    catalogue = make_catalogue(workshops=rows)
    for when in ("2026-11-23T14:00", "2026-06-02T11:00", "2026-11-28T11:00"):
        assert query.open_now(catalogue, moment(when)).tolist() == [
            at(text, when).state for text in texts
        ]


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("hours", "when", "italian", "english"),
    [
        (NOON_BREAK, "2026-11-23T16:00", "Aperto ora, fino alle 18:00", "Open now, until 18:00"),
        (NOON_BREAK, "2026-11-23T14:00", "Chiuso, apre alle 15:00", "Closed, opens at 15:00"),
        (
            NOON_BREAK,
            "2026-11-23T19:00",
            "Chiuso, apre domani alle 9:00",
            "Closed, opens tomorrow at 9:00",
        ),
        (
            NOON_BREAK,
            "2026-11-21T19:00",
            "Chiuso, apre lunedì 23 novembre alle 9:00",
            "Closed, opens Monday 23 November at 9:00",
        ),
        (
            "Jan 10:00-12:00",
            "2026-11-23T11:00",
            "Chiuso, apre venerdì 1 gennaio 2027 alle 10:00",
            "Closed, opens Friday 1 January 2027 at 10:00",
        ),
        ("off", "2026-11-23T11:00", "Oggi chiuso", "Closed today"),
        ("PH off", "2026-06-02T11:00", "Chiuso ora", "Closed now"),
        ("24/7", "2026-11-23T11:00", "Sempre aperto", "Always open"),
        (
            "Mo-Su 10:00-24:00",
            "2026-11-23T11:00",
            "Aperto ora, fino a mezzanotte",
            "Open now, until midnight",
        ),
        ("Mo 22:00-01:00", "2026-11-23T23:00", "Aperto ora, fino all’1:00", "Open now, until 1:00"),
        (
            "Mo-Fr",
            "2026-11-23T11:00",
            "Aperto ora, fino a tutto venerdì 27 novembre",
            "Open now, until the end of Friday 27 November",
        ),
        (
            "Mo 10:00-12:00; Mo 12:00-14:00 unknown",
            "2026-11-23T13:00",
            "Non si sa se ora è aperto",
            "Not known whether it is open now",
        ),
        (
            'Mo 10:00-12:00 open "gruppi"',
            "2026-11-23T11:00",
            "Aperto ora, fino alle 12:00 (gruppi)",
            "Open now, until 12:00 (gruppi)",
        ),
        ("sempre", "2026-11-23T11:00", "Orari non conosciuti", "Opening hours not known"),
        (None, "2026-11-23T11:00", "Orari non conosciuti", "Opening hours not known"),
    ],
)
def test_now_is_said_in_a_sentence(
    hours: str | None, when: str, italian: str, english: str
) -> None:
    assert words(hours, when) == italian
    assert words(hours, when, "en") == english


@pytest.mark.parametrize(
    ("hours", "when", "italian", "english"),
    [
        (NOON_BREAK, "2026-11-23T16:00", "Aperto fino alle 18", "Open until 18:00"),
        ("Mo 09:00-12:30", "2026-11-23T11:00", "Aperto fino alle 12:30", "Open until 12:30"),
        (NOON_BREAK, "2026-11-23T14:00", "Apre alle 15", "Opens at 15:00"),
        (NOON_BREAK, "2026-11-23T19:00", "Apre domani alle 9", "Opens tomorrow at 9:00"),
        (NOON_BREAK, "2026-11-21T19:00", "Apre lunedì alle 9", "Opens Monday at 9:00"),
        ("Mo 09:00-10:00", "2026-11-23T11:00", "Chiuso ora", "Closed now"),
        ("24/7", "2026-11-23T11:00", "Aperto ora", "Open now"),
    ],
)
def test_list_says_it_in_short(hours: str, when: str, italian: str, english: str) -> None:
    assert now_in_short(at(hours, when), "it") == italian
    assert now_in_short(at(hours, when), "en") == english


def test_days_with_equal_hours_stand_together() -> None:
    assert table(NOON_BREAK, "2026-11-26") == {
        "da lunedì a venerdì": "9:00–13:00, 15:00–18:00",
        "sabato": "10:00–12:00",
        "domenica": "chiuso",
        "festivi": "chiuso",
    }
    assert table("Mo,Tu,Th 10:00-24:00", "2026-11-23", "en") == {
        "Monday and Tuesday": "10:00–24:00",
        "Wednesday": "closed",
        "Thursday": "10:00–24:00",
        "Friday to Sunday": "closed",
    }


def test_holiday_stands_by_itself_with_its_date() -> None:
    assert table("Mo-Su 10:00-12:00; PH 16:00-18:00", "2026-05-30") == {
        "lunedì": "10:00–12:00",
        "da mercoledì a domenica": "10:00–12:00",
        "martedì 2 giugno, festivo": "16:00–18:00",
        "festivi": "16:00–18:00",
    }


def test_holidays_with_different_hours_are_not_thrown_together() -> None:
    assert "festivi" not in table("PH 16:00-18:00; Dec 25 off", "2026-11-23")
    assert "festivi" not in table("Mo-Su 10:00-12:00", "2026-11-23")


def test_what_must_be_asked_for_is_marked_in_the_week() -> None:
    assert table('Mo-Su 10:00-12:00 "gruppi"', "2026-11-23") == {
        "tutti i giorni": "10:00–12:00 (da confermare: gruppi)"
    }
    assert table("Mo-Su 10:00+", "2026-11-23", "en") == {
        "every day": "10:00–24:00 (to be confirmed)"
    }
    assert table("24/7", "2026-11-23") == {"tutti i giorni": "tutto il giorno"}
    assert table("sempre", "2026-11-23", "en") == {"every day": "not known"}
