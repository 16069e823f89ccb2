"""Events as calendars, read by another reader than the one that writes them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as Entry

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.export.calendar import CalendarFile, calendar_of

Make: TypeAlias = Callable[..., Catalogue]

DAY = dt.date(2026, 7, 10)
NOW = dt.datetime(2026, 7, 10, 8, 30, tzinfo=dt.UTC)
SITE = "https://town.example/mappa"
PLACE = {
    "id": "duomo",
    "name_it": "Duomo",
    "name_en": "Cathedral",
    "kind": "museum",
    "address": "Piazza del Duomo",
    "lat": "44.0799",
    "lon": "10.0994",
}


def link(place_id: str) -> str:
    return f"https://town.example/it/luoghi/{place_id}"


def row(start: str = "", end: str = "", repeats: str = "", **more: str) -> dict[str, str]:
    return {"id": "festa", "start": start, "end": end, "repeats": repeats, **more}


def town(make: Make, *rows: Mapping[str, str]) -> Catalogue:
    return make(attractions=[PLACE], events=rows)


def write(catalogue: Catalogue, language: str = "it", **more: object) -> CalendarFile:
    options = {"site": SITE, "now": NOW, "link": link} | more
    return calendar_of(catalogue, query.occasions(catalogue, DAY), language, **options)  # type: ignore[arg-type]


def read(file: CalendarFile) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(file.content.decode())


def entry(make: Make, *rows: Mapping[str, str], language: str = "it", **more: object) -> Entry:
    (found,) = read(write(town(make, *rows), language, **more)).events
    return found


def begins(entry: Entry) -> str:
    return str(entry.dtstart.isoformat()) if entry.dtstart else ""


def lines(file: CalendarFile) -> list[str]:
    """Give the lines as they are meant, folded ones in one piece."""
    return file.content.decode().replace("\r\n ", "").split("\r\n")


def test_whole_days_end_on_the_day_after_the_last(make_catalogue: Make) -> None:
    found = entry(make_catalogue, row("2026-09-11", "2026-09-14"))
    assert (found.dtstart, found.dtend) == (dt.date(2026, 9, 11), dt.date(2026, 9, 15))
    assert (found.uid, found.dtstamp) == ("festa@town.example", NOW)
    assert found.rrule is None


def test_known_time_is_local_time(make_catalogue: Make) -> None:
    made = row("2026-09-11", "2026-09-11", start_time="17:00", end_time="22:00")
    catalogue = town(make_catalogue, made)
    found = entry(make_catalogue, made)
    assert begins(found) == "2026-09-11T17:00:00+02:00"
    assert found.end.isoformat() == "2026-09-11T22:00:00+02:00"
    assert "DTSTART;TZID=Europe/Rome:20260911T170000" in lines(write(catalogue))


def test_time_of_several_days_is_that_of_each(make_catalogue: Make) -> None:
    times = {"start_time": "17:00", "end_time": "22:00"}
    catalogue = town(make_catalogue, row("2026-09-11", "2026-09-13", **times))
    days = [begins(each) for each in read(write(catalogue)).timeline]
    assert days == [f"2026-09-{day}T17:00:00+02:00" for day in (11, 12, 13)]
    ends = [each.end.isoformat() for each in read(write(catalogue)).timeline]
    assert ends == [f"2026-09-{day}T22:00:00+02:00" for day in (11, 12, 13)]


def test_night_ends_on_the_next_day(make_catalogue: Make) -> None:
    times = {"start_time": "21:00", "end_time": "02:00"}
    found = entry(make_catalogue, row("2026-09-11", "2026-09-12", **times))
    assert begins(found) == "2026-09-11T21:00:00+02:00"
    assert found.end.isoformat() == "2026-09-12T02:00:00+02:00"
    assert found.rrule is None
    two = town(make_catalogue, row("2026-09-11", "2026-09-13", **times))
    assert len(list(read(write(two)).timeline)) == 2


def test_unknown_end_is_not_made_up(make_catalogue: Make) -> None:
    found = entry(make_catalogue, row("2026-09-11"))
    assert (found.dtstart, found.dtend) == (dt.date(2026, 9, 11), None)
    assert "la fine non è nota" in (found.description or "")
    timed = entry(make_catalogue, row("2026-09-11", "2026-09-11", start_time="17:00"))
    assert timed.dtend is None


def test_same_day_returns_every_year(make_catalogue: Make) -> None:
    catalogue = town(make_catalogue, row("2025-07-07", "2025-07-07", "same_day"))
    calendar = read(write(catalogue))
    starts = [
        each.dtstart
        for each in calendar.timeline.overlapping(dt.date(2026, 1, 1), dt.date(2028, 12, 31))
    ]
    assert starts == [dt.date(year, 7, 7) for year in (2026, 2027, 2028)]
    assert "RRULE:FREQ=YEARLY" in lines(write(catalogue))


def test_day_that_only_the_return_tells_is_said_not_to_be_announced(make_catalogue: Make) -> None:
    found = entry(make_catalogue, row("2025-07-07", "2025-07-07", "same_day"))
    said = "Ricorre ogni anno in questo giorno; il programma del 2027 non è annunciato"
    assert said in (found.description or "").split("\n")
    documented = entry(make_catalogue, row("2026-08-07", "2026-08-07", "same_day"))
    assert "programma" not in (documented.description or "")


def test_days_of_a_year_with_times_return_as_whole_days(make_catalogue: Make) -> None:
    times = {"start_time": "17:00", "end_time": "22:00"}
    found = entry(make_catalogue, row("2025-07-07", "2025-07-08", "same_day", **times))
    assert (found.dtstart, found.dtend) == (dt.date(2025, 7, 7), dt.date(2025, 7, 9))
    assert "Orario: 17:00–22:00" in (found.description or "")


def test_events_without_a_known_day_are_counted_and_not_written(make_catalogue: Make) -> None:
    rows = [
        row("2026-09-11", "2026-09-14"),
        row("2026-09") | {"id": "month"},
        row("2025-09-11", "2025-09-14", "yearly") | {"id": "expected"},
        row("") | {"id": "undated"},
        row("2018-08-23", "2018-08-26") | {"id": "past"},
        row("2010-05-01", "2010-05-01", "ended") | {"id": "ended"},
    ]
    file = write(town(make_catalogue, *rows))
    assert [each.uid for each in read(file).events] == ["festa@town.example"]
    assert file.n_undated == 3


@pytest.mark.parametrize("repeats", ["yearly", "", "ended"])
def test_edition_that_is_over_may_stand_in_the_calendar_of_one_event(
    make_catalogue: Make, repeats: str
) -> None:
    over = row("2025-06-07", "2025-06-08", repeats)
    found = entry(make_catalogue, over, past=True)
    assert (found.dtstart, found.rrule) == (dt.date(2025, 6, 7), None)
    assert "7–8 giugno 2025" in (found.description or "")
    assert read(write(town(make_catalogue, over))).events == []


def test_entry_says_where_when_and_who_says_so(make_catalogue: Make) -> None:
    made = row(
        "2026-09-11",
        "2026-09-11",
        place_id="duomo",
        summary_it="Musica, balli; e vino",
        summary_en="Music",
        note_it="La piazza cambia.\nDa verificare",
        note_en="The square varies.",
        recurrence_it="Ogni anno",
        recurrence_en="Every year",
        website="https://festa.example/",
        as_of="2026-05",
        sources="https://www.one.example/a | https://two.example/b | https://two.example/c",
        source_dates="||",
    )
    found = entry(make_catalogue, made)
    assert (found.summary, found.location) == ("Festa", "Duomo, Piazza del Duomo")
    assert found.geo is not None
    assert (found.geo.lat, found.geo.lng) == (44.0799, 10.0994)
    assert found.url == "https://festa.example/"
    assert (found.description or "").split("\n") == [
        "Musica, balli; e vino",
        "La piazza cambia.",
        "Da verificare",
        "Quando ritorna: Ogni anno",
        "Date secondo: one.example, two.example; ultimo aggiornamento: maggio 2026",
        "Il luogo: https://town.example/it/luoghi/duomo",
    ]
    english = entry(make_catalogue, made, language="en")
    assert english.location == "Cathedral, Piazza del Duomo"
    assert (english.description or "").startswith(
        "Music\nThe square varies.\nWhen it returns: Every year\n"
    )
    bare = entry(make_catalogue, made, link=lambda _: "javascript:alert(1)")
    assert "javascript" not in (bare.description or "")


def test_quarter_is_the_place_of_an_event_without_one(make_catalogue: Make) -> None:
    found = entry(make_catalogue, row("2026-09-11", quarter="centro"))
    assert (found.location, found.geo, found.url) == ("Centro, Prova", None, None)


def test_calendar_tells_its_name_and_the_rules_of_its_clock(make_catalogue: Make) -> None:
    file = write(town(make_catalogue, row()))
    assert read(file).events == []
    assert [zone.tz_id for zone in read(file).timezones] == ["Europe/Rome"]
    told = lines(file)
    assert told[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert {"X-WR-CALNAME:Eventi a Prova", "X-WR-TIMEZONE:Europe/Rome"} <= {*told}
    assert any(line.startswith("PRODID:-//regen-map//") for line in told)
    assert "X-WR-CALNAME:Mia" in lines(write(town(make_catalogue, row()), name="Mia"))


def time_zone(file: CalendarFile) -> str:
    text = file.content.decode()
    return text[text.index("BEGIN:VTIMEZONE") : text.index("BEGIN:VEVENT")]


def test_changes_of_the_clock_are_told_in_the_local_time_before_them(make_catalogue: Make) -> None:
    told = time_zone(write(town(make_catalogue, row("2026-09-11"))))
    summer, winter = told.split("BEGIN:DAYLIGHT")[1].split("BEGIN:STANDARD")
    assert "DTSTART:20260329T020000" in summer
    assert "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200" in summer
    assert "DTSTART:20261025T030000" in winter
    assert "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100" in winter


def moments_of(zone: ZoneInfo) -> Iterator[dt.datetime]:
    """Give the beginning of every day of two years, and every hour where clocks change."""
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    start = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    for n in range(730):
        begins = start + n * day
        changes = begins.astimezone(zone).utcoffset() != (begins + day).astimezone(zone).utcoffset()
        yield from (begins + each * hour for each in range(24 if changes else 1))


@pytest.mark.parametrize(
    ("name", "n_changes"),
    [("Europe/Rome", 4), ("America/New_York", 4), ("Asia/Kolkata", 0)],
)
def test_another_reader_finds_the_same_time_around_every_change(
    make_catalogue: Make, name: str, n_changes: int
) -> None:
    catalogue = town(make_catalogue, row("2026-09-11"))
    catalogue = replace(catalogue, city=replace(catalogue.city, time_zone=name))
    found = tz.tzical(io.StringIO(time_zone(write(catalogue)))).get(name)
    moments = list(moments_of(ZoneInfo(name)))
    assert len(moments) == 730 + 23 * n_changes
    for moment in moments:
        read_back, local = moment.astimezone(found), moment.astimezone(ZoneInfo(name))
        assert read_back.replace(tzinfo=None) == local.replace(tzinfo=None, fold=0)


@pytest.mark.parametrize("site", ["", "javascript:alert(1)", "http://"])
def test_without_a_site_the_id_is_still_always_the_same(make_catalogue: Make, site: str) -> None:
    found = entry(make_catalogue, row("2026-09-11"), site=site)
    assert found.uid.startswith("urn:uuid:")
    assert found.uid == entry(make_catalogue, row("2026-10-11"), site=site).uid


def test_equal_events_are_equal_files(make_catalogue: Make) -> None:
    catalogue = town(make_catalogue, row("2026-09-11"), row("2026-09-12") | {"id": "due"})
    assert write(catalogue) == write(catalogue)


def test_moment_without_a_time_zone_is_refused(make_catalogue: Make) -> None:
    with pytest.raises(ValueError, match="time zone"):
        write(town(make_catalogue), now=NOW.replace(tzinfo=None))


_HOSTILE = st.text(max_size=200) | st.sampled_from(
    [
        "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
        "x\nATTACH:file:///etc/passwd",
        "a\rb\x0bc\x0cd\x85e\u2028f\u2029g\x1ch",
        "\x00\x07\ud800\u202e\u2066",
        "comma, semicolon; back\\slash\\n \\, \\;",
        ":" * 100,
        "è" * 300,
        "=HYPERLINK(1)<b>${x}`",
        "word " * 20_000,
    ]
)


def letters(text: str) -> list[str]:
    return [each for each in text if each.isalnum()]


@settings(deadline=None)
@given(name=_HOSTILE, text=_HOSTILE, address=_HOSTILE)
def test_no_text_becomes_a_line_of_its_own(
    make_catalogue: Make, name: str, text: str, address: str
) -> None:
    catalogue = town(make_catalogue, row("2026-09-11", "2026-09-11"))
    (occasion,) = query.occasions(catalogue, DAY)
    event = replace(
        occasion.event,
        name_it=name,
        summary_it=text,
        recurrence_it=name,
        note_it=text,
        website=f"https://x.example/{address}",
        sources=("https://x.example/",),
    )
    file = calendar_of(
        catalogue,
        [replace(occasion, event=event)],
        "it",
        site=SITE,
        now=NOW,
        link=lambda _: address,
        name=name,
    )
    known = {
        *("BEGIN", "END", "VERSION", "PRODID", "X-WR-CALNAME", "X-WR-TIMEZONE", "TZID", "COMMENT"),
        *("DTSTART", "RDATE", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "DTEND", "DTSTAMP", "UID"),
        *("SUMMARY", "DESCRIPTION", "TRANSP", "URL", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE"),
    }
    told = [line for line in lines(file) if line]
    assert {line.partition(":")[0] for line in told} <= known
    assert sum(line.startswith(("SUMMARY", "DESCRIPTION", "UID")) for line in told) == 3
    assert all(len(line.encode()) <= 75 for line in file.content.decode().split("\r\n"))
    (found,) = read(file).events
    assert letters(found.summary or "") == letters(name or "Festa")
