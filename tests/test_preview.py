"""What one session is shown before it is published, and what all are told afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir
from streamlit.testing.v1 import AppTest

from regen_map.catalogue import Catalogue
from regen_map.messages import LANGUAGES, translator
from regen_map.ui.pages import PAGES, STAFF, page_script
from regen_map.ui.town import PREVIEW
from regen_map.web import Site
from regen_map.webmap import payload
from tests.app import OpenApp, run, started, told, turn_to

MakeCatalogue = Callable[..., Catalogue]
NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def draft(make_catalogue: MakeCatalogue) -> Catalogue:
    """Read a town of one place that is not published."""
    row = {"id": "nuova", "name_it": "Bottega nuova", "name_en": "New shop", "kind": "gallery"}
    catalogue = make_catalogue(workshops=[row])
    assert catalogue.place("nuova") is not None
    return catalogue


def previewing(app: AppTest, draft: Catalogue) -> AppTest:
    app.session_state[PREVIEW] = draft
    return run(app)


def banner(app: AppTest, language: str) -> bool:
    sentence = translator(language).text("preview.told")
    return any(sentence in each.proto.body for each in app.get("html"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_preview_is_told_on_every_public_page_with_the_way_back_and_out(
    page: str, language: str, open_app: OpenApp, draft: Catalogue
) -> None:
    app = open_app(page, lang=language)
    assert not banner(app, language)
    previewing(app, draft)
    assert banner(app, language)
    words = translator(language)
    back, out = words.text("preview.back"), words.text("preview.end")
    assert back in [each.proto.label for each in app.page_link]
    (end,) = [each for each in app.button if each.label == out]
    end.click()
    run(app)
    assert not banner(app, language)
    assert PREVIEW not in app.session_state


def test_preview_is_what_its_session_sees_and_no_other(open_app: OpenApp, draft: Catalogue) -> None:
    app = previewing(open_app(lang="it", place="nuova"), draft)
    assert told(app)["u"] == payload(draft, "it").key
    assert told(app)["n"].startswith("Mostrato 1 luogo su 1")
    assert turn_to(app, "explore").query_params["lang"] == "it"
    assert told(open_app(lang="it"))["u"] != payload(draft, "it").key


def test_filters_are_answered_of_the_places_that_are_shown(
    town: Catalogue, draft: Catalogue
) -> None:
    site = Site(catalogue=lambda: town, streamlit_files=Path(get_static_dir()), now=lambda: NOW)
    key = payload(draft, "en").key
    with TestClient(Starlette(routes=site.routes)) as client:
        places = client.get(f"/data/places/{key}.json").json()["places"]
        found = client.get(f"/data/selections/{key}.json", params={"q": "new shop"}).json()
    assert places["key"] == ["nuova"]
    assert found["n"].startswith("Showing 1 of 1 places")


def test_session_says_once_that_what_it_shows_has_become_another(
    app_folder: Path, open_app: OpenApp
) -> None:
    news = translator("it").text("town.updated")
    app = open_app(lang="it")
    assert news not in told(run(app))["n"]
    file = app_folder / "workshops.csv"
    before = file.read_bytes()
    try:
        file.write_bytes(before.replace(b"Rossi", b"Verdi"))
        assert before != file.read_bytes()
        assert told(run(app))["n"].startswith(news)
        assert news not in told(run(app))["n"]
        assert news not in told(started("explore", lang="it"))["n"]
    finally:
        file.write_bytes(before)


def test_page_of_the_staff_has_its_script() -> None:
    assert page_script(STAFF).is_file()
