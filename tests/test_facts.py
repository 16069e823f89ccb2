"""What is told of places and projects, whoever shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regen_map.catalogue import Catalogue
from regen_map.facts import PlaceFacts, ProjectFacts, Wording
from regen_map.facts.hours import hours_for_machines
from regen_map.facts.letters import report_letter
from regen_map.facts.links import (
    email_link,
    geo_link,
    letter_link,
    one_direction,
    shortened,
    source_name,
    telephone_link,
    web_link,
)
from regen_map.facts.works import streets_in
from regen_map.messages import LANGUAGES, translator

DAY = dt.date(2026, 11, 23)
MONDAY_AT_TWO = dt.datetime.fromisoformat("2026-11-23T14:00+01:00")

Make: TypeAlias = Callable[..., Catalogue]


def facts_of(
    catalogue: Catalogue,
    place_id: str = "a",
    language: str = "en",
    now: dt.datetime | None = None,
) -> PlaceFacts:
    place = catalogue.place(place_id)
    assert place is not None
    return PlaceFacts(Wording(catalogue, translator(language), DAY, now), place)


@pytest.fixture
def workshop(make_catalogue: Make) -> Callable[..., PlaceFacts]:
    """Tell of a workshop of which only its kind and what is given are known."""

    def tell(language: str = "en", now: dt.datetime | None = None, **cells: str) -> PlaceFacts:
        rows = [{"id": "a", "kind": "gallery", **cells}]
        return facts_of(make_catalogue(workshops=rows), "a", language, now)

    return tell


@pytest.fixture
def project(make_catalogue: Make) -> Callable[..., ProjectFacts]:
    """Tell of a project at a workshop, or, without one, somewhere in the town."""

    def tell(
        language: str = "en",
        place: dict[str, str] | None = None,
        day: dt.date = DAY,
        **cells: str,
    ) -> ProjectFacts:
        rows = [{"id": "a", "kind": "gallery", **place}] if place else []
        at = {"place_id": "a"} if place else {}
        catalogue = make_catalogue(workshops=rows, projects=[{"id": "p", **at, **cells}])
        return ProjectFacts(Wording(catalogue, translator(language), day), catalogue.projects[0])

    return tell


Tell: TypeAlias = Callable[..., PlaceFacts]
TellProject: TypeAlias = Callable[..., ProjectFacts]

VIA_VERDI = {"address": "Via Verdi 8/10, 54033 Carrara"}


# ---------------------------------------------------------------- projects in plain words


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({}, "The stage of the project is not known."),
        ({"phase": "planning"}, "There is no approved design yet, and no building site."),
        (
            {"phase": "planning", "stalled": "yes"},
            "There is no approved design yet, and no building site. The project has stalled.",
        ),
        (
            {"phase": "works"},
            "Building site: expect noise and narrow passages in Via Verdi.",
        ),
        (
            {"phase": "works", "stalled": "yes"},
            "Stalled building site in Via Verdi: works have begun but are not going ahead.",
        ),
        (
            {"phase": "testing"},
            "Final checks before opening: passage may be restricted in Via Verdi.",
        ),
        (
            {"phase": "completed", "end": "2025-09"},
            "The project has been carried through: September 2025.",
        ),
        (
            {"phase": "completed"},
            "The project has been carried through, on a date that is not known.",
        ),
        ({"phase": "dropped"}, "It will no longer go ahead in this form."),
    ],
)
def test_phase_is_told_as_a_visitor_understands_it(
    cells: dict[str, str], sentence: str, project: TellProject
) -> None:
    assert project(place=VIA_VERDI, **cells).plain == sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stalled", ["", "yes", "no"])
@pytest.mark.parametrize("place", [None, VIA_VERDI, {"address": "Parco della Padula"}])
@pytest.mark.parametrize(
    "phase", ["", "planning", "design", "tender", "works", "testing", "completed", "dropped"]
)
def test_every_phase_has_a_sentence(
    phase: str, place: dict[str, str] | None, stalled: str, language: str, project: TellProject
) -> None:
    said = project(language, place, phase=phase, stalled=stalled).plain
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize(
    ("place", "italian", "english"),
    [
        (VIA_VERDI, " in via Verdi", " in Via Verdi"),
        ({"address": "corso Rosselli 4"}, " in corso Rosselli", " in Corso Rosselli"),
        (
            {"address": "Via Cucchiari, angolo via Verdi, Carrara"},
            " in via Cucchiari e via Verdi",
            " in Via Cucchiari and Via Verdi",
        ),
        (
            {"name_it": "Piazza Alberica", "name_en": "x"},
            " in piazza Alberica",
            " in Piazza Alberica",
        ),
        ({"name_it": "Molo", "name_en": "Pier"}, " presso Molo", " at Pier"),
        (
            {"name_it": "Via Verdi", "name_en": "Park", "address": "Parco della Padula"},
            " presso Via Verdi",
            " at Park",
        ),
        (None, "", ""),
    ],
)
def test_site_is_where_the_data_say(
    place: dict[str, str] | None, italian: str, english: str, project: TellProject
) -> None:
    said = [project(language, place, phase="works").plain for language in ("it", "en")]
    assert said == [
        f"Cantiere aperto: possibili rumori e passaggi stretti{italian}.",
        f"Building site: expect noise and narrow passages{english}.",
    ]


@pytest.mark.parametrize(
    ("text", "streets"),
    [
        ("", []),
        ("Parco della Padula", []),
        ("Carrara, via", []),
        ("Via Roma 3 bis", ["Via Roma"]),
        ("via Roma n. 12", ["via Roma"]),
        ("Piazza XXVII Aprile", ["Piazza XXVII Aprile"]),
        ("Piazza 2 Giugno 16", ["Piazza 2 Giugno"]),
        ("Piazza Sacco e Vanzetti", ["Piazza Sacco e Vanzetti"]),
        ("Incrocio via Verdi – via San Francesco", ["via Verdi", "via San Francesco"]),
        ("Via Don Minzoni / corso Rosselli", ["Via Don Minzoni", "corso Rosselli"]),
        ("Piazza Matteotti (già piazza Farini)", ["Piazza Matteotti"]),
        ("Via Verdi, VIA VERDI, Via Verdi", ["Via Verdi", "VIA VERDI"]),
        ("Viareggio, viadotto", []),
    ],
)
def test_streets_of_an_address_are_found(text: str, streets: list[str]) -> None:
    assert streets_in(text) == streets


@given(st.text() | st.from_regex(r"(via|piazza|corso) [a-z ,/()0-9]{0,80}"))
def test_street_that_no_text_names_is_never_told(text: str) -> None:
    known = " ".join(one_direction(text).split())
    for street in streets_in(text):
        kind, _, name = street.removesuffix("…").partition(" ")
        assert kind in known
        assert name in known


# ---------------------------------------------------------------- warnings of works


@pytest.mark.parametrize(
    ("as_of", "news"),
    [
        ("2026-11-23", ""),
        ("2025-11-23", ""),
        ("2025-11-22", " As of 22 November 2025."),
        ("2025-12", ""),
        ("2025-11", " As of November 2025."),
        ("2026", ""),
        ("2025", " As of 2025."),
        ("", " The date of this news is not known."),
    ],
)
def test_old_news_of_works_says_how_old_it_is(as_of: str, news: str, project: TellProject) -> None:
    told = project(place=VIA_VERDI, phase="works", as_of=as_of).disturbance
    assert told == f"Building site: expect noise and narrow passages in Via Verdi.{news}"


def test_year_counts_from_a_leap_day_too(project: TellProject) -> None:
    for day, old in ((dt.date(2025, 3, 1), True), (dt.date(2025, 2, 28), False)):
        told = project(day=day, phase="works", as_of="2024-02-29").disturbance
        assert ("As of" in told) == old


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"phase": "planning"},
        {"phase": "completed"},
        {"phase": "dropped"},
        {"phase": "works", "stalled": "yes"},
        {"phase": "testing", "stalled": "yes"},
    ],
)
def test_who_comes_by_is_not_warned_of_works_that_do_not_go_on(
    cells: dict[str, str], project: TellProject
) -> None:
    assert project(place=VIA_VERDI, **cells).disturbance == ""


def test_same_warning_is_given_once(make_catalogue: Make) -> None:
    works = {"place_id": "a", "phase": "works", "as_of": "2026"}
    catalogue = make_catalogue(
        workshops=[{"id": "a", "kind": "gallery"}],
        projects=[works | {"id": "p"}, works | {"id": "q"}, works | {"id": "r", "as_of": ""}],
    )
    assert len(facts_of(catalogue).disturbances) == 2


# ---------------------------------------------------------------- then and now


@pytest.mark.parametrize(
    ("phase", "label"),
    [
        ("completed", "After"),
        ("works", "Intended"),
        ("planning", "Intended"),
        ("dropped", "No longer planned"),
        ("", "New use"),
    ],
)
def test_what_is_only_intended_is_not_told_as_done(
    phase: str, label: str, project: TellProject
) -> None:
    told = project(phase=phase, former_use_en="Barracks", new_use_en="Studios").uses
    assert [(each.label, each.said.text) for each in told] == [
        ("Before", "Barracks"),
        (label, "Studios"),
    ]


def test_use_that_nobody_knows_is_said_to_be_unknown(project: TellProject) -> None:
    (before, after) = project(former_use_en="Barracks").uses
    assert before.known
    assert (after.known, after.said.text) == (False, "not known")
    assert project().uses == ()


# ---------------------------------------------------------------- picture

PICTURE = {"image": "Piazza d’Armi 1.jpg", "image_credit": "Ada Neri", "image_licence": "CC0 1.0"}


@pytest.mark.parametrize("missing", PICTURE)
def test_picture_without_author_or_licence_is_not_shown(missing: str, workshop: Tell) -> None:
    assert workshop(**PICTURE).picture is not None
    assert workshop(**(PICTURE | {missing: ""})).picture is None


def test_picture_is_offered_in_two_widths_and_described(workshop: Tell) -> None:
    picture = workshop("it", name_it="Bottega", **PICTURE).picture
    assert picture is not None
    file = "Piazza%20d%E2%80%99Armi%201.jpg"
    assert picture.addresses == {480: f"images/480/{file}", 960: f"images/960/{file}"}
    assert (picture.smallest, picture.largest) == tuple(picture.addresses.values())
    assert picture.alt == "Veduta di Bottega"


@pytest.mark.parametrize(
    "file",
    ["../secret", "https://evil.example/x.png", "//evil.example/x", "javascript:x", "a?b#c", ".."],
)
def test_picture_never_comes_from_elsewhere(file: str, workshop: Tell) -> None:
    picture = workshop(**(PICTURE | {"image": file})).picture
    assert picture is not None
    parts = urlsplit(urljoin("https://town.example/", picture.smallest))
    assert (parts.scheme, parts.netloc) == ("https", "town.example")
    assert parts.path.startswith("/images/")
    assert parts.query == parts.fragment == ""


# ---------------------------------------------------------------- open now


@pytest.fixture
def street(make_catalogue: Make) -> Catalogue:
    """Put four workshops along a street, of which the two farther ones have hours."""
    hours = ("", "Mo 08:00-12:00", "", "Mo 08:00-18:00", "24/7", "24/7")
    visits = ("", "yes", "yes", "yes", "by_appointment", "yes")
    return make_catalogue(
        workshops=[
            {
                "id": name,
                "kind": "gallery",
                "lat": f"{44.08 + 0.0005 * n:.4f}",
                "lon": "10.1",
                "opening_hours": hours[n],
                "visit": visits[n],
                "status": "closed" if name == "f" else "active",
            }
            for n, name in enumerate("abcdef")
        ]
    )


def test_neighbours_that_are_open_are_told_apart(street: Catalogue) -> None:
    told = facts_of(street, now=MONDAY_AT_TWO)
    assert [(each.place.id, each.open_now) for each in told.open_near] == [
        ("d", "Open until 18:00")
    ]
    assert [each.place.id for each in told.nearby] == ["b", "c", "e", "f"]
    assert {each.open_now for each in told.nearby} == {""}


def test_open_places_are_found_behind_many_nearer_ones(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[
            {
                "id": f"p{n}",
                "kind": "gallery",
                "lat": f"{44.08 + 0.0001 * n:.4f}",
                "lon": "10.1",
                "opening_hours": "24/7" if n in (9, 12, 15, 18) else "",
                "visit": "yes",
            }
            for n in range(20)
        ]
    )
    told = facts_of(catalogue, "p0", now=MONDAY_AT_TWO)
    assert [each.place.id for each in told.open_near] == ["p9", "p12", "p15"]
    assert [each.place.id for each in told.nearby] == ["p1", "p2", "p3", "p4", "p5", "p6"]


def test_without_a_moment_nobody_is_said_to_be_open(street: Catalogue) -> None:
    told = facts_of(street)
    assert [each.place.id for each in told.nearby] == ["b", "c", "d", "e", "f"]
    assert told.nearby == told.neighbours
    assert told.open_near == []
    assert {each.open_now for each in told.nearby} == {""}


@pytest.mark.parametrize(
    ("cells", "all_day", "at_two"),
    [
        ({}, "not known", "not known"),
        (
            {"opening_hours": "Mo-Su 09:00-13:00"},
            "every day 9:00–13:00",
            "Closed, opens tomorrow at 9:00",
        ),
        (
            {"opening_hours": "Mo-Su 09:00-13:00", "visit": "by_appointment"},
            "every day 9:00–13:00",
            "By appointment",
        ),
        (
            {"opening_hours": "Mo-Su 09:00-13:00", "status": "closed"},
            "The place is closed: its hours do not hold",
            "The place is closed: its hours do not hold",
        ),
    ],
)
def test_hours_are_told_for_the_day_or_for_the_moment(
    cells: dict[str, str], all_day: str, at_two: str, workshop: Tell
) -> None:
    for now, expected in ((None, all_day), (MONDAY_AT_TWO, at_two)):
        told = {each.label: each.said.text for each in workshop(now=now, **cells).facts}
        assert told["Opening hours"] == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, []),
        ("", []),
        ("Mo-Fr 08:30-16:00", ["Mo-Fr 08:30-16:00"]),
        ("We,Th 09:30-12:30,17:00-21:00", ["We,Th 09:30-12:30", "We,Th 17:00-21:00"]),
        ("Mo-Fr 09:00-13:00; Fr 10:00-12:00", []),
        ("Sa-Mo 09:00-13:00; Su 10:00-12:00", []),
        ("Mo-Fr 09:00-13:00; PH off", []),
        ("Jun-Sep: Mo-Fr 09:00-13:00", []),
        ("Mo-Fr 09:00-25:00", []),
        ("by appointment", []),
        ("24/7", []),
    ],
)
def test_hours_are_given_to_machines_only_where_nothing_is_lost(
    text: str | None, found: list[str]
) -> None:
    assert hours_for_machines(text) == found


# ---------------------------------------------------------------- sources


def test_newest_date_of_place_and_projects_is_told(make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[{"id": "a", "kind": "gallery", "as_of": "2024"}, {"id": "b", "kind": "gallery"}],
        projects=[{"id": "p", "place_id": "a", "as_of": "2026-05"}],
    )
    assert facts_of(catalogue).as_of == "May 2026"
    assert facts_of(catalogue, "b").as_of == ""


# ---------------------------------------------------------------- links


def test_links_are_only_what_they_seem() -> None:
    assert web_link("javascript:alert(1)") == ""
    assert web_link("https://a.example") == "https://a.example"
    assert email_link("a@b.example?cc=c@d.example") == ""
    assert email_link("https://a.example") == ""
    assert email_link("a+b@c.example") == "mailto:a+b@c.example"
    assert telephone_link("+39 0585/12-34 56") == "tel:+390585123456"
    assert geo_link(44.08, 10.1, "A & (b)") == (
        "geo:44.080000,10.100000?q=44.080000,10.100000(A%20%26%20%28b%29)"
    )


@pytest.mark.parametrize("contact", ["", "https://a.example", "a@b.example?cc=c@d.example", "x"])
def test_letter_without_a_sound_address_has_no_recipient(contact: str) -> None:
    assert letter_link(contact, "x & y", "1\n2") == "mailto:?subject=x%20%26%20y&body=1%0D%0A2"


def test_report_names_the_entry_the_version_and_the_page(town: Catalogue) -> None:
    told = replace(town, city=replace(town.city, contact="maps@town.example"))
    for catalogue, has_recipient in ((told, True), (town, False)):
        wording = Wording(catalogue, translator("en"), DAY)
        letter = report_letter(wording, key="rossi", name="Rossi\u202e", address="https://a/b")
        assert letter.has_recipient == has_recipient
        recipient = "maps@town.example" if has_recipient else ""
        assert letter.address.startswith(f"mailto:{recipient}?subject=")
        said = unquote(letter.address)
        assert "Report: Rossi (rossi)" in said
        assert f"Version of the data: {town.version}\r\nPage: https://a/b\r\n" in said


def test_text_is_cut_between_words() -> None:
    assert shortened("one two three", 20) == "one two three"
    assert shortened("one two, three four", 14) == "one two…"
    assert shortened("longword" * 10, 10) == "longwordl…"


def test_source_is_named_by_host_and_title() -> None:
    assert source_name("https://www.a.example/x/piazza-da-rifare-d758c415") == (
        "a.example: piazza da rifare"
    )
    assert source_name("https://a.example/x") == "a.example"
