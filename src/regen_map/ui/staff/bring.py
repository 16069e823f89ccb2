"""Taking the data away, and bringing changed files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from regen_map.catalogue import TABLES, Catalogue, Table
from regen_map.export.tables import table_csv, table_geojson
from regen_map.export.workbook import table_xlsx
from regen_map.intake import Issue, Rule, megabytes
from regen_map.intake.file_name import SETTINGS, held_by, stored_name
from regen_map.messages.issues import describe, visible
from regen_map.store import limits
from regen_map.store.records import digest
from regen_map.ui.rendering import written
from regen_map.ui.staff.bringing import name_to_take, told_version
from regen_map.ui.staff.desk import LONGEST_NAME, Desk, Step, go_to, say
from regen_map.ui.staff.summary import show_clash, show_work
from regen_map.ui.staff.work import files_of

_MOST_FILES = 20
_ROUND = "staff-round"
_HELD: tuple[str, ...] = (*TABLES, *(PurePath(each).stem for each in SETTINGS))
_UNKNOWN = ""


class _Given(NamedTuple):
    """A file that somebody has brought, and what it is said to hold."""

    file: UploadedFile
    held: str


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
            st.rerun()
        for each in complaints:
            say(each, trouble=True)


def _css_string(text: str) -> str:
    """Write a text as a string of CSS in which nothing ends it (CSS Syntax 3, section 4.3.7)."""
    return '"' + "".join(f"\\{ord(each):x} " for each in text) + '"'


def _asked(desk: Desk, file: UploadedFile, at: int, turn: int) -> _Given:
    """Ask what a file holds; its name proposes an answer."""
    words = desk.words
    guess = PurePath(held_by(file.name)).stem
    name = visible(file.name, LONGEST_NAME)
    st.html(written("staff_file.html", words=words, at=at, name=name))
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
    words = desk.words
    files: dict[str, bytes | None] = {}
    bases: dict[str, Mapping[str, bytes]] = {}
    complaints = []
    try:
        for file, held in given:
            name = stored_name(file.name, held) if held else ""
            complaint = _complaint(desk, file, held, name, {PurePath(each).stem for each in files})
            number = told_version(file.name)
            base = files_of(desk.store, number) if number is not None else None
            if not complaint and number is not None and base is None:
                shown = visible(file.name, LONGEST_NAME)
                complaint = words.text("staff.base_gone", file=shown, number=number)
            if complaint:
                complaints.append(complaint)
                continue
            files[name] = file.getvalue()
            if base is not None:
                bases[name] = base
        if complaints:
            return complaints
        if not desk.work.keep(files, bases):
            # What does not go together is told at the top.
            st.rerun()
    except OSError as error:
        return [desk.unreachable(error)]
    return [] if desk.work.draft is not None else [words.text("staff.same_already")]


def _complaint(
    desk: Desk, file: UploadedFile, held: str, name: str, tables: Collection[str]
) -> str:
    """Say why a file cannot be taken; empty where it can."""
    words, shown = desk.words, visible(file.name, LONGEST_NAME)
    if not held:
        return words.text("staff.unknown_file", file=shown)
    if not name:
        return words.text("staff.unknown_format", file=shown)
    if PurePath(name).stem in tables:
        return words.text("staff.same_table", file=shown)
    if file.size > limits().file_bytes:
        return describe(_too_large(file), words.language)
    return ""


def _too_large(file: UploadedFile) -> Issue:
    return Issue(
        file=file.name,
        rule=Rule.FILE_TOO_LARGE,
        found=megabytes(file.size),
        expected=megabytes(limits().file_bytes),
    )


# ---------------------------------------------------------------- taking away


def _show_taking(desk: Desk) -> None:
    """Offer a file as it is, or its sound rows in another format."""
    words = desk.words
    st.subheader(words.text("staff.take_title"), anchor=False)
    st.html(written("staff_take.html", words=words))
    files = desk.store.contents().files
    names = {PurePath(name).stem: name for name in files}
    chosen = st.selectbox(
        words.text("staff.which_table"),
        [each for each in _HELD if each in names],
        key="staff-taken",
        format_func=lambda each: words.text(f"staff.table.{each}"),
    )
    name = names[chosen]
    versions = desk.store.versions()
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
