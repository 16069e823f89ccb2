"""Which projects a planner asks for, and of which it is not known whether they are meant."""

from __future__ import annotations

import datetime as dt

import numpy as np

from regen_map.catalogue import Catalogue
from regen_map.query.portfolio.asked import ProjectCriteria, ProjectSelection
from regen_map.query.portfolio.facets import counts_of, facets_of
from regen_map.query.portfolio.filters import answers_of, left_out_unknown
from regen_map.query.portfolio.masks import in_all, mask_of, whole
from regen_map.query.portfolio.texts import ranked


def select_projects(
    catalogue: Catalogue, criteria: ProjectCriteria, day: dt.date
) -> ProjectSelection:
    """
    Apply filters to the projects of a catalogue.

    Options that the catalogue does not have select nothing; a facet that is unknown
    altogether is ignored.

    Parameters
    ----------
    catalogue, criteria
        Whose projects, and which of them.
    day
        Against which delays and the age of rows are told.

    Returns
    -------
    ProjectSelection
    """
    listed = catalogue.projects
    facets = facets_of(catalogue, day)
    best = ranked(catalogue, criteria)
    told = whole(len(listed)) if best is None else mask_of(best, len(listed))
    answers = answers_of(catalogue, criteria, day)
    met = in_all([told, *(answer.met for answer in answers.values())])
    by_facet = {
        name: facets[name].any_of(terms)
        for name, terms in criteria.chosen.items()
        if terms and name in facets
    }
    selected = in_all([met, *by_facet.values()])
    order = np.flatnonzero(selected) if best is None else best[selected[best]]
    area = answers.get("area")
    return ProjectSelection(
        projects=tuple(listed[each] for each in order),
        counts=counts_of(facets, met, by_facet),
        n_total=len(listed),
        n_unlocated=int((selected & facets["located"].any_of(["no"])).sum()),
        n_unsure=0 if area is None else int((selected & area.unsure).sum()),
        n_by_unknown=left_out_unknown(in_all([told, *by_facet.values()]), answers),
    )
