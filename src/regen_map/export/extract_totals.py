"""The totals of a selection of projects in words: what they hold, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from regen_map.export.extract import Extract
from regen_map.query import UNKNOWN, programmes
from regen_map.query.totals import Sum, phases_of


class Total(NamedTuple):
    """A line of totals: what is counted, and what is known of it."""

    label: str
    said: str


def counts_of(extract: Extract) -> Sequence[Total]:
    """Say how many projects there are, and of how many of them something is known."""
    words, totals = extract.words, extract.totals
    n_projects = totals.n_projects
    counted = {
        "with_position": n_projects - totals.n_unlocated,
        "with_amount": totals.n_known,
        "with_other_figures": len(totals.contradicted),
    }
    return [
        Total(words.text("selection.chosen"), words.count("selection.projects", n_projects)),
        *(
            Total(
                words.text(f"selection.{name}"), words.text("selection.of", n=n, total=n_projects)
            )
            for name, n in counted.items()
            if n_projects
        ),
    ]


def counts_by_phase(extract: Extract) -> Sequence[Total]:
    """Say how many projects are in each phase, and of how many nobody knows it."""
    words = extract.words
    found = phases_of(extract.catalogue, extract.projects)
    return [
        Total(
            words.text("selection.phase_unknown")
            if phase == UNKNOWN
            else extract.wording.label("phase", phase),
            words.count("selection.projects", len(projects)),
        )
        for phase, projects in found.items()
        if projects
    ]


def sums_by_nature(extract: Extract) -> Sequence[Total]:
    """
    Say what the funding lines of each nature add up to.

    Returns
    -------
    sequence of Total
        Natures are never added to each other; lines whose amount is not known are
        counted beside each sum.
    """
    return list(_sums(extract, extract.totals.by_nature))


def sums_by_programme(extract: Extract) -> Sequence[Total]:
    """Say what the funding lines of each programme add up to, natures apart."""
    funds = programmes(extract.catalogue)
    return [
        Total(f"{extract.wording.name(funds[programme])} · {total.label}", total.said)
        for programme, sums in extract.totals.by_programme.items()
        for total in _sums(extract, sums)
    ]


def _sums(extract: Extract, sums: Mapping[str, Sum]) -> Iterator[Total]:
    for nature, found in sums.items():
        yield Total(extract.wording.label("nature", nature), _in_words(extract, found))


def _in_words(extract: Extract, found: Sum) -> str:
    words, parts = extract.words, []
    if found.known:
        parts += [words.money(found.amount_eur), words.count("selection.lines", len(found.lines))]
    if found.n_unknown:
        parts.append(words.count("details.amounts_unknown", found.n_unknown))
    return " · ".join(parts)
