"""A selection of projects as a report on paper (PDF): map, totals, projects, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from regen_map import query
from regen_map.catalogue import Project
from regen_map.export.extract import Extract
from regen_map.export.extract_totals import (
    Total,
    counts_by_phase,
    counts_of,
    sums_by_nature,
    sums_by_programme,
)
from regen_map.export.report_map import Located, Mark, ReportMap, central, draw_map, ranges
from regen_map.export.report_page import ACCENT, INK, QUIET, ReportPages
from regen_map.facts.links import source_name
from regen_map.facts.projects import ProjectFacts
from regen_map.facts.wording import Fact
from regen_map.query.projects import milestones_of
from regen_map.query.totals import has_position

_MAP_HEIGHT = 140.0
_OVERVIEW_HEIGHT = 70.0
_STREET_SIZE = 6.0
_MARK_SIZE = 7.0
_PAPER = (246, 243, 238)
_WHITE = (255, 255, 255)
_SMALL = 8.0
_DOT = 1.1
_KEPT_WITH_NAME = 30.0
_KEPT_WITH_PART = 12.0


def extract_pdf(extract: Extract) -> bytes:
    """
    Write the projects as a report.

    Returns
    -------
    bytes
        A4: what was asked for, where the data are from, a map whose numbers are those of
        the list, totals with what is not known, every project with its money, milestones
        and the numbers of its sources, and the sources. The type has the characters of
        Windows-1252; what is missing there is written otherwise, and the report says so.
        Headings, texts and maps are tagged (PDF 1.7, section 14.7). Equal for equal
        extracts.
    """
    words, title = extract.words, extract.title
    foot = words.text(
        "report.foot",
        title=title,
        date=words.date(extract.day.isoformat()),
        version=extract.catalogue.version,
    )
    pages = ReportPages(title, extract.language, extract.taken or extract.day, foot=foot)
    report = _Report(extract, pages)
    report.write_title()
    report.write_maps()
    report.write_totals()
    report.write_projects()
    report.write_sources()
    return pages.content()


@dataclass(frozen=True)
class _Report:
    extract: Extract
    pages: ReportPages

    # ------------------------------------------------------------ title, maps, totals

    def write_title(self) -> None:
        extract, pages = self.extract, self.pages
        pages.heading(extract.title, "H1")
        for total in counts_of(extract)[:1]:
            pages.row(total.label, total.said)
        for label, value in extract.provenance():
            pages.row(label, value, link=value if value == extract.site else "")

    def write_maps(self) -> None:
        located = [
            Located(number, place)
            for number, project in self._numbered()
            if has_position(self.extract.catalogue, project)
            and (place := self.extract.catalogue.place(project.place_id or "")) is not None
        ]
        if not self.extract.projects:
            return
        words, pages = self.extract.words, self.pages
        pages.heading(words.text("report.map"), "H2", kept=_MAP_HEIGHT + 25 if located else 25)
        if located:
            self._write_located(located)
        unlocated = {number for number, _ in self._numbered()} - {each.number for each in located}
        if unlocated:
            told = words.count("report.unlocated", len(unlocated), numbers=ranges([*unlocated]))
            pages.paragraph(told, size=_SMALL)

    def _write_located(self, located: Sequence[Located]) -> None:
        """Draw the middle of the town large, and all of it where there is something outside."""
        words, pages = self.extract.words, self.pages
        inside = central(located, self.extract.catalogue.city.home)
        shown = inside or located
        drawn = {each.number for each in shown}
        outside = [each.number for each in located if each.number not in drawn]
        self._write_map(shown, _MAP_HEIGHT)
        if outside:
            pages.make_room(_OVERVIEW_HEIGHT + 20)
            pages.paragraph(words.text("report.outside", numbers=ranges(outside)), size=_SMALL)
            pages.ln(1)
            self._write_map(located, _OVERVIEW_HEIGHT, told=shown)

    def write_totals(self) -> None:
        words, pages = self.extract.words, self.pages
        pages.heading(words.text("report.totals"), "H2")
        self._write_sums("", counts_of(self.extract))
        if not self.extract.projects:
            return
        self._write_sums("report.by_phase", counts_by_phase(self.extract))
        for key, sums in (
            ("selection.by_nature", sums_by_nature(self.extract)),
            ("selection.by_programme", sums_by_programme(self.extract)),
        ):
            if sums:
                self._write_sums(key, sums)
        pages.ln(2)
        pages.paragraph(words.text("selection.sums_note"), size=_SMALL)
        contradicted = [
            number
            for number, project in self._numbered()
            if project.id in set(self.extract.totals.contradicted)
        ]
        if contradicted:
            told = words.count(
                "report.contradicted", len(contradicted), numbers=ranges(contradicted)
            )
            pages.paragraph(told, size=_SMALL, style="B")

    def _write_sums(self, key: str, sums: Iterable[Total]) -> None:
        if key:
            self.pages.heading(self.extract.words.text(key), "H3")
        for total in sums:
            self.pages.row(total.label, total.said, wide=True)

    # ------------------------------------------------------------ maps

    def _write_map(
        self, located: Sequence[Located], height: float, told: Sequence[Located] = ()
    ) -> None:
        words, pages = self.extract.words, self.pages
        pages.ink(_MARK_SIZE, "B")
        drawn = draw_map(
            self.extract.catalogue, located, (pages.epw, height), self._width_of, told=told
        )
        names = {number: self.extract.wording.name(each) for number, each in self._numbered()}
        listed = "; ".join(f"{each.number}. {names[each.number]}" for each in located)
        alt = words.text("report.map_shows", projects=listed)
        with pages.tagged("Figure", alt):
            self._draw(drawn, pages.l_margin, pages.y)
        pages.set_y(pages.y + height + 2)
        pages.paragraph(words.text("report.map_caption"), size=_SMALL, colour=QUIET)
        if drawn.unlabelled:
            numbers = ranges(drawn.unlabelled)
            pages.paragraph(words.text("report.unlabelled", numbers=numbers), size=_SMALL)

    def _width_of(self, text: str) -> float:
        return self.pages.get_string_width(self.pages.coded(text))

    def _draw(self, drawn: ReportMap, left: float, top: float) -> None:
        pages = self.pages
        pages.set_fill_color(*_PAPER)
        pages.set_draw_color(*QUIET)
        pages.set_line_width(0.2)
        pages.rect(left, top, drawn.width, drawn.height, style="DF")
        pages.ink(_STREET_SIZE, colour=QUIET)
        for label in drawn.streets:
            self._write_centred(label.text, left + label.box.x, top + label.box.y)
        for mark in drawn.marks:
            self._draw_leader(mark, left, top)
        for mark in drawn.marks:
            pages.set_draw_color(*ACCENT)
            pages.set_fill_color(*(ACCENT if mark.exact else _WHITE))
            pages.set_line_width(0.4)
            pages.circle(left + mark.x, top + mark.y, _DOT, style="DF")
        pages.ink(_MARK_SIZE, "B")
        for mark in drawn.marks:
            if mark.label is not None:
                box = mark.label.box
                self._write_centred(mark.label.text, left + box.x, top + box.y)
        self._draw_scale(drawn, left, top)

    def _draw_leader(self, mark: Mark, left: float, top: float) -> None:
        if mark.label is None:
            return
        pages, box = self.pages, mark.label.box
        pages.set_draw_color(*ACCENT)
        pages.set_line_width(0.15)
        pages.line(left + mark.x, top + mark.y, left + box.x, top + box.y)
        pages.set_fill_color(*_WHITE)
        pages.rect(
            left + box.x - box.width / 2,
            top + box.y - box.height / 2,
            box.width,
            box.height,
            style="DF",
            round_corners=True,
            corner_radius=1,
        )

    def _draw_scale(self, drawn: ReportMap, left: float, top: float) -> None:
        words, pages = self.extract.words, self.pages
        pages.set_draw_color(*INK)
        pages.set_line_width(0.3)
        x, y = left + 4, top + drawn.height - 4
        pages.polyline([(x, y - 1.5), (x, y), (x + drawn.scale, y), (x + drawn.scale, y - 1.5)])
        pages.ink(_MARK_SIZE)
        pages.set_xy(x + drawn.scale + 1.5, y - 2.5)
        pages.cell(0, 3, pages.coded(words.distance(drawn.scale_m)))
        x, y = left + drawn.width - 5, top + 4
        pages.set_fill_color(*INK)
        pages.polygon([(x, y - 2), (x + 1.4, y + 2), (x, y + 1.1), (x - 1.4, y + 2)], style="F")
        self._write_centred(words.text("report.north"), x, y + 4)
        pages.set_xy(left, top)

    def _write_centred(self, text: str, x: float, y: float) -> None:
        pages = self.pages
        coded = pages.coded(text)
        width = pages.get_string_width(coded)
        height = pages.font_size
        pages.set_xy(x - width / 2, y - height / 2)
        pages.cell(width, height, coded)

    # ------------------------------------------------------------ projects and sources

    def write_projects(self) -> None:
        self.pages.heading(self.extract.words.text("report.projects"), "H2")
        if not self.extract.projects:
            self.pages.paragraph(self.extract.words.text("report.none"))
        for number, project in self._numbered():
            self._write_project(number, ProjectFacts(self.extract.wording, project))

    def _write_project(self, number: int, facts: ProjectFacts) -> None:
        words, pages, project = self.extract.words, self.pages, facts.project
        pages.heading(f"{number}. {facts.name}", "H3", kept=_KEPT_WITH_NAME)
        phase = facts.phase or words.text("selection.phase_unknown")
        pages.paragraph(phase, style="B", colour=ACCENT)
        pages.paragraph(f"{facts.plain} {facts.phase_date}")
        if facts.summary.text:
            pages.paragraph(facts.summary.text)
        for fact in (*self._where(project), *facts.uses, *facts.facts):
            pages.row(fact.label, fact.said.text)
        if facts.note.text:
            pages.row(words.text("details.note"), facts.note.text)
        if facts.money_lines:
            self._write_part("details.figures")
        for line in facts.money_lines:
            self._write_cited(line.amount, (line.about, line.note.text), line.source)
        if facts.steps:
            self._write_part("details.steps")
        for step in facts.steps:
            self._write_cited(step.date, (step.phase, step.said.text), step.source)
        cited = sorted({self._sources[address] for address in project.sources})
        pages.ln(1)
        told = words.listing(f"[{each}]" for each in cited)
        pages.row(words.text("details.sources"), told or words.text("details.no_sources"))

    def _write_part(self, key: str) -> None:
        self.pages.ln(1)
        self.pages.make_room(_KEPT_WITH_PART)
        self.pages.paragraph(self.extract.words.text(key), size=_SMALL, style="B")

    def _where(self, project: Project) -> Iterator[Fact]:
        wording = self.extract.wording
        place = self.extract.catalogue.place(project.place_id or "")
        named = wording.name(place) if place else ""
        address = (place.address or "") if place else ""
        quarter = wording.label("quarter", project.quarter or (place.quarter if place else None))
        told = ", ".join(filter(None, dict.fromkeys((named, address, quarter))))
        yield wording.fact("report.where", told)

    def _write_cited(self, label: str, texts: Iterable[str], source: str) -> None:
        parts = [*filter(None, texts), f"[{self._sources[source]}]"]
        self.pages.row(label, " · ".join(parts), size=_SMALL)

    def write_sources(self) -> None:
        words, pages = self.extract.words, self.pages
        if self._sources:
            pages.heading(words.text("details.sources"), "H2")
        for address, number in self._sources.items():
            date = self._dates.get(address) or words.text("details.undated")
            pages.row(f"[{number}]", f"{source_name(address)} · {date}", size=_SMALL)
            pages.paragraph(address, size=_SMALL, colour=ACCENT, indent=38, link=address)
        if pages.replaced:
            pages.ln(4)
            pages.paragraph(words.text("report.letters"), size=_SMALL, colour=QUIET)

    def _numbered(self) -> Iterator[tuple[int, Project]]:
        return enumerate(self.extract.projects, start=1)

    @cached_property
    def _sources(self) -> Mapping[str, int]:
        """Give each address its number, in the order in which the report names them."""
        found: dict[str, int] = {}
        for project in self.extract.projects:
            money = query.money_of(self.extract.catalogue, project.id).lines
            steps = milestones_of(self.extract.catalogue, project.id)
            told = [*(each.source for each in money), *(each.source for each in steps)]
            for address in (*told, *project.sources):
                found.setdefault(address, len(found) + 1)
        return found

    @cached_property
    def _dates(self) -> Mapping[str, str]:
        """Give the dates of the sources in words, where they are known."""
        found: dict[str, str] = {}
        for project in self.extract.projects:
            for address, date in zip(project.sources, project.source_dates, strict=True):
                if date is not None:
                    found.setdefault(address, self.extract.words.date(date))
        return found
