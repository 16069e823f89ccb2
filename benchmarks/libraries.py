"""The browser libraries that the compared pages need, fetched by npm and never committed."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

LIST = Path(__file__).parent / "browser_libraries"


def cache_folder() -> Path:
    """Return the folder, outside the repository, where fetched libraries are kept."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256((LIST / "package-lock.json").read_bytes()).hexdigest()[:12]
    return root / "regen-map-benchmarks" / digest


def fetch_libraries() -> Path:
    """Fetch the libraries listed in ``browser_libraries`` once.

    Returns
    -------
    Path
        The ``node_modules`` folder.
    """
    folder = cache_folder()
    done = folder / "complete"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(LIST / name, folder / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        done.touch()
    return folder / "node_modules"
