"""Files as offices send them: every planted fault is told where it is, and nothing else is."""

import csv
import json
import runpy
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from regen_map.cli import main
from regen_map.intake import Rule, Severity

ROOT = Path(__file__).parents[1]
OFFICES = ROOT / "tests" / "files" / "offices"
KEYS = {"file", "line", "column", "rule", "severity", "found", "expected", "suggestion"}
ADVICE = {
    Rule.STALE,
    Rule.END_MISSING,
    Rule.AMOUNTS_CONTRADICT,
    Rule.PLACES_ALIKE,
    Rule.NO_EVIDENCE,
    Rule.OTHER_LANGUAGE,
    Rule.POSITION_PROPOSED,
}
"""No faults: these depend on the day and on the other tables too."""


class Told(NamedTuple):
    """A fault, planted or reported: where it is, and what it breaks."""

    line: int | None
    column: str
    rule: str
    severity: str


def rows_of(name: str) -> list[dict[str, str]]:
    with (OFFICES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def planted(name: str) -> Counter[Told]:
    return Counter(
        Told(int(row["line"]) if row["line"] else None, row["column"], row["rule"], row["severity"])
        for row in rows_of("expected.csv")
        if row["file"] == name
    )


FILES = sorted({row["file"] for row in rows_of("expected.csv")})


def check(name: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    """Check a file against the shipped city; give the exit status and what is told."""
    status = main(["check", str(OFFICES / name), "--format", "json", "--data", str(ROOT / "data")])
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return status, told


def faults(told: list[dict[str, Any]]) -> Counter[Told]:
    return Counter(
        Told(each["line"], each["column"], each["rule"], each["severity"])
        for each in told
        if each["severity"] != Severity.NOTICE and each["rule"] not in ADVICE
    )


@pytest.mark.parametrize("name", FILES)
def test_every_planted_fault_is_told_where_it_is_and_nothing_else(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, told = check(name, capsys)
    reported = faults(told)
    assert sorted((planted(name) - reported).elements(), key=str) == []
    assert sorted((reported - planted(name)).elements(), key=str) == []


@pytest.mark.parametrize("name", FILES)
def test_what_is_tolerated_is_told_once(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, told = check(name, capsys)
    notices = Counter(each["rule"] for each in told if each["severity"] == Severity.NOTICE)
    expected = {row["rule"] for row in rows_of("tolerated.csv") if row["file"] == name}
    assert {rule: notices[rule] for rule in expected} == dict.fromkeys(expected, 1)


@pytest.mark.parametrize("name", FILES)
def test_the_report_has_a_fixed_form(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = check(name, capsys)
    assert {frozenset(each) for each in told} == {frozenset(KEYS)}
    assert {each["file"] for each in told} == {name}
    n_errors = sum(each["severity"] == Severity.ERROR for each in told)
    assert (status > 0) == (n_errors > 0)


def test_the_files_are_those_that_the_script_makes() -> None:
    script = runpy.run_path(str(OFFICES / "make.py"))
    made = {file.name: file.content for file in script["files"]() if file.content is not None}
    assert made == {name: (OFFICES / name).read_bytes() for name in made}
    assert rows_of("expected.csv") == script["expected_rows"]()
    assert rows_of("tolerated.csv") == script["tolerated_rows"]()
