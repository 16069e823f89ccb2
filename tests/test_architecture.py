"""The shape of the code: what may import what, and how long a page may be."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "regen_map"

DOMAIN = {"catalogue", "gazetteer", "query", "messages"}
MAY_IMPORT = {
    "languages": set[str](),
    "pacing": set[str](),
    "access": set[str](),
    "catalogue": {"languages", "pacing"},
    "messages": {"languages"},
    "gazetteer": {"catalogue"},
    "intake": {"catalogue", "gazetteer", "pacing"},
    "store": {"catalogue", "intake"},
    "editing": {"catalogue", "gazetteer", "intake", "store"},
    "staff": {"access", "catalogue", "intake", "store"},
    "query": {"catalogue", "gazetteer"},
    "past": {"catalogue", "query", "store"},
    "facts": DOMAIN | {"past"},
    "webmap": DOMAIN,
    "export": DOMAIN | {"facts"},
    "charts": DOMAIN | {"facts", "export"},
    "web": DOMAIN
    | {"access", "past", "facts", "webmap", "export", "charts", "store", "intake", "pacing"},
    "ui": DOMAIN
    | {"past", "facts", "webmap", "export", "charts", "store", "intake"}
    | {"access", "staff", "editing"},
    "cli": DOMAIN | {"access", "facts", "webmap", "export", "store", "intake", "web"},
    "__main__": {"cli"},
}
"""Data flow one way: each part knows only what stands before it."""

FORBIDDEN_NAMES = {"utils", "util", "common", "core", "helpers", "misc", "managers"}
MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Name every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            assert node.module
            whole = node.module == "regen_map"
            yield from (f"regen_map.{each.name}" for each in node.names if whole)
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":
        assert not [each for each in imported(path) if each.startswith("regen_map")]
        return
    assert part in MAY_IMPORT, f"say in MAY_IMPORT what {part} may import"
    known = {each.split(".")[1] for each in imported(path) if each.startswith("regen_map.")}
    assert known <= MAY_IMPORT[part] | {part}


@pytest.mark.parametrize(
    ("part", "unwanted"),
    [
        *((part, {"streamlit", "folium"}) for part in ("catalogue", "intake", "messages")),
        *((part, {"streamlit", "folium"}) for part in ("gazetteer", "query", "store", "export")),
        *((part, {"streamlit", "folium"}) for part in ("access", "editing", "staff")),
        ("webmap", {"streamlit", "streamlit_folium"}),
        ("web", {"streamlit", "streamlit_folium"}),
    ],
)
def test_a_part_loads_nothing_that_belongs_after_it(part: str, unwanted: set[str]) -> None:
    code = f"import sys, regen_map.{part}; print(*sorted({unwanted!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_name_says_what_is_inside(path: Path) -> None:
    assert FORBIDDEN_NAMES.isdisjoint(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_is_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 45


def test_every_library_imported_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {canonicalize_name(Requirement(each).name) for each in project["dependencies"]}
    files = [*MODULES, *PAGES, ROOT / "app.py"]
    modules = {each.partition(".")[0] for path in files for each in imported(path)}
    modules -= {"regen_map", *sys.stdlib_module_names}
    providers = packages_distributions()
    missing = {
        module
        for module in modules
        if declared.isdisjoint(map(canonicalize_name, providers.get(module, [])))
    }
    assert missing == set()


def pinned(name: str) -> dict[str, set[str]]:
    """Give the pinned versions of a requirements file by project."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if "==" in line:
            requirement = Requirement(line.removesuffix("\\").strip())
            version = str(requirement.specifier).removeprefix("==")
            found.setdefault(canonicalize_name(requirement.name), set()).add(version)
    return found


@pytest.mark.parametrize(
    ("file", "extras"), [("requirements.txt", []), ("requirements-test.txt", ["test"])]
)
def test_what_is_pinned_is_what_is_declared(file: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = list(project["dependencies"])
    for extra in extras:
        declared += project["optional-dependencies"][extra]
    versions = pinned(file)
    for requirement in map(Requirement, declared):
        chosen = versions.get(canonicalize_name(requirement.name), set())
        assert chosen, f"{requirement.name} is not pinned: make requirements"
        assert all(requirement.specifier.contains(each) for each in chosen), requirement.name


def test_both_lists_of_pins_agree() -> None:
    tests = pinned("requirements-test.txt")
    for name, versions in pinned("requirements.txt").items():
        assert tests[name] == versions


def test_what_lets_an_organisations_staff_in_is_there_without_the_tests() -> None:
    # Authlib imports it, and declares it nowhere.
    assert pinned("requirements.txt").keys() >= {"authlib", "httpx2"}


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "requirements-test.txt",
        "requirements-node.txt",
        "frontend/package-lock.json",
    ],
)
def test_locks_hold_hashes_and_no_download_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "--hash=sha256:" in text or '"integrity": "sha512-' in text
    assert "://" not in text
    assert "index-url" not in text
