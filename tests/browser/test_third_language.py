"""A third language in the app: its switch, its words, and Italian for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import DATA, Opened, serving

GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "masthead.title"
msgstr "{city} erneuert sich"

msgid "map.search"
msgstr "Suche"

msgid "details.sources"
msgstr "Quellen"
"""


def test_the_switch_offers_a_third_language_and_the_app_speaks_it(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "app.po").write_text(GERMAN, "utf-8")
    monkeypatch.setenv("REGEN_MAP_LOCALES", str(tmp_path))
    with serving(DATA, "--tiles", "none") as server:
        explore = opened(server=server)
        page = explore.page
        page.get_by_role("heading", level=1, name="Carrara si rigenera").wait_for()
        page.get_by_role("radio", name="DE").click()
        page.get_by_role("heading", level=1, name="Carrara erneuert sich").wait_for()
        page.wait_for_url("**/*lang=de*")
        page.get_by_label("Suche").first.wait_for()
        assert "luoghi" in explore.status

        explore.go(f"{server}/?lang=de&place=laboratori-artistici-nicoli")
        page.get_by_text("Quellen").first.wait_for()
        story = page.locator(".rm-details [lang=it]", has_text="Studi di scultura della famiglia")
        assert story.first.is_visible()
        assert explore.errors == []
