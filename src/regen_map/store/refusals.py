"""Why a draft is not taken, though everything works."""

from __future__ import annotations

from regen_map.intake import Issue
from regen_map.store.draft import Quarantined
from regen_map.store.extent import Extent


class RefusedError(Exception):
    """The data are the reason why a draft is not published."""


class UnusableError(RefusedError):
    """
    No catalogue comes out of the files, or one of them cannot be read at all.

    Attributes
    ----------
    issues
        Why.
    """

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__(f"{len(issues)} faults leave nothing to publish.")
        self.issues = issues


class QuarantineError(RefusedError):
    """
    Rows would be left out because of their faults, and nobody has agreed to that.

    Attributes
    ----------
    rows
        Which rows. Where some of them are shown now, agreeing does not help: nothing that
        is published is lost by a bad row.
    """

    def __init__(self, rows: tuple[Quarantined, ...]) -> None:
        super().__init__(f"{len(rows)} rows would be left out.")
        self.rows = rows


class UnconfirmedError(RefusedError):
    """
    Rows would be taken away, or many would change, and nobody has confirmed that.

    Attributes
    ----------
    extents
        Of which tables.
    """

    def __init__(self, found: tuple[Extent, ...]) -> None:
        super().__init__(f"{len(found)} tables would lose rows, or change a lot.")
        self.extents = found


class ProposalsFullError(RefusedError):
    """
    So many proposals wait that none more is taken.

    Attributes
    ----------
    limit
        How many.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} proposals wait already.")
        self.limit = limit
