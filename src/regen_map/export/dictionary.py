"""What the files of a city hold, told to people and to programs, from the schema alone."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from regen_map.catalogue import (
    PLACE_TABLES,
    TABLES,
    Cell,
    City,
    Column,
    Place,
    Table,
    Vocabularies,
    closed_terms,
)
from regen_map.messages import LANGUAGES, Translator, translator

README = "README.md"
PACKAGE = "datapackage.json"

_COMMON = tuple(each.name for each in dataclasses.fields(Place))
_ORIGINS = ("anncsu", "wikipedia", "visittuscany", "mimit", "eurostat", "geonames")
_ACCEPTED = ("files", "encodings", "numbers", "dates", "headings", "positions", "titles")
_STEPS = ("1", "2", "3", "4", "5")

_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
_TYPES: Mapping[Cell, Mapping[str, Any]] = MappingProxyType(
    {
        Cell.SLUG: {"constraints": {"pattern": "[a-z0-9]+(-[a-z0-9]+)*"}},
        Cell.URL: {"format": "uri"},
        Cell.EMAIL: {"format": "email"},
        Cell.DATE: {"constraints": {"pattern": _DATE}},
        Cell.DATES: {"constraints": {"pattern": rf"({_DATE})?( \| ({_DATE})?)*"}},
        Cell.NUMBER: {"type": "number"},
        Cell.INTEGER: {"type": "integer"},
        Cell.MONEY: {"type": "number"},
        Cell.LATITUDE: {"type": "number", "constraints": {"minimum": -90, "maximum": 90}},
        Cell.LONGITUDE: {"type": "number", "constraints": {"minimum": -180, "maximum": 180}},
        Cell.YES_NO: {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
        Cell.CUP: {"constraints": {"pattern": "[A-Z0-9]{15}"}},
        Cell.TIME: {"constraints": {"pattern": "([01][0-9]|2[0-3]):[0-5][0-9]"}},
        Cell.WIKIDATA: {"constraints": {"pattern": "Q[1-9][0-9]*"}},
    }
)
"""How Frictionless Table Schema writes each kind of cell; a string where nothing is said."""

_EU = "http://publications.europa.eu/resource/authority"
_TABLE_SCHEMA = "https://specs.frictionlessdata.io/table-schema/"
_GEOJSON = "https://www.rfc-editor.org/rfc/rfc7946"
_LICENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "CC BY 4.0": (
            "CC-BY-4.0",
            "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40",
        ),
        "CC0 1.0": (
            "CC0-1.0",
            "https://w3id.org/italia/controlled-vocabulary/licences/A11_CCO10",
        ),
    }
)
"""Code for Frictionless and address in the Italian vocabulary of licences."""


def data_readme(vocabularies: Vocabularies, city: City) -> str:
    """
    Write the ``README.md`` of a data folder.

    Parameters
    ----------
    vocabularies
        Labels of the terms that are the same in every city.
    city
        Name, publisher and licence.

    Returns
    -------
    str
        Markdown in every language of the product, Italian first; equal for
        equal parameters.
    """
    parts = [f"<!-- {_joined('dictionary.generated')} -->"]
    for language in LANGUAGES:
        parts += _prose(translator(language), city)
    parts += _tables()
    parts += _closed_vocabularies(vocabularies)
    return "\n\n".join(parts) + "\n"


def data_package(vocabularies: Vocabularies, city: City) -> dict[str, Any]:
    """
    Describe a data folder for programs.

    Parameters
    ----------
    vocabularies
        The terms that cells may hold.
    city
        Name, extent, publisher and licence.

    Returns
    -------
    dict
        A Frictionless Data Package with a Table Schema for each file; under
        ``dcat`` the fields that the Italian profile DCAT-AP_IT asks for.
    """
    code, _ = _LICENCES.get(city.licence, (city.licence, ""))
    first = city.locales[0]
    words = translator(first if first in LANGUAGES else LANGUAGES[0])
    return {
        "profile": "data-package",
        "name": f"regen-map-{city.name(first).casefold().replace(' ', '-')}",
        "title": words.text("dictionary.title", city=city.name(words.language)),
        "description": words.text("dictionary.description", city=city.name(words.language)),
        "licenses": [{"name": code, "path": city.licence_url, "title": city.licence}],
        "contributors": [{"title": city.publisher, "role": "publisher"}],
        "dcat": _dcat(city),
        "resources": [_resource(table, vocabularies) for table in TABLES.values()],
    }


def package_text(package: Mapping[str, Any]) -> str:
    """Write a package the way it is stored: indented JSON, one line break at the end."""
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def write_dictionary(folder: Path, vocabularies: Vocabularies, city: City) -> None:
    """Write ``README.md`` and ``datapackage.json`` into a data folder."""
    readme = data_readme(vocabularies, city)
    package = package_text(data_package(vocabularies, city))
    (folder / README).write_text(readme, encoding="utf-8", newline="\n")
    (folder / PACKAGE).write_text(package, encoding="utf-8", newline="\n")


def describe_column(table: Table, column: Column, language: str) -> str:
    """
    Say what a column means.

    Parameters
    ----------
    table, column
        A column means the same in every table unless its table says otherwise.
    language
        One of `regen_map.messages.LANGUAGES`.

    Raises
    ------
    KeyError
        If there are no words for the column.
    """
    words = translator(language)
    for key in (f"column.{table.name}.{column.name}", f"column.{column.name}"):
        if words.has(key):
            return words.text(key)
    stem, _, language = column.name.rpartition("_")
    if language not in LANGUAGES:
        raise KeyError(column.name)
    return words.text("column.further_language", column=f"{stem}_it", language=language)


def _prose(words: Translator, city: City) -> Iterator[str]:
    name = city.name(words.language)
    yield f"# {words.text('dictionary.title', city=name)}"
    yield words.text("dictionary.description", city=name)
    yield words.text("dictionary.unknown")
    yield f"## {words.text('dictionary.files')}"
    yield words.text("dictionary.format")
    yield _grid(
        [words.text("dictionary.file"), words.text("dictionary.row")],
        [
            ["`city.toml`", words.text("dictionary.file.city")],
            ["`vocabularies.csv`", words.text("dictionary.file.vocabularies")],
            *(
                [f"`{table.file_name}`", words.text(f"table.{table.name}")]
                for table in TABLES.values()
            ),
            [f"`{PACKAGE}`", words.text("dictionary.file.datapackage")],
            [f"`{README}`", words.text("dictionary.file.readme")],
        ],
    )
    yield f"## {words.text('dictionary.accepted')}"
    yield "\n".join(f"- {words.text(f'dictionary.accepted.{each}')}" for each in _ACCEPTED)
    yield words.text("dictionary.accepted.check")
    yield f"## {words.text('dictionary.add')}"
    yield "\n".join(f"{step}. {words.text(f'dictionary.add.{step}')}" for step in _STEPS)
    yield f"## {words.text('dictionary.origin')}"
    yield words.text(
        "dictionary.origin.licence",
        licence=city.licence,
        url=city.licence_url,
        publisher=city.publisher,
    )
    yield words.text("dictionary.origin.positions")
    yield "\n".join(f"- {words.text(f'dictionary.origin.{each}')}" for each in _ORIGINS)


def _tables() -> Iterator[str]:
    yield f"# {_joined('dictionary.tables')}"
    yield f"## {_joined('dictionary.common')}"
    names = ", ".join(f"`{table.file_name}`" for table in PLACE_TABLES)
    yield _joined("dictionary.common.where", files=names)
    common = PLACE_TABLES[0]
    yield _columns(common, [common.column(name) for name in _COMMON])
    for table in TABLES.values():
        yield f"## `{table.file_name}`"
        yield _joined(f"table.{table.name}")
        shared = _COMMON if table in PLACE_TABLES else ()
        own = [each for each in table.columns if each.name not in shared]
        if shared:
            yield _joined("dictionary.common.also" if own else "dictionary.common.only")
        if own:
            yield _columns(table, own)


def _columns(table: Table, columns: Iterable[Column]) -> str:
    heads = [_joined(f"dictionary.{each}") for each in ("column", "type", "required")]
    heads += [f"{translator(each).text('dictionary.meaning')} ({each})" for each in LANGUAGES]
    return _grid(
        heads,
        [
            [
                f"`{column.name}`",
                _kind(column),
                _joined("dictionary.required.yes") if column.required else "",
                *(describe_column(table, column, each) for each in LANGUAGES),
            ]
            for column in columns
        ],
    )


def _kind(column: Column) -> str:
    if column.vocabulary:
        return f"{_joined('cell.term')}: `{column.vocabulary}`"
    if column.refers_to:
        targets = PLACE_TABLES if column.refers_to == "places" else (TABLES[column.refers_to],)
        names = ", ".join(f"`{target.file_name}`" for target in targets)
        return _joined("dictionary.refers", files=names)
    return _joined(f"cell.{column.cell}")


def _closed_vocabularies(vocabularies: Vocabularies) -> Iterator[str]:
    yield f"# {_joined('dictionary.vocabularies')}"
    yield _joined("dictionary.vocabularies.text")
    heads = [_joined("dictionary.vocabulary"), _joined("dictionary.term")]
    heads += [f"{translator(each).text('dictionary.label')} ({each})" for each in LANGUAGES]
    yield _grid(
        heads,
        [
            [
                f"`{term.vocabulary}`",
                f"`{term.term}`",
                *(vocabularies.label(term.vocabulary, term.term, each) for each in LANGUAGES),
            ]
            for term in closed_terms()
        ],
    )


def _joined(key: str, **values: object) -> str:
    """Give a message in every language, once where they all say the same."""
    texts = (translator(each).text(key, **values) for each in LANGUAGES)
    return " / ".join(dict.fromkeys(texts))


def _grid(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines
    )


def _resource(table: Table, vocabularies: Vocabularies) -> dict[str, Any]:
    drawn = table.geometry
    resource: dict[str, Any] = {
        "name": table.name.replace("_", "-"),
        "path": table.file_name,
        "profile": "data-resource" if drawn else "tabular-data-resource",
        "format": "geojson" if drawn else "csv",
        "mediatype": "application/geo+json" if drawn else "text/csv",
        "encoding": "utf-8",
    }
    for language in LANGUAGES:
        resource[_by("description", language)] = translator(language).text(f"table.{table.name}")
    resource["conformsTo"] = [_GEOJSON, _TABLE_SCHEMA] if drawn else [_TABLE_SCHEMA]
    schema: dict[str, Any] = {
        "fields": [_field(table, column, vocabularies) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    foreign = [
        {
            "fields": column.name,
            "reference": {"resource": column.refers_to.replace("_", "-"), "fields": "id"},
        }
        for column in table.columns
        if column.refers_to in TABLES
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return {**resource, "schema": schema}


def _field(table: Table, column: Column, vocabularies: Vocabularies) -> dict[str, Any]:
    written = dict(_TYPES.get(column.cell, {}))
    constraints: dict[str, Any] = dict(written.pop("constraints", {}))
    if column.required:
        constraints["required"] = True
    if table.key == (column.name,):
        constraints["unique"] = True
    if column.low is not None:
        constraints["minimum"] = column.low
    if column.high is not None:
        constraints["maximum"] = column.high
    if column.vocabulary:
        parent = table.record.family if column.vocabulary == "kind" else ""
        constraints["enum"] = list(vocabularies.names(column.vocabulary, parent))
    field = {"name": column.name, "type": "string", **written}
    for language in LANGUAGES:
        field[_by("description", language)] = describe_column(table, column, language)
    return {**field, "constraints": constraints} if constraints else field


def _by(key: str, language: str) -> str:
    return key if language == LANGUAGES[0] else f"{key}_{language}"


def _dcat(city: City) -> dict[str, Any]:
    texts = {
        key: {
            each: translator(each).text(f"dictionary.{key}", city=city.name(each))
            for each in LANGUAGES
        }
        for key in ("title", "description")
    }
    _, licence = _LICENCES.get(city.licence, ("", city.licence_url))
    contact = {"vcard:fn": city.publisher}
    if city.contact:
        contact["vcard:hasEmail"] = city.contact
    return {
        "dct:title": texts["title"],
        "dct:description": texts["description"],
        "dct:rightsHolder": {"foaf:name": city.publisher},
        "dct:publisher": {"foaf:name": city.publisher},
        "dcat:contactPoint": contact,
        "dcat:theme": [f"{_EU}/data-theme/REGI", f"{_EU}/data-theme/EDUC"],
        "dct:accrualPeriodicity": f"{_EU}/frequency/IRREG",
        "dct:language": [f"{_EU}/language/ITA", f"{_EU}/language/ENG"],
        "dct:license": licence,
        "dct:spatial": {"dcat:bbox": list(city.extent)},
        "dct:conformsTo": [
            "https://specs.frictionlessdata.io/data-package/",
            "https://www.dati.gov.it/onto/dcatapit",
        ],
    }
