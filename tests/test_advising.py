"""What somebody should look at in the rows that a change touches, and in no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from regen_map.editing import advice
from regen_map.intake import Options, Rule, read_catalogue

Files = Callable[..., dict[str, bytes]]
Rows = Callable[..., bytes]

ADVISED = Options(today=dt.date(2026, 3, 12))
LOOKED_FOR = {Rule.STALE, Rule.PLACES_ALIKE}
OLD = {"phase": "works", "as_of": "2020"}


def told(before: dict[str, bytes], after: dict[str, bytes]) -> list[tuple[str, int | None, Rule]]:
    found = advice(before, after, ADVISED)
    return [(each.file, each.line, each.rule) for each in found if each.rule in LOOKED_FOR]


def test_advice_is_given_on_rows_that_are_new_or_changed(files: Files, rows: Rows) -> None:
    before = files(projects=rows("projects", OLD, {"id": "old", **OLD}))
    after = files(
        projects=rows("projects", OLD, {"id": "new", **OLD}, {"id": "old", "cup": "", **OLD})
    )
    assert told(before, after) == [("projects.csv", 3, Rule.STALE)]
    changed = files(projects=rows("projects", {**OLD, "name_en": "Verdi"}, {"id": "old", **OLD}))
    assert told(before, changed) == [("projects.csv", 2, Rule.STALE)]
    assert told(before, before) == []


def test_a_row_is_the_same_in_another_format(files: Files, rows: Rows) -> None:
    content = rows("projects", OLD)
    before = files(projects=content)
    assert told(before, files(projects=content.replace(b",", b";"))) == []


def test_two_places_that_are_one_are_told_at_the_changed_one(files: Files, rows: Rows) -> None:
    museum = {"name_it": "Galleria Rossi", "name_en": "Rossi gallery", "lat": "44.08"}
    after = files(attractions=rows("attractions", museum | {"lon": "10.09"}))
    assert ("attractions.csv", 2, Rule.PLACES_ALIKE) in told(files(), after)


def test_what_is_told_already_is_not_told_again(files: Files, rows: Rows) -> None:
    after = files(projects=rows("projects", {**OLD, "sources": ""}))
    faults = read_catalogue(after).issues
    assert {each.rule for each in faults} == {Rule.NO_SOURCE}
    found = {each.rule for each in advice(files(), after, ADVISED, faults)}
    assert Rule.STALE in found
    assert Rule.NO_SOURCE not in found
