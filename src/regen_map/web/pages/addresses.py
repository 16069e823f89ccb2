"""Where the pages outside the app stand, below the root of the site."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from urllib.parse import quote

from regen_map.messages import LANGUAGES, translator


class Section(enum.StrEnum):
    """What pages tell of."""

    PLACES = "places"
    WALKS = "walks"
    EVENTS = "events"
    PROJECTS = "projects"


_WORDS = {
    Section.PLACES: "place_page.path_segment",
    Section.WALKS: "walks_page.path_segment",
    Section.EVENTS: "events_page.path_segment",
    Section.PROJECTS: "projects.path_segment",
}

SEGMENTS: Mapping[Section, Mapping[str, str]] = {
    section: {language: translator(language).text(key) for language in LANGUAGES}
    for section, key in _WORDS.items()
}
"""The word for a section in the address, by language."""

APP_PAGES = frozenset({"projects", "walks", "events", "about"})
"""Addresses of pages of the app, which no section of the same name may take."""

CODE = "qr.svg"
"""What stands below the address of a page: its address for cameras."""


def section_path(section: Section, language: str, item: str = "") -> str:
    """
    Give the address of a page below the root of the site.

    Parameters
    ----------
    section
        What it tells of.
    language
        One of `regen_map.messages.LANGUAGES`.
    item
        Id of the place, walk, event or project; empty for the list of all, which for
        projects is the report.
    """
    return _below(f"{language}/{SEGMENTS[section][language]}", item)


def neutral_path(section: Section, item: str = "") -> str:
    """Give the address that leads to the page in the language a browser asks for."""
    return _below(SEGMENTS[section][LANGUAGES[0]], item)


def page_path(language: str, place_id: str = "") -> str:
    """Give the address of the page of a place, or of the list of all places."""
    return section_path(Section.PLACES, language, place_id)


def walk_path(language: str, walk_id: str = "") -> str:
    """Give the address of the page of a walk, or of the list of all walks."""
    return section_path(Section.WALKS, language, walk_id)


def event_path(language: str, event_id: str = "") -> str:
    """Give the address of an event, or of the list of all events."""
    return section_path(Section.EVENTS, language, event_id)


def project_path(language: str, project_id: str) -> str:
    """Give the address of the page of a project."""
    return section_path(Section.PROJECTS, language, project_id)


def code_path(language: str, place_id: str) -> str:
    """Give the address of the QR code of a place's page."""
    return f"{page_path(language, place_id)}/{CODE}"


def walk_code_path(language: str, walk_id: str) -> str:
    """Give the address of the QR code of a walk's page."""
    return f"{walk_path(language, walk_id)}/{CODE}"


def project_code_path(language: str, project_id: str) -> str:
    """Give the address of the QR code of a project's page."""
    return f"{project_path(language, project_id)}/{CODE}"


def event_anchor(event_id: str) -> str:
    """Give the id of an event within the list of all events, which nothing else there has."""
    return f"event-{event_id}"


def app_path(language: str, place_id: str = "", page: str = "") -> str:
    """
    Give an address of the app below the root of the site.

    Parameters
    ----------
    language
        Of the app.
    place_id
        The place that is open; empty for none.
    page
        The name of its page; empty for the first.
    """
    place = f"place={quote(place_id, safe='')}&" if place_id else ""
    return f"{page}?{place}lang={language}"


def project_in_app(language: str, project_id: str) -> str:
    """Give the address of the app's page of projects with one of them told in full."""
    return f"{app_path(language, page='projects')}&project={quote(project_id, safe='')}"


def _below(path: str, item: str) -> str:
    return f"{path}/{quote(item, safe='')}" if item else path
