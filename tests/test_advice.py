from __future__ import annotations

import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from csv import DictReader, DictWriter
from dataclasses import dataclass
from functools import partial
from typing import NoReturn, TypeAlias

import pytest

from regen_map.catalogue import TABLES
from regen_map.intake import Issue, Rule, Severity, hours
from regen_map.intake.advice import advise_rows, advise_tables, propose_positions
from regen_map.intake.advice.languages import misplaced
from regen_map.intake.advice.links import is_doubtful
from regen_map.intake.drafts import Draft
from regen_map.intake.formats.delimited import read_delimited
from regen_map.intake.formats.features import read_features
from regen_map.intake.headings import find_header, score
from regen_map.intake.rows import read_rows
from regen_map.intake.terms import read_vocabularies
from regen_map.messages import LANGUAGES
from regen_map.messages.issues import describe
from regen_map.store import shipped_folder
from tests.conftest import VOCABULARIES, rows

TODAY = dt.date(2026, 11, 22)
SOURCE = "https://www.comune.it/atti"

Change: TypeAlias = Mapping[str, str]


def read(table: str, content: bytes, terms: bytes = VOCABULARIES, ending: str = "csv") -> Draft:
    known, file = TABLES[table], f"{table}.{ending}"
    if ending == "geojson":
        sheet = read_features(content, file)
    else:
        grid = read_delimited(content, file, partial(score, table=known))
        sheet = find_header(grid, known, file)
    vocabularies, _ = read_vocabularies(terms)
    return read_rows(sheet, known, file, vocabularies)


def draft(table: str, *changes: Change) -> Draft:
    address = {"sources": SOURCE, "source": SOURCE}
    address = {name: url for name, url in address.items() if name in TABLES[table].names}
    found = read(table, rows(table, *({**address, **change} for change in changes)))
    assert found.issues == []
    return found


def advice(table: str, *changes: Change) -> list[Issue]:
    """Give what is advised on rows of one table by themselves; none of them is dropped."""
    found = draft(table, *changes)
    advise_rows(found, TODAY)
    assert all(entry.sound for entry in found.entries)
    assert all(issue.severity is Severity.WARNING for issue in found.issues)
    return found.issues


def together(**tables: Sequence[Change]) -> list[Issue]:
    """Give what is advised on rows together, in the order of the tables."""
    drafts = {table: draft(table, *changes) for table, changes in tables.items()}
    advise_tables(drafts)
    assert all(entry.sound for each in drafts.values() for entry in each.entries)
    found = [issue for each in drafts.values() for issue in each.issues]
    assert all(issue.severity is Severity.WARNING for issue in found)
    return found


# ---------------------------------------------------------------- projects


@pytest.mark.parametrize("phase", ["planning", "design", "tender", "works", "testing"])
@pytest.mark.parametrize("as_of", ["2025-05-21", "2025-04", "2024"])
def test_project_in_progress_that_nobody_looked_at_is_stale(phase: str, as_of: str) -> None:
    (issue,) = advice("projects", {"phase": phase, "as_of": as_of})
    assert (issue.rule, issue.columns) == (Rule.STALE, ("as_of",))
    assert (issue.found, issue.expected) == (as_of, "18")


@pytest.mark.parametrize(
    "change",
    [
        {"phase": "works", "as_of": "2025-05-22"},
        {"phase": "works", "as_of": "2025-05"},
        {"phase": "works", "as_of": "2025"},
        {"phase": "works", "as_of": ""},
        {"phase": "", "as_of": "2016"},
        {"phase": "dropped", "as_of": "2016"},
        {"phase": "completed", "as_of": "2016", "end": "2016"},
    ],
)
def test_project_that_may_be_up_to_date_is_not_stale(change: Change) -> None:
    assert advice("projects", change) == []


@pytest.mark.parametrize(
    ("today", "as_of", "stale"),
    [
        (dt.date(2026, 8, 31), "2025-02-28", False),
        (dt.date(2026, 8, 31), "2025-02-27", True),
        (dt.date(2026, 6, 30), "2024-12-30", False),
        (dt.date(2026, 6, 30), "2024-12-29", True),
    ],
)
def test_eighteen_months_end_with_the_month_where_it_is_short(
    today: dt.date, as_of: str, stale: object
) -> None:
    found = draft("projects", {"phase": "works", "as_of": as_of})
    advise_rows(found, today)
    assert bool(found.issues) is stale


def test_completed_project_without_an_end_is_told() -> None:
    (issue,) = advice("projects", {"phase": "completed", "declared_end": "2020"})
    assert (issue.rule, issue.columns, issue.found) == (Rule.END_MISSING, ("end",), "")


@pytest.mark.parametrize(
    "change", [{"phase": "completed", "end": "2020"}, {"phase": "works"}, {"phase": ""}]
)
def test_project_whose_end_is_known_or_to_come_needs_none(change: Change) -> None:
    assert advice("projects", change) == []


# ---------------------------------------------------------------- workshops


@pytest.mark.parametrize(
    ("change", "column", "found"),
    [
        ({"as_of": "2019"}, "as_of", "2019"),
        ({"as_of": "2019-12-31"}, "as_of", "2019-12-31"),
        ({"source_dates": "2018-07"}, "status", "2018-07"),
        (
            {"sources": f"{SOURCE} | {SOURCE}/2", "source_dates": "2018 | 2019-03"},
            "status",
            "2019-03",
        ),
        ({"source_dates": ""}, "status", "—"),
    ],
)
def test_workshop_that_is_open_by_old_news_is_told(change: Change, column: str, found: str) -> None:
    (issue,) = advice("workshops", {"status": "active", **change})
    assert (issue.rule, issue.columns, issue.found) == (Rule.NO_EVIDENCE, (column,), found)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "active", "as_of": "2020"},
        {"status": "active", "source_dates": "2020-01-01"},
        {"status": "active", "sources": f"{SOURCE} | {SOURCE}/2", "source_dates": "2024 | "},
        {"status": "unknown", "as_of": "2016"},
        {"status": "closed"},
        {"status": ""},
    ],
)
def test_workshop_with_recent_news_or_no_claim_is_left_alone(change: Change) -> None:
    assert advice("workshops", change) == []


# ---------------------------------------------------------------- opening hours


@pytest.mark.parametrize(
    ("text", "shown", "meant"),
    [
        ("Mo-Fr 09:00-13;00", "Mo-Fr 09:00-⟨^⟩13;00", "Mo-Fr 09:00-13:00"),
        ("Mo-Fr 09.00-13.00", "Mo-Fr ⟨^⟩09.00-13.00", "Mo-Fr 09:00-13:00"),
        ("Mo - Fr 9,00 - 13,00", "Mo ⟨^⟩- Fr 9,00 - 13,00", "Mo-Fr 9:00-13:00"),
        ("Mo-Fr 25:00-26:00", "Mo-Fr ⟨^⟩25:00-26:00", ""),
        ("Mo-Fr 09:00-13:00,", "Mo-Fr 09:00-13:00,⟨^⟩", ""),
    ],
)
def test_broken_opening_hours_show_where_they_break(text: str, shown: str, meant: str) -> None:
    (issue,) = advice("workshops", {"opening_hours": text})
    assert (issue.rule, issue.columns) == (Rule.OPENING_HOURS, ("opening_hours",))
    assert (issue.found, issue.expected) == (text, shown)
    assert issue.suggestion == (f"{shown} → {meant}" if meant else shown)
    for language in LANGUAGES:
        assert shown in describe(issue, language)


@pytest.mark.parametrize(
    "text",
    [
        "24/7",
        "Mo-Fr 9:00-13:00, 15:00-19:00; Sa,Su off",
        "Jun 01-Sep 14: Tu-Su 17:00-21:00; PH off",
        'Tu-Su 10:00-18:00 || "su appuntamento"',
        "sunrise-sunset",
        "week 1-20 Mo 10:00+",
    ],
)
def test_sound_opening_hours_are_accepted(text: str) -> None:
    assert advice("workshops", {"opening_hours": text}) == []


def test_break_in_a_long_text_is_shown_with_what_stands_around_it() -> None:
    text = "Mo 09:00-13:00; " * 40 + "Tu 09:00-13;00; " + "We 09:00-13:00; " * 40
    (issue,) = advice("workshops", {"opening_hours": text.strip()})
    assert issue.expected.startswith("…")
    assert issue.expected.endswith("…")
    assert "Tu 09:00-⟨^⟩13;00; We" in issue.expected
    assert len(issue.expected) < 130


def test_break_is_counted_over_the_lines_of_a_cell() -> None:
    assert hours.stopped_at("Mo 09:00-13:00\n; Tu") == len("Mo 09:00-13:00")


def test_failure_of_the_parser_itself_is_no_fault_of_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PanicException(BaseException):
        pass

    def panic(text: str) -> NoReturn:
        raise PanicException(text)

    def interrupt(text: str) -> NoReturn:
        raise KeyboardInterrupt(text)

    monkeypatch.setattr(hours, "OpeningHours", panic)
    assert hours.stopped_at("Mo") is None
    monkeypatch.setattr(hours, "OpeningHours", interrupt)
    with pytest.raises(KeyboardInterrupt):
        hours.stopped_at("Mo")


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("https://www.comune.it/atti,", "https://www.comune.it/atti"),
        ("https://www.comune.it/atti.", "https://www.comune.it/atti"),
        ("https://www.comune.it/atti).", "https://www.comune.it/atti"),
        ("https://www.comune.it/(atti", ""),
        ("https://www.comune.it/...", ""),
        ("https://www.comune.it/lunghissim…", ""),
        ("https://www.comune.it/attihttps://www.comune.it/altri", ""),
        ("https://www.comune.it/https://www.comune.it/atti", ""),
        ("https://www.http://comune.it/atti", ""),
        ("https://www.comune.it/atti;jsessionid=0A1B?id=3", "https://www.comune.it/atti?id=3"),
        ("https://www.comune.it/?PHPSESSID=0A1B&id=3", "https://www.comune.it/?id=3"),
        ("https://www.comune.it/?id=3&phpsessid=0a1b", "https://www.comune.it/?id=3"),
        ("https://www.comune.it/?a=1&amp;b=2", "https://www.comune.it/?a=1&b=2"),
        ("https://www.comune.it/due%2520parole", ""),
        ("https://www.comune.it/atti%20", ""),
        ("https://www.comune.it/atti%0A", ""),
        ("https://www.comune.it/100%", ""),
        ("https://localhost/atti", ""),
        ("http://127.0.0.1:8501/", ""),
        ("http://192.168.1.10/", ""),
        ("http://[::1]/", ""),
        ("https://nas.local/", ""),
        ("https://www.bottega.example/", ""),
        ("https://www.example.org/", ""),
        ("https://comune.test/", ""),
        ("https://www.comune.i7/", ""),
    ],
)
def test_address_that_will_hardly_open_is_told(url: str, meant: str) -> None:
    (issue,) = advice("workshops", {"website": url})
    assert (issue.rule, issue.columns) == (Rule.URL_DOUBTFUL, ("website",))
    assert (issue.found, issue.suggestion) == (url, meant)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.comune.it",
        "HTTPS://WWW.Comune.IT:8443/Atti/Elenco.aspx?id=3&p=4#inizio",
        "https://it.wikipedia.org/wiki/Apuane_(Alpi)",
        "https://it.wikipedia.org/wiki/Fiat_S.p.A.",
        "https://web.archive.org/web/2016/http://www.comune.it/atti",
        "https://www.comune.it/vai?a=https://altro.it/",
        "https://www.comune.it/due%20parole/l%E2%80%99area/",
        "http://131.114.3.181/tesi/chiesa.php",
        "https://www.città.it/piazza",
        "https://xn--citt-6na.xn--p1ai/",
        "https://www.comune.it//atti/",
        "https://testo.it/localhost/example.com",
    ],
)
def test_address_that_may_well_open_is_accepted(url: str) -> None:
    assert not is_doubtful(url)
    assert advice("workshops", {"website": url}) == []


def test_each_doubtful_address_of_a_list_is_told() -> None:
    urls = f"{SOURCE} | {SOURCE}, | {SOURCE}…"
    found = advice("workshops", {"sources": urls})
    assert [(issue.columns, issue.found) for issue in found] == [
        (("sources",), f"{SOURCE},"),
        (("sources",), f"{SOURCE}…"),
    ]


def test_source_of_an_amount_is_looked_at_too() -> None:
    (issue,) = advice("funding", {"source": f"{SOURCE};"})
    assert (issue.rule, issue.columns) == (Rule.URL_DOUBTFUL, ("source",))


# ---------------------------------------------------------------- languages

ITALIAN = "Laboratorio di scultura con una raccolta di gessi e di bozzetti nella corte."
ENGLISH = "Sculpture workshop with a collection of casts and of models in the courtyard."


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ({"summary_it": ENGLISH, "summary_en": ITALIAN}, ["summary_it", "summary_en"]),
        ({"summary_it": ITALIAN, "summary_en": f"{ITALIAN} Oggi."}, ["summary_en"]),
        ({"summary_it": f"{ENGLISH} Today.", "summary_en": ENGLISH}, ["summary_it"]),
        ({"note_it": ITALIAN, "note_en": ITALIAN}, ["note_en"]),
        ({"note_it": ENGLISH, "note_en": ENGLISH}, ["note_it"]),
        ({"contact_it": ENGLISH, "contact_en": ENGLISH + "!"}, ["contact_it"]),
        (
            {
                "note_it": ITALIAN,
                "note_en": "L’opera è nell’atrio, con l’altra che si vede dall’alto.",
            },
            ["note_en"],
        ),
    ],
)
def test_text_in_the_column_of_another_language_is_told(change: Change, columns: list[str]) -> None:
    found = advice("workshops", change)
    assert [(issue.rule, *issue.columns) for issue in found] == [
        (Rule.OTHER_LANGUAGE, column) for column in columns
    ]
    assert found[0].found == change[columns[0]]


@pytest.mark.parametrize(
    "change",
    [
        {"summary_it": ITALIAN, "summary_en": ENGLISH},
        {"summary_it": "Gessi e bozzetti", "summary_en": "Gessi e bozzetti"},
        {
            "summary_it": "Progetto «The Sound of the Marble and the Sea of the West» del Comune.",
            "summary_en": "Museo del Marmo di Carrara, Accademia di Belle Arti, Palazzo del Medico",
        },
        {
            "contact_it": "Studio Nicoli, Piazza XXVII Aprile 8/E, Carrara, da Francesca Nicoli",
            "contact_en": "Studio Nicoli, Piazza XXVII Aprile 8/E, Carrara, da Francesca Nicoli",
        },
        {"name_it": ENGLISH, "name_en": ITALIAN},
    ],
)
def test_names_short_texts_and_quotations_tell_no_language(change: Change) -> None:
    assert advice("workshops", change) == []


def test_text_taken_from_the_other_language_is_told_once_as_missing() -> None:
    content = rows("milestones", {"source": SOURCE, "text_it": ITALIAN, "text_en": ""})
    found = read("milestones", content)
    advise_rows(found, TODAY)
    assert [issue.rule for issue in found.issues] == [Rule.ONE_LANGUAGE]


# ---------------------------------------------------------------- amounts

LINE = {"amount_eur": "500000", "as_of": "2025"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"amount_eur": "600000"}, "600000"),
        ({"amount_eur": "500000"}, "500000"),
        ({"amount_eur": "600000", "as_of": "2024"}, "600000"),
        ({"amount_eur": "600000", "as_of": ""}, "600000"),
        ({"amount_eur": "600000", "note_it": "Detto dopo", "note_en": "Said later"}, "600000"),
    ],
)
def test_two_counted_amounts_of_one_nature_contradict(change: Change, found: str) -> None:
    (issue,) = together(funding=[LINE, {**LINE, **change}])
    assert (issue.rule, issue.line, issue.columns) == (Rule.AMOUNTS_CONTRADICT, 3, ("amount_eur",))
    assert (issue.found, issue.expected) == (found, "funding.csv:2 500000")


@pytest.mark.parametrize(
    "change",
    [
        {"counted": "no"},
        {"amount_eur": ""},
        {"nature": "spent"},
        {"project_id": "altro"},
        {"programme_id": "altro"},
    ],
)
def test_amounts_that_are_not_added_up_do_not_contradict(change: Change) -> None:
    assert together(funding=[LINE, {**LINE, "amount_eur": "600000", **change}]) == []


@pytest.mark.parametrize(
    ("one", "two", "contradict"),
    [
        ("Per i gessi.", "Per la ricerca.", False),
        ("Per i gessi.", "PER I GESSI.", True),
        ("Primo lotto.", "Secondo lotto, con gli impianti.", False),
        ("Lotto 1", "Lotto 2", False),
        ("Lotto 1, stima", "Lotto 1, progetto", True),
    ],
)
def test_notes_tell_the_lines_of_one_page_apart(one: str, two: str, contradict: object) -> None:
    lines = [{**LINE, "note_it": note, "note_en": note} for note in (one, two)]
    assert bool(together(funding=lines)) is contradict


@pytest.mark.parametrize(
    ("one", "two", "contradict"),
    [
        ("Cifra arrotondata.", "Cifra della gara.", True),
        ("Lotto 1", "Lotto 2", False),
        ("1° stralcio", "2° stralcio", False),
        ("Phase I", "Phase II", False),
        ("Annualità 2024", "Annualità 2025", False),
        ("Lotto 1 e lotto 2", "Lotto 2", True),
        ("Lotto 1", "Tutti i lotti", True),
    ],
)
def test_lines_of_two_pages_must_name_different_parts(
    one: str, two: str, contradict: object
) -> None:
    pages = (SOURCE, f"{SOURCE}/2")
    lines = [
        {**LINE, "note_it": note, "note_en": note, "source": page}
        for note, page in zip((one, two), pages, strict=True)
    ]
    assert bool(together(funding=lines)) is contradict


def test_each_line_is_told_once_against_the_first() -> None:
    found = together(funding=[LINE] * 200)
    assert [issue.line for issue in found] == list(range(3, 202))
    assert {issue.expected for issue in found} == {"funding.csv:2 500000"}


# ---------------------------------------------------------------- places

HERE = {"id": "uno", "name_it": "Bottega Rossi", "name_en": "Rossi workshop"}


def pair(**changes: str) -> list[Change]:
    return [HERE, {**HERE, "id": "due", **changes}]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"name_it": "ROSSI, bottega", "name_en": "x"},
        {"name_it": "Bottèga Rossì", "name_en": "x"},
        {"name_it": "Botega Rossi", "name_en": "x"},
        {"name_it": "Bottega Rossi Marmi", "name_en": "x"},
        {"name_it": "Altro", "name_en": "Rossi Workshop"},
        {"lat": "44.08004"},
        {"lon": "10.09006"},
    ],
)
def test_like_names_in_one_spot_may_be_one_place(change: Change) -> None:
    (issue,) = together(workshops=pair(**change))
    assert (issue.rule, issue.line, issue.columns) == (Rule.PLACES_ALIKE, 3, ("name_it",))
    assert (issue.found, issue.expected) == ("Bottega Rossi (workshops.csv:2)", "5")


@pytest.mark.parametrize(
    "change",
    [
        {"lat": "44.08005"},
        {"lon": "10.09007"},
        {"lat": "", "lon": ""},
        {"name_it": "Bottega Verdi", "name_en": "Verdi workshop"},
        {"name_it": "Monumento davanti alla Bottega Rossi", "name_en": "Monument"},
    ],
)
def test_places_that_differ_in_spot_or_name_are_two(change: Change) -> None:
    assert together(workshops=pair(**change)) == []


def test_numbers_tell_names_apart() -> None:
    one, two = ({"name_it": f"Laboratorio {n}", "name_en": f"Workshop {n}"} for n in (1, 2))
    assert together(workshops=[{"id": "uno", **one}, {"id": "due", **two}]) == []


@pytest.mark.parametrize(
    ("name", "alike"),
    [("Rossi Bottega", True), ("Botega Rossi", True), ("Bottega Rossi Marmi", False)],
)
def test_rough_positions_ask_for_the_same_name(name: str, alike: object) -> None:
    rough = {"position_accuracy_m": "45", "name_it": name, "name_en": "x"}
    assert bool(together(workshops=pair(**rough))) is alike


def test_position_known_to_twenty_metres_is_not_rough() -> None:
    exact = {"position_accuracy_m": "20", "name_it": "Bottega Rossi Marmi", "name_en": "x"}
    assert together(workshops=pair(**exact)) != []


def test_places_of_different_tables_are_compared() -> None:
    same = {"lat": "44.08", "lon": "10.09", "name_it": "Bottega Rossi"}
    found = together(workshops=[HERE], attractions=[same])
    assert [(issue.file, issue.found) for issue in found] == [
        ("attractions.csv", "Bottega Rossi (workshops.csv:2)")
    ]


def test_drawn_places_are_compared_by_a_point_within() -> None:
    ring = [[10.09, 44.08], [10.091, 44.08], [10.091, 44.081], [10.09, 44.081], [10.09, 44.08]]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"id": name, "name_it": "Piazza", "name_en": "Square", "kind": "square"},
        }
        for name in ("uno", "due")
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    found = read("public_spaces", content, ending="geojson")
    advise_tables({"public_spaces": found})
    (issue,) = [issue for issue in found.issues if issue.rule is Rule.PLACES_ALIKE]
    assert (issue.row, issue.found) == (2, "Piazza (public_spaces.geojson:1)")


def test_neighbours_are_found_wherever_the_grid_is_cut() -> None:
    """Every pair around a point is found, as comparing each with each does."""
    step = 0.00003
    spots = [(44.08 + x * step, 10.09 + y * step) for x in range(12) for y in range(12)]
    places = [
        {"id": f"p{n}", "name_it": "A", "name_en": "A", "lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}
        for n, (lat, lon) in enumerate(spots)
    ]
    # Each has a neighbour to the south or west, 3.3 m or 2.4 m away, but the first.
    assert len(together(workshops=places)) == len(places) - 1


def test_crowd_in_one_spot_is_not_compared_each_with_each() -> None:
    crowd = [{**HERE, "id": f"p{n}"} for n in range(5_000)]
    found = together(workshops=crowd)
    assert 0 < len(found) < 100
    assert {issue.found for issue in found} == {"Bottega Rossi (workshops.csv:2)"}


@pytest.mark.parametrize("table", ["workshops", "funding", "streets"])
def test_tables_without_rows_need_no_advice(table: str) -> None:
    text = io.StringIO()
    DictWriter(text, TABLES[table].names).writeheader()
    found = read(table, text.getvalue().encode())
    advise_rows(found, TODAY)
    advise_tables({table: found})
    advise_tables({})
    assert found.issues == []


def test_unsound_rows_get_no_advice() -> None:
    wrong = {
        "kind": "?",
        "status": "active",
        "opening_hours": "Mo-Fr 09.00",
        "website": f"{SOURCE},",
    }
    found = read("workshops", rows("workshops", {**HERE, **wrong}, {"sources": SOURCE, **HERE}))
    advise_rows(found, TODAY)
    advise_tables({"workshops": found})
    assert {issue.rule for issue in found.issues} == {Rule.TERM}


# ---------------------------------------------------------------- positions


@dataclass(frozen=True)
class Spot:
    lat: float = 44.0796
    lon: float = 10.0979
    accuracy_m: float | None = 34.2
    name: str = "Via Carriona 10"


class Streets:
    """Knows one address and counts how often it is asked."""

    def __init__(self, spot: Spot) -> None:
        self.asked: Counter[str] = Counter()
        self._spot = spot

    def locate(self, text: str) -> Spot | None:
        self.asked[text] += 1
        return self._spot if text == "via Carriona 10" else None


NOWHERE = {"lat": "", "lon": ""}


@pytest.mark.parametrize(
    ("spot", "suggestion"),
    [
        (Spot(), "44.0796, 10.0979 (± 35 m)"),
        (Spot(accuracy_m=None), "44.0796, 10.0979"),
        (Spot(lat=44.07961234567), "44.079612, 10.0979 (± 35 m)"),
    ],
)
def test_known_address_proposes_a_position(spot: Spot, suggestion: str) -> None:
    found = draft("workshops", {**NOWHERE, "address": "via Carriona 10"})
    propose_positions(found, Streets(spot))
    (issue,) = found.issues
    assert (issue.rule, issue.severity) == (Rule.POSITION_PROPOSED, Severity.NOTICE)
    assert (issue.columns, issue.found) == (("address",), "via Carriona 10")
    assert (issue.expected, issue.suggestion) == ("Via Carriona 10", suggestion)
    assert found.entries[0].values.get("lat") is None


@pytest.mark.parametrize(
    "change",
    [
        {"address": "via Carriona 10"},
        {**NOWHERE, "address": ""},
        {**NOWHERE, "address": "via ignota 3"},
    ],
)
def test_nothing_is_proposed_where_nothing_is_missing_or_known(change: Change) -> None:
    found = draft("workshops", change)
    propose_positions(found, Streets(Spot()))
    assert found.issues == []


def test_position_that_may_be_a_kilometre_away_is_not_proposed() -> None:
    found = draft("workshops", {**NOWHERE, "address": "via Carriona 10"})
    propose_positions(found, Streets(Spot(accuracy_m=1_000.5)))
    assert found.issues == []


def test_address_is_looked_up_once() -> None:
    streets = Streets(Spot())
    change = {**NOWHERE, "address": "via Carriona 10"}
    found = draft("workshops", *({**change, "id": f"p{n}"} for n in range(3)))
    propose_positions(found, streets)
    assert (len(found.issues), streets.asked) == (3, {"via Carriona 10": 1})


def test_table_without_addresses_is_left_alone() -> None:
    found = draft("projects", {})
    propose_positions(found, Streets(Spot()))
    assert found.issues == []


# ---------------------------------------------------------------- the shipped catalogue


@pytest.fixture(scope="module")
def shipped() -> dict[str, Draft]:
    """Read the shipped tables and advise on them."""
    terms = (shipped_folder() / "vocabularies.csv").read_bytes()
    drafts = {}
    for name, table in TABLES.items():
        path = shipped_folder() / table.file_name
        if path.exists():
            content = path.read_bytes()
            drafts[name] = read(name, content, terms, path.suffix.removeprefix("."))
            advise_rows(drafts[name], TODAY)
    advise_tables(drafts)
    return drafts


@pytest.mark.parametrize(
    "rule",
    [
        Rule.OTHER_LANGUAGE,
        Rule.URL_DOUBTFUL,
        Rule.OPENING_HOURS,
        Rule.AMOUNTS_CONTRADICT,
        Rule.PLACES_ALIKE,
        Rule.NO_EVIDENCE,
    ],
)
def test_shipped_catalogue_raises_no_false_alarm(rule: Rule, shipped: dict[str, Draft]) -> None:
    assert [issue for each in shipped.values() for issue in each.issues if issue.rule is rule] == []


def test_only_projects_of_the_shipped_catalogue_need_attention(shipped: dict[str, Draft]) -> None:
    warned = {
        (name, issue.rule)
        for name, each in shipped.items()
        for issue in each.issues
        if issue.severity is Severity.WARNING
    }
    assert warned <= {("projects", Rule.STALE), ("projects", Rule.END_MISSING)}


def test_swapped_texts_of_the_shipped_catalogue_are_mostly_noticed(
    shipped: dict[str, Draft],
) -> None:
    swapped = [
        (entry.values[f"{stem}_en"], entry.values[f"{stem}_it"])
        for each in shipped.values()
        for entry in each.sound
        for stem in ("summary", "note")
        if len(entry.values.get(f"{stem}_it") or "") > 80
    ]
    assert len(swapped) > 100
    assert sum(bool(misplaced(texts)) for texts in swapped) > 0.9 * len(swapped)


def test_superseded_figure_of_the_shipped_catalogue_would_contradict_if_it_were_counted() -> None:
    content = (shipped_folder() / "funding.csv").read_text("utf-8")
    lines = list(DictReader(content.splitlines()))
    projects = {"palazzo-rosso", "scuola-tacca", "via-verdi"}
    changed = [{**line, "counted": "yes"} for line in lines if line["project_id"] in projects]
    found = together(funding=changed)
    assert {changed[issue.line - 2]["project_id"] for issue in found if issue.line} == projects


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_reads_as_sentences(language: str) -> None:
    found = [
        *advice("workshops", {"status": "active"}),
        *together(funding=[LINE, LINE]),
        *advice("workshops", {"note_it": ITALIAN, "note_en": ITALIAN}),
    ]
    said = [describe(issue, language) for issue in found]
    assert "—" in said[0]
    assert "funding.csv:2 500000" in said[1]
    assert all(text.endswith(".") for text in said)
