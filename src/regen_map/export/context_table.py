"""What lies around regenerated spaces, and what the quarters have, as one long table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regen_map import query
from regen_map.catalogue import Project
from regen_map.export.rows import write_csv
from regen_map.facts.context import COLUMNS, MINUTES, ContextFacts, SpaceFacts
from regen_map.facts.wording import Wording
from regen_map.messages import Translator
from regen_map.query.context import AROUND, basis_of
from regen_map.query.nearby import WALKING_DETOUR, WALKING_M_PER_MINUTE

MOST_IDS = 100
"""So many ids stand in a cell at most; a spreadsheet holds no cell of any length."""

CELLS = (
    "subject",
    "id",
    "name",
    "measure",
    "minutes",
    "value",
    "unit",
    "uncertainty_m",
    "ids",
    "said",
)
"""What stands in the cells of a row, in their order."""

_LIST = " | "
_SPACES_AT_ONCE = 200
"""So many are kept in memory with what is around them."""

_Row = tuple[str, ...]


def headings(words: Translator) -> Sequence[str]:
    """Name `CELLS` in a language."""
    return [words.text(f"context.heading.{each}") for each in CELLS]


def context_table(
    wording: Wording, projects: Sequence[Project], filters: Sequence[tuple[str, str]] = ()
) -> bytes:
    """
    Write the surroundings of the places of some projects as CSV.

    Parameters
    ----------
    wording
        Catalogue and language, and the day.
    projects
        Which projects.
    filters
        What was asked for, as label and value in words.

    Returns
    -------
    bytes
        One row for each thing that is known, see `regen_map.export.rows.write_csv`; the
        first row names `CELLS` in the language, what stands in them is the same in all.
        ``subject`` is ``method`` (how it is reckoned, day, version, filters), ``quarter``,
        ``space``, or ``unlocated`` (a project without a position). ``measure`` says what
        ``value`` is: ``workshop_sure`` within so many ``minutes``, ``nearest_workshop`` in
        metres, ``workshops_active`` of a quarter. ``ids``, nearest first, are at most 100,
        ``value`` counts all; ``uncertainty_m`` is empty where nobody states it. ``said``
        is the same in words.
    """
    facts = ContextFacts(wording, projects, most_names=0)
    return write_csv(headings(wording.words), _rows(facts, filters))


def _rows(facts: ContextFacts, filters: Sequence[tuple[str, str]]) -> Iterator[_Row]:
    yield from _method(facts, filters)
    yield from _quarters(facts)
    for first in range(0, len(facts.located), _SPACES_AT_ONCE):
        for found in facts.found(first, _SPACES_AT_ONCE, MOST_IDS):
            yield from _space(facts.space(found))
    for quarter in facts.quarters:
        for each in quarter.gap.unlocated:
            project = facts.wording.catalogue.project(each)
            name = facts.wording.name(project) if project else ""
            yield _row(subject="unlocated", id=each, name=name)


def _method(facts: ContextFacts, filters: Sequence[tuple[str, str]]) -> Iterator[_Row]:
    wording, basis = facts.wording, basis_of(facts.wording.catalogue)
    city = wording.catalogue.city

    def told(measure: str, said: str = "", **cells: str) -> _Row:
        return _row(subject="method", measure=measure, said=said, **cells)

    yield told("city", city.name(wording.words.language))
    yield told("day", wording.day.isoformat())
    yield told("version", wording.catalogue.version)
    yield told("publisher", city.publisher)
    yield told("licence", city.licence)
    yield told("crs", f"{basis.crs} ({basis.crs_code})")
    yield told("detour", value=_number(WALKING_DETOUR))
    yield told("pace", value=_number(WALKING_M_PER_MINUTE), unit="m/min")
    for minutes in MINUTES:
        metres = _number(query.metres_within(minutes))
        yield told("straight_line", minutes=str(minutes), value=metres, unit="m")
    for family, ids in basis.unplaced.items():
        yield told(f"{family}_without_position", value=str(len(ids)), ids=_listed(ids))
    yield told("accuracy_unstated", value=str(len(basis.unstated)), ids=_listed(basis.unstated))
    for label, value in filters:
        yield told("filter", f"{label}: {value}")
    for sentence in facts.method:
        yield told("sentence", sentence)


def _quarters(facts: ContextFacts) -> Iterator[_Row]:
    for quarter in facts.quarters:
        about = {"subject": "quarter", "id": quarter.gap.quarter or "", "name": quarter.name}
        for column, cell in zip(COLUMNS, quarter.cells, strict=True):
            ids = getattr(quarter.gap, column)
            minutes = str(MINUTES[0]) if column == "far" else ""
            yield _row(
                **about,
                measure=column,
                minutes=minutes,
                value=str(len(ids)),
                ids=_listed(ids),
                said=cell.label,
            )
        far = quarter.gap.far_as_known
        yield _row(
            **about,
            measure="far_as_known",
            minutes=str(MINUTES[0]),
            value=str(len(far)),
            ids=_listed(far),
            said=" ".join(quarter.lacks),
        )


def _space(space: SpaceFacts) -> Iterator[_Row]:
    found = space.found
    about = {"subject": "space", "id": found.place_id, "name": space.name}
    yield _row(**about, measure="quarter", said=space.quarter)
    yield _row(
        **about, measure="position", uncertainty_m=_number(found.accuracy_m), said=space.position
    )
    n_projects = str(len(found.projects))
    yield _row(**about, measure="projects_here", value=n_projects, ids=_listed(found.projects))
    for reach, told in zip(found.reaches, space.reaches, strict=True):
        within = {**about, "minutes": str(reach.minutes)}
        yield _row(**within, measure="within", said=told.line)
        for each in AROUND:
            for certainty, counts, ids in (
                ("sure", reach.n_sure, reach.sure),
                ("maybe", reach.n_maybe, reach.maybe),
            ):
                yield _row(
                    **within,
                    measure=f"{each}_{certainty}",
                    value=str(counts[each]),
                    ids=_listed(ids[each]),
                )
        perhaps_active = str(reach.n_perhaps_active)
        yield _row(**within, measure="workshop_sure_perhaps_active", value=perhaps_active)
        n_closed, closed = str(reach.n_closed), _listed(reach.closed)
        yield _row(**within, measure="closed", value=n_closed, ids=closed)
    for measure, nearest in (
        ("nearest_workshop", found.nearest_workshop),
        ("nearest_workshop_perhaps_active", found.nearest_unknown),
    ):
        said = space.nearest if measure == "nearest_workshop" else ""
        if nearest is None:
            yield _row(**about, measure=measure, said=said)
            continue
        yield _row(
            **about,
            measure=measure,
            value=_number(nearest.distance_m),
            unit="m",
            uncertainty_m=_number(nearest.uncertainty_m),
            ids=nearest.place_id,
            said=said,
        )
        rivals = _listed(nearest.rivals)
        yield _row(**about, measure=f"{measure}_rivals", value=str(len(nearest.rivals)), ids=rivals)


def _row(**cells: str) -> _Row:
    return tuple(cells.get(each, "") for each in CELLS)


def _listed(ids: Sequence[str]) -> str:
    return _LIST.join(ids[:MOST_IDS])


def _number(value: float | None) -> str:
    """Write a number to the tenth, with a point; nothing for what is not known."""
    return "" if value is None else f"{value:.1f}"
