"""What the map adds to Streamlit's server."""

from __future__ import annotations

import datetime as dt
import gc
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from regen_map.access import Entrance
from regen_map.catalogue import Catalogue, TileSource
from regen_map.facts import Wording
from regen_map.messages import LANGUAGES, translator
from regen_map.pacing import take_short_turns
from regen_map.past import Past, Versions
from regen_map.query import Criteria, criteria_from_params, day_of
from regen_map.query.walks import itineraries
from regen_map.store import StoreError
from regen_map.web.headers import SecurityHeaders
from regen_map.web.images import StoredByName, image_routes
from regen_map.web.organisation import Return
from regen_map.web.page_routes import page_routes
from regen_map.web.pages import missing_page
from regen_map.web.pages.addresses import Section, page_path, section_path, walk_path
from regen_map.web.project_routes import project_routes
from regen_map.web.requests import SoundRequests
from regen_map.web.routes import site_routes
from regen_map.web.shell import Shell, ShellPage
from regen_map.web.sign_in import sign_in_routes
from regen_map.web.waiting import Waiting
from regen_map.webmap import Payload, answer, catalogue_of_key, payload, payload_of_key
from regen_map.webmap.assets import ASSETS
from regen_map.webmap.tiles import offered_tiles

Watching = Callable[[Callable[[], None]], AbstractContextManager[object]]
"""Looks for changes of the catalogue in a context; calls what is given after each of them."""

_LOG = logging.getLogger(__name__)

_FRAME = "component/streamlit_folium.st_folium"


def _present() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Site:
    """
    The routes, middleware and start of the server.

    Parameters
    ----------
    catalogue
        Gives the catalogue that is shown now.
    streamlit_files
        Streamlit's folder of static files.
    base_path
        Streamlit's ``server.baseUrlPath``, with or without slashes.
    image
        Finds a picture of the city by the name of its file; there are none unless given.
    entrance
        Who knows the staff; nobody signs in unless given.
    now
        The clock by which places are open and events are over: gives the moment with a
        time zone.
    kept
        Keeps the published versions of the catalogue; none are kept unless given.
    watching
        Looks for changes of the catalogue while the server runs; nobody does unless given.
    """

    catalogue: Callable[[], Catalogue]
    streamlit_files: Path
    base_path: str = ""
    image: StoredByName = lambda _name: None
    entrance: Entrance | None = None
    now: Callable[[], dt.datetime] = _present
    kept: Versions | None = None
    watching: Watching = lambda _prepare: nullcontext()
    _waiting: threading.Event = field(default_factory=threading.Event, init=False, compare=False)

    @property
    def past(self) -> Past:
        """What was known when."""
        return Past(self.catalogue, self.kept)

    @property
    def routes(self) -> list[BaseRoute]:
        """Routes that go before Streamlit's."""
        data = site_routes(
            self._prefix,
            places=self._places,
            selection=self._selection,
            version=lambda: self.catalogue().version,
        )
        images = image_routes(self._prefix, catalogue=self.catalogue, stored=self.image)
        projects = project_routes(self._prefix, self.past, self.now)
        pages = page_routes(self._prefix, self.past, self.now)
        doors = (
            sign_in_routes(self._prefix, self.catalogue, self.entrance, self.now)
            if self.entrance is not None
            else []
        )
        return [*doors, *projects, *pages, *data, *images]

    @property
    def middleware(self) -> list[Middleware]:
        """Middleware that goes around Streamlit, the outermost first."""
        index = self.streamlit_files / "index.html"
        return [
            Middleware(
                SecurityHeaders,
                base_path=self._prefix,
                shell=index.read_text("utf-8"),
                tiles=self._tiles,
            ),
            Middleware(Waiting, base_path=self._prefix, waits=self._waiting.is_set),
            Middleware(SoundRequests),
            Middleware(
                Shell,
                base_path=self._prefix,
                index=index,
                bundles={
                    "static": self.streamlit_files / "static",
                    f"{_FRAME}/static": _frame_folder() / "static",
                },
                page=self.page,
                missing=self._missing,
            ),
            Middleware(Return, base_path=self._prefix),
        ]

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """
        Prepare what the first visitor needs, and spare it every later garbage collection.

        Where there are no data to be had, visitors are told so until whoever watches has some.
        """
        try:
            self._prepare()
        except (StoreError, OSError) as error:
            self._waiting.set()
            _LOG.warning("There is nothing to show yet, and visitors are told so: %s", error)
        _spare()
        take_short_turns()
        with self.watching(self._prepare):
            yield

    def _prepare(self) -> None:
        self._build_places()
        # The first answer understands every text of opening hours.
        answer(self.catalogue(), LANGUAGES[0], Criteria(), self.now())
        if self._waiting.is_set():
            _spare()
            self._waiting.clear()
            _LOG.warning("There is something to show now")

    def _tiles(self) -> tuple[TileSource, ...]:
        return () if self._waiting.is_set() else tuple(offered_tiles(self.catalogue().city))

    def page(self, language: str, params: Mapping[str, str]) -> ShellPage:
        """
        Tell in a language what a browser and a search engine see first.

        Parameters
        ----------
        language
            One of `regen_map.messages.LANGUAGES`.
        params
            Query of the address: the page of a walk or a place that it asks for is
            the first link.
        """
        messages = translator(language)
        city = self.catalogue().city.name(language)
        return ShellPage(
            language=language,
            title=messages.text("site.title", city=city),
            description=messages.text("site.description", city=city),
            loading=messages.text("site.loading"),
            without_script=messages.text("site.without_script"),
            links=(
                *self._asked_for(language, params),
                *(
                    (messages.text(f"place_page.all.{each}"), section_path(each, language))
                    for each in Section
                ),
            ),
            modules=self._modules,
            prefetch=(*self._prefetch, self._places_path(language)),
        )

    def _missing(self, language: str, root: str) -> str:
        return missing_page(self.catalogue(), language, Section.PLACES, root)

    def _asked_for(self, language: str, params: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        catalogue = self.catalogue()
        today = day_of(self.now(), catalogue.city)
        wording = Wording(catalogue, translator(language), today)
        walk, place = params.get("walk", ""), catalogue.place(params.get("place", ""))
        for each in itineraries(catalogue):
            if each.id == walk:
                yield wording.name(each), walk_path(language, walk)
        if place is not None:
            yield wording.name(place), page_path(language, place.id)

    def _places_path(self, language: str) -> str:
        return f"data/places/{payload(self.catalogue(), language).key}.json"

    def _places(self, key: str) -> Payload | None:
        if payload_of_key(key) is None:
            # The page may come from another process that shows the same catalogue.
            self._build_places()
        return payload_of_key(key)

    def _selection(self, key: str, params: Mapping[str, str]) -> Mapping[str, Any] | None:
        if catalogue_of_key(key) is None:
            self._build_places()
        # It may be one that only some session shows: as a preview, or as it was just now.
        found = catalogue_of_key(key)
        if found is None:
            return None
        catalogue, language = found
        return answer(catalogue, language, criteria_from_params(params, catalogue), self.now())

    def _build_places(self) -> None:
        for language in LANGUAGES:
            payload(self.catalogue(), language)

    @property
    def _prefix(self) -> str:
        inner = self.base_path.strip("/")
        return f"/{inner}" if inner else ""

    @cached_property
    def _modules(self) -> tuple[str, ...]:
        # Streamlit imports these few kilobytes only when the first message about a frame
        # has come. Asking early for more of its parts was measured to delay the map.
        folder = self.streamlit_files / "static" / "js"
        found: dict[str, None] = {}
        waiting = [path.name for path in folder.glob("ComponentInstance.*.js")]
        while waiting:
            name = waiting.pop()
            if name not in found and (folder / name).is_file():
                found[name] = None
                script = (folder / name).read_text("utf-8")
                waiting += re.findall(r"""(?:from|import)["'`]\./([^"'`]+\.js)["'`]""", script)
        return tuple(f"static/js/{name}" for name in sorted(found))

    @cached_property
    def _prefetch(self) -> tuple[str, ...]:
        ours = [asset.path for asset in ASSETS.values() if asset.path.endswith((".js", ".css"))]
        frame = (_frame_folder() / "index.html").read_text("utf-8")
        theirs = [f"{_FRAME}/{each}" for each in re.findall(r'<script[^>]+src="\./([^"]+)"', frame)]
        return (*theirs, *ours)


def _spare() -> None:
    gc.collect()
    gc.freeze()


def _frame_folder() -> Path:
    # Found, not imported: streamlit-folium registers its frame only when it is
    # first imported by a page, and a map imported earlier would be a 404.
    spec = find_spec("streamlit_folium")
    if spec is None or spec.origin is None:
        message = "streamlit-folium is not installed."
        raise RuntimeError(message)
    return Path(spec.origin).parent / "frontend" / "build"
