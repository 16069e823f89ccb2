"""What is told of how a state of the catalogue is known."""

from __future__ import annotations

from collections.abc import Sequence

from regen_map.messages import Translator
from regen_map.past import Known, Published


def known_in_words(words: Translator, known: Known) -> Sequence[str]:
    """
    Say how what was known on a day is known.

    Returns
    -------
    sequence of str
        Which published version it is; or how it was put together, and what is left out
        because nobody has dated it. Nothing for what is shown now.
    """
    if known.version is not None:
        number, date = known.version.number, words.date(known.day.isoformat())
        return [words.text("projects.known_version", number=number, date=date)]
    if known.reckoned is None:
        return []
    counts = {
        "projects.undated": known.reckoned.n_undated,
        "projects.undated_lines": known.reckoned.n_undated_lines,
        "projects.unsure_then": known.reckoned.n_unsure,
    }
    return [
        words.text("projects.reckoned"),
        *(words.count(key, n) for key, n in counts.items() if n),
    ]


def published_in_words(words: Translator, published: Published) -> str:
    """Say on which day a version was published, and at what time if the day has several."""
    day = words.date(published.day.isoformat())
    if published.time is None:
        return day
    return words.text("known.day_and_time", day=day, time=f"{published.time:%H:%M}")
