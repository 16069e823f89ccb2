"""The tab of the planner's desk that tells what changed, which is a page of its own too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from regen_map import query
from regen_map.catalogue import PLACE_TABLES
from regen_map.facts import Wording
from regen_map.facts.asked import Asked
from regen_map.facts.changes import MOST_TEXT, ChangesFacts
from regen_map.facts.known import known_in_words, published_in_words
from regen_map.past import Known
from regen_map.query.changes import Difference
from regen_map.query.delays import months_before

_PRESETS = (1, 6, 12)
"""Before how many months one may ask, beside the days on which something became known."""
_USUAL_MONTHS = 12
_MOST_DAYS = _MOST_VERSIONS = 100

_OF_PROJECTS = frozenset(("projects", "funding", "milestones"))
_OF_PLACES = frozenset(table.name for table in PLACE_TABLES)


class Choice(NamedTuple):
    """
    A day or a version since which changes can be asked for.

    Attributes
    ----------
    since
        As ``p.since`` has it in a link.
    label
        In words.
    chosen
        Whether it is asked for.
    """

    since: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """
    What changed, for the templates ``changes.html`` and ``changes_page.html``.

    Attributes
    ----------
    since
        Since when, as in a link.
    summary
        How many changes of each kind there are, in a sentence; or what is wrong with
        what was asked for.
    doubts
        What is uncertain about it.
    told
        The changes; None where there is nothing to compare.
    presets, days, versions
        Since when else one can ask.
    in_app, on_page
        The parameters of the desk and of the page in a link, without since when.
    path
        The address of the page below the root of the site.
    most_text
        To how many characters long texts are cut.
    """

    since: str
    summary: str
    doubts: Sequence[str]
    told: ChangesFacts | None
    presets: Sequence[Choice]
    days: Sequence[Choice]
    versions: Sequence[Choice]
    in_app: str
    on_page: str
    path: str
    most_text: int = MOST_TEXT


def changes_tab(asked: Asked) -> Mapping[str, object]:
    """
    Give the templates ``changes.html`` and ``changes_page.html`` what they tell.

    Returns
    -------
    mapping of str to object
        ``changes``, a `Changes`: since the day or the version that is asked for, or since
        a year, of the projects that the filters select, now or then; of everything in the
        town where no filter is set.
    """
    words, until = asked.wording.words, asked.known.day
    since = asked.desk.since or months_before(until, _USUAL_MONTHS).isoformat()
    earlier = asked.past.since(since, asked.today)
    told = None
    doubts: list[str] = []
    if earlier is None:
        summary = words.text("changes.not_kept")
    elif earlier.day > until or (earlier.version is None and earlier.day == until):
        summary = words.text("changes.not_before")
    else:
        told = _told(asked, earlier)
        summary = _summary(asked, earlier, told)
        doubts += _doubts(asked, earlier, told)
    path = f"{asked.language}/{words.text('changes.path_segment')}"
    return {
        "changes": Changes(
            since=since,
            summary=summary,
            doubts=doubts,
            told=told,
            presets=_presets(asked, since),
            days=_days(asked, since),
            versions=_versions(asked, since),
            in_app=asked.params_of_file,
            on_page=asked.params,
            path=path,
        )
    }


def _told(asked: Asked, earlier: Known) -> ChangesFacts:
    before, after = earlier.catalogue, asked.known.catalogue
    found = _found(asked, earlier)
    if query.project_criteria_to_params(asked.criteria):
        found = _selected(asked, earlier, found)
    words = asked.wording.words
    return ChangesFacts(
        Wording(before, words, earlier.day), Wording(after, words, asked.known.day), found
    )


def _found(asked: Asked, earlier: Known) -> tuple[Difference, ...]:
    """
    Compare what was known then with what is known now.

    What was put together from dates lacks all that nobody dated, which is not new for all
    that: it is compared with what is put together in the same way, of the first version
    that was published since, and only that with what is known now.
    """
    after = asked.known
    if earlier.reckoned is None or after.reckoned is not None:
        return query.changes_between(earlier.catalogue, after.catalogue)
    first = asked.past.first(after.day) or after
    told = query.known_on(first.catalogue, first.day).catalogue
    return (
        *query.changes_between(earlier.catalogue, told),
        *query.changes_between(first.catalogue, after.catalogue),
    )


def _selected(asked: Asked, earlier: Known, found: Sequence[Difference]) -> tuple[Difference, ...]:
    """Keep what differs of the projects that are asked for, now or then, and of their places."""
    then = query.select_projects(earlier.catalogue, asked.criteria, earlier.day)
    chosen = (*asked.selection.projects, *then.projects)
    projects = {each.id for each in chosen}
    places = {each.place_id for each in chosen if each.place_id}
    return tuple(
        each
        for each in found
        if (each.table in _OF_PROJECTS and each.subject in projects)
        or (each.table in _OF_PLACES and each.subject in places)
    )


def _summary(asked: Asked, earlier: Known, told: ChangesFacts) -> str:
    words = asked.wording.words
    day = words.date(earlier.day.isoformat())
    if earlier.version is not None and asked.desk.since.startswith("v"):
        number = earlier.version.number
        day = published_in_words(words, asked.past.publications[number])
        since = words.text("changes.since_version", number=number, day=day)
    else:
        since = words.text("changes.since_day", day=day)
    if asked.known.day < asked.today:
        until = words.date(asked.known.day.isoformat())
        since = f"{since} {words.text('changes.until_day', day=until)}"
    if counts := told.counts:
        return words.text("changes.told", since=since, told=words.listing(counts))
    key = "changes.nothing_dated" if earlier.reckoned else "changes.nothing"
    return words.text(key, since=since)


def _doubts(asked: Asked, earlier: Known, told: ChangesFacts) -> Sequence[str]:
    words = asked.wording.words
    by_version = asked.desk.since.startswith("v")
    doubts = [] if by_version else list(known_in_words(words, earlier))
    if earlier.reckoned and told.differences:
        doubts.append(words.text("changes.first_told"))
        if told.has_moved_ends:
            doubts.append(words.text("changes.promises"))
    if query.project_criteria_to_params(asked.criteria):
        doubts.append(words.text("changes.selected_only"))
    return doubts


def _presets(asked: Asked, since: str) -> Sequence[Choice]:
    words = asked.wording.words
    found = []
    for months in _PRESETS:
        day = months_before(asked.known.day, months).isoformat()
        label = (
            words.text("changes.year_ago")
            if months == _USUAL_MONTHS
            else words.count("changes.months_ago", months)
        )
        found.append(Choice(day, label, day == since))
    return found


def _days(asked: Asked, since: str) -> Sequence[Choice]:
    """Give the days before the one shown on which something became known, the latest first."""
    words = asked.wording.words
    days = [day for day in asked.past.days(asked.today) if day < asked.known.day]
    return [
        Choice(day, words.date(day), day == since)
        for day in (each.isoformat() for each in days[: -_MOST_DAYS - 1 : -1])
    ]


def _versions(asked: Asked, since: str) -> Sequence[Choice]:
    """Give the versions that were published by the day shown, the latest first."""
    words = asked.wording.words
    found: list[Choice] = []
    for number, published in sorted(asked.past.publications.items(), reverse=True):
        if published.day <= asked.known.day and len(found) < _MOST_VERSIONS:
            said = published_in_words(words, published)
            label = words.text("changes.version", number=number, day=said)
            found.append(Choice(f"v{number}", label, f"v{number}" == since))
    return found
