from __future__ import annotations

import json
from pathlib import Path

import pytest

from regen_map.catalogue import TABLES, Catalogue, City, Vocabularies
from regen_map.export.dictionary import (
    PACKAGE,
    README,
    data_package,
    data_readme,
    describe_column,
    package_text,
    write_dictionary,
)
from regen_map.messages import LANGUAGES
from regen_map.store import folder_store, shipped_folder


@pytest.fixture
def shipped() -> Catalogue:
    return folder_store(shipped_folder()).load().catalogue


_HOW = "write it with regen_map.export.dictionary.write_dictionary"


def test_shipped_readme_is_the_generated_one(shipped: Catalogue) -> None:
    written = (shipped_folder() / README).read_text(encoding="utf-8")
    assert written == data_readme(shipped.vocabularies, shipped.city), _HOW


def test_shipped_package_is_the_generated_one(shipped: Catalogue) -> None:
    written = (shipped_folder() / PACKAGE).read_text(encoding="utf-8")
    assert written == package_text(data_package(shipped.vocabularies, shipped.city)), _HOW


def test_every_file_of_the_package_is_shipped(shipped: Catalogue) -> None:
    package = data_package(shipped.vocabularies, shipped.city)
    missing = [
        resource["path"]
        for resource in package["resources"]
        if not (shipped_folder() / resource["path"]).is_file()
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_is_described_in_every_language(language: str) -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert describe_column(table, column, language).endswith((".", "…"))


def test_readme_names_every_column(city: City, vocabularies: Vocabularies) -> None:
    readme = data_readme(vocabularies, city)
    for table in TABLES.values():
        assert f"## `{table.file_name}`" in readme
        assert all(f"| `{name}` |" in readme for name in table.names)


def test_cells_of_the_readme_hold_no_bare_bar(city: City, vocabularies: Vocabularies) -> None:
    tables = [
        block for block in data_readme(vocabularies, city).split("\n\n") if block.startswith("|")
    ]
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_package_limits_terms_and_numbers(city: City, vocabularies: Vocabularies) -> None:
    resources = {each["path"]: each for each in data_package(vocabularies, city)["resources"]}
    fields = {each["name"]: each for each in resources["workshops.csv"]["schema"]["fields"]}
    assert fields["id"]["constraints"]["unique"]
    assert fields["kind"]["constraints"] == {"required": True, "enum": ["gallery"]}
    assert fields["lat"]["constraints"] == {"minimum": -90, "maximum": 90}
    assert resources["stops.csv"]["schema"]["primaryKey"] == ["itinerary_id", "order"]
    assert resources["funding.csv"]["schema"]["foreignKeys"] == [
        {"fields": "project_id", "reference": {"resource": "projects", "fields": "id"}},
        {"fields": "programme_id", "reference": {"resource": "programmes", "fields": "id"}},
    ]


def test_package_carries_what_the_italian_profile_asks_for(
    city: City, vocabularies: Vocabularies
) -> None:
    package = json.loads(package_text(data_package(vocabularies, city)))
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["dcat"]["dct:rightsHolder"] == {"foaf:name": "Comune di Prova"}
    for name in ("dct:title", "dct:description"):
        assert set(package["dcat"][name]) == set(LANGUAGES)
    for name in ("dcat:theme", "dct:accrualPeriodicity", "dct:license", "dct:conformsTo"):
        assert package["dcat"][name]


def test_dictionary_is_written_beside_the_data(
    city: City, vocabularies: Vocabularies, tmp_path: Path
) -> None:
    write_dictionary(tmp_path, vocabularies, city)
    assert sorted(path.name for path in tmp_path.iterdir()) == [README, PACKAGE]
