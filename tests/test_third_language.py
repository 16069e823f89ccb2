"""A third language: a folder of messages and columns of data, and nothing else."""

from __future__ import annotations

import csv
import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import serving

Rows = Callable[..., bytes]
Files = Callable[..., dict[str, bytes]]

GERMAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "site.title"
msgstr "{city} erneuert sich"

msgid "page.walks"
msgstr "Rundgänge"

msgid "place_page.all.places"
msgstr "Alle Orte"

msgid "details.sources"
msgstr "Quellen"

msgid "details.walk"
msgid_plural "details.walk.many"
msgstr[0] "{distance}, {n} Minute zu Fuß"
msgstr[1] "{distance}, {n} Minuten zu Fuß"
"""
"""Five messages."""

ASK_MESSAGES = """
import datetime, io, json, re
from importlib.resources import files
from babel.messages.pofile import read_po
from regen_map.messages import LANGUAGES, best_language, translator

german, italian = translator("de"), translator("it")
values = {}
differ, lost = [], []
for path in (files("regen_map") / "messages" / "locale" / "it").iterdir():
    for message in read_po(io.BytesIO(path.read_bytes())):
        if not message.id:
            continue
        plural = isinstance(message.id, tuple)
        key = message.id[0] if plural else message.id
        texts = message.string if plural else (message.string,)
        names = set(re.findall(r"[{](\\w+)[}]", " ".join(texts)))
        said = [
            (words.count(key, 1, **dict.fromkeys(names - {"n"}, "x")),
             words.count(key, 7, **dict.fromkeys(names - {"n"}, "x")))
            if plural else words.text(key)
            for words in (german, italian)
        ]
        if said[0] != said[1]:
            differ.append(key)
        if key in str(said[0]) or not said[0]:
            lost.append(key)
print(json.dumps({
    "languages": LANGUAGES,
    "asked": [best_language(each) for each in ("de-AT,de;q=0.9", "it,de;q=0.5", "fr,de;q=0.2")],
    "differ": sorted(differ),
    "lost": lost,
    "title": german.text("site.title", city="Prova"),
    "walk": [german.count("details.walk", n, distance="80 m") for n in (1, 2)],
    "forms": [german.date("2025-09-30"), german.number(1234.5, 1), german.listing("abc")],
}))
"""


@pytest.fixture
def locales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a folder with five messages in German, and folders that are no languages."""
    folder = tmp_path / "locales"
    (folder / "de").mkdir(parents=True)
    (folder / "de" / "city.po").write_text(GERMAN, "utf-8")
    for other in ("__pycache__", ".git", "qqq", "DE"):
        (folder / other).mkdir()
    monkeypatch.setenv("REGEN_MAP_LOCALES", str(folder))
    return folder


def told(code: str) -> Any:
    """Run code in a Python of its own, as languages are found when it starts."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.usefixtures("locales")
def test_a_folder_of_messages_is_a_language_and_the_rest_is_italian() -> None:
    found = told(ASK_MESSAGES)
    assert found["languages"] == ["it", "de", "en"]
    assert found["asked"] == ["de", "it", "de"]
    assert found["differ"] == [
        "details.sources",
        "details.walk",
        "page.walks",
        "place_page.all.places",
        "site.title",
    ]
    assert found["lost"] == []
    assert found["title"] == "Prova erneuert sich"
    assert found["walk"] == ["80 m, 1 Minute zu Fuß", "80 m, 2 Minuten zu Fuß"]
    assert found["forms"] == ["30. September 2025", "1.234,5", "a, b und c"]


def test_an_empty_folder_is_a_language_that_says_everything_in_italian(locales: Path) -> None:
    (locales / "de" / "city.po").unlink()
    found = told(ASK_MESSAGES)
    assert found["languages"] == ["it", "de", "en"]
    assert (found["differ"], found["lost"]) == ([], [])


def test_a_city_may_word_a_message_of_the_product_anew(locales: Path) -> None:
    (locales / "it").mkdir()
    (locales / "it" / "ours.po").write_text('msgid "site.title"\nmsgstr "Viva {city}"\n', "utf-8")
    code = (
        "import json; from regen_map.messages import translator as t; print(json.dumps("
        "[t('it').text('site.title', city='X'), t('it').text('details.sources')]))"
    )
    assert told(code) == ["Viva X", "Fonti"]


def test_a_folder_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGEN_MAP_LOCALES", "/no/such/folder")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        told("import regen_map.messages")
    assert "REGEN_MAP_LOCALES must name a folder of messages" in caught.value.stderr


# ---------------------------------------------------------------- pages and data


@pytest.fixture
def town(tmp_path: Path, files: Files) -> Path:
    """Write a town that tells some things in German."""
    folder = tmp_path / "town"
    folder.mkdir()
    for name, content in files().items():
        (folder / name).write_bytes(content)
    settings = (folder / "city.toml").read_text("utf-8")
    settings = settings.replace('locales = ["it", "en"]', 'locales = ["it", "en", "de"]')
    (folder / "city.toml").write_text(f'name_de = "Probe"\n{settings}', "utf-8")
    add_columns(folder / "vocabularies.csv", {"gallery": {"label_de": "Kunsthandlung"}}, "term")
    sound = {"kind": "gallery", "sources": "https://a.example/1"}
    texts = [
        {
            "id": "rossi",
            "name_it": "Galleria Rossi",
            "name_en": "Rossi gallery",
            "name_de": "Galerie Rossi",
            "summary_it": "Una galleria.",
            "summary_en": "A gallery.",
            "summary_de": "Eine <b>Galerie</b>.",
        },
        {"id": "verdi", "name_it": "Bottega Verdi", "name_en": "Verdi", "summary_it": "Bottega."},
        {"id": "gialli", "name_it": "Gialli", "name_en": "Gialli", "summary_en": "A workshop."},
    ]
    headings = [*texts[0], *sound]
    with (folder / "workshops.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows({**sound, **each} for each in texts)
    return folder


def add_columns(path: Path, changes: dict[str, dict[str, str]], key: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{**row, **changes.get(row[key], {})} for row in csv.DictReader(file)]
    headings = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def site(town: Path, locales: Path) -> Iterator[str]:
    """Serve it."""
    assert os.environ["REGEN_MAP_LOCALES"] == str(locales)
    with serving(town, "--tiles", "none") as address:
        yield address


def get(address: str, accept: str = "de") -> tuple[int, dict[str, str], str]:
    """Ask for a page without following where it leads."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    path = f"{parts.path or '/'}?{parts.query}"
    connection.request("GET", path, headers={"Accept-Language": accept})
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    text = answer.read().decode("utf-8")
    connection.close()
    return answer.status, headers, text


def test_the_site_speaks_the_third_language(site: str) -> None:
    status, headers, page = get(site)
    assert (status, headers["content-language"]) == (200, "de")
    assert '<html lang="de">' in page
    assert "<title>Probe erneuert sich</title>" in page
    assert '<a href="./de/luoghi">Alle Orte</a>' in page
    assert "La mappa si sta caricando" in page

    for path, target in (("/luoghi/rossi", "de/luoghi"), ("/de/places/rossi", "de/luoghi")):
        status, headers, _ = get(site + path)
        assert status == 302
        assert headers["location"].endswith(f"{target}/rossi")

    status, headers, page = get(f"{site}/de/luoghi/rossi", "it")
    assert (status, headers["content-language"]) == (200, "de")
    assert '<html lang="de">' in page
    assert "<bdi>Galerie Rossi</bdi>" in page
    assert "Kunsthandlung" in page
    assert "Quellen" in page
    assert re.search(r"<p[^>]*>Eine &lt;b&gt;Galerie&lt;/b&gt;\.</p>", page)
    for language, segment in (("it", "luoghi"), ("de", "luoghi"), ("en", "places")):
        assert f'hreflang="{language}" href="{site}/{language}/{segment}/rossi"' in page

    italian = get(f"{site}/it/luoghi/rossi")[2]
    assert re.search(r'<a lang="de"[^>]* href="[^"]*de/luoghi/rossi">Deutsch</a>', italian)


def test_what_is_not_translated_says_in_which_language_it_is(site: str) -> None:
    page = get(f"{site}/de/luoghi/verdi")[2]
    assert "<bdi>Bottega Verdi</bdi>" in page
    assert re.search(r'<p[^>]* lang="it">Bottega\.</p>', page)
    page = get(f"{site}/de/luoghi/gialli")[2]
    assert re.search(r'<p[^>]* lang="en">A workshop\.</p>', page)
    for place in ("rossi", "verdi", "gialli"):
        page = get(f"{site}/de/luoghi/{place}")[2]
        assert not re.search(r">\s*(None|\w+\.\w+\.\w+|place_page\.\w+|details\.\w+)\s*<", page)


def test_search_engines_learn_of_the_third_language(site: str) -> None:
    sitemap = get(f"{site}/sitemap.xml")[2]
    assert f"<loc>{site}/de/luoghi/rossi</loc>" in sitemap
    assert f'hreflang="de" href="{site}/de/luoghi/rossi"' in sitemap


@pytest.mark.usefixtures("locales")
def test_the_map_the_search_and_the_files_know_the_third_language(town: Path) -> None:
    code = f"""
import json
from regen_map.catalogue import TABLES, records
from regen_map.export.dictionary import describe_column
from regen_map.query.search import rank
from regen_map.store import folder_store
from regen_map.webmap import payload
loaded = folder_store({str(town)!r}).load()
table = TABLES["workshops"]
(first, *others) = records(loaded.catalogue.frames["workshops"], table)
document = json.loads(payload(loaded.catalogue, "de").content)
print(json.dumps({{
    "issues": [str(each.rule) for each in loaded.issues if "de" in str(each.columns)],
    "texts": [first.name_de, first.summary_de, others[0].name_de, others[0].summary_de],
    "found": [len(rank(loaded.catalogue, word)) for word in ("galerie", "kunsthandlung")],
    "names": document["places"]["name"],
    "kinds": document["kinds"],
    "families": [each["label"] for each in document["families"]],
    "meaning": describe_column(table, table.column("summary_de"), "en"),
    "required": [each.name for each in table.columns if each.required],
}}))
"""
    found = told(code)
    assert found["issues"] == []
    assert found["texts"] == ["Galerie Rossi", "Eine <b>Galerie</b>.", "", None]
    assert found["found"] == [1, 3]
    assert found["names"] == ["Galerie Rossi", "Bottega Verdi", "Gialli"]
    assert found["kinds"] == ["Kunsthandlung"]
    assert found["families"][0] == "Spazi pubblici"
    assert found["meaning"].startswith("As “summary_it”, in the language “de”")
    assert found["required"] == ["id", "name_it", "name_en", "kind"]


def test_without_the_folder_its_columns_are_told_and_left_alone(town: Path) -> None:
    code = f"""
import json
from regen_map.store import folder_store
loaded = folder_store({str(town)!r}).load()
print(json.dumps([[str(each.rule), each.found] for each in loaded.issues]))
"""
    found = told(code)
    assert ["heading_unknown", "name_de"] in found
    assert ["heading_unknown", "summary_de"] in found
