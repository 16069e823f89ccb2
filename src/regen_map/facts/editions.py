"""What published versions changed of a project, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from regen_map import query
from regen_map.facts.changes import ChangesFacts
from regen_map.facts.record import Change
from regen_map.facts.wording import Said, Wording
from regen_map.messages import Translator
from regen_map.past import Edition

_TABLES = ("projects", "funding", "milestones")


def project_changes(
    words: Translator, project_id: str, editions: Iterable[Edition]
) -> Iterator[Change]:
    """
    Tell what versions changed of the rows of a project.

    Parameters
    ----------
    words
        In which language.
    project_id
        Of which project.
    editions
        The versions, in the order in which they are to be told.
    """
    for edition in editions:
        own = [
            each
            for each in edition.differences
            if each.subject == project_id and each.table in _TABLES
        ]
        if own:
            yield from _told(words, edition, own)


def _told(words: Translator, edition: Edition, own: list[query.Difference]) -> Iterator[Change]:
    day = query.day_of(edition.version.at, edition.after.city)
    before, after = (Wording(each, words, day) for each in (edition.before, edition.after))
    for subject in ChangesFacts(before, after, own).subjects:
        for line in subject.lines:
            yield Change(
                date=words.date(day.isoformat()),
                machine_date=day.isoformat(),
                who=edition.version.author,
                what=" · ".join(filter(None, [line.what, line.label, line.note])),
                before=_text(line.before),
                after=_text(line.after),
            )


def _text(said: Said | None) -> str:
    return said.text if said else ""
