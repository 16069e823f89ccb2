"""Broken files, a small number of them: ``python -m benchmarks.fuzz`` reads many."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_no_broken_file_stops_the_intake_or_changes_a_value_without_a_word() -> None:
    # Patient, because other tests may be using the machine.
    options = ["--seed", "1", "--n", "200", "--seconds", "60"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fuzz", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "| 1 | 200 |" in done.stdout
