"""The words by which projects are found."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from regen_map.catalogue import Catalogue, Project, derived
from regen_map.query.portfolio.asked import ProjectCriteria
from regen_map.query.projects import programmes_of
from regen_map.query.word_index import WordIndex

_NAME, _ACTOR, _MONEY, _USE = 10.0, 5.0, 4.0, 1.5


def ranked(catalogue: Catalogue, criteria: ProjectCriteria) -> NDArray[np.intp] | None:
    """Give the projects with the words asked for, best first; None where none are asked for."""
    asked = [
        (index, text)
        for index, text in ((_texts, criteria.text), (_uses, criteria.uses))
        if text.strip()
    ]
    if not asked:
        return None
    first, *others = (index(catalogue).find(text).ranked for index, text in asked)
    for other in others:
        first = first[np.isin(first, other)]
    return first


@derived()
def _texts(catalogue: Catalogue) -> WordIndex:
    return WordIndex(_texts_of(catalogue, project) for project in catalogue.projects)


@derived()
def _uses(catalogue: Catalogue) -> WordIndex:
    return WordIndex(
        [(_USE, _said(catalogue, project, "former_use", "new_use"))]
        for project in catalogue.projects
    )


def _texts_of(catalogue: Catalogue, project: Project) -> Iterator[tuple[float, str]]:
    """Give the searchable texts of a project with their weights, in all languages."""
    yield _NAME, f"{_said(catalogue, project, 'name')} {project.id}"
    place = catalogue.place(project.place_id) if project.place_id else None
    if place is not None:
        yield _NAME, _said(catalogue, place, "name")
    yield _ACTOR, " ".join((*project.owner, *project.promoter, *project.designer))
    yield _MONEY, project.cup or ""
    for programme in programmes_of(catalogue, project.id):
        yield _MONEY, _said(catalogue, programme, "name")
    yield _USE, _said(catalogue, project, "former_use", "new_use")


def _said(catalogue: Catalogue, record: object, *columns: str) -> str:
    languages = dict.fromkeys(("it", "en", *catalogue.city.locales))
    texts = (getattr(record, f"{name}_{each}", None) for name in columns for each in languages)
    return " ".join(filter(None, texts))
