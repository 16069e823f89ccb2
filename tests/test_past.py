"""The town as it was known on a day: published then, or put together from what has a date."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from regen_map.catalogue import Catalogue
from regen_map.facts.asked import asked_of
from regen_map.facts.editions import project_changes
from regen_map.facts.known import known_in_words, published_in_words
from regen_map.messages import translator
from regen_map.past import Past
from regen_map.store import HISTORY_VARIABLE, FolderStore
from regen_map.web.desk.changes import Changes, changes_tab
from tests.conftest import files, rows

TODAY = dt.date(2026, 11, 23)
MARCH = dt.datetime(2026, 3, 1, 22, 30, tzinfo=dt.UTC)
"""Half past eleven in the evening of the city."""
MAY = dt.datetime(2026, 5, 1, 22, 30, tzinfo=dt.UTC)
"""Half past midnight of the day after."""

Publish = Callable[[dt.datetime, str], None]


def town_with(phase: str) -> dict[str, bytes]:
    return files(
        projects=rows("projects", {"phase": phase, "as_of": "2026-02-01", "start": "2021-05-01"})
    )


def fill(folder: Path, phase: str) -> None:
    for name, content in town_with(phase).items():
        (folder / name).write_bytes(content)


def phase(catalogue: Catalogue) -> str | None:
    (project,) = catalogue.projects
    return project.phase


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HISTORY_VARIABLE, str(tmp_path / "history"))
    folder = tmp_path / "town"
    folder.mkdir()
    return folder


@pytest.fixture
def store(folder: Path) -> FolderStore:
    return FolderStore(folder)


@pytest.fixture
def publish(folder: Path, store: FolderStore) -> Publish:
    def put(at: dt.datetime, phase: str) -> None:
        fill(folder, phase)
        store.load()
        store.record(at)

    return put


@pytest.fixture
def past(store: FolderStore, publish: Publish) -> Past:
    """Two versions that were published, and files that nobody has recorded yet."""
    publish(MARCH, "design")
    publish(MAY, "works")
    fill(store.path, "completed")
    return Past(lambda: store.load().catalogue, store)


def test_today_and_any_later_day_are_told_as_they_are_shown(past: Past) -> None:
    for day in (None, TODAY, dt.date(2030, 1, 1)):
        known = past.on(day, TODAY)
        assert (phase(known.catalogue), known.day) == ("completed", TODAY)
        assert known_in_words(translator("en"), known) == []


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 3, 1), "design"),
        (dt.date(2026, 5, 1), "design"),
        (dt.date(2026, 5, 2), "works"),
        (dt.date(2026, 11, 22), "works"),
    ],
)
def test_a_day_shows_what_was_published_at_its_end_in_the_city(
    day: dt.date, expected: str, past: Past
) -> None:
    known = past.on(day, TODAY)
    assert (phase(known.catalogue), known.day) == (expected, day)


def test_a_published_version_says_which_it_is(past: Past) -> None:
    known = past.on(dt.date(2026, 6, 1), TODAY)
    assert known_in_words(translator("en"), known) == [
        "This is version 2, in force on 1 June 2026."
    ]
    assert "versione 2" in known_in_words(translator("it"), known)[0]


def test_versions_of_one_day_are_told_apart_by_their_time(past: Past, publish: Publish) -> None:
    publish(MAY + dt.timedelta(hours=9, minutes=5), "testing")
    publish(MAY + dt.timedelta(days=2), "completed")
    said = [
        [published_in_words(translator(language), each) for each in past.publications.values()]
        for language in ("it", "en")
    ]
    assert said[0] == [
        "1 marzo 2026",
        "2 maggio 2026, ore 00:30",
        "2 maggio 2026, ore 09:35",
        "4 maggio 2026",
    ]
    assert said[1][2] == "2 May 2026 at 09:35"


def test_a_day_before_all_versions_is_put_together_from_the_first(past: Past) -> None:
    known = past.on(dt.date(2026, 2, 28), TODAY)
    assert phase(known.catalogue) == "design"
    assert known.version is None
    before = past.on(dt.date(2022, 1, 1), TODAY)
    assert phase(before.catalogue) is None
    assert "Put together" in known_in_words(translator("en"), before)[0]
    assert past.on(dt.date(2020, 1, 1), TODAY).catalogue.projects == ()


def test_a_version_is_found_by_its_number_and_a_day_by_its_name(past: Past) -> None:
    first = past.since("v1", TODAY)
    assert first is not None
    assert (phase(first.catalogue), first.day) == ("design", dt.date(2026, 3, 1))
    second = past.since("2026-05-02", TODAY)
    assert second is not None
    assert phase(second.catalogue) == "works"


@pytest.mark.parametrize("since", ["", "v3", "v0", "v-1", "yesterday", "2026-02-30", "v999999999"])
def test_what_nobody_keeps_is_not_found(since: str, past: Past) -> None:
    assert past.since(since, TODAY) is None


def test_days_of_change_hold_versions_and_dated_facts_before_today(past: Past) -> None:
    assert past.days(TODAY) == [
        dt.date(2021, 5, 1),
        dt.date(2026, 2, 1),
        dt.date(2026, 3, 1),
        dt.date(2026, 5, 2),
    ]
    assert past.days(dt.date(2026, 2, 1)) == [dt.date(2021, 5, 1)]


def test_a_version_whose_files_are_lost_is_put_together_from_what_is_left(
    past: Past, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "history" / "objects")
    known = past.on(dt.date(2026, 6, 1), TODAY)
    assert known.version is None
    assert phase(known.catalogue) == "completed"
    assert past.since("v1", TODAY) is None


def test_without_any_version_the_past_is_put_together(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HISTORY_VARIABLE, "off")
    fill(folder, "works")
    store = FolderStore(folder)
    past = Past(lambda: store.load().catalogue, store)
    assert past.versions == ()
    assert phase(past.on(dt.date(2026, 2, 1), TODAY).catalogue) == "works"
    assert phase(past.on(dt.date(2026, 1, 31), TODAY).catalogue) is None
    assert past.since("v1", TODAY) is None


def test_editions_tell_what_versions_changed_of_projects_and_pass_others_over(
    past: Past, store: FolderStore
) -> None:
    for number in range(3):
        (store.path / "events.csv").write_bytes(rows("events", {"name_it": f"Festa {number}"}))
        store.load()
        store.record(MAY)
    editions = past.editions()
    assert [each.version.number for each in editions] == [3, 2]
    told = list(project_changes(translator("en"), "verdi", editions))
    assert [(each.before, each.after) for each in told] == [
        ("Works under way", "Completed"),
        ("In design", "Works under way"),
    ]
    assert told[1].machine_date == "2026-05-02"


def changes_since(past: Past, since: str) -> str:
    params = {"p.since": since, "desk": "changes"}
    asked = asked_of(past, params, "en", TODAY)
    changes = cast("Changes", changes_tab(asked)["changes"])
    assert changes.told is not None
    lines = [line for subject in changes.told.subjects for line in subject.lines]
    return "\n".join(
        " ".join((line.what, *(each.text for each in (line.before, line.after) if each)))
        for line in lines
    )


def test_choice_of_versions_tells_those_of_one_day_apart(past: Past, publish: Publish) -> None:
    publish(MAY + dt.timedelta(hours=9, minutes=5), "testing")
    asked = asked_of(past, {"p.since": "v2", "desk": "changes"}, "en", TODAY)
    changes = cast("Changes", changes_tab(asked)["changes"])
    assert [each.label for each in changes.versions] == [
        "Version 3 (2 May 2026 at 09:35)",
        "Version 2 (2 May 2026 at 00:30)",
        "Version 1 (1 March 2026)",
    ]
    assert "2 May 2026 at 00:30" in changes.summary


def test_what_changed_since_long_ago_tells_what_versions_know(
    folder: Path, store: FolderStore
) -> None:
    for at, end in ((MARCH, "2027-03"), (MAY, "2027-09")):
        project = {"declared_end": end, "first_declared_end": "2027-03", "start": "2024-05-01"}
        content = files(projects=rows("projects", project))
        for name, each in content.items():
            (folder / name).write_bytes(each)
        store.load()
        store.record(at)
    past = Past(lambda: store.load().catalogue, store)
    for since in ("v1", "2026-04-01", "2025-01-01"):
        assert "March 2027 September 2027" in changes_since(past, since)
