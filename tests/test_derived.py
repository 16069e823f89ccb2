"""What is made of a catalogue is made once, kept in it, and goes with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
import importlib
import inspect
import pickle
import pkgutil
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import ref

import numpy as np
import pytest

import regen_map.gazetteer
import regen_map.query
import regen_map.webmap
from regen_map import query
from regen_map.catalogue import Catalogue, derived
from regen_map.intake import read_catalogue
from regen_map.intake.aside import Bounds, read_catalogue_aside
from regen_map.intake.handing_over import taken_over, write_reading
from regen_map.messages import LANGUAGES
from regen_map.query import search
from regen_map.store import FolderStore
from regen_map.webmap import answer, catalogue_of_key, hours_not_stated, payload, prepare
from regen_map.webmap.payload import payload_of_key
from tests.large_town import DATA

Make = Callable[..., Catalogue]
Files = Callable[..., dict[str, bytes]]
Rows = Callable[..., bytes]

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
ASIDE = Bounds(small_bytes=0)
"""Everything is read by another process, however small."""
WAIT_S = 30

MADE: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_made() -> None:
    MADE.clear()


@derived()
def version_told(catalogue: Catalogue) -> str:
    MADE.append(catalogue.version)
    return f"version {catalogue.version}"


@derived(most=2)
def version_twice(catalogue: Catalogue, times: int, sign: str = " ") -> str:
    MADE.append(f"{times}{sign}")
    return sign.join([catalogue.version] * times)


@derived()
def failing(catalogue: Catalogue) -> str:
    MADE.append(catalogue.version)
    if len(MADE) == 1:
        message = "Not at once."
        raise ValueError(message)
    return "made"


def test_a_value_is_made_once_for_each_catalogue(make_catalogue: Make) -> None:
    first = make_catalogue()
    other = dataclasses.replace(first, version="other")
    assert [version_told(each) for each in (first, first, other, first, other)] == [
        f"version {first.version}",
        f"version {first.version}",
        "version other",
        f"version {first.version}",
        "version other",
    ]
    assert [first.version, "other"] == MADE


def test_another_catalogue_begins_without_what_was_made_of_the_first(
    make_catalogue: Make,
) -> None:
    first = make_catalogue()
    version_told(first)
    frames = {"workshops": first.frames["workshops"].iloc[:0]}
    for other in (dataclasses.replace(first, version="other"), first.with_tables(frames)):
        assert version_told(other) == f"version {other.version}"


def test_of_many_arguments_only_the_last_are_kept(make_catalogue: Make) -> None:
    catalogue = make_catalogue()
    for times in (1, 2, 2, 1, 3, 3, 2, 1):
        version_twice(catalogue, times)
    assert MADE == ["1 ", "2 ", "3 ", "1 "]


def test_arguments_may_be_named(make_catalogue: Make) -> None:
    catalogue = make_catalogue()
    told = [version_twice(catalogue, 2, sign=sign) for sign in ("-", "+", "-")]
    assert told[0] == told[2] == "-".join([catalogue.version] * 2) != told[1]
    assert MADE == ["2-", "2+"]


def test_what_could_not_be_made_is_tried_again(make_catalogue: Make) -> None:
    catalogue = make_catalogue()
    with pytest.raises(ValueError, match="Not at once"):
        failing(catalogue)
    assert failing(catalogue) == failing(catalogue) == "made"
    assert len(MADE) == 2


class Slow:
    """Makes something only when it is told to go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def make(self, catalogue: Catalogue) -> str:
        MADE.append(catalogue.version)
        self.begun.set()
        assert self.go_on.wait(WAIT_S)
        return "slow"


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.go_on.set()


def test_threads_that_ask_at_once_wait_for_the_one_that_makes_it(
    make_catalogue: Make, slow: Slow
) -> None:
    catalogue = make_catalogue()
    slowly = derived()(slow.make)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(slowly, catalogue) for _ in range(4)]
        assert slow.begun.wait(WAIT_S)
        slow.go_on.set()
        assert [each.result(WAIT_S) for each in asked] == ["slow"] * 4
    assert len(MADE) == 1


def test_who_asks_for_something_else_does_not_wait(make_catalogue: Make, slow: Slow) -> None:
    catalogue = make_catalogue()
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(derived()(slow.make), catalogue)
        assert slow.begun.wait(WAIT_S)
        assert pool.submit(version_told, catalogue).result(WAIT_S)
        assert not waiting.done()
        slow.go_on.set()
        assert waiting.result(WAIT_S) == "slow"


ARGUMENTS: dict[str, object] = {
    "day": NOW.date(),
    "minute": NOW,
    "asked": None,
    "language": "it",
    "table": "events",
}


def keepers() -> dict[str, Callable[..., object]]:
    """Find every function of the package that keeps what it makes in a catalogue."""
    found: dict[str, Callable[..., object]] = {}
    for part in (regen_map.query, regen_map.webmap, regen_map.gazetteer):
        for module in pkgutil.walk_packages(part.__path__, f"{part.__name__}."):
            for each in vars(importlib.import_module(module.name)).values():
                code = getattr(each, "__code__", None)
                by_it = code is not None and Path(code.co_filename).name == "derived.py"
                if by_it and hasattr(each, "__wrapped__"):
                    found[f"{each.__module__}.{each.__qualname__}"] = each
    return found


KEEPERS = keepers()


def called(name: str, catalogue: Catalogue) -> object:
    wanted = list(inspect.signature(KEEPERS[name]).parameters)[1:]
    return KEEPERS[name](catalogue, *(ARGUMENTS[each] for each in wanted))


@contextmanager
def without_search_for_garbage() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def shipped() -> Catalogue:
    files = {path.name: path.read_bytes() for path in DATA.iterdir() if path.is_file()}
    catalogue = read_catalogue(files).catalogue
    assert catalogue is not None
    return catalogue


def test_much_is_kept_in_a_catalogue() -> None:
    assert {
        "regen_map.query.entries.entries",
        "regen_map.query.portfolio.facets.facets_of",
        "regen_map.webmap.payload._made",
        "regen_map.gazetteer.gazetteer.gazetteer_of",
    } <= set(KEEPERS)


@pytest.mark.parametrize("name", sorted(KEEPERS))
def test_what_is_made_of_a_catalogue_goes_with_it(name: str, town: Catalogue) -> None:
    with without_search_for_garbage():
        catalogue = dataclasses.replace(town)
        assert called(name, catalogue) is called(name, catalogue)
        seen = ref(catalogue)
        del catalogue
        assert seen() is None, "it holds itself: only a search for garbage would find it"


def test_a_comparison_holds_neither_of_its_catalogues(town: Catalogue) -> None:
    with without_search_for_garbage():
        old, new = dataclasses.replace(town), dataclasses.replace(town)
        assert query.changes_between(old, new) is query.changes_between(old, new)
        query.changes_between(new, old)
        seen = ref(old), ref(new)
        del old
        assert seen[0]() is None
        del new
        assert seen[1]() is None


def test_the_last_two_that_were_sent_to_browsers_can_still_be_asked() -> None:
    with without_search_for_garbage():
        catalogue = shipped()
        prepare(catalogue)
        for language in LANGUAGES:
            answer(catalogue, language, query.Criteria(text="piazza"), NOW)
        key, seen = payload(catalogue, "it").key, ref(catalogue)
        others = [dataclasses.replace(catalogue, version=each) for each in ("next", "after next")]
        payload(others[0], "it")
        del catalogue
        assert catalogue_of_key(key) == (seen(), "it")
        payload(others[1], "it")
        assert seen() is None
        assert catalogue_of_key(key) is None
        assert payload_of_key(key) is not None, "a page that was sent may still fetch its places"


# ------------------------------------------------------------ prepared before it is shown


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be made any more that is prepared."""

    def made_again(*_args: object, **_named: object) -> Any:
        pytest.fail("made again")

    monkeypatch.setattr(search, "WordIndex", made_again)
    monkeypatch.setattr(sys.modules["regen_map.query.entries"], "Entry", made_again)
    monkeypatch.setattr(sys.modules["regen_map.query.addresses"], "_STREETS", None)
    monkeypatch.setattr(sys.modules["regen_map.query.selection"], "_facet_values", made_again)
    monkeypatch.setattr(sys.modules["regen_map.webmap.payload"], "_document", made_again)
    monkeypatch.setattr(sys.modules["regen_map.gazetteer.gazetteer"], "Gazetteer", made_again)


def told(catalogue: Catalogue) -> list[object]:
    asked = [query.Criteria(text=text) for text in ("", "piazza alberica", "via Roma 3", "marmo")]
    return [
        *(payload(catalogue, each).content for each in LANGUAGES),
        *(hours_not_stated(catalogue, each) for each in LANGUAGES),
        *(answer(catalogue, "it", each, NOW) for each in asked),
    ]


@pytest.mark.parametrize("bounds", [ASIDE, Bounds()], ids=["another process", "this one"])
def test_what_is_prepared_is_used_and_says_the_same(
    bounds: Bounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {path.name: path.read_bytes() for path in DATA.iterdir() if path.is_file()}
    plain = shipped()
    ready = read_catalogue_aside(files, prepare=prepare, bounds=bounds).catalogue
    assert ready is not None
    expected = told(plain)
    forbid(monkeypatch)
    assert told(ready) == expected


def test_without_preparation_everything_is_made_when_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch, make_catalogue: Make
) -> None:
    forbid(monkeypatch)
    with pytest.raises(pytest.fail.Exception, match="made again"):
        told(make_catalogue())


def test_what_a_catalogue_keeps_is_kept_on_its_way_between_processes(
    files: Files, tmp_path: Path
) -> None:
    reading = read_catalogue(files())
    assert reading.catalogue is not None
    version_twice(reading.catalogue, 2)
    path = tmp_path / "reading"
    with path.open("wb") as stream:
        write_reading(reading, stream)
    with path.open("rb") as stream:
        taken = taken_over(stream).catalogue
    assert taken is not None
    version_twice(taken, 2)
    assert MADE == ["2 "]
    assert version_told(taken) == f"version {taken.version}"


def test_garbage_is_looked_for_again_after_half_an_answer(files: Files, tmp_path: Path) -> None:
    path = tmp_path / "reading"
    with path.open("wb") as stream:
        write_reading(read_catalogue(files()), stream)
    path.write_bytes(path.read_bytes()[:-9])
    was_on = gc.isenabled()
    gc.enable()
    try:
        with path.open("rb") as stream, pytest.raises((EOFError, pickle.UnpicklingError)):
            taken_over(stream)
        assert gc.isenabled()
    finally:
        (gc.enable if was_on else gc.disable)()


def test_a_store_prepares_a_catalogue_before_it_is_shown(
    tmp_path: Path, files: Files, rows: Rows
) -> None:
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    store = FolderStore(tmp_path)
    seen: list[tuple[str, str]] = []
    store.prepare = lambda made: seen.append((made.version, ""))
    first = store.load().catalogue.version
    store.watched = True
    store.prepare = lambda made: seen.append((made.version, store.load().catalogue.version))
    (tmp_path / "projects.csv").write_bytes(rows("projects", {}))
    store.refresh()
    second = store.load().catalogue.version
    assert seen == [(first, ""), (second, first)]
    assert first != second


def test_a_catalogue_is_shown_though_it_could_not_be_prepared(
    tmp_path: Path, files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    store = FolderStore(tmp_path)
    store.prepare = lambda made: 1 // (len(made.frames) - len(made.frames))
    assert list(store.load().catalogue.place_ids) == ["rossi"]
    assert "ZeroDivisionError" in caplog.text


def test_entries_keep_their_numbers_on_their_way_between_processes(files: Files) -> None:
    ready = read_catalogue_aside(files(), prepare=prepare, bounds=ASIDE).catalogue
    assert ready is not None
    assert query.rank(ready, "galleria rossi").dtype == np.intp
    assert query.entries(ready)[0].place is ready.place("rossi")
