"""The details of a place as HTML: facts, people, projects, sources; every text escaped."""

from __future__ import annotations

import datetime as dt
import importlib.resources
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import quote, unquote, urlencode, urlsplit

import jinja2
from markupsafe import Markup

from regen_map import query
from regen_map.catalogue import Catalogue, PartialDate, Place, Project
from regen_map.messages import Translator, translator
from regen_map.messages.money import money_in_words
from regen_map.messages.opening import now_in_words, week_in_words

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FunctionLoader(
        lambda name: (importlib.resources.files(__package__) / "templates" / name).read_text(
            "utf-8"
        )
    ),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def details_html(
    catalogue: Catalogue, language: str, key: str, when: dt.datetime | None = None
) -> str:
    """
    Write the details of an entry.

    Parameters
    ----------
    catalogue
        Where the entry is.
    language
        Of labels and texts.
    key
        The entry's key.
    when
        The moment for which they say whether it is open, in any time zone; None
        for the present.

    Returns
    -------
    str
        HTML in which every text of the catalogue is escaped and every link is
        http, https, mailto, tel or geo; empty when there is no such entry.

    Raises
    ------
    ValueError
        If the moment has no time zone, and the place has hours.
    """
    index = query.entry_index(catalogue, key)
    if index is None:
        return ""
    place = query.entries(catalogue)[index].place
    if place is None or not place.opening_hours:
        return _written(catalogue, language, index, None)
    moment = when or dt.datetime.now(dt.UTC)
    return _written(catalogue, language, index, moment.replace(second=0, microsecond=0))


# Of places with hours the minute is part of the key: what was open is not told later.
@lru_cache(maxsize=512)
def _written(catalogue: Catalogue, language: str, index: int, minute: dt.datetime | None) -> str:
    entry = query.entries(catalogue)[index]
    facts = _Facts(catalogue, translator(language), entry, minute)
    return str(_TEMPLATES.get_template("details.html").render(facts=facts, words=facts.words))


@dataclass(frozen=True, slots=True)
class _Source:
    address: str
    host: str
    date: str


@dataclass(frozen=True)
class _Facts:
    """What the template asks about one entry; words only, no rules of the domain."""

    catalogue: Catalogue
    words: Translator
    entry: query.Entry
    when: dt.datetime | None

    def local(self, record: object, name: str) -> str:
        """Give a text in the language, in Italian where the row has no other."""
        own = getattr(record, f"{name}_{self.words.language}", None)
        return own or getattr(record, f"{name}_it", None) or ""

    def label(self, vocabulary: str, term: str | None, parent: str = "") -> str:
        """Name a term."""
        if term is None:
            return ""
        return self.catalogue.vocabularies.label(vocabulary, term, self.words.language, parent)

    def note(self, vocabulary: str, term: str) -> str:
        """Explain a term."""
        return self.catalogue.vocabularies.note(vocabulary, term, self.words.language)

    @property
    def place(self) -> Place | None:
        """The place, if the entry is one."""
        return self.entry.place

    @property
    def kind(self) -> str:
        """Family or kind, and quarter."""
        place, subject = self.entry.place, self.entry.subject
        parts = [
            self.label("kind", place.kind, self.entry.family)
            if place
            else self.words.text("explore.town_wide_one"),
            self.label("quarter", subject.quarter),
        ]
        return " · ".join(part for part in parts if part)

    @property
    def facts(self) -> Iterator[tuple[str, str]]:
        """Short facts as pairs of label and text; what is not known is said where it matters."""
        place, words = self.entry.place, self.words
        if place is None:
            return
        visit = getattr(place, "visit", None)
        pairs = (
            ("address", place.address or ""),
            ("status", self._status(place)),
            ("visit", self._visit(visit) if self.entry.family == "workshop" else ""),
            ("contact", self.local(place, "contact")),
            ("craft", self.label("craft", getattr(place, "craft", None))),
            ("founded", getattr(place, "founded", None) or ""),
            ("period", self.local(place, "period")),
            ("author", words.listing(getattr(place, "author", ()))),
            ("admission", self.label("admission", getattr(place, "admission", None))),
            (
                "wheelchair",
                self.label("wheelchair", place.wheelchair) or words.text("details.not_known"),
            ),
            ("opening_hours", self._opening(place)),
        )
        for name, text in pairs:
            if text:
                yield words.text(f"details.{name}"), str(text)

    def _status(self, place: Place) -> str:
        label = self.label("status", place.status or query.UNKNOWN)
        if place.as_of is None or place.status in (None, query.UNKNOWN):
            return label
        return f"{label} ({self.words.date(place.as_of)})"

    def _visit(self, visit: str | None) -> str:
        if visit is None:
            return self.words.text("details.not_known")
        note = self.note("visit", visit)
        label = self.label("visit", visit)
        return f"{label}. {note}." if note else label

    def _opening(self, place: Place) -> str:
        """Say whether it is open now, or whom its hours are for."""
        if self.when is None:
            return self.words.text("details.not_known")
        if not query.hours_hold(place):
            return self.words.text("opening.ceased")
        if not query.walk_in(place):
            return self.label("visit", getattr(place, "visit", None))
        now = query.opening_at(place.opening_hours, self.when, self.catalogue.city)
        return now_in_words(now, self.words.language)

    @property
    def week(self) -> Sequence[tuple[str, str]]:
        """The hours of seven days, as pairs of days and hours; empty where they tell no more."""
        place, city = self.place, self.catalogue.city
        if place is None or self.when is None:
            return ()
        ahead = query.week_ahead(place, query.day_of(self.when, city), city)
        if ahead is None:
            return ()
        days, holidays = ahead
        return week_in_words(days, self.words.language, holidays=holidays)

    @property
    def contacts(self) -> Iterator[tuple[str, str]]:
        """Links to call or write, as pairs of label and address; a visit is asked for."""
        place, words = self.place, self.words
        if place is None:
            return
        arranged = query.by_arrangement(place)
        if place.phone:
            number = f"tel:{place.phone.replace(' ', '')}"
            label = words.text("opening.call", number=place.phone) if arranged else place.phone
            yield label, number
        if place.email and arranged:
            yield words.text("opening.write", address=place.email), self._letter(place, place.email)
        elif place.email:
            yield place.email, f"mailto:{place.email}"

    def _letter(self, place: Place, address: str) -> str:
        """Prepare an e-mail that asks for a visit."""
        words, name = self.words, self.local(place, "name")
        visit = getattr(place, "visit", None)
        body = words.text(f"opening.body.{visit}", name=name)
        # RFC 6068: lines end as in an e-mail.
        fields = {
            "subject": words.text("opening.subject", name=name),
            "body": body.replace("\n", "\r\n"),
        }
        return f"mailto:{quote(address, safe='@')}?{urlencode(fields, quote_via=quote)}"

    @property
    def people(self) -> Sequence[str]:
        """Whom a visitor can meet."""
        return getattr(self.entry.place, "people", ())

    @property
    def position(self) -> str:
        """How well the position is known, in a sentence."""
        place, words = self.entry.place, self.words
        if place is None or place.lat is None:
            return words.text("details.unlocated")
        if place.position_accuracy_m is None:
            return words.text("details.accuracy_unknown")
        return words.text(
            "details.accuracy", distance=words.distance(max(10, place.position_accuracy_m))
        )

    @property
    def directions(self) -> Sequence[tuple[str, str]]:
        """Links that lead there, as pairs of label and address; empty without a position."""
        place, words = self.entry.place, self.words
        if place is None or place.lat is None or place.lon is None:
            return ()
        point = f"{place.lat:.6f},{place.lon:.6f}"
        name = quote(self.local(place, "name"))
        osm = f"https://www.openstreetmap.org/?mlat={place.lat:.6f}&mlon={place.lon:.6f}"
        return (
            (words.text("details.open_in_app"), Markup(f"geo:{point}?q={point}({name})")),  # noqa: S704
            (words.text("details.open_in_osm"), f"{osm}#map=18/{place.lat:.6f}/{place.lon:.6f}"),
        )

    @property
    def projects(self) -> Sequence[Project]:
        """The projects there."""
        return self.entry.projects

    def phase(self, project: Project) -> str:
        """Tell the phase of a project in plain words."""
        if project.phase is None:
            return self.words.text("details.phase_unknown")
        label = self.label("phase", project.phase)
        sentences = [f"{label}. {self.note('phase', project.phase)}."]
        if project.stalled:
            sentences.append(self.words.text("details.stalled"))
        if project.as_of:
            date = self.words.date(project.as_of)
            sentences.append(self.words.text("details.known_as_of", date=date))
        return " ".join(sentences)

    def dates(self, project: Project) -> Iterator[tuple[str, str]]:
        """Give the dates of a project that are known."""
        for name, date in query.told_dates(project):
            yield self.words.text(f"details.{name}"), self.words.date(date)

    def actors(self, project: Project) -> Iterator[tuple[str, str]]:
        """Give owner, promoter and designer of a project where known."""
        for name in ("owner", "promoter", "designer"):
            if who := getattr(project, name):
                yield self.words.text(f"details.{name}"), self.words.listing(who)
        if project.cup:
            yield "CUP", project.cup

    def money(self, project: Project) -> str:
        """Sum up the money of a project, natures apart, unknown amounts counted."""
        money = query.money_of(self.catalogue, project.id)
        return money_in_words(money, partial(self.label, "nature"), self.words)

    def figures(self, project: Project) -> Iterator[tuple[str, str, str]]:
        """Give every funding line: what it says, its note, the address of its source."""
        words, known = self.words, query.programmes(self.catalogue)
        for line in query.money_of(self.catalogue, project.id).lines:
            amount = line.amount_eur
            parts = (
                words.text("details.amount_unknown") if amount is None else words.money(amount),
                self.local(known[line.programme_id], "name"),
                self.label("nature", line.nature),
                words.date(line.as_of) if line.as_of else words.text("details.undated"),
                words.text("details.counted" if line.counted else "details.not_counted"),
            )
            yield " · ".join(parts), self.local(line, "note"), line.source

    def programmes(self, project: Project) -> str:
        """Name the programmes that fund a project."""
        found = query.programmes_of(self.catalogue, project.id)
        return self.words.listing([self.local(each, "name") for each in found])

    @property
    def events(self) -> Iterator[tuple[str, str]]:
        """Events held there, as pairs of name and recurrence."""
        for event in query.events_at(self.catalogue, self.entry.key):
            yield self.local(event, "name"), self.local(event, "recurrence")

    @property
    def neighbours(self) -> Iterator[tuple[str, str, str]]:
        """What is near: key, name, and how far on foot."""
        for each in query.neighbours(self.catalogue, self.entry.key):
            place = self.catalogue.place(each.key)
            if place is None:
                continue
            if each.told_apart:
                minutes = query.walking_minutes(each.distance_m)
                far = self.words.count(
                    "details.walk", minutes, distance=self.words.distance(each.distance_m)
                )
            else:
                far = self.words.text("details.very_near")
            yield each.key, self.local(place, "name"), far

    @property
    def sources(self) -> Iterator[_Source]:
        """The sources of place and projects, each once, with a date wherever one is told."""
        told: dict[str, PartialDate | None] = {}
        for record in (self.entry.subject, *self.entry.projects):
            for address, date in zip(record.sources, record.source_dates, strict=True):
                told[address] = told.get(address) or date
        for address, date in told.items():
            when = self.words.date(date) if date else self.words.text("details.undated")
            yield _Source(address, _source_name(address), when)

    @property
    def as_of(self) -> str:
        """Until when the facts are known to hold."""
        dates = [each.as_of for each in (self.entry.subject, *self.entry.projects) if each.as_of]
        newest = max(dates, key=lambda date: date.last_day, default=None)
        return self.words.date(newest) if newest else ""


def _source_name(address: str) -> str:
    """Name a source by its host and, where the address tells, by its title."""
    parts = urlsplit(address)
    host = parts.netloc.removeprefix("www.")
    for each in reversed(parts.path.split("/")):
        if each.count("-") > 1:
            return f"{host}: {' '.join(unquote(each).split('-'))[:70]}"
    return host
