"""The floor of any Leaflet map: a page without a server behind it, filtered in the browser.

``python -m benchmarks.peers.leaflet_plain PORT PLACES LIBRARIES`` serves it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import libraries, servers
from benchmarks.catalogue import Place, write_json
from benchmarks.peers.peer import Peer


@dataclass(frozen=True)
class PlainPage(Peer):
    """The page and its static server."""

    def serve(self, places: Sequence[Place], folder: Path) -> AbstractContextManager[servers.Server]:
        """Serve the page, its script, the places and Leaflet as plain files."""
        data = folder / "places.json"
        write_json(places, data)
        port = servers.free_port()
        command = [sys.executable, "-m", __name__, str(port), str(data), os.fspath(libraries.fetch_libraries())]
        return servers.running(command, port, health="/")


PEER = PlainPage(
    name="leaflet_plain",
    title="plain Leaflet page on a canvas, filtered in JavaScript (no server)",
    kind="canvas",
    has_server=False,
)
