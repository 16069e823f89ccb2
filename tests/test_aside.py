"""Large files read by a process of their own: the same answer, and what becomes of a bad end."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
import io
import json
import os
import pickle
import time
import weakref
from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pandas.testing import assert_frame_equal
from PIL import Image
from shapely.geometry import Point

from regen_map.catalogue import TABLES, Catalogue
from regen_map.intake import (
    LIMITS,
    Issue,
    Options,
    Picture,
    Reading,
    Rule,
    file_names,
    read_catalogue,
)
from regen_map.intake.aside import (
    BOUNDS,
    Bounds,
    blamed,
    read_catalogue_aside,
    without_sound_rows,
)
from regen_map.intake.aside_process import Telling
from regen_map.intake.drafts import Draft
from regen_map.intake.handing_over import taken_over, write_reading
from regen_map.store import FolderPictures
from tests.large_town import DATA

Files = Callable[..., dict[str, bytes]]
Rows = Callable[..., bytes]

ALWAYS = Bounds(small_bytes=0)
"""Everything is read by another process, however small."""
HOSTILE = b"=cmd|' /C calc'!A0<script>alert(1)</script> ${7*7} `x` \xe2\x80\xae"
HOSTILE_NAME = '"\n\n-c; $(id) `id`\x00 ../../x.csv'


class Deadly(dict[str, Picture]):
    """Pictures that end the process that unpacks them."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (9,)


def shipped() -> dict[str, bytes]:
    return {name: (DATA / name).read_bytes() for name in file_names() if (DATA / name).is_file()}


def told(draft: Draft) -> tuple[object, ...]:
    rows = [
        (each.row, each.values, each.geometry, each.refused, each.tolerated)  # noqa: PD011 - of a row
        for each in draft.entries
    ]
    sheet = draft.sheet.headings, draft.sheet.rows, draft.sheet.crs, draft.sheet.italian
    return draft.file, draft.headings, draft.ordered_issues(), rows, sheet


def assert_same_catalogue(first: Catalogue | None, second: Catalogue | None) -> None:
    if first is None or second is None:
        assert first is second
        return
    assert first.version == second.version
    assert (first.city, first.vocabularies) == (second.city, second.vocabularies)
    assert list(first.frames) == list(second.frames)
    for name, frame in first.frames.items():
        other = second.frames[name]
        assert type(frame) is type(other)
        assert_frame_equal(frame, other)
        cells = [(type(a), a) for column in TABLES[name].names for a in frame[column]]
        theirs = [(type(a), a) for column in TABLES[name].names for a in other[column]]
        assert repr(cells) == repr(theirs)


def assert_same(first: Reading, second: Reading) -> None:
    assert first.issues == second.issues
    assert (first.city, first.vocabularies) == (second.city, second.vocabularies)
    assert_same_catalogue(first.catalogue, second.catalogue)
    assert list(first.drafts) == list(second.drafts)
    for name, draft in first.drafts.items():
        other = second.drafts[name]
        assert other.table is draft.table
        assert told(draft) == told(other)


def gone(reading: Reading) -> list[str]:
    found: list[Issue] = [each for each in reading.issues if each.rule is Rule.READING_STOPPED]
    return [issue.file for issue in found]


def through_a_stream(reading: Reading) -> Reading:
    stream = io.BytesIO()
    write_reading(reading, stream)
    stream.seek(0)
    return taken_over(stream)


def many_points(rows: Rows) -> bytes:
    """Write more places than are sent in one piece; some are nowhere, some are unsound."""
    changes = [{"id": f"w-{n}", "lat": f"44.{n:05}", "lon": "10.1"} for n in range(2_500)]
    changes[7] |= {"lat": "", "lon": ""}
    changes[1_003] |= {"kind": "nothing"}
    return rows("workshops", *changes)


BROKEN: Mapping[str, Callable[[dict[str, bytes]], dict[str, bytes]]] = {
    "nothing is broken": dict,
    "half of each file": lambda files: {
        name: files[name][: len(files[name]) // 2] for name in files
    },
    "no city": lambda files: {name: files[name] for name in files if name != "city.toml"},
    "no file at all": lambda _files: {},
    "no bytes": lambda files: dict.fromkeys(files, b""),
    "no text": lambda files: dict.fromkeys(files, b"\xff\x00\x80"),
    "cells that want to run": lambda files: (
        files | {name: files[name].replace(b"a", HOSTILE) for name in ("events.csv", "stops.csv")}
    ),
    "files in place of others": lambda files: (
        files | {"workshops.xlsx": files["city.toml"], "events.xlsx": files["projects.csv"]}
    ),
    "wrong terms everywhere": lambda files: files | {"vocabularies.csv": b"a,b\n1,2\n"},
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_files_give_is_the_same_after_its_way_between_processes(how: str) -> None:
    reading = without_sound_rows(read_catalogue(BROKEN[how](shipped())))
    assert_same(reading, through_a_stream(reading))


def test_many_shapes_are_the_same_after_their_way_in_pieces(files: Files, rows: Rows) -> None:
    reading = without_sound_rows(read_catalogue(files(workshops=many_points(rows))))
    taken = through_a_stream(reading)
    assert_same(reading, taken)
    assert taken.catalogue is not None
    places = taken.catalogue.places
    assert len(places) == 2_499
    assert places.crs == "EPSG:4326"
    assert places.geometry.isna().sum() == 1
    assert places.geometry["w-2499"] == Point(10.1, 44.02499)


def test_all_rows_left_out_are_given_and_no_other(files: Files, rows: Rows) -> None:
    given = read_catalogue_aside(files(workshops=many_points(rows)))
    assert [each.row.cells[0] for each in given.drafts["workshops"].entries] == ["w-1003"]
    assert [each.cells[0] for each in given.drafts["workshops"].sheet.rows] == ["w-1003"]


# ----------------------------------------------------------------- another process


def test_another_process_gives_the_same_as_this_one(rows: Rows, tmp_path: Path) -> None:
    files = shipped() | {HOSTILE_NAME: b"x"}
    files["workshops.csv"] = rows("workshops", {"image": "there.png"}, {"id": "b", "image": "no"})
    (tmp_path / "images").mkdir()
    Image.new("RGB", (2, 2)).save(tmp_path / "images" / "there.png")
    options = Options(images=FolderPictures(tmp_path, LIMITS), today=dt.date(2026, 3, 12))
    mine = without_sound_rows(read_catalogue(files, options))
    assert {Rule.FILE_UNKNOWN, Rule.IMAGE_MISSING} <= {issue.rule for issue in mine.issues}
    assert_same(mine, read_catalogue_aside(files, options, bounds=ALWAYS))


@pytest.mark.parametrize("bounds", [ALWAYS, BOUNDS], ids=["another process", "this one"])
def test_what_is_prepared_comes_with_the_catalogue(bounds: Bounds, files: Files) -> None:
    given = read_catalogue_aside(files(), prepare=attrgetter("places"), bounds=bounds).catalogue
    assert given is not None
    assert "_places" in vars(given)
    assert list(given.places.index) == ["rossi"]


@pytest.mark.parametrize("bounds", [ALWAYS, BOUNDS], ids=["another process", "this one"])
def test_rows_left_out_are_given_only_if_wanted(bounds: Bounds, files: Files, rows: Rows) -> None:
    city = files(events=rows("events", {"id": "?"}))
    given = read_catalogue_aside(city, drafts=False, bounds=bounds)
    assert_same(without_sound_rows(read_catalogue(city), drafts=False), given)
    assert given.drafts == {}
    assert [issue.rule for issue in given.issues if issue.is_error] == [Rule.SLUG]


def test_a_failed_preparation_is_no_fault_of_the_files(files: Files) -> None:
    given = read_catalogue_aside(files(), prepare=attrgetter("no_such_thing"), bounds=ALWAYS)
    assert_same(without_sound_rows(read_catalogue(files())), given)


def test_small_files_need_no_other_process(files: Files) -> None:
    # Whatever asks for it would end the other process, and be told.
    given = read_catalogue_aside(files(), Options(images=Deadly()), bounds=BOUNDS)
    assert_same(without_sound_rows(read_catalogue(files())), given)


def test_what_is_packed_counts_for_what_it_holds(files: Files) -> None:
    packed = files() | {"events.xlsx": b"PK" + bytes(BOUNDS.small_bytes // 4)}
    # An end without an answer tells that another process was asked.
    options = Options(images=Deadly())
    assert gone(read_catalogue_aside(packed, options)) == ["events.xlsx"]
    plain = files() | {"events.csv": b"x" * (BOUNDS.small_bytes // 4)}
    assert gone(read_catalogue_aside(plain, options)) == []


@pytest.mark.parametrize(
    "bounds",
    [
        pytest.param(dataclasses.replace(BOUNDS, seconds=0), id="no time"),
        pytest.param(dataclasses.replace(BOUNDS, memory_bytes=2**20), id="no memory"),
    ],
)
def test_a_large_file_that_takes_too_much_is_told_and_left_out(
    bounds: Bounds, files: Files, rows: Rows
) -> None:
    city = files(projects=rows("projects", {}), events=b"id\n" + b"x\n" * BOUNDS.small_bytes)
    given = read_catalogue_aside(city, bounds=bounds)
    assert gone(given) == ["events.csv"]
    assert given.issues[0].is_error
    assert given.issues[0].whole_file
    del city["events.csv"]
    assert_same_catalogue(given.catalogue, read_catalogue(city).catalogue)


def test_a_process_that_dies_is_told_and_nothing_is_read_in_its_place(files: Files) -> None:
    city = files(workshops=b"id\n" + b"x\n" * BOUNDS.small_bytes)
    given = read_catalogue_aside(city, Options(images=Deadly()))
    assert given.catalogue is None
    # There is a file of places: it is not missing too.
    assert [issue.rule for issue in given.issues] == [Rule.READING_STOPPED]


def test_the_process_tells_which_file_it_turns_to(files: Files) -> None:
    stream = io.BytesIO()
    read_catalogue(Telling(files() | {HOSTILE_NAME: b"x"}, stream))
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == [
        "city.toml",
        "workshops.csv",
    ]


def test_the_large_file_that_was_being_read_is_blamed_else_the_largest() -> None:
    large, larger = bytes(BOUNDS.small_bytes + 1), bytes(BOUNDS.small_bytes * 2)
    city = {"city.toml": b"", "events.csv": large, "streets.csv": larger, "stops.csv": b"x"}
    assert blamed(city, "events.csv") == "events.csv"
    for last in ("stops.csv", "city.toml", "unknown.csv", ""):
        assert blamed(city, last) == "streets.csv"


def test_half_an_answer_is_none() -> None:
    stream = io.BytesIO()
    write_reading(read_catalogue({}), stream)
    for length in (0, 1, 40, len(stream.getvalue()) - 1):
        with pytest.raises((EOFError, pickle.UnpicklingError)):
            taken_over(io.BytesIO(stream.getvalue()[:length]))


def test_a_large_catalogue_goes_when_nobody_wants_it(files: Files, rows: Rows) -> None:
    reading = read_catalogue(files(workshops=many_points(rows)))
    gc.freeze()
    before = gc.get_freeze_count()
    try:
        for _ in range(3):
            catalogue = through_a_stream(reading).catalogue
            assert gc.get_freeze_count() > before + 2_500
            gone = weakref.ref(catalogue)
            del catalogue
            end = time.monotonic() + 30
            while gone() or gc.get_freeze_count() > before + 1_000:
                assert time.monotonic() < end
                time.sleep(0.01)
    finally:
        gc.unfreeze()


def test_a_large_array_comes_in_pieces_and_whole() -> None:
    sent: Any = SimpleNamespace(catalogue=None, array=np.arange(300_000))
    stream = io.BytesIO()
    write_reading(sent, stream)
    taken: Any = taken_over(io.BytesIO(stream.getvalue()))
    assert np.array_equal(taken.array, sent.array)
    with pytest.raises((EOFError, pickle.UnpicklingError)):
        taken_over(io.BytesIO(stream.getvalue()[:-1_000_000]))
