"""A small static server for the plain Leaflet page."""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent


class Handler(SimpleHTTPRequestHandler):
    """Answers with the page's files, the places, and the browser libraries."""

    protocol_version = "HTTP/1.1"

    def __init__(self, places: Path, libraries: Path, *args: object) -> None:
        self.places = places
        self.libraries = libraries
        super().__init__(*args, directory=str(HERE))  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """Find the file behind a path."""
        if path == "/places.json":
            return str(self.places)
        if path.startswith("/libraries/"):
            self.directory = str(self.libraries)
            return super().translate_path(path.removeprefix("/libraries"))
        self.directory = str(HERE)
        return super().translate_path(path)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def main() -> None:
    """Serve until stopped."""
    port, places, libraries = sys.argv[1:]
    handler = partial(Handler, Path(places), Path(libraries))
    ThreadingHTTPServer(("127.0.0.1", int(port)), handler).serve_forever()


if __name__ == "__main__":
    main()
