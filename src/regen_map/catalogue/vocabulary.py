"""Controlled vocabularies: terms with labels in every language, kept as data."""

from __future__ import annotations

import csv
import enum
import importlib.resources
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class Family(enum.StrEnum):
    """The three families of places; the value is the term in the files."""

    PUBLIC_SPACE = "public_space"
    WORKSHOP = "workshop"
    ATTRACTION = "attraction"


class Phase(enum.StrEnum):
    """
    The stage of a project, in the order in which a public work goes through them.

    Follows the steps of Italian public works (D.Lgs. 36/2023); `DROPPED` closes
    a project that will not go on.
    """

    PLANNING = "planning"
    DESIGN = "design"
    TENDER = "tender"
    WORKS = "works"
    TESTING = "testing"
    COMPLETED = "completed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """
    One term of a vocabulary.

    Attributes
    ----------
    vocabulary, term
        The vocabulary and the term as files spell it.
    parent
        The family a kind belongs to; empty for the other vocabularies.
    labels, notes
        Text by language code.
    opencoesione
        The equivalent value of OpenCoesione, or empty.
    """

    vocabulary: str
    term: str
    parent: str = ""
    labels: Mapping[str, str]
    notes: Mapping[str, str]
    opencoesione: str = ""


@dataclass(frozen=True)
class Vocabularies:
    """
    All the vocabularies of one city, closed ones of the product included.

    Parameters
    ----------
    terms
        The terms, in the order in which they are offered.
    """

    terms: tuple[Term, ...]
    _index: Mapping[tuple[str, str, str], Term] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the terms by vocabulary, parent and spelling."""
        index = {(term.vocabulary, term.parent, term.term): term for term in self.terms}
        object.__setattr__(self, "_index", MappingProxyType(index))

    def names(self, vocabulary: str, parent: str = "") -> tuple[str, ...]:
        """
        List the terms of a vocabulary.

        Parameters
        ----------
        vocabulary
            Its name, such as ``"kind"``.
        parent
            Only the terms under it; all terms when empty.

        Returns
        -------
        tuple of str
            Distinct spellings in file order; empty when there are none.
        """
        spelled = (
            term.term
            for term in self.terms
            if term.vocabulary == vocabulary and parent in ("", term.parent)
        )
        return tuple(dict.fromkeys(spelled))

    def label(self, vocabulary: str, term: str, language: str, parent: str = "") -> str:
        """
        Name a term in a language.

        Returns
        -------
        str
            The label; where there is none in that language, the one in the first
            language that has one; the spelling itself where the term is unknown.
        """
        found = self._find(vocabulary, term, parent)
        return (_in_language(found.labels, language) or term) if found else term

    def note(self, vocabulary: str, term: str, language: str, parent: str = "") -> str:
        """Explain a term in a sentence, as `label` does; empty where there is no explanation."""
        found = self._find(vocabulary, term, parent)
        return _in_language(found.notes, language) if found else ""

    def __iter__(self) -> Iterator[Term]:
        """Go through the terms in file order."""
        return iter(self.terms)

    def _find(self, vocabulary: str, term: str, parent: str) -> Term | None:
        exact = self._index.get((vocabulary, parent, term))
        if exact is not None or parent:
            return exact
        return next(
            (each for each in self.terms if (each.vocabulary, each.term) == (vocabulary, term)),
            None,
        )


def read_terms(rows: Iterable[Mapping[str, str]]) -> tuple[Term, ...]:
    """
    Build terms from the rows of a ``vocabularies.csv``.

    Parameters
    ----------
    rows
        Mappings with the keys ``vocabulary``, ``term``, ``parent``,
        ``opencoesione`` and, for each language, ``label_<language>`` and
        ``note_<language>``.

    Returns
    -------
    tuple of Term
        In the order of the rows.
    """
    return tuple(
        Term(
            vocabulary=row["vocabulary"],
            term=row["term"],
            parent=row.get("parent", ""),
            labels=_by_language(row, "label_"),
            notes=_by_language(row, "note_"),
            opencoesione=row.get("opencoesione", ""),
        )
        for row in rows
    )


def closed_terms() -> tuple[Term, ...]:
    """
    Read the vocabularies that the product itself relies on.

    Returns
    -------
    tuple of Term
        Families, phases, kinds of money and the like: the same in every city.
    """
    source = importlib.resources.files(__package__) / "vocabularies.csv"
    return read_terms(csv.DictReader(source.read_text("utf-8").splitlines()))


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(filter(None, texts.values()), "")


def _by_language(row: Mapping[str, str], prefix: str) -> Mapping[str, str]:
    texts = {key.removeprefix(prefix): text for key, text in row.items() if key.startswith(prefix)}
    return MappingProxyType(texts)
