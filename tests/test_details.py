from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest

from regen_map import query
from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES
from regen_map.ui.details import details_html
from regen_map.web.pages.addresses import code_path, page_path

Make = Callable[..., Catalogue]

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus x="',
    "${alert(1)}",
    "`${alert(1)}`",
    "{{ 7 * 7 }}{% raw %}",
    "</article></style><iframe>",
    "javascript:alert(1)",
]

VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}
PAGE = "en/places/a"
"""The page of the workshop."""
REPORT = "subject=Report"
KNOWN_ATTRIBUTES = {"class", "tabindex", "href", "target", "rel", "type", "scope"} | {
    "data-open-walk",
    "data-select",
}
KNOWN_ATTRIBUTES |= {"lang", "role", "readonly", "value", "data-address", "data-copy"}
KNOWN_ATTRIBUTES |= {"data-copied", "data-selected", "src", "width", "height", "alt"}
KNOWN_ATTRIBUTES |= {"loading", "decoding", "srcset", "sizes"}
KNOWN_TAGS = {
    "a",
    "button",
    "p",
    "h2",
    "h3",
    "h4",
    "section",
    "div",
    "span",
    "summary",
    "b",
    "small",
}
KNOWN_TAGS |= {"ul", "li", "details", "dl", "dt", "dd"}
KNOWN_TAGS |= {"table", "caption", "tbody", "tr", "th", "td"}
KNOWN_TAGS |= {"label", "input", "img", "figure", "figcaption", "bdi"}

MONDAY_AT_TWO = dt.datetime.fromisoformat("2026-11-23T14:00+01:00")


class Page(HTMLParser):
    """What a browser would make of the details."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.inserted: list[dict[str, str]] = []
        self.notices = 0
        self.buttons: list[str] = []
        self.texts: list[str] = []
        self.facts: dict[str, str] = {}
        self.week: dict[str, str] = {}
        self._open: list[str] = []
        self._label = ""
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag == "button" and "data-select" in given:
            self.buttons.append(given["data-select"] or "")
        if given.get("role") == "note":
            self.notices += 1
        if tag in ("img", "input"):
            self.inserted.append({name: value or "" for name, value in attrs})
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        self.texts.append(data.strip())
        if self._open[-1:] in (["dt"], ["th"]):
            self._label = data.strip()
        if self._open[-1:] == ["dd"]:
            self.facts[self._label] = data.strip()
        if self._open[-1:] == ["td"]:
            self.week[self._label] = data.strip()

    @property
    def own_links(self) -> list[str]:
        """All links but the letter about a mistake, which every entry has."""
        return [link for link in self.links if REPORT not in link]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


def page(
    catalogue: Catalogue, key: str, language: str = "en", when: dt.datetime = MONDAY_AT_TWO
) -> Page:
    return Page(details_html(catalogue, language, key, when))


@pytest.fixture
def workshop(make_catalogue: Make) -> Callable[..., Page]:
    """Show a workshop of which only its kind and what is given are known."""

    def show(language: str = "en", when: dt.datetime = MONDAY_AT_TWO, **cells: str) -> Page:
        rows = [{"id": "a", "kind": "gallery", **cells}]
        return page(make_catalogue(workshops=rows), "a", language, when)

    return show


@pytest.fixture
def project(make_catalogue: Make) -> Callable[..., Page]:
    """Show a project without a place, its money in lines of amount, nature, counted."""

    def show(*lines: tuple[str, str, str], language: str = "en", **cells: str) -> Page:
        catalogue = make_catalogue(
            projects=[{"id": "a", **cells}],
            programmes=[{"id": "pnrr", "name_it": "Piano", "name_en": "Plan", "level": "eu"}],
            funding=[
                {
                    "project_id": "a",
                    "programme_id": "pnrr",
                    "amount_eur": amount,
                    "nature": nature,
                    "counted": counted,
                }
                for amount, nature, counted in lines
            ],
        )
        return page(catalogue, "project:a", language)

    return show


Show = Callable[..., Page]


# ---------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text_wherever_it_stands(
    text: str, language: str, make_catalogue: Make
) -> None:
    def both(*names: str) -> dict[str, str]:
        return {f"{name}_{each}": text for name in names for each in ("it", "en")}

    catalogue = make_catalogue(
        vocabularies=[
            {"vocabulary": vocabulary, "term": "t", "parent": parent, **both("label", "note")}
            for vocabulary, parent in (
                ("kind", "workshop"),
                ("quarter", ""),
                ("craft", ""),
                ("theme", ""),
            )
        ],
        workshops=[
            {
                "id": name,
                "kind": "t",
                "quarter": "t",
                "craft": "t",
                "address": text,
                "people": text,
                "opening_hours": f'Mo-Su 10:00-12:00 "{text.replace(chr(34), "")}"',
                "visit": visit,
                "email": "a@b.example",
                "image": text,
                "image_credit": text,
                "image_licence": text,
                "lat": "44.08",
                "lon": "10.1",
                **both("name", "summary", "note", "contact", "position_source"),
            }
            for name, visit in (("a", "by_appointment"), ("b", "yes"))
        ],
        projects=[
            {
                "id": "p",
                "place_id": "a",
                "owner": text,
                "promoter": text,
                "designer": text,
                **both("name", "summary", "note", "former_use", "new_use"),
            }
        ],
        programmes=[{"id": "pnrr", "level": "eu", **both("name")}],
        funding=[{"project_id": "p", "programme_id": "pnrr", "nature": "spent", "counted": "yes"}],
        events=[{"id": "e", "place_id": "a", **both("name", "summary")}],
        itineraries=[{"id": "w", "theme": "t", **both("name")}],
        stops=[{"itinerary_id": "w", "order": "1", "place_id": "a", **both("text")}],
    )
    shown = page(catalogue, "a", language)
    assert shown.tags <= KNOWN_TAGS
    assert shown.attributes <= KNOWN_ATTRIBUTES
    assert shown.buttons == ["b"]
    assert sum(text in each for each in shown.texts) >= 18
    asking, telling = [link for link in shown.links if link.startswith("mailto:")]
    assert dict(parse_qsl(urlsplit(asking).query))["subject"].endswith(text)
    assert text in dict(parse_qsl(urlsplit(telling).query))["subject"]
    picture, *_ = shown.inserted
    assert picture["src"].startswith("images/480/")
    assert unquote(picture["src"]).endswith(text)
    assert text in picture["alt"]
    told = page(catalogue, "b", language)
    assert (told.tags | told.attributes) <= KNOWN_TAGS | KNOWN_ATTRIBUTES
    assert text.replace('"', "") in " ".join(told.week.values())


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/?q='><script>alert(1)</script>",
        'https://a.example/" onclick="alert(1)',
        "https://a.example/`${alert(1)}`",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://a.example",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "//evil.example/",
        "https://a.example@evil.example/",
    ],
)
def test_link_that_a_browser_could_run_is_never_shown(address: str, make_catalogue: Make) -> None:
    rows = [
        {"id": "a", "kind": "gallery", "website": address},
        {"id": "b", "kind": "gallery", "sources": address},
    ]
    catalogue = make_catalogue(workshops=rows)
    assert catalogue.place_ids == ()
    assert details_html(catalogue, "it", "a") == details_html(catalogue, "it", "b") == ""


def test_single_quotes_and_ampersands_stay_inside_the_link(workshop: Show) -> None:
    address = "https://a.example/?a=1&b='x'&lt=2"
    shown = workshop(website=address, sources=address)
    assert shown.own_links == [address, PAGE, address]
    assert shown.attributes <= KNOWN_ATTRIBUTES


def test_only_harmless_kinds_of_link_are_made(town: Catalogue, workshop: Show) -> None:
    shown = [page(town, entry.key) for entry in query.entries(town)]
    shown.append(
        workshop(
            lat="44.08",
            lon="10.1",
            phone="+39 0585 123456",
            email="a@b.example",
            website="http://a.example/",
        )
    )
    schemes = {urlsplit(link).scheme for each in shown for link in each.links}
    # Without a scheme: the page of the place, on this very server.
    assert schemes == {"http", "https", "mailto", "tel", "geo", ""}
    own = {link for each in shown for link in each.links if not urlsplit(link).scheme}
    assert all(link.startswith(("en/places/", "walks?walk=")) for link in own)


def test_name_in_a_geo_link_is_quoted(workshop: Show) -> None:
    shown = workshop(lat="44.08", lon="10.1", name_en="A & (B) \"C\" 'D'")
    assert shown.links[0] == (
        "geo:44.080000,10.100000?q=44.080000,10.100000(A%20%26%20%28B%29%20%22C%22%20%27D%27)"
    )


def test_telephone_is_dialled_without_blanks(workshop: Show) -> None:
    shown = workshop(phone="+39 0585 12 34 56")
    assert "tel:+390585123456" in shown.links
    assert "+39 0585 12 34 56" in shown.texts


# ---------------------------------------------------------------- what is not known


@pytest.mark.parametrize(
    ("language", "labels", "words"),
    [
        ("it", ("Visite", "Orari", "Sedia a rotelle"), "non si sa"),
        ("en", ("Visits", "Opening hours", "Wheelchair"), "not known"),
    ],
)
def test_what_is_not_known_is_said(
    language: str, labels: tuple[str, ...], words: str, workshop: Show
) -> None:
    facts = workshop(language).facts
    assert [facts[label] for label in labels] == [words] * 3


def test_status_that_nobody_states_is_not_known(workshop: Show) -> None:
    assert workshop().facts["Status"] == workshop(status="unknown").facts["Status"]
    assert workshop("it").facts["Stato"] == "non si sa"


def test_unknown_position_has_a_sentence_and_no_directions(workshop: Show) -> None:
    shown = workshop()
    assert "The position is not known" in shown.text
    assert not [link for link in shown.links if "openstreetmap" in link or link.startswith("geo")]
    assert "Nearby" not in shown.texts


@pytest.mark.parametrize(
    ("accuracy", "sentence"),
    [
        ("", "Accuracy of the position not known."),
        ("120", "Position known to about 120 m."),
        ("1", "Position known to about 10 m."),
    ],
)
def test_accuracy_of_the_position_is_told(accuracy: str, sentence: str, workshop: Show) -> None:
    shown = workshop(lat="44.08", lon="10.1", position_accuracy_m=accuracy)
    assert sentence in shown.texts


def test_visitors_are_told_how_to_visit(workshop: Show) -> None:
    shown = workshop(visit="by_appointment", contact_it="Chiamare", contact_en="Call first")
    assert shown.facts["Visits"] == "By appointment. Visits by arrangement."
    assert shown.facts["To arrange a visit"] == "Call first"


@pytest.mark.parametrize(
    ("language", "phase", "money"),
    [
        ("it", "La fase del progetto non è nota.", "Importo non noto"),
        ("en", "The stage of the project is not known.", "Amount not known"),
    ],
)
def test_project_of_which_nothing_is_known_says_so(
    language: str, phase: str, money: str, project: Show
) -> None:
    shown = project(language=language)
    assert phase in shown.texts
    assert money in shown.facts.values()


# ---------------------------------------------------------------- opening hours

NOON_BREAK = "Mo-Fr 09:00-13:00,15:00-18:00; PH off"


@pytest.mark.parametrize(
    ("language", "label", "sentence", "week"),
    [
        (
            "it",
            "Orari",
            "Chiuso, apre alle 15:00",
            {
                "da lunedì a venerdì": "9:00–13:00, 15:00–18:00",
                "sabato e domenica": "chiuso",
                "festivi": "chiuso",
            },
        ),
        (
            "en",
            "Opening hours",
            "Closed, opens at 15:00",
            {
                "Monday to Friday": "9:00–13:00, 15:00–18:00",
                "Saturday and Sunday": "closed",
                "public holidays": "closed",
            },
        ),
    ],
)
def test_opening_hours_are_told_in_words(
    language: str, label: str, sentence: str, week: dict[str, str], workshop: Show
) -> None:
    shown = workshop(language, opening_hours=NOON_BREAK)
    assert shown.facts[label] == sentence
    assert shown.week == week
    assert "PH off" not in shown.text


def test_what_was_open_is_not_told_a_minute_later(make_catalogue: Make) -> None:
    rows = [{"id": "a", "kind": "gallery", "opening_hours": "Mo 10:00-14:00"}]
    catalogue = make_catalogue(workshops=rows)
    times = [MONDAY_AT_TWO - dt.timedelta(minutes=each) for each in (1, 0)]
    said = [page(catalogue, "a", when=when).facts["Opening hours"] for when in times]
    assert said == ["Open now, until 14:00", "Closed, opens Monday 30 November at 10:00"]


def test_without_a_moment_the_present_is_meant(make_catalogue: Make) -> None:
    rows = [{"id": "a", "kind": "gallery", "opening_hours": "24/7"}]
    shown = Page(details_html(make_catalogue(workshops=rows), "en", "a"))
    assert shown.facts["Opening hours"] == "Always open"


def test_unknown_hours_have_no_week(workshop: Show) -> None:
    shown = workshop()
    assert shown.facts["Opening hours"] == "not known"
    assert shown.week == {}


def test_place_that_is_closed_for_good_is_never_open(workshop: Show) -> None:
    shown = workshop(opening_hours="24/7", status="closed")
    assert shown.facts["Opening hours"] == "The place is closed: its hours do not hold"
    assert shown.week == {}


def test_hours_by_appointment_are_not_open_doors(workshop: Show) -> None:
    shown = workshop(opening_hours="24/7", visit="by_appointment")
    assert shown.facts["Opening hours"] == "By appointment"
    assert set(shown.week.values()) == {"all day"}


@pytest.mark.parametrize(
    ("language", "visit", "subject", "question"),
    [
        ("it", "by_appointment", "Visita: Bottega «A» & figli", "Quando sarebbe possibile?"),
        ("it", "events_only", "Visita: Bottega «A» & figli", "In quali occasioni è aperto?"),
        ("en", "by_appointment", 'Visit: "A" & sons', "When would it be possible?"),
        ("en", "events_only", 'Visit: "A" & sons', "On which occasions is it open?"),
    ],
)
def test_visit_to_arrange_can_be_asked_for(
    language: str, visit: str, subject: str, question: str, workshop: Show
) -> None:
    names = {"name_it": "Bottega «A» & figli", "name_en": '"A" & sons'}
    shown = workshop(language, visit=visit, email="a+b@c.example", phone="0585 123456", **names)
    call, letter = shown.links[:2]
    assert call == "tel:0585123456"
    parts = urlsplit(letter)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "a+b@c.example")
    fields = dict(parse_qsl(parts.query, strict_parsing=True))
    assert fields["subject"] == subject
    assert question in fields["body"].split("\r\n")[2]
    assert not set(letter) & set("\"'<> \r\n+")
    assert "a+b@c.example" in shown.text


def test_open_workshop_has_plain_links(workshop: Show) -> None:
    shown = workshop(visit="yes", email="a@b.example", phone="0585 123456")
    assert shown.links[:2] == ["tel:0585123456", "mailto:a@b.example"]


def test_visit_to_arrange_without_an_address_has_words_alone(workshop: Show) -> None:
    shown = workshop(visit="by_appointment", contact_it="Passare in bottega")
    assert shown.facts["To arrange a visit"] == "Passare in bottega"
    assert not [link for link in shown.own_links if link.startswith(("mailto:", "tel:"))]


# ---------------------------------------------------------------- projects


def test_stalled_works_are_told_in_a_sentence(project: Show) -> None:
    shown = project(phase="works", stalled="yes")
    said = "Stalled building site: works have begun but are not going ahead."
    assert {"Works under way", said} <= set(shown.texts)
    assert shown.notices == 0


def test_natures_of_money_stay_apart_and_other_figures_are_mentioned(project: Show) -> None:
    shown = project(
        ("1500000.50", "allocated", "yes"),
        ("200", "spent", "yes"),
        ("", "private", "yes"),
        ("999", "spent", "no"),
    )
    assert shown.facts["Money"] == (
        "Allocated: €1,500,000.50 · Spent: €200 · 1 amount not known"
        " · sources also give other figures, not added"
    )
    assert shown.facts["Programmes"] == "Plan"
    assert "€999 · Plan · Spent · undated · not added" in shown.text
    assert "€999" not in shown.facts["Money"]


def test_figures_without_a_settled_one_are_not_summed_up(project: Show) -> None:
    shown = project(("999", "spent", "no"))
    assert shown.facts["Money"] == "No settled amount: the sources disagree"


def test_money_is_written_the_italian_way(project: Show) -> None:
    shown = project(("1500000.50", "allocated", "yes"), language="it")
    assert shown.facts["Denaro"].replace("\xa0", " ") == "Assegnati: 1.500.000,50 €"


def test_first_promised_end_is_kept_beside_the_latest(project: Show) -> None:
    dates = {"start": "2024", "first_declared_end": "2025-12-31", "declared_end": "2027-03"}
    facts = project(**dates).facts
    assert (facts["Start"], facts["First promised end"], facts["Latest promised end"]) == (
        "2024",
        "31 December 2025",
        "March 2027",
    )


def test_promise_that_never_changed_is_told_once(project: Show) -> None:
    facts = project(first_declared_end="2027", declared_end="2027").facts
    assert facts["First promised end"] == "2027"
    assert "Latest promised end" not in facts


def test_promise_told_more_exactly_is_not_a_new_one(project: Show) -> None:
    facts = project(first_declared_end="2025-12-31", declared_end="2025-12").facts
    assert "Latest promised end" not in facts


def test_all_projects_of_a_place_are_told(town: Catalogue) -> None:
    shown = page(town, "piazza")
    assert "2 projects" in shown.texts
    assert {"New paving", "Luci"} <= set(shown.texts)
    assert shown.facts["CUP"] == "B65I18000100001"


def test_works_that_go_on_are_warned_of(project: Show) -> None:
    shown = project(phase="works", as_of="2026-10")
    assert shown.notices == 1
    assert shown.texts[2] == "Building site: expect noise and narrow passages."
    assert project(phase="completed").notices == 0


def test_what_it_was_and_becomes_is_told_once(project: Show) -> None:
    shown = project(phase="works", former_use_en="Barracks", new_use_en="Studios")
    assert (shown.facts["Before"], shown.facts["Intended"]) == ("Barracks", "Studios")
    assert shown.text.count("Barracks") == 1


# ---------------------------------------------------------------- passing it on


def test_address_of_the_page_can_be_copied_and_scanned(town: Catalogue) -> None:
    for language in LANGUAGES:
        shown = page(town, "rossi", language)
        address = page_path(language, "rossi")
        field, code = shown.inserted
        assert field["value"] == field["data-address"] == address
        assert code["src"] == code_path(language, "rossi")
        assert address in shown.links


def test_project_without_a_place_is_passed_on_as_the_map_open_at_it(town: Catalogue) -> None:
    (field,) = page(town, "project:rete").inserted
    assert field["value"] == "?place=project%3Arete&lang=en"


def test_letter_about_a_mistake_names_entry_version_and_page(town: Catalogue) -> None:
    for key, address in (
        ("rossi", "en/places/rossi"),
        ("project:rete", "?place=project%3Arete&lang=en"),
    ):
        (letter,) = [link for link in page(town, key).links if REPORT in link]
        body = dict(parse_qsl(urlsplit(letter).query))["body"]
        said = [f"Place: {key}", f"Version of the data: {town.version}", f"Page: {address}"]
        assert body.split("\r\n")[:3] == said
        # The browser finds the address in the letter, and writes it out.
        assert quote(address, safe="") in letter


def test_walks_lead_to_their_page(make_catalogue: Make) -> None:
    theme = {"vocabulary": "theme", "term": "t", "label_it": "T", "label_en": "T"}
    kind = {"vocabulary": "kind", "term": "gallery", "label_it": "G", "label_en": "G"}
    catalogue = make_catalogue(
        vocabularies=[theme | {"parent": ""}, kind | {"parent": "workshop"}],
        workshops=[{"id": "a", "kind": "gallery"}],
        itineraries=[{"id": "w", "theme": "t"}],
        stops=[{"itinerary_id": "w", "order": "1", "place_id": "a"}],
    )
    assert "walks?walk=w&lang=it" in page(catalogue, "a", "it").links


# ---------------------------------------------------------------- neighbours and sources


def test_neighbours_can_be_opened(town: Catalogue) -> None:
    shown = page(town, "piazza")
    assert shown.buttons == ["rossi", "museo"]
    assert "close by" in shown.texts
    assert any("“Close by”" in text for text in shown.texts)
    assert "240 m, about 4 minutes" in shown.texts


def test_what_is_open_nearby_is_told_before_what_is_near(make_catalogue: Make) -> None:
    at = {"kind": "gallery", "lon": "10.1", "visit": "yes"}
    catalogue = make_catalogue(
        workshops=[
            at | {"id": "a", "lat": "44.08"},
            at | {"id": "b", "lat": "44.0805", "opening_hours": "Mo 08:00-12:00"},
            at | {"id": "c", "lat": "44.081", "opening_hours": "Mo 08:00-18:00"},
        ]
    )
    shown = page(catalogue, "a", "it")
    assert shown.buttons == ["c", "b"]
    assert shown.texts.count("Aperto fino alle 18") == 1
    headings = [each for each in shown.texts if each in ("Aperti ora qui vicino", "Vicino a qui")]
    assert headings == ["Aperti ora qui vicino", "Vicino a qui"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"opening_hours": "Mo 08:00-18:00", "visit": "yes"}, "Aperto ora, fino alle 18:00"),
        ({"opening_hours": "Mo 08:00-12:00", "visit": "yes"}, "Chiuso, apre lunedì"),
        ({"opening_hours": "", "visit": "yes"}, ""),
        ({"opening_hours": "Mo 08:00-18:00", "visit": "by_appointment"}, ""),
        ({"opening_hours": "Mo 08:00-18:00", "visit": "yes", "status": "closed"}, ""),
    ],
)
def test_whether_the_door_is_open_is_told_first_where_it_is_known(
    cells: dict[str, str], told: str, make_catalogue: Make
) -> None:
    place = {"id": "a", "kind": "gallery", "lat": "44.08", "lon": "10.1"}
    html = details_html(make_catalogue(workshops=[place | cells]), "it", "a", MONDAY_AT_TWO)
    above, _, _ = html.partition('class="rm-lead')
    assert ('class="rm-now"' in above) is bool(told)
    assert told in above


def test_sources_are_named_with_their_dates_each_once(workshop: Show) -> None:
    shown = workshop(
        sources="https://www.a.example/x | https://b.example/y | https://www.a.example/x",
        source_dates="2025-03-01 |  | 2024",
    )
    assert shown.own_links == [PAGE, "https://www.a.example/x", "https://b.example/y"]
    assert shown.texts[-4:] == ["a.example", "1 March 2025", "b.example", "undated"]


def test_dates_of_sources_are_written_in_italian(workshop: Show) -> None:
    shown = workshop("it", sources="https://a.example", source_dates="2025-03-01")
    assert "1 marzo 2025" in shown.texts


def test_sources_of_a_place_and_its_projects_stand_together(town: Catalogue) -> None:
    sources = [link for link in page(town, "piazza").links if "source.example" in link]
    assert sources[-2:] == [
        "https://source.example/public_spaces",
        "https://source.example/projects",
    ]


def test_place_without_source_says_so(workshop: Show) -> None:
    assert "No source given." in workshop(sources="").texts


def test_newest_date_of_the_facts_is_told(workshop: Show, make_catalogue: Make) -> None:
    catalogue = make_catalogue(
        workshops=[{"id": "a", "kind": "gallery", "as_of": "2024"}],
        projects=[{"id": "p", "place_id": "a", "as_of": "2026-05"}],
    )
    assert "As of May 2026" in page(catalogue, "a").texts
    assert "As of" not in workshop().text


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_can_be_shown(language: str, town: Catalogue) -> None:
    for entry in query.entries(town):
        shown = page(town, entry.key, language)
        assert shown.texts[0] == getattr(entry.subject, f"name_{language}")
        assert shown.tags <= KNOWN_TAGS


def test_text_in_italian_alone_is_better_than_none(workshop: Show) -> None:
    assert "Solo in italiano" in workshop(summary_it="Solo in italiano").texts


@pytest.mark.parametrize("key", ["", "none-such", "project:piazza", "<script>"])
def test_unknown_key_has_no_details(key: str, town: Catalogue) -> None:
    assert details_html(town, "it", key) == ""
