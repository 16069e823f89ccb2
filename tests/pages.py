"""Pages outside the app as a parser reads them that forgives nothing, and who serves them."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from justhtml import JustHTML, query
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_gzip_middleware import SelectiveGZipMiddleware
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from regen_map.catalogue import Catalogue
from regen_map.web import Site

DATA = Path(__file__).parents[1] / "data"
NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
DAY = NOW.date()
SITE = "https://town.example/"
MOST_BYTES = 50_000

HOSTILE = [
    "<script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 1">',
    "' onmouseover='window.hacked = 1",
    "</script><script>window.hacked = 1</script>",
    "</title></style></textarea></svg>--></desc><script>window.hacked = 1</script>",
    "${window.hacked = 1}{{ 7 * 7 }}{% raw %}",
    "javascript:window.hacked=1",
    "\u202egnp.exe \u2066hidden\u2069",
    "]]><!--",
    "&lt;b&gt;&#0;",
    "longword" * 500,
]


class Html:
    """A page as a parser understands it that forgives nothing."""

    def __init__(self, text: str) -> None:
        self.document = JustHTML(text, strict=True, sanitize=False)

    def texts(self, selector: str) -> list[str]:
        return [" ".join(each.to_text().split()) for each in self.document.query(selector)]

    def values(self, selector: str, name: str) -> list[str]:
        return [
            value
            for each in self.document.query(selector)
            if (value := (each.attrs or {}).get(name)) is not None
        ]

    def value(self, selector: str, name: str) -> str:
        (found,) = self.values(selector, name)
        return found

    @property
    def text(self) -> str:
        return " ".join(self.texts("body"))

    @property
    def facts(self) -> dict[str, str]:
        """By label; only the first where there are several."""
        rows = [(query(each, "dt"), query(each, "dd")) for each in self.document.query("dl > div")]
        return {labels[0].to_text(): facts[0].to_text() for labels, facts in rows}

    @property
    def links(self) -> list[str]:
        return self.values("a", "href")

    @property
    def linked_data(self) -> dict[str, Any]:
        (found,) = self.all_linked_data
        return found

    @property
    def all_linked_data(self) -> list[dict[str, Any]]:
        scripts = self.document.query("script")
        assert all(each.attrs == {"type": "application/ld+json"} for each in scripts)
        return [json.loads(each.to_text()) for each in scripts]


def check_shape(html: Html) -> None:
    """Check what assistive technology relies on, and what the security policy asks."""
    for landmark in ("main", "body > header", "body > footer"):
        assert len(html.document.query(landmark)) == 1
    levels = [int(each.name[1]) for each in html.document.query("h1, h2, h3, h4, h5, h6")]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = html.values("[id]", "id")
    assert len(ids) == len(set(ids))
    named = {one for each in html.values("*", "aria-labelledby") for one in each.split()}
    assert named <= set(ids)
    assert html.links[0] == "#content"
    assert html.value("main", "id") == "content"
    for each in html.document.query("figure"):
        # What has a caption is a figure, which HTML lets nothing change.
        assert not (query(each, "figcaption") and "role" in (each.attrs or {}))
    for each in html.document.query("*"):
        attributes = each.attrs or {}
        assert not {name for name in attributes if name.startswith("on") or name == "style"}
        # Charts bring theirs along.
        assert each.name != "style" or (each.parent and each.parent.name in {"head", "svg"})
        assert each.name not in {"iframe", "form", "object", "embed", "base"}
    assert html.values("script", "src") == []


def client_of(catalogue: Catalogue, base_path: str = "", *, now: dt.datetime = NOW) -> TestClient:
    """Serve pages and app of a catalogue at a moment."""
    site = Site(
        catalogue=lambda: catalogue,
        streamlit_files=Path(get_static_dir()),
        base_path=base_path,
        now=lambda: now,
    )
    routes = [*site.routes, *create_streamlit_static_assets_routes(base_path)]
    middleware = [*site.middleware, Middleware(SelectiveGZipMiddleware)]
    app = Starlette(routes=routes, middleware=middleware)
    return TestClient(app, base_url=SITE, follow_redirects=False)


def led_to(catalogue: Catalogue, path: str, accepts: str, base_path: str = "") -> str:
    """Give where an address leads a browser that wants a language; there must be something."""
    prefix = f"/{base_path}" if base_path else ""
    with client_of(catalogue, base_path) as started:
        found = started.get(prefix + path, headers={"Accept-Language": accepts})
        assert found.status_code in (301, 302)
        where = urljoin(str(found.url), found.headers["location"])
        assert started.get(where).status_code == 200
    return where.removeprefix(SITE.rstrip("/") + prefix)
