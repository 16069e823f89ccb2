# ruff: noqa: INP001 - a script beside the files that it makes
"""
Make the text files of this folder, `expected.csv` and `tolerated.csv`.

``python tests/files/offices/make.py`` writes the same bytes every time. The
spreadsheets, the GeoPackage and the shapefile were made once, as README.md
tells; only their faults are listed here. Every row is invented.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

FOLDER = Path(__file__).parent
BREAK = re.compile(r"\r\n|\r|\n")


class Fault(NamedTuple):
    """The text of a faulty cell, and what should be told of it."""

    text: str
    rule: str
    severity: str = "error"
    also: str = ""
    """Another column that it concerns."""


class Expected(NamedTuple):
    """A fault that must be reported: a row of ``expected.csv``."""

    line: int | None
    column: str
    rule: str
    severity: str = "error"
    feature: int | None = None
    """Number of the feature, from 1, where the file has no lines."""


Cells: TypeAlias = Mapping[str, str | Fault]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A line that is not made of the cells of a row, without its end."""

    text: str
    faults: tuple[tuple[str, str, str], ...] = ()
    """Column, rule and severity of what should be told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of this folder: its bytes, or None where it was made elsewhere."""

    name: str
    content: bytes | None
    faults: Sequence[Expected]
    tolerated: Sequence[str] = ()


@dataclass(slots=True)
class _Text:
    """Delimited text that grows line by line."""

    delimiter: str
    end: str
    text: str = ""
    faults: list[Expected] = field(default_factory=list)

    def write(self, cells: Iterable[tuple[str, str | Fault]], headings: Mapping[str, str]) -> None:
        """Add a row, noting its faults with the line on which it starts."""
        line = len(BREAK.findall(self.text)) + 1
        row = io.StringIO()
        texts = []
        for heading, cell in cells:
            if isinstance(cell, Fault):
                also = headings[cell.also] if cell.also else ""
                concerned = ", ".join(filter(None, (heading, also)))
                self.faults.append(Expected(line, concerned, cell.rule, cell.severity))
                cell = cell.text  # noqa: PLW2901 - from here on it is like any other
            texts.append(cell)
        csv.writer(row, delimiter=self.delimiter, lineterminator=self.end).writerow(texts)
        self.text += row.getvalue()

    def write_verbatim(self, given: Verbatim) -> None:
        line = len(BREAK.findall(self.text)) + 1
        self.faults += [Expected(line, *fault) for fault in given.faults]
        self.text += given.text + self.end


def delimited(  # noqa: PLR0913 - all that a file may vary in
    name: str,
    headings: Mapping[str, str] | Sequence[str],
    rows: Iterable[Cells | Verbatim],
    *,
    delimiter: str = ",",
    end: str = "\r\n",
    encoding: str = "utf-8",
    above: Sequence[str] = (),
    faults: Sequence[Expected] = (),
    tolerated: Sequence[str] = (),
) -> File:
    """
    Make a delimited text file.

    Parameters
    ----------
    name
        Of the file.
    headings
        The name of the column by heading, or headings that are names.
    rows
        Cells by name of the column, or lines as they are.
    delimiter, end, encoding
        How it is written.
    above
        Lines above the header.
    faults
        Those of the whole file.
    tolerated
        The rules of what should be told once.
    """
    columns = headings if isinstance(headings, Mapping) else {each: each for each in headings}
    spelled = {column: heading for heading, column in columns.items()}
    made = _Text(delimiter, end)
    for line in above:
        made.write_verbatim(Verbatim(line))
    if columns:
        made.write(((heading, heading) for heading in columns), {})
    for row in rows:
        if isinstance(row, Verbatim):
            made.write_verbatim(row)
        else:
            cells = ((heading, row.get(column, "")) for heading, column in columns.items())
            made.write(cells, spelled)
    return File(
        name=name,
        content=made.text.encode(encoding),
        faults=[*faults, *made.faults],
        tolerated=tolerated,
    )


# ---------------------------------------------------------------- rows without faults

NAMES = (
    "Caffè Aurora",
    "Studio Perché No",
    "Gessi Bàccari",
    "Mosaici Lunari",
    "Forno Dondìni",
    "Galleria Zèfiro",
    "Orafi Quaranta",
    "Tessuti Ghirlanda",
    "Atelier Ulivo",
    "Laboratorio Kappa",
    "Scalpelli Riuniti",
    "Pittura Viva",
)


def workshop(number: int, **cells: str | Fault) -> dict[str, str | Fault]:
    """Give a row of ``workshops.csv``; the numbers lie half a kilometre apart."""
    name = f"{NAMES[number % len(NAMES)]} (prova {number})"
    row: dict[str, str | Fault] = {
        "id": f"bottega-prova-{number}",
        "name_it": name,
        "name_en": name,
        "kind": "artisan_workshop",
        "quarter": "centro-storico",
        "address": f"Via della Prova {number}, 54033 Carrara",
        "lat": f"{44.062 + 0.004 * number:.6f}",
        "lon": f"{10.08 + 0.005 * number:.6f}",
        "position_accuracy_m": "25",
        "summary_it": "Riga di prova: questa bottega non esiste.",
        "summary_en": "Test row: this workshop does not exist.",
        "website": f"https://bottega{number}.opere-di-prova.it/",
        "email": f"bottega{number}@opere-di-prova.it",
        "phone": f"+39 0585 0000{number:02}",
        "opening_hours": "Mo-Fr 09:00-13:00",
        "wheelchair": "limited",
        "wikidata": "",
        "status": "closed",
        "as_of": "2026-10-15",
        "sources": f"https://fonte{number}.opere-di-prova.it/pagina",
        "source_dates": "2026-10-15",
        "craft": "stone_carving",
        "visit": "by_appointment",
        "founded": str(1950 + number),
        "people": "Anna Prova | Bruno Esempio",
    }
    return row | cells


def project(number: int, **cells: str | Fault) -> dict[str, str | Fault]:
    """Give a row of ``projects.csv``."""
    row: dict[str, str | Fault] = {
        "id": f"progetto-prova-{number}",
        "name_it": f"Recupero di prova {number}",
        "name_en": f"Test restoration {number}",
        "quarter": "grazzano",
        "kind": "restoration",
        "phase": "completed",
        "stalled": "no",
        "start": "2019-03-01",
        "first_declared_end": "2021-12-31",
        "declared_end": "2022-06-30",
        "end": "2022-09-15",
        "owner": "Ente di prova",
        "cup": f"F81B2100000{number:04}",
        "area_m2": "1250.5",
        "summary_it": "Riga di prova: questo progetto non esiste.",
        "summary_en": "Test row: this project does not exist.",
        "as_of": "2026-10-15",
        "sources": f"https://fonte{number}.opere-di-prova.it/progetto",
        "source_dates": "2026-10-15",
    }
    return row | cells


def money(number: int, **cells: str | Fault) -> dict[str, str | Fault]:
    """Give a row of ``funding.csv``; each number is another project."""
    row: dict[str, str | Fault] = {
        "project_id": FUNDED[number % len(FUNDED)],
        "programme_id": "regione-toscana",
        "amount_eur": str(100_000 + number),
        "nature": "allocated",
        "counted": "no",
        "as_of": "2026-10-15",
        "source": f"https://fonte{number}.opere-di-prova.it/importo",
        "note_it": "Riga di prova.",
        "note_en": "Test row.",
    }
    return row | cells


FUNDED = (
    "palazzo-rosso",
    "palazzo-pisani",
    "politeama-verdi",
    "mudac",
    "parco-della-padula",
    "palazzo-cucchiari",
    "palazzo-binelli",
    "via-verdi",
    "canal-del-rio",
    "piazza-matteotti",
    "scuola-tacca",
    "caserma-dogali",
)


def comma(text: str | Fault) -> str | Fault:
    """Write a number with a decimal comma."""
    return text if isinstance(text, Fault) else text.replace(".", ",")


def italian(row: Cells) -> dict[str, str | Fault]:
    """Write the numbers of a row as Excel does in Italy."""
    numbers = ("lat", "lon", "area_m2")
    return {name: comma(cell) if name in numbers else cell for name, cell in row.items()}


# ---------------------------------------------------------------- workshops

SHORT = ("id", "name_it", "name_en", "kind", "quarter", "address", "lat", "lon", "sources")
USUAL = (
    *SHORT[:6],
    "lat",
    "lon",
    "position_accuracy_m",
    "phone",
    "email",
    "website",
    "craft",
    "founded",
    "sources",
)


def windows_1252() -> File:
    """Excel's "CSV delimited by the list separator", as an Italian Windows saves it."""
    rows = [
        workshop(1),
        workshop(2),
        workshop(3, craft=Fault("sclptura", "term")),
        workshop(4, phone=Fault("0585", "phone")),
        workshop(5, email=Fault("info(at)opere-di-prova.it", "email")),
        workshop(6, lon=Fault("", "position_half")),
        workshop(7, founded=Fault("31/02/1985", "date")),
        workshop(8, id=Fault("bottega-prova-2", "repeated")),
        workshop(9, quarter=Fault("centro storicco", "term")),
    ]
    return delimited(
        "workshops-windows-1252.csv",
        USUAL,
        map(italian, rows),
        delimiter=";",
        encoding="cp1252",
        tolerated=["encoding_assumed", "decimal_comma"],
    )


def titles_above() -> File:
    """A title, a date and a blank line above the header; Excel's "CSV UTF-8"."""
    headings = (*SHORT, "website", "phone", "opening_hours", "wikidata", "status", "as_of")
    day = "30/09/2026"
    rows = [
        workshop(1, as_of=day),
        workshop(2, as_of=day, website=Fault("javascript:alert(1)", "url")),
        workshop(3, as_of=day, website=Fault("www.bottega3.opere-di-prova.it", "url")),
        workshop(4, as_of=day, opening_hours=Fault("lun-ven 9-13", "opening_hours")),
        workshop(5, as_of=day, wikidata=Fault("marmo", "wikidata")),
        workshop(6, as_of=day, phone=Fault("chiedere di Anna", "phone")),
        workshop(7, as_of=day, status="Chiuso"),
        workshop(8, as_of=Fault("30/09/20226", "date")),
    ]
    return delimited(
        "workshops-titoli.csv",
        headings,
        map(italian, rows),
        delimiter=";",
        encoding="utf-8-sig",
        above=[
            "Comune di Prova - Settore Cultura" + ";" * (len(headings) - 1),
            "Elenco delle botteghe aggiornato al 30/09/2026" + ";" * (len(headings) - 1),
            ";" * (len(headings) - 1),
        ],
        tolerated=["title_lines", "date_italian", "decimal_comma", "term_word"],
    )


def unicode_text() -> File:
    """Excel's "Testo Unicode": UTF-16 with its mark, tabs."""
    rows = [
        workshop(1),
        workshop(2, kind=Fault("officina", "term")),
        workshop(3, id=Fault("Bottega Prova 3", "slug")),
        workshop(4, kind=Fault("", "required")),
        workshop(5, email=Fault("anna@bruno@opere-di-prova.it", "email")),
        workshop(6, lat=Fault("44 e qualcosa", "number")),
        workshop(7, position_accuracy_m=Fault("1.250", "number_ambiguous")),
        workshop(8),
    ]
    made = delimited(
        "workshops-testo-unicode.txt",
        USUAL,
        map(italian, rows),
        delimiter="\t",
        encoding="utf-16-le",
        tolerated=["decimal_comma"],
    )
    assert made.content is not None
    return File(
        name=made.name,
        content=b"\xff\xfe" + made.content,
        faults=made.faults,
        tolerated=made.tolerated,
    )


def bars() -> File:
    """Bars between the cells, so that lists of values stand in quotes."""
    headings = (*SHORT[:-1], "position_accuracy_m", "visit", "sources", "source_dates")
    two = "https://uno.opere-di-prova.it/ | https://due.opere-di-prova.it/"
    rows = [
        workshop(1, sources=two, source_dates="2026 | 2026-10"),
        workshop(2, lat=Fault("10.090000", "position_swapped", also="lon"), lon="44.070000"),
        workshop(3, sources=two, source_dates=Fault("2026-10-15", "source_dates")),
        workshop(4, sources=Fault("https://uno.opere-di-prova.it/ | fonte orale", "url")),
        workshop(5, visit=Fault("su appuntamneto", "term")),
        workshop(6, position_accuracy_m=Fault("a occhio", "number")),
        workshop(7),
    ]
    return delimited("workshops-barre.csv", headings, rows, delimiter="|", end="\n")


def old_mac() -> File:
    """Lines that end as on old Macintoshes."""
    headings = (*SHORT, "email", "website", "wheelchair", "founded")
    rows = [
        workshop(1),
        workshop(2, wheelchair=Fault("forse", "term")),
        workshop(3, founded=Fault("1985-13", "date")),
        workshop(4, email=Fault("bottega4.opere-di-prova.it", "email")),
        workshop(5, website=Fault("http://", "url")),
        workshop(6, lat=Fault("", "position_half")),
        workshop(7),
    ]
    return delimited(
        "workshops-mac.csv",
        headings,
        map(italian, rows),
        delimiter=";",
        end="\r",
        tolerated=["decimal_comma"],
    )


def quoted_breaks() -> File:
    """Line breaks and quotes inside quotes, before the rows with faults."""
    headings = (*SHORT[:-1], "phone", "craft", "summary_it", "summary_en", "sources")
    long = 'Prima riga,\nseconda riga «con "virgolette"»;\n\nultima riga.'
    rows = [
        workshop(1, summary_it=long, summary_en='First "line",\nsecond line.'),
        workshop(2, summary_it=long, craft=Fault("mosaicco", "term")),
        workshop(3, lon=Fault("190.5", "out_of_range")),
        workshop(4, phone=Fault("zero cinque otto cinque", "phone")),
        workshop(5, kind=Fault("", "required"), summary_it=long),
        workshop(6, summary_it=Fault(long, "one_language", "warning"), summary_en=""),
        workshop(7, phone=Fault("+39 0585 12 | +39 0585 34", "phone")),
    ]
    return delimited("workshops-virgolette.csv", headings, rows, end="\n")


def repeated_header() -> File:
    """The header again in the middle, a totals row, empty rows and columns around."""
    edge = ";" * (len(SHORT) + 2)
    headings = Verbatim(";".join(SHORT) + ";;;")

    def line(row: Cells) -> Verbatim:
        cells = [row[name] for name in SHORT]
        texts = [each.text if isinstance(each, Fault) else each for each in cells]
        faults = tuple(
            (name, each.rule, each.severity)
            for name, each in zip(SHORT, cells, strict=True)
            if isinstance(each, Fault)
        )
        return Verbatim(";".join(texts) + ";;;", faults)

    rows = [
        line(italian(workshop(1))),
        line(italian(workshop(2, kind=Fault("bottega artigana", "term")))),
        Verbatim(edge),
        headings,
        line(italian(workshop(3))),
        line(italian(workshop(4, quarter=Fault("grazano", "term")))),
        line(italian(workshop(5, sources=Fault("si veda il sito", "url")))),
        line(italian(workshop(6))),
        Verbatim(f"Totale;6{edge[1:]}", (("", "totals_row", "error"),)),
        *[Verbatim(edge)] * 5,
    ]
    return delimited(
        "workshops-ripetuta.csv",
        (),
        rows,
        delimiter=";",
        above=[headings.text],
        tolerated=["header_repeated", "decimal_comma"],
    )


GAUSS_BOAGA = (
    ("4879342.83", "1586526.70"),
    ("4879792.38", "1586921.32"),
    ("4880241.95", "1587315.88"),
    ("4880691.55", "1587710.38"),
    ("4881141.17", "1588104.83"),
    ("4881590.82", "1588499.23"),
    ("4882040.49", "1588893.57"),
    ("4882490.19", "1589287.85"),
)
"""Monte Mario / Italy zone 1 (EPSG:3003) of the positions of `workshop`, from number 0."""
UTM_32 = (
    ("4879326.05", "586498.00"),
    ("4879775.59", "586892.60"),
    ("4880225.16", "587287.15"),
    ("4880674.75", "587681.64"),
    ("4881124.37", "588076.09"),
    ("4881574.01", "588470.47"),
    ("4882023.67", "588864.80"),
    ("4882473.36", "589259.08"),
)
"""WGS 84 / UTM zone 32N (EPSG:32632) of the same."""


def projected(number: int, metres: Sequence[tuple[str, str]], **cells: str | Fault) -> Cells:
    """Give a row of ``workshops.csv`` with a position in metres."""
    lat, lon = metres[number]
    return workshop(number, **({"lat": lat, "lon": lon} | cells))


def gauss_boaga() -> File:
    """Positions as the regional maps of the nineties give them."""
    rows = [
        projected(1, GAUSS_BOAGA),
        projected(2, GAUSS_BOAGA, position_accuracy_m="1"),
        projected(
            3,
            GAUSS_BOAGA,
            lat=Fault("488069.15", "position_outside", also="lon"),
            lon="1587710.38",
        ),
        projected(4, GAUSS_BOAGA, kind=Fault("officna", "term")),
        projected(5, GAUSS_BOAGA, lon=Fault("", "position_half")),
        projected(6, GAUSS_BOAGA),
    ]
    return delimited(
        "workshops-gauss-boaga.csv",
        (*SHORT, "position_accuracy_m"),
        map(italian, rows),
        delimiter=";",
        tolerated=["position_projected"],
    )


def utm_32() -> File:
    """Positions of a GPS set to metres, under other headings."""
    other = {"lat": "Nord", "lon": "Est"}
    words = {other.get(each, each): each for each in SHORT}
    rows = [
        projected(1, UTM_32),
        projected(2, UTM_32, quarter=Fault("toranno", "term")),
        projected(3, UTM_32),
        projected(
            4,
            UTM_32,
            lat=Fault("5080674.75", "position_outside", also="lon"),
            lon="588076.09",
        ),
        projected(5, UTM_32, id=Fault("", "required")),
        projected(6, UTM_32),
    ]
    return delimited(
        "workshops-utm.csv", words, rows, tolerated=["position_projected", "headings_read"]
    )


def sexagesimal() -> File:
    """Degrees, minutes and seconds, as a phone shows them."""
    rows = [
        workshop(1, lat="44°03'57,6\"N", lon="10°05'06,0\"E"),
        workshop(2, lat="44° 4' 12\" N", lon="10° 5' 24\" E"),
        workshop(3, lat=Fault("44°75'10\"N", "number"), lon="10°05'42\"E"),
        workshop(4, lat="44°04'40,8\"N", lon="10°06'00\"E", kind=Fault("galeria", "term")),
        workshop(5, lat=Fault("45°28'01\"N", "position_outside", also="lon"), lon="9°11'24\"E"),
        workshop(6, lat="44°05'09,6\"N", lon="10°06'36\"E"),
    ]
    return delimited(
        "workshops-gradi.csv",
        SHORT,
        rows,
        delimiter=";",
        encoding="cp1252",
        tolerated=["sexagesimal"],
    )


def positions() -> File:
    """Every way to miss the town."""
    headings = (*SHORT[:-1], "position_accuracy_m", "sources")
    rows = [
        workshop(1),
        workshop(2, lat=Fault("45.070300", "position_outside", also="lon"), lon="7.686900"),
        workshop(3, lat=Fault("0", "position_outside", also="lon"), lon="0"),
        workshop(4, lat=Fault("", "position_half")),
        workshop(5, lat=Fault("10.105000", "position_swapped", also="lon"), lon="44.082000"),
        workshop(6, lat=Fault("44.0.796", "number")),
        workshop(7, lat=Fault("144.0796", "out_of_range")),
        workshop(
            8,
            lat="",
            lon="",
            position_accuracy_m=Fault("25", "accuracy_without_position", "warning"),
        ),
        workshop(9, position_accuracy_m=Fault("-5", "out_of_range")),
    ]
    return delimited("workshops-posizioni.csv", headings, rows, end="\n")


def codes() -> File:
    """Ids as people write them."""
    rows = [
        workshop(1),
        workshop(2, id=Fault("Bottega-Prova-2", "slug")),
        workshop(3, id=Fault("bottega prova 3", "slug")),
        workshop(4, id=Fault("bottega-prov\u0430-4", "homoglyphs")),
        workshop(5, id=Fault("", "required")),
        workshop(6, id=Fault("bottega-prova-1", "repeated")),
        workshop(7, id=Fault("bottega_prova_7", "slug")),
        workshop(8, id=Fault("bottega-\u202eprova-8", "control_characters")),
        workshop(9, id=" bottega-prova-9 "),
    ]
    return delimited("workshops-codici.csv", SHORT, rows, end="\n")


def headings() -> File:
    """Headings of an Italian sheet, two of them mistyped."""
    words = {
        "Codice": "id",
        "Nome": "name_it",
        "Tipologia": "kind",
        "Quartiere": "quarter",
        "Indirizzo": "address",
        "Latitudine": "lat",
        "Longitudine": "lon",
        "telefno": "phone",
        "Colore preferito": "",
        "Fonti": "sources",
    }
    rows = [
        workshop(1),
        workshop(2, kind="Laboratorio artigiano"),
        workshop(3, kind=Fault("Laboratrio", "term")),
        workshop(4, lat=Fault("circa 44", "number")),
        workshop(5, quarter="Grazzano"),
    ]
    return delimited(
        "workshops-intestazioni.csv",
        words,
        map(italian, rows),
        delimiter=";",
        faults=[
            Expected(None, "telefno", "heading_unknown", "warning"),
            Expected(None, "Colore preferito", "heading_unknown", "warning"),
            Expected(None, "", "one_language", "warning"),
        ],
        tolerated=["headings_read", "term_word", "decimal_comma"],
    )


def one_coordinate_mistyped() -> File:
    """A mistyped heading that would leave every position half."""
    words = {"latitudne" if each == "lat" else each: each for each in SHORT}
    return delimited(
        "workshops-latitudne.csv",
        words,
        [workshop(1), workshop(2, kind=Fault("negozio stoico", "term")), workshop(3)],
        faults=[
            Expected(None, "latitudne", "heading_unknown", "warning"),
            Expected(None, "", "heading_missing"),
        ],
    )


def heading_missing() -> File:
    """No column tells the kind, which is required."""
    words = [each for each in SHORT if each != "kind"]
    rows = [workshop(1), workshop(2), workshop(3)]
    return delimited(
        "workshops-senza-tipo.csv",
        words,
        map(italian, rows),
        delimiter=";",
        faults=[Expected(None, "", "heading_missing")],
    )


def heading_twice() -> File:
    """Two columns for one thing."""
    words = {each: each for each in SHORT if each != "address"}
    words |= {"Indirizzo": "address", "Ubicazione": "address"}
    return delimited(
        "workshops-due-indirizzi.csv",
        words,
        [workshop(1), workshop(2)],
        faults=[Expected(None, "Indirizzo, Ubicazione", "heading_twice")],
    )


def hostile() -> File:
    """Markup and formulas, which are text; control characters and addresses, which are not."""
    names = (*SHORT[:-1], "email", "website", "summary_it", "summary_en", "sources")
    rows = [
        workshop(1, summary_it="<script>alert(1)</script>", summary_en="<b>bold</b> & 'more'"),
        workshop(2, name_it="Bottega ${alert(1)} `prova`", name_en="{{ 7 * 7 }}"),
        workshop(3, summary_it='=HYPERLINK("https://opere-di-prova.it")', summary_en="@SUM(1+1)"),
        workshop(4, address=Fault("Via\x00 della Prova", "control_characters", "warning")),
        workshop(5, summary_it=Fault("avanti \u202eorteidni", "control_characters", "warning")),
        workshop(6, sources=Fault("javascript:alert(document.cookie)", "url")),
        workshop(7, website=Fault("data:text/html,<b>ciao</b>", "url")),
        workshop(8, email=Fault("<img src=x>@opere-di-prova.it", "email")),
        workshop(9, lat=Fault("=1+1", "number")),
        workshop(10, website=Fault("https://banca.opere-di-prova.it@example.net/", "url")),
        workshop(11, address="'-Via della Prova 11"),
    ]
    return delimited("workshops-codice.csv", names, rows, end="\n")


def broken_rows() -> File:
    """Cells too many, cells too few, and quotes that never end."""

    def line(number: int, *, until: int | None = None) -> str:
        row = workshop(number, address=f"Via della Prova {number}")
        return ",".join(str(row[name]) for name in SHORT[:until])

    unquoted = line(3).replace("Via della Prova 3", "Via della Prova 3, Carrara")
    rows = [
        Verbatim(line(1)),
        Verbatim(line(2, until=5)),
        Verbatim(unquoted, (("", "row_too_long", "error"),)),
        Verbatim(line(4, until=3), (("kind", "required", "error"),)),
        Verbatim(line(5)),
        Verbatim(f'{line(6)},"una nota che non finisce', (("", "quotes", "error"),)),
        Verbatim(line(7)),
        Verbatim(line(8).replace("artisan_workshop", "nulla"), (("kind", "term", "error"),)),
    ]
    made = delimited("workshops-righe.csv", (), rows, end="\n", above=[",".join(SHORT)])
    # Two rows are short: a source is expected.
    short = [Expected(line, "sources", "no_source", "warning") for line in (3, 5)]
    return File(name=made.name, content=made.content, faults=[*made.faults, *short])


def two_encodings() -> File:
    """Two exports pasted under each other: UTF-8, then Windows-1252."""
    rows = [workshop(number) for number in range(1, 7)]
    rows[2] |= {"kind": Fault("gallerìa d'arte", "term")}
    rows[4] |= {"quarter": Fault("località ignota", "term")}
    made = delimited("workshops-due-codifiche.csv", SHORT, rows)
    assert made.content is not None
    lines = made.content.splitlines(keepends=True)
    below = [line.decode().encode("cp1252") for line in lines[4:]]
    return File(
        name=made.name,
        content=b"".join([*lines[:4], *below]),
        faults=[*made.faults, Expected(None, "", "encoding_mixed", "warning")],
    )


# ---------------------------------------------------------------- projects


def opencoesione() -> File:
    """The field names of OpenCoesione."""
    words = {
        "COD_LOCALE_PROGETTO": "id",
        "CUP": "cup",
        "OC_TITOLO_PROGETTO": "name_it",
        "OC_SINTESI_PROGETTO": "summary_it",
        "OC_STATO_PROGETTO": "phase",
        "OC_DATA_INIZIO_PROGETTO": "start",
        "OC_DATA_FINE_PROGETTO_PREVISTA": "declared_end",
        "OC_DATA_FINE_PROGETTO_EFFETTIVA": "end",
        "OC_LINK": "sources",
    }
    done = {
        "phase": "Concluso",
        "start": "01/03/2019",
        "declared_end": "30/06/2022",
        "end": "15/09/2022",
    }
    rows = [
        project(1, **done),
        project(2, **done | {"phase": Fault("Conculso", "term")}),
        project(3, **done | {"cup": Fault("F81B2100000", "cup")}),
        project(4, **done | {"start": Fault("30/02/2019", "date")}),
        project(5, **done | {"start": Fault("01/01/2023", "dates_reversed", also="end")}),
        project(6, **done | {"id": Fault("1TO/2022 6", "slug")}),
        project(7, **done | {"name_it": Fault("", "required")}),
        project(8, **done | {"cup": "f81b 2100 0000 008"}),
    ]
    return delimited(
        "projects-opencoesione.csv",
        words,
        rows,
        delimiter=";",
        encoding="utf-8-sig",
        faults=[Expected(None, "", "one_language", "warning")],
        tolerated=["headings_read", "date_italian", "term_word", "cup_spelling"],
    )


def dates() -> File:
    """Dates as people and Excel write them."""
    names = (
        "id",
        "name_it",
        "name_en",
        "phase",
        "start",
        "declared_end",
        "end",
        "as_of",
        "sources",
    )
    rows = [
        project(1, start="01/03/2019", end="15/09/2022", as_of="30/09/2026"),
        project(2, start="1-3-2019", end="15.9.2022", as_of="30/09/2026 00:00:00"),
        project(3, end=Fault("31/02/2025", "date")),
        project(4, end=Fault("15-09-22", "date_ambiguous")),
        project(5, end=Fault("settembre duemilaventidue", "date")),
        project(6, start=Fault("15/09/2022", "dates_reversed", also="end"), end="01/03/2019"),
        project(7, start="43525", end="44819"),
        project(8, end=Fault("0000-00-00", "date")),
        project(9, declared_end=Fault("2022/13/01", "date")),
        project(10, as_of=Fault("ieri", "date")),
    ]
    return delimited(
        "projects-date.csv",
        names,
        rows,
        delimiter=";",
        tolerated=["date_italian", "date_serial", "date_time"],
    )


def codes_of_projects() -> File:
    """CUP codes, answers, areas and kinds, under a line that tells Excel the separator."""
    names = ("id", "name_it", "name_en", "place_id", "kind", "stalled", "cup", "area_m2", "sources")
    rows = [
        project(1, cup="f81b21000000001", stalled="NO"),
        project(2, cup="F81B 2100 0000 002", stalled="sì"),
        project(3, cup=Fault("F81B21", "cup")),
        project(4, cup=Fault("12345ABCDE67890", "cup_unusual", "warning")),
        project(5, stalled=Fault("boh", "yes_no")),
        project(6, area_m2=Fault("grande", "number")),
        project(7, place_id=Fault("Palazzo Rosso", "slug")),
        project(8, kind=Fault("restuaro", "term")),
        project(9, area_m2=Fault("-12", "out_of_range")),
    ]
    return delimited(
        "projects-codici.csv",
        names,
        map(italian, rows),
        delimiter=";",
        above=["sep=;"],
        tolerated=["cup_spelling", "yes_no_word", "decimal_comma"],
    )


# ---------------------------------------------------------------- funding


def amounts() -> File:
    """Amounts as they stand in decisions of the council."""
    names = tuple(money(0))
    rows = [
        money(0, amount_eur="1.234.567,89"),
        money(1, amount_eur="€ 2.480.000"),
        money(2, amount_eur="150000,5"),
        money(3, amount_eur=Fault("2,8M", "number_abbreviated")),
        money(4, amount_eur=Fault("circa 1 milione", "money")),
        money(5, amount_eur=Fault("da definire", "money")),
        money(6, amount_eur=Fault("-500", "out_of_range")),
        money(7, amount_eur=Fault("1.23.456,00", "money")),
        money(8, nature=Fault("stanziatti", "term")),
        money(9, counted=Fault("forse", "yes_no")),
        money(10, project_id=Fault("", "required")),
    ]
    return delimited(
        "funding-importi.csv",
        names,
        rows,
        delimiter=";",
        encoding="cp1252",
        tolerated=["encoding_assumed", "thousands", "currency", "decimal_comma"],
    )


def amounts_in_words() -> File:
    """Italian headings and labels for everything."""
    words = {
        "Progetto": "project_id",
        "Programma": "programme_id",
        "Importo": "amount_eur",
        "Natura": "nature",
        "Conteggiato": "counted",
        "Aggiornato al": "as_of",
        "Fonte": "source",
        "Note": "note_it",
        "Protocollo": "",
    }
    day = "15/10/2026"
    rows = [
        money(0, nature="Assegnati", counted="sì", as_of=day),
        money(1, nature="Stimati", amount_eur="€ 75.000,00", as_of=day),
        money(2, source=Fault("delibera 12 del 2026", "url"), as_of=day),
        money(3, as_of=Fault("15/15/2026", "date")),
        money(4, programme_id=Fault("Regione Toscana", "slug"), as_of=day),
        money(5, source=Fault("", "required"), as_of=day),
        money(6, amount_eur=Fault("100.000,123", "money"), as_of=day),
    ]
    return delimited(
        "funding-intestazioni.csv",
        words,
        rows,
        delimiter=";",
        encoding="utf-8-sig",
        faults=[Expected(None, "Protocollo", "heading_unknown", "warning")],
        tolerated=["headings_read", "term_word", "date_italian", "yes_no_word", "currency"],
    )


# ---------------------------------------------------------------- shapes

SQUARES = (
    ((0.0, 0.0), (40.0, 0.0), (40.0, 30.0), (0.0, 30.0), (0.0, 0.0)),
    ((0.0, 0.0), (40.0, 30.0), (40.0, 0.0), (0.0, 30.0), (0.0, 0.0)),
)
"""Corners in metres: of a rectangle, and of one that crosses itself."""


def area(number: int, corners: Sequence[tuple[float, float]]) -> dict[str, object]:
    """Give a polygon with heights in Gauss-Boaga metres."""
    y, x = map(float, GAUSS_BOAGA[number])
    ring = [[round(x + east, 2), round(y + north, 2), 101.5] for east, north in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def areas() -> File:
    """An export of QGIS in Gauss-Boaga metres, with heights."""

    def feature(number: int, geometry: object, **values: object) -> dict[str, object]:
        properties = {
            "id": f"spazio-prova-{number}",
            "name_it": f"Piazza di prova {number}",
            "name_en": f"Test square {number}",
            "kind": "square",
            "quarter": "caffaggio",
            "sources": f"https://fonte{number}.opere-di-prova.it/piazza",
        }
        return {"type": "Feature", "properties": properties | values, "geometry": geometry}

    outside = {"type": "Point", "coordinates": [1397000.0, 4990000.0, 230.0]}
    features = [
        feature(1, area(1, SQUARES[0])),
        feature(2, area(2, SQUARES[1])),
        feature(3, area(3, SQUARES[0]), kind="piaza"),
        feature(4, outside),
        feature(5, {"type": "GeometryCollection", "geometries": [outside, area(5, SQUARES[0])]}),
        feature(6, area(6, SQUARES[0]), id=None),
        feature(7, None),
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3003"}}
    document = {"type": "FeatureCollection", "name": "piazze", "crs": crs, "features": features}
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    starts = [line for line, each in enumerate(text.splitlines(), start=1) if each == "  {"]
    faults = (
        (2, "geometry", "geometry_invalid"),
        (3, "kind", "term"),
        (4, "lat, lon", "position_outside"),
        (5, "geometry", "geometry_type"),
        (6, "id", "required"),
    )
    return File(
        name="public_spaces-gauss-boaga.geojson",
        content=text.encode(),
        faults=[
            Expected(starts[number - 1], column, rule, feature=number)
            for number, column, rule in faults
        ],
        tolerated=["crs_converted", "height_dropped"],
    )


# ---------------------------------------------------------------- made elsewhere

MADE_ELSEWHERE = (
    File(
        name="workshops-foglio.xlsx",
        content=None,
        faults=[
            Expected(5, "phone", "phone"),
            Expected(6, "craft", "term"),
            Expected(7, "as_of", "date"),
            Expected(8, "lat", "position_half"),
            Expected(9, "id", "repeated"),
        ],
        tolerated=["sheets_ignored", "title_lines"],
    ),
    File(
        name="projects-foglio.ods",
        content=None,
        faults=[
            Expected(3, "kind", "term"),
            Expected(4, "start, end", "dates_reversed"),
            Expected(5, "cup", "cup"),
            Expected(6, "id", "slug"),
        ],
        tolerated=["sheets_ignored"],
    ),
    File(
        name="funding-vecchio.xls",
        content=None,
        faults=[
            Expected(3, "amount_eur", "money"),
            Expected(4, "nature", "term"),
            Expected(5, "counted", "yes_no"),
        ],
    ),
    File(
        name="public_spaces-strati.gpkg",
        content=None,
        faults=[
            Expected(None, "kind", "term", feature=2),
            Expected(None, "website", "url", feature=3),
            Expected(None, "id", "repeated", feature=4),
        ],
        tolerated=["layers_ignored", "crs_converted"],
    ),
    File(
        name="attractions-shapefile.zip",
        content=None,
        faults=[
            Expected(None, "kind", "term", feature=2),
            Expected(None, "admission", "term", feature=3),
            Expected(None, "lat, lon", "position_outside", feature=4),
        ],
        tolerated=["crs_converted", "headings_read"],
    ),
)


def files() -> list[File]:
    """Make every file, in the order in which `expected.csv` names them."""
    return [
        windows_1252(),
        titles_above(),
        unicode_text(),
        bars(),
        old_mac(),
        quoted_breaks(),
        repeated_header(),
        gauss_boaga(),
        utm_32(),
        sexagesimal(),
        positions(),
        codes(),
        headings(),
        one_coordinate_mistyped(),
        heading_missing(),
        heading_twice(),
        hostile(),
        broken_rows(),
        two_encodings(),
        opencoesione(),
        dates(),
        codes_of_projects(),
        amounts(),
        amounts_in_words(),
        areas(),
        *MADE_ELSEWHERE,
    ]


def expected_rows() -> list[dict[str, str]]:
    """List every planted fault as a row of ``expected.csv``."""
    return [
        {
            "file": file.name,
            "line": "" if each.line is None else str(each.line),
            "column": each.column,
            "rule": each.rule,
            "severity": each.severity,
            "feature": "" if each.feature is None else str(each.feature),
        }
        for file in files()
        for each in file.faults
    ]


def tolerated_rows() -> list[dict[str, str]]:
    """List what must be told once as a row of ``tolerated.csv``."""
    return [{"file": file.name, "rule": rule} for file in files() for rule in file.tolerated]


def main() -> None:
    """Write the files into this folder."""
    for file in files():
        if file.content is not None:
            (FOLDER / file.name).write_bytes(file.content)
    for name, rows in (("expected.csv", expected_rows()), ("tolerated.csv", tolerated_rows())):
        with (FOLDER / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
