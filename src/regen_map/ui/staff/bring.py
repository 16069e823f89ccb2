"""Taking the data away, and bringing changed files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from regen_map.catalogue import TABLES, Catalogue, Table
from regen_map.export.tables import table_csv, table_geojson
from regen_map.export.workbook import table_xlsx
from regen_map.intake import Issue, Rule, megabytes
from regen_map.intake.file_name import SETTINGS, stored_name
from regen_map.intake.issues import FileError
from regen_map.messages.issues import describe, visible
from regen_map.store import limits
from regen_map.store.records import digest
from regen_map.ui.rendering import written
from regen_map.ui.staff.archive import fault_of, holds, packed, unpacked
from regen_map.ui.staff.bringing import name_to_take, newest_since, told_version
from regen_map.ui.staff.desk import LONGEST_NAME, Desk, Step, go_to, say
from regen_map.ui.staff.focus import land
from regen_map.ui.staff.summary import show_clash, show_work
from regen_map.ui.staff.work import files_of, public_files

_MOST_FILES = 20
_ROUND = "staff-round"
_HELD: tuple[str, ...] = (*TABLES, *(PurePath(each).stem for each in SETTINGS))
_UNKNOWN = ""


class _Given(NamedTuple):
    """
    A file that somebody has brought.

    Attributes
    ----------
    file
        The file.
    held
        What it is said to hold; empty where nobody has said.
    n_packed
        How many files of a city it holds, each of which says by its name what it is; 0 for a
        file that is one itself, or none.
    foreign
        Whether it is an archive of something else.
    """

    file: UploadedFile
    held: str = ""
    n_packed: int = 0
    foreign: bool = False


class _Brought(NamedTuple):
    """A whole file of one table, or of settings; `origin` names the version it was made from."""

    name: str
    held: str
    content: bytes
    origin: int | None


def show_bringing(desk: Desk) -> None:
    """Draw what is being prepared, where files are brought, and where they are taken away."""
    show_work(desk)
    show_clash(desk)
    _show_uploading(desk)
    _show_taking(desk)


# ---------------------------------------------------------------- bringing


def _show_uploading(desk: Desk) -> None:
    words = desk.words
    st.subheader(words.text("staff.bring_title"), anchor=False)
    # Streamlit's server takes no more, whatever a file may have.
    taken_mb: int = st.get_option("server.maxUploadSize")
    most = megabytes(min(limits().file_bytes, taken_mb * 2**20))
    st.html(written("staff_bring.html", words=words, most=most))
    # Streamlit's uploader speaks English only: its style sheet says these instead.
    choose, refused = words.text("staff.choose_files"), words.text("staff.refused", most=most)
    own = f"--rm-choose: {_css_string(choose)}; --rm-refused: {_css_string(refused)};"
    st.html(f"<style>.st-key-staff-upload {{ {own} }}</style>")
    turn = st.session_state.setdefault(_ROUND, 0)
    with st.container(key="staff-upload"):
        files = st.file_uploader(
            words.text("staff.files"),
            accept_multiple_files=True,
            key=f"staff-files-{turn}",
            max_upload_size=taken_mb,
        )
    given = [_asked(desk, file, at, turn) for at, file in enumerate(files[:_MOST_FILES], 1)]
    if len(files) > _MOST_FILES:
        say(words.text("staff.too_many_files", most=_MOST_FILES))
    if given and st.button(words.text("staff.check"), type="primary", key="staff-check"):
        with st.spinner(words.text("publish.reading")):
            complaints = _taken(desk, given)
        if not complaints:
            st.session_state[_ROUND] = turn + 1
            go_to(Step.PUBLISH)
            land()
            st.rerun()
        for each in complaints:
            say(each, trouble=True)


def _css_string(text: str) -> str:
    """Write a text as a string of CSS in which nothing ends it (CSS Syntax 3, section 4.3.7)."""
    return '"' + "".join(f"\\{ord(each):x} " for each in text) + '"'


def _asked(desk: Desk, file: UploadedFile, at: int, turn: int) -> _Given:
    """Ask what a file holds; its name proposes an answer."""
    words = desk.words
    name = visible(file.name, LONGEST_NAME)
    st.html(written("staff_file.html", words=words, at=at, name=name))
    if PurePath(file.name).suffix.casefold() == ".zip":
        inside = packed(file.getvalue())
        if inside.of_a_city:
            listed = words.listing(visible(each, LONGEST_NAME) for each in inside.names)
            say(words.text("desk.packed", files=listed))
            return _Given(file, n_packed=len(inside.names))
        if inside.readable and not inside.is_drawing:
            say(words.text("desk.open_zip", file=name), trouble=True)
            return _Given(file, foreign=True)
    guess = PurePath(holds(file.name)).stem
    held = st.selectbox(
        words.text("staff.what_it_holds", n=at),
        (_UNKNOWN, *_HELD),
        index=(_UNKNOWN, *_HELD).index(guess),
        key=f"staff-held-{turn}-{file.file_id}",
        format_func=lambda each: words.text(f"staff.table.{each}") if each else "–",
    )
    settings = {PurePath(each).stem: each for each in SETTINGS}
    return _Given(file, settings.get(held, held))


def _taken(desk: Desk, given: Sequence[_Given]) -> list[str]:
    """Put files into the work; give the sentences that say why that is not possible."""
    words, complaints = desk.words, list[str]()
    files: dict[str, bytes | None] = {}
    bases: dict[str, Mapping[str, bytes]] = {}
    made_from: dict[str, int] = {}
    try:
        for each in _opened(desk, given, complaints):
            name = stored_name(each.name, each.held) if each.held else ""
            complaint = _complaint(desk, each, name, {PurePath(other).stem for other in files})
            base = files_of(desk.store, each.origin) if each.origin is not None else None
            if not complaint and each.origin is not None and base is None:
                shown = visible(each.name, LONGEST_NAME)
                complaint = words.text("staff.base_gone", file=shown, number=each.origin)
            if complaint:
                complaints.append(complaint)
                continue
            files[name] = each.content
            if base is not None and each.origin is not None:
                bases[name], made_from[name] = base, each.origin
        if complaints:
            return complaints
        if not desk.work.keep(files, bases):
            # What does not go together is told at the top.
            land()
            st.rerun()
        newer = newest_since(made_from, desk.store.versions())
    except OSError as error:
        return [desk.unreachable(error)]
    if desk.work.draft is None:
        same = all(bases.get(name, {}).get(name) == content for name, content in files.items())
        return [words.text("desk.same_as_taken" if same and newer else "staff.same_already")]
    if newer is not None:
        desk.work.tell(words.text("desk.put_on", number=newer.number, author=desk.author(newer)))
    return []


def _opened(desk: Desk, given: Iterable[_Given], complaints: list[str]) -> Iterator[_Brought]:
    """Give each file by itself; add to the complaints what cannot be opened."""
    words = desk.words
    for file, held, n_packed, foreign in given:
        shown, number = visible(file.name, LONGEST_NAME), told_version(file.name)
        if foreign:
            complaints.append(words.text("desk.open_zip", file=shown))
            continue
        if not n_packed:
            yield _Brought(file.name, held, file.getvalue(), number)
            continue
        try:
            inside = unpacked(file.getvalue(), limits())
        except FileError as error:
            fault = fault_of(error, file.name)
            broken = words.text("desk.open_zip", file=shown)
            complaints.append(broken if fault is None else describe(fault, words.language))
            continue
        for name, content in inside:
            # An archive of a whole version says so once, in its own name.
            yield _Brought(name, holds(name), content, told_version(name) or number)


def _complaint(desk: Desk, given: _Brought, name: str, tables: Collection[str]) -> str:
    """Say why a file cannot be taken; empty where it can."""
    words, shown = desk.words, visible(given.name, LONGEST_NAME)
    if not given.held:
        return words.text("staff.unknown_file", file=shown)
    if not name:
        return words.text("staff.unknown_format", file=shown)
    if PurePath(name).stem in tables:
        return words.text("staff.same_table", file=shown)
    if len(given.content) > limits().file_bytes:
        return describe(_too_large(given), words.language)
    return ""


def _too_large(given: _Brought) -> Issue:
    return Issue(
        file=given.name,
        rule=Rule.FILE_TOO_LARGE,
        found=megabytes(len(given.content)),
        expected=megabytes(limits().file_bytes),
    )


# ---------------------------------------------------------------- taking away


def _show_taking(desk: Desk) -> None:
    """Offer a file as it is, or its sound rows in another format."""
    words = desk.words
    files = desk.asked(lambda: public_files(desk.store)) or {}
    versions = desk.asked(desk.store.versions) or ()
    if desk.troubles:
        return
    st.subheader(words.text("staff.take_title"), anchor=False)
    st.html(written("staff_take.html", words=words))
    names = {PurePath(name).stem: name for name in files}
    chosen = st.selectbox(
        words.text("staff.which_table"),
        [each for each in _HELD if each in names],
        key="staff-taken",
        format_func=lambda each: words.text(f"staff.table.{each}"),
    )
    name = names[chosen]
    known = bool(versions) and versions[-1].files.get(name) == digest(files[name])
    version = versions[-1].number if known else None
    with st.container(key="staff-take", horizontal=True, gap="small"):
        ending = PurePath(name).suffix
        _offer(
            words.text("staff.as_it_is", ending=ending),
            name_to_take(name, ending, version),
            lambda: files[name],
        )
        if chosen in TABLES:
            catalogue = desk.store.load().catalogue
            for other, write in _formats(TABLES[chosen], catalogue, words.language):
                if other != ending:
                    label = words.text(
                        "staff.in_format", format=words.text(f"staff.format.{other[1:]}")
                    )
                    _offer(label, name_to_take(name, other, version), write)


def _formats(
    table: Table, catalogue: Catalogue, language: str
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    frame = catalogue.frames[table.name]
    yield ".csv", lambda: table_csv(frame, table)
    extent = catalogue.city.extent
    yield ".xlsx", lambda: table_xlsx(frame, table, catalogue.vocabularies, language, extent)
    if table.located:
        yield ".geojson", lambda: table_geojson(frame, table)


def _offer(label: str, name: str, content: Callable[[], bytes]) -> None:
    st.download_button(
        label,
        data=content,
        file_name=name,
        mime="application/octet-stream",
        key=f"staff-take-{name}",
        on_click="ignore",
    )
