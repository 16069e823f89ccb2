"""The data desk in a browser: signed in, a file is brought, looked at and published."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from regen_map.access import SECRETS_VARIABLE, hash_of
from regen_map.store import HISTORY_VARIABLE, FolderHistory
from tests.browser.conftest import DATA, serving
from tests.browser.test_accessibility import findings

PASSWORD = "una password abbastanza lunga"  # noqa: S105 - of a server that this test starts

SignedIn = Callable[..., Page]

TOO_LOW = """
() => [...document.querySelectorAll(".st-key-staff :is(button, a, summary, label input)")]
    .filter((each) => each.getClientRects().length && !each.closest("iframe"))
    .filter((each) => !each.closest("[data-testid=stFileUploader], [data-testid=stTooltipIcon]"))
    .filter((each) => each.type !== "checkbox" && each.getBoundingClientRect().height < 44)
    .map((each) => `${each.getBoundingClientRect().height} ${each.outerHTML.slice(0, 120)}`)
"""


STILL = """() => !document.querySelector('[data-test-script-state="running"]')"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the shipped catalogue, without any history."""
    home = tmp_path_factory.mktemp("desk") / "town"
    shutil.copytree(DATA, home, ignore=shutil.ignore_patterns(".history"))
    return home


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[str]:
    """Serve it with two accounts; give the address."""
    secrets = folder.parent / "secrets.toml"
    kept = hash_of(PASSWORD)
    secrets.write_text(
        "\n".join(
            f'[regen_map.accounts.{name}]\nrole = "{role}"\npassword = "{kept}"'
            for name, role in (("pia", "publisher"), ("edo", "editor"))
        )
    )
    variables = {HISTORY_VARIABLE: "", SECRETS_VARIABLE: str(secrets)}
    with serving(folder, "--tiles", "none", **variables) as address:
        yield address


@pytest.fixture
def signed_in(browser: Browser, desk: str) -> Iterator[SignedIn]:
    """Open the desk as somebody who has signed in with a password."""
    contexts = []

    def start(name: str, *, lang: str = "en", width: int = 1440, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]  # one of Playwright's literals
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(f"{desk}/sign-in?lang={lang}")
        page.locator("[name=name]").fill(name)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.locator(".st-key-staff-steps").wait_for()
        return page

    yield start
    for context in contexts:
        context.close()


def changed(folder: Path, name: str) -> bytes:
    """Give the workshops with another English name of the first, and the second moved."""
    text = (folder / "workshops.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    rows[0]["name_en"] = name
    rows[1]["lat"] = str(round(float(rows[1]["lat"]) + 0.001, 5))
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def faults_of_ours(page: Page) -> list[str]:
    """Give what breaks a rule, but for Streamlit's own box around its button for files."""
    return [each for each in findings(page.main_frame) if "stFileUploaderDropzone" not in each]


def bring(page: Page, folder: Path, name: str) -> None:
    """Bring a changed table, and wait until it is compared."""
    file = {"name": "workshops.csv", "mimeType": "text/csv", "buffer": changed(folder, name)}
    page.locator(".st-key-staff-upload input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator(".st-key-staff-check button").click()
    page.locator(".rm-changes ins", has_text=name).wait_for()


def test_a_publisher_publishes_by_keyboard_and_everybody_sees_it(
    signed_in: SignedIn, folder: Path, desk: str
) -> None:
    page = signed_in("pia")
    bring(page, folder, "Studios of the <b>keyboard</b>")
    expect(page.locator("#rm-work")).to_be_focused()
    expect(page.locator(".rm-changes ins b")).to_have_count(0)
    page.locator("[class*=st-key-staff-message] textarea").focus()
    page.keyboard.type("By keyboard alone")
    page.keyboard.press("Tab")
    while "Publish" not in page.evaluate("document.activeElement.textContent"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Published: this is version 2.").wait_for()
    expect(page.locator(".rm-done")).to_be_focused()
    newest = FolderHistory(folder / ".history").newest
    assert newest is not None
    assert (newest.number, newest.author, newest.message) == (2, "pia", "By keyboard alone")
    found = page.request.get(f"{desk}/en/places/laboratori-artistici-nicoli").text()
    assert (
        "Studios of the &lt;b&gt;keyboard&lt;/b&gt;"
        in page.request.get(f"{desk}/en/places").text() + found
    )
    page.locator(".rm-out button").click()
    page.locator(".rm-state", has_text="You have not signed in").wait_for()


def test_another_step_is_opened_though_somebody_was_typing_just_before(
    signed_in: SignedIn,
) -> None:
    page = signed_in("edo")
    page.get_by_text("Edit a row", exact=True).click()
    page.locator(".st-key-editing-search input").fill("Nicoli")
    page.keyboard.press("Enter")
    page.locator("[class*=st-key-editing-found-0] button").click()
    page.get_by_role("textbox", name="Name, in English").fill("Typed and not saved")
    page.get_by_text("Check and publish").click()
    page.locator(".rm-notice", has_text="typed and not saved").wait_for()
    page.locator(".st-key-staff-unsaved button").click()
    expect(page.get_by_role("textbox", name="Name, in English")).to_have_value(
        "Typed and not saved"
    )


def test_a_preview_is_seen_by_who_made_it_and_by_nobody_else(
    signed_in: SignedIn, folder: Path
) -> None:
    page = signed_in("edo", lang="it")
    bring(page, folder, "Only in the preview")
    page.locator(".st-key-staff-preview button").click()
    page.locator(".st-key-preview-banner").wait_for()
    page.locator(".rm-list li").first.wait_for(state="attached")
    page.wait_for_url(lambda url: "lang=it" in url)
    page.locator(".st-key-preview-banner a").click()
    expect(page.locator("#rm-work")).to_be_focused()
    other = signed_in("edo")
    assert other.locator(".st-key-preview-banner").count() == 0
    assert other.locator(".rm-work").count() == 0


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_every_step_breaks_no_rule_and_fits_the_screen(
    signed_in: SignedIn, folder: Path, scheme: str, width: int
) -> None:
    page = signed_in("edo", lang="en", width=width, scheme=scheme)
    assert faults_of_ours(page) == []
    bring(page, folder, "Another name")
    for step, part in (("publish", "textarea"), ("history", ".rm-versions"), ("bring", "input")):
        label = {"publish": "Check and publish", "history": "History", "bring": "Bring a file"}
        page.get_by_text(label[step], exact=True).first.click()
        page.locator(f".st-key-staff {part}").first.wait_for(state="attached")
        page.wait_for_function(STILL)
        assert faults_of_ours(page) == [], step
        assert page.evaluate(TOO_LOW) == [], step
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step
