"""Whether files may take the place of what was shown before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regen_map.catalogue import TABLES, Catalogue
from regen_map.intake import Issue, Rule


def joined_issues(refused: Sequence[Issue], read: Sequence[Issue]) -> list[Issue]:
    """Put both kinds of issues together: a file that cannot be opened is not missing too."""
    unread = {issue.file for issue in refused}
    return [
        *refused,
        *(
            issue
            for issue in read
            if not (issue.rule is Rule.FILE_MISSING and issue.file in unread)
        ),
    ]


def broken_files(issues: Iterable[Issue]) -> frozenset[str]:
    """Name the files that cannot be read at all."""
    # A second file of a table is left alone: the first one is as good as before.
    return frozenset(
        issue.file
        for issue in issues
        if issue.is_error and issue.whole_file and issue.rule is not Rule.TABLE_TWICE
    )


def losses(last: Catalogue, new: Catalogue) -> list[Issue]:
    """Name the tables that have lost more than half of their rows."""
    counts = {name: (len(last.frames[name]), len(new.frames[name])) for name in TABLES}
    return [
        Issue(
            file=TABLES[name].file_name,
            rule=Rule.ROWS_LOST,
            found=str(after),
            expected=str(before),
        )
        for name, (before, after) in counts.items()
        if after * 2 < before
    ]
