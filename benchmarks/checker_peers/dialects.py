"""How each file of ``tests/files/offices`` is written, as somebody tells who has looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The settings of a file.

    Attributes
    ----------
    encoding, delimiter
        Of a text file; empty for the other formats.
    header_row
        The row of the headings, 1 being the first.
    sheet
        The sheet that holds the table; empty where there is one only.
    decimal, thousands
        The separators of numbers; empty for none.
    dates
        The columns that hold whole days, with the form of the date, such as ``"%d/%m/%Y"``; ``"any"`` where
        it varies, empty for days that the file itself types as such.
    headings
        The names of the columns by heading, where they differ.
    untyped
        The columns of a sheet whose cells are not of the type of the schema, or of several.
    crs
        The reference system of ``lat`` and ``lon``; empty where they are no numbers.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 1
    sheet: str = ""
    decimal: str = "."
    thousands: str = ""
    dates: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    headings: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    untyped: tuple[str, ...] = ()
    crs: str = "EPSG:4326"


def _text(encoding: str = "utf-8", delimiter: str = ",", **options: object) -> Dialect:
    italian = {"decimal": ",", "thousands": "."} if delimiter in ";\t" else {}
    return Dialect(encoding=encoding, delimiter=delimiter, **{**italian, **options})  # type: ignore[arg-type]


def _days(*names: str, form: str = "%d/%m/%Y") -> dict[str, str]:
    return dict.fromkeys(names, form)


DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        "workshops-windows-1252.csv": _text("cp1252", ";"),
        "workshops-titoli.csv": _text("utf-8-sig", ";", header_row=4, dates=_days("as_of")),
        "workshops-testo-unicode.txt": _text("utf-16", "\t"),
        "workshops-barre.csv": _text(delimiter="|"),
        "workshops-mac.csv": _text(delimiter=";"),
        "workshops-virgolette.csv": _text(),
        "workshops-ripetuta.csv": _text(delimiter=";"),
        "workshops-gauss-boaga.csv": _text(delimiter=";", crs="EPSG:3003"),
        "workshops-utm.csv": _text(headings={"Nord": "lat", "Est": "lon"}, crs="EPSG:32632"),
        "workshops-gradi.csv": _text("cp1252", ";", crs=""),
        "workshops-posizioni.csv": _text(),
        "workshops-codici.csv": _text(),
        "workshops-intestazioni.csv": _text(
            delimiter=";",
            headings={
                "Codice": "id",
                "Nome": "name_it",
                "Tipologia": "kind",
                "Quartiere": "quarter",
                "Indirizzo": "address",
                "Latitudine": "lat",
                "Longitudine": "lon",
                "Fonti": "sources",
            },
        ),
        "workshops-latitudne.csv": _text(),
        "workshops-senza-tipo.csv": _text(delimiter=";"),
        "workshops-due-indirizzi.csv": _text(headings={"Indirizzo": "address"}),
        "workshops-codice.csv": _text(),
        "workshops-righe.csv": _text(),
        # No single encoding reads it; this one reads the letters of its second half.
        "workshops-due-codifiche.csv": _text("cp1252"),
        "projects-opencoesione.csv": _text(
            "utf-8-sig",
            ";",
            dates=_days("start", "declared_end", "end"),
            headings={
                "COD_LOCALE_PROGETTO": "id",
                "CUP": "cup",
                "OC_TITOLO_PROGETTO": "name_it",
                "OC_SINTESI_PROGETTO": "summary_it",
                "OC_STATO_PROGETTO": "phase",
                "OC_DATA_INIZIO_PROGETTO": "start",
                "OC_DATA_FINE_PROGETTO_PREVISTA": "declared_end",
                "OC_DATA_FINE_PROGETTO_EFFETTIVA": "end",
                "OC_LINK": "sources",
            },
        ),
        "projects-date.csv": _text(
            delimiter=";", dates=_days("start", "declared_end", "end", "as_of", form="any")
        ),
        "projects-codici.csv": _text(delimiter=";", header_row=2),
        "funding-importi.csv": _text("cp1252", ";"),
        "funding-intestazioni.csv": _text(
            "utf-8-sig",
            ";",
            dates=_days("as_of"),
            headings={
                "Progetto": "project_id",
                "Programma": "programme_id",
                "Importo": "amount_eur",
                "Natura": "nature",
                "Conteggiato": "counted",
                "Aggiornato al": "as_of",
                "Fonte": "source",
                "Note": "note_it",
            },
        ),
        "workshops-foglio.xlsx": Dialect(
            sheet="Botteghe", header_row=2, dates={"as_of": ""}, untyped=("founded",)
        ),
        "projects-foglio.ods": Dialect(sheet="Progetti", untyped=("start", "end")),
        "funding-vecchio.xls": Dialect(untyped=("as_of",)),
        "public_spaces-gauss-boaga.geojson": Dialect(),
        "public_spaces-strati.gpkg": Dialect(sheet="piazze"),
        "attractions-shapefile.zip": Dialect(),
    }
)
"""By name of the file."""
