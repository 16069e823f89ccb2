"""What is wrong in the files that are being prepared, and which rows are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from regen_map.editing import MOST_ROWS
from regen_map.export.check_report import faults_csv, quarantine_csv
from regen_map.intake import Issue, Severity
from regen_map.intake.drafts import Draft as TableDraft
from regen_map.intake.repair import repaired
from regen_map.messages import Translator
from regen_map.messages.issues import describe, visible
from regen_map.store import Draft
from regen_map.ui.rendering import written
from regen_map.ui.staff.desk import LONGEST_NAME, Desk, say
from regen_map.ui.staff.editing.names import place_name

_MOST_ISSUES = 200
_MOST_ROWS = 100


def show_report(desk: Desk, draft: Draft) -> None:
    """Draw all that was found in the files of a draft."""
    words = desk.words
    st.subheader(words.text("staff.report_title"), anchor=False)
    changed = {*draft.changed}
    everywhere = draft.reading.issues
    rows = {(each.file, each.place) for each in draft.quarantined}
    own = [
        issue
        for issue in everywhere
        if issue.file in changed
        or issue in draft.faults
        or (issue.is_error and (issue.file, str(issue.line or issue.row)) in rows)
    ]
    others = len(everywhere) - len(own)
    issues: Sequence[Issue] = own
    summary = st.container()
    if others and st.toggle(words.count("staff.also_others", others), key="staff-others"):
        issues = everywhere
    counts = {each: sum(issue.severity is each for issue in issues) for each in Severity}
    with summary:
        st.html(
            written(
                "staff_counts.html",
                words=words,
                counts=[words.count(f"check.{each}", n) for each, n in counts.items() if n],
            )
        )
    if issues:
        _show_issues(desk, issues, counts)
    _show_quarantine(desk, draft)
    if draft.catalogue is not None:
        _show_advice(desk)


def _show_issues(desk: Desk, issues: Sequence[Issue], counts: dict[Severity, int]) -> None:
    words = desk.words
    present = [each for each in Severity if counts[each]]
    first = [each for each in present if each is not Severity.NOTICE]
    chosen = present
    # Where all weigh the same there is nothing to choose; notes are shown to who asks.
    if len(present) > 1 or not first:
        chosen = st.pills(
            words.text("staff.severities"),
            present,
            selection_mode="multi",
            default=first,
            format_func=lambda each: words.text(f"staff.severity.{each}"),
            key=f"staff-severities-{words.language}",
        )
    shown = [issue for issue in issues if issue.severity in chosen]
    st.html(
        written(
            "staff_issues.html",
            words=words,
            files=_by_file(shown[:_MOST_ISSUES], words),
            n_more=max(len(shown) - _MOST_ISSUES, 0),
        )
    )
    st.download_button(
        words.text("staff.take_report"),
        data=lambda: faults_csv(issues, words.language),
        file_name=f"{words.text('staff.report_file')}.csv",
        mime="text/csv",
        key="staff-report",
        on_click="ignore",
    )


def _show_advice(desk: Desk) -> None:
    """Offer what is no fault: it is looked for when somebody wants to see it."""
    words = desk.words
    with st.expander(words.text("staff.advice"), key="staff-advice", on_change="rerun") as shown:
        if not shown.open:
            return
        with st.spinner(words.text("publish.reading")):
            found = desk.work.advice(desk.today)
        if found is None:
            say(words.text("staff.advice_too_many", n=words.number(MOST_ROWS)))
            return
        st.html(written("staff_advice.html", words=words, n=len(found)))
        if found:
            files = _by_file(found[:_MOST_ISSUES], words, as_notices=True)
            n_more = max(len(found) - _MOST_ISSUES, 0)
            st.html(written("staff_issues.html", words=words, files=files, n_more=n_more))


def _by_file(
    issues: Sequence[Issue], words: Translator, *, as_notices: bool = False
) -> Mapping[str, Sequence[tuple[str, str, str]]]:
    """Put severity, its name, and sentence under each file, in the order of the files."""
    files: dict[str, list[tuple[str, str, str]]] = {}
    for issue in issues:
        severity = Severity.NOTICE if as_notices else issue.severity
        weight = words.text(f"issue.severity.{severity}")
        told = (severity.value, weight, _sentence(issue, words.language))
        files.setdefault(visible(issue.file, LONGEST_NAME), []).append(told)
    return files


def _sentence(issue: Issue, language: str) -> str:
    said = describe(issue, language, file=False)
    return said[:1].upper() + said[1:]


def _show_quarantine(desk: Desk, draft: Draft) -> None:
    """Draw the rows that are newly left out, and offer all that are as a file."""
    words, rows = desk.words, draft.quarantined
    tables = [each for each in draft.reading.drafts.values() if len(each.sound) < len(each.entries)]
    if not rows and not tables:
        return
    standing = {(table.file, entry.place): entry.row for table in tables for entry in table.entries}
    listed = [
        (
            visible(each.file, LONGEST_NAME),
            place_name(words, standing[each.file, each.place]),
            each.is_shown,
        )
        for each in rows[:_MOST_ROWS]
    ]
    st.html(
        written(
            "staff_quarantine.html",
            words=words,
            n_rows=len(rows),
            n_shown=sum(each.is_shown for each in rows),
            rows=listed,
            n_more=max(len(rows) - _MOST_ROWS, 0),
        )
    )
    with st.container(key="staff-quarantine", horizontal=True, gap="small"):
        for table in tables:
            _offer(desk, table)


def _offer(desk: Desk, table: TableDraft) -> None:
    name, language = table.table.name, desk.words.language
    st.download_button(
        desk.words.text("staff.take_quarantine", table=desk.words.text(f"staff.table.{name}")),
        data=lambda: quarantine_csv(
            table.sheet.headings, repaired(table, shaped=False).quarantine, language
        ),
        file_name=f"{name}.quarantine.csv",
        mime="text/csv",
        key=f"staff-quarantine-{name}",
        on_click="ignore",
        wrap=True,
    )
