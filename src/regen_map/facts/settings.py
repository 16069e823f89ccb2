"""What differs in the settings of a city: ``city.toml`` key by key, its vocabularies by term."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from regen_map.catalogue import Catalogue, City, Term
from regen_map.facts.changes import Subject, Told, differing
from regen_map.facts.wording import Said
from regen_map.messages import Translator
from regen_map.messages.issues import visible
from regen_map.query.changes import Change

CITY, VOCABULARIES = "city.toml", "vocabularies.csv"
WHOLE_MAP: tuple[str, ...] = (
    "extent",
    "locales",
    "metric_crs",
    "time_zone",
    "holiday_country",
    "tiles",
)
"""The settings that concern all places at once, as `regen_map.catalogue.City` names them."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 500


class Setting(NamedTuple):
    """
    A setting that differs.

    Attributes
    ----------
    file
        `CITY` or `VOCABULARIES`.
    subject
        The term, such as ``"kind.public_space.square"``; empty for a setting of the city.
    name
        The dotted key of TOML, or the column of the vocabulary; empty for a line of a file
        that cannot be read as TOML.
    before, after
        What was written and what is; None where there was or is nothing.
    """

    file: str
    subject: str
    name: str
    before: str | None
    after: str | None


def city_settings(before: bytes, after: bytes) -> list[Setting]:
    """
    Compare two contents of ``city.toml``.

    Parameters
    ----------
    before, after
        Their bytes; empty where there is no such file.

    Returns
    -------
    list of Setting
        By dotted key (TOML 1.0, "Keys"), tables of a list by their ``id``, in the order of the
        newer file and then of what is gone; empty where only comments or the layout differ.
        Where one of them is no TOML, the lines between the first and the last that differ.
    """
    try:
        old, new = _read(before), _read(after)
    except (ValueError, RecursionError):
        return list(_lines(before, after))
    return [
        Setting(CITY, "", name, old.get(name), new.get(name))
        for name in dict.fromkeys((*new, *old))
        if old.get(name) != new.get(name)
    ]


def vocabulary_settings(before: Iterable[Term], after: Iterable[Term]) -> list[Setting]:
    """
    Compare two vocabularies.

    Parameters
    ----------
    before, after
        Their terms, those of the product among them.

    Returns
    -------
    list of Setting
        One for each cell that differs; one without a name for a whole term that is new or gone.
    """
    old, new = ({_spelled(each): each for each in terms} for terms in (before, after))
    found: list[Setting] = []
    for key in dict.fromkeys((*new, *old)):
        one, other = old.get(key), new.get(key)
        if one is None or other is None:
            told = [None if each is None else _first_label(each) for each in (one, other)]
            found.append(Setting(VOCABULARIES, key, "", *told))
            continue
        cells, others = _cells(one), _cells(other)
        found += [
            Setting(VOCABULARIES, key, name, cells.get(name) or None, others.get(name) or None)
            for name in dict.fromkeys((*others, *cells))
            if cells.get(name, "") != others.get(name, "")
        ]
    return found


def map_wide(before: Catalogue, after: Catalogue) -> tuple[str, ...]:
    """Name the settings of `WHOLE_MAP` that differ; of backgrounds, only their addresses count."""
    old, new = _for_all(before.city), _for_all(after.city)
    return tuple(name for name in WHOLE_MAP if old[name] != new[name])


def told_settings(
    settings: Sequence[Setting], words: Translator, after: Catalogue | None, most_lines: int
) -> Iterator[Subject]:
    """
    Tell what differs: the city as one subject, each term as another.

    Parameters
    ----------
    settings
        What differs.
    words
        In which language.
    after
        Where terms have their names from; None for none.
    most_lines
        How many lines are told of each at most.
    """
    by_subject: dict[tuple[str, str], list[Setting]] = {}
    for each in settings:
        by_subject.setdefault((each.file, each.subject), []).append(each)
    terms = {_spelled(each): each for each in (after.vocabularies if after is not None else ())}
    for (file, subject), found in by_subject.items():
        of_city = file == CITY
        yield Subject(
            sort="settings",
            id=file if of_city else subject,
            about=words.text("settings.city" if of_city else "settings.term"),
            name=Said(file if of_city else _label(terms.get(subject), found, words)),
            key="",
            lines=[_told(each, words) for each in found[:most_lines]],
            n_more=max(len(found) - most_lines, 0),
        )


def _for_all(city: City) -> dict[str, object]:
    told: dict[str, object] = {name: getattr(city, name) for name in WHOLE_MAP}
    return told | {"tiles": [each.url for each in city.tiles]}


# ---------------------------------------------------------------- city.toml


def _read(content: bytes) -> dict[str, str]:
    """Give the text of each value by dotted key."""
    return dict(_flat("", tomllib.loads(content.decode("utf-8-sig"))))


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(_below(name, key), each)
    elif isinstance(value, list) and (tables := _by_id(value)):
        # Which of them comes first is a setting as well.
        yield name, ", ".join(tables)
        for key, each in tables.items():
            yield from _flat(_below(name, key), each)
    elif isinstance(value, str) and value.strip():
        yield name, value
    else:
        yield name, json.dumps(value, ensure_ascii=False, default=str)


def _below(name: str, key: str) -> str:
    own = key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    return f"{name}.{own}" if name else own


def _by_id(values: list[object]) -> dict[str, object]:
    """Give the tables of a list by their ``id``; none where they are not told apart by it."""
    found: dict[str, object] = {
        each["id"]: {key: cell for key, cell in each.items() if key != "id"}
        for each in values
        if isinstance(each, dict) and isinstance(each.get("id"), str)
    }
    return found if len(found) == len(values) else {}


def _lines(before: bytes, after: bytes) -> Iterator[Setting]:
    old, new = (each.decode("utf-8-sig", "replace").splitlines() for each in (before, after))
    start = _shared(old, new)
    old, new = old[start:], new[start:]
    end = _shared(old[::-1], new[::-1])
    for line in old[: len(old) - end]:
        yield Setting(CITY, "", "", line, None)
    for line in new[: len(new) - end]:
        yield Setting(CITY, "", "", None, line)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the lines with which both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


# ---------------------------------------------------------------- vocabularies


def _spelled(term: Term) -> str:
    return ".".join(filter(None, (term.vocabulary, term.parent, term.term)))


def _cells(term: Term) -> dict[str, str]:
    """Give the cells of a term by the columns of ``vocabularies.csv``."""
    return {
        **{f"label_{language}": text for language, text in term.labels.items()},
        **{f"note_{language}": text for language, text in term.notes.items()},
        "opencoesione": term.opencoesione,
    }


def _first_label(term: Term) -> str:
    return next(filter(None, term.labels.values()), term.term)


def _label(term: Term | None, found: Sequence[Setting], words: Translator) -> str:
    """Name a term as it is called now, or was before it was gone."""
    if term is None:
        return found[0].before or found[0].subject
    return term.labels.get(words.language) or _first_label(term)


# ---------------------------------------------------------------- words


def _told(setting: Setting, words: Translator) -> Told:
    before, after = setting.before, setting.after
    if before is not None and after is not None:
        before, after = differing(before, after)
        kind = Change.MENDED
    else:
        kind = Change.NEW if before is None else Change.REMOVED
    return Told(
        kind=kind,
        what=words.text(f"settings.{kind}"),
        label=visible(setting.name, _LONGEST),
        before=None if before is None else Said(visible(before, _LONGEST)),
        after=None if after is None else Said(visible(after, _LONGEST)),
    )
