"""For when the end of a project was promised, how the promise moved, and the end that came."""

from __future__ import annotations

from collections.abc import Iterator

from regen_map.catalogue import PartialDate, Phase, Project
from regen_map.facts.wording import Fact, Wording
from regen_map.query.delays import whole_months


def dates_of(wording: Wording, project: Project) -> Iterator[Fact]:
    """Tell the start, the first and the latest promised end, and the end; each known or not."""
    for name in ("start", "first_declared_end", "declared_end"):
        date = getattr(project, name)
        yield wording.fact(f"details.{name}", wording.words.date(date) if date else "")
    yield _end_of(wording, project)


def moved_in_words(wording: Wording, project: Project) -> str:
    """
    Say how the promised end of a project moved.

    Returns
    -------
    str
        By how many whole months, reckoned as `regen_map.query.delay_of` does: a range
        where the dates allow one. That it did not move, or that nobody can tell.
    """
    words = wording.words
    first, latest = project.first_declared_end, project.declared_end
    if first is not None and latest is not None:
        return _moved(wording, first, latest)
    one = first is not None or latest is not None
    return words.text("record.moved.one_promise" if one else "record.moved.no_promise")


def _moved(wording: Wording, first: PartialDate, latest: PartialDate) -> str:
    words = wording.words
    if first == latest:
        return words.text("record.moved.unmoved")
    least = whole_months(first.last_day, latest.first_day)
    most = whole_months(first.first_day, latest.last_day)
    if least == most == 0:
        by = words.text("record.moved.within_a_month")
    elif least == most:
        by = words.count(f"record.moved.{'later' if most > 0 else 'earlier'}", abs(most))
    elif least >= 0:
        by = words.count("record.moved.later_range", most, least=least)
    elif most <= 0:
        by = words.count("record.moved.earlier_range", -least, least=-most)
    else:
        by = words.text("record.moved.either", early=-least, late=most)
    return words.text("record.moved", first=words.date(first), latest=words.date(latest), by=by)


def _end_of(wording: Wording, project: Project) -> Fact:
    """Tell the end; one that lies ahead is only announced."""
    end, words = project.end, wording.words
    if end is not None and end.first_day > wording.day:
        return wording.fact("record.announced_end", words.date(end))
    if end is not None:
        return wording.fact("record.end", words.date(end))
    if project.phase in (None, Phase.COMPLETED):
        return wording.fact("record.end", "")
    dropped = project.phase == Phase.DROPPED
    key = "record.end_given_up" if dropped else "record.not_ended"
    return wording.fact("record.end", words.text(key))
