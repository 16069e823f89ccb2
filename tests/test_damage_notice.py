"""A history that somebody has altered: told at the data desk to the staff, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from regen_map.store import FolderStore
from tests import test_staff_page as desk
from tests.stores import InFolder
from tests.test_staff_page import EDITOR, PUBLISHER, STRANGER, Open, told

folder = desk.folder
store = desk.store
secrets = desk.secrets
opened = desk.opened

NOTICE = "the history is no longer as it was written"


@pytest.mark.parametrize(
    ("who", "is_told"), [(PUBLISHER, True), (EDITOR, True), (STRANGER, False), ("", False)]
)
def test_an_altered_record_is_told_to_the_staff_alone(
    who: str, folder: Path, store: FolderStore, opened: Open, *, is_told: bool
) -> None:
    assert NOTICE not in told(opened(who))
    InFolder(folder).alter_version(1, lambda record: record.replace(b'"outside"', b'"desk"'))
    found = told(opened(who))
    assert (NOTICE in found) == is_told
    assert ("Version 1: its record is not the one that was written." in found) == is_told
    assert store.load().catalogue.place_ids


def test_a_closed_desk_tells_strangers_nothing_of_it(folder: Path, opened: Open) -> None:
    InFolder(folder).alter_version(1, lambda record: record[:50])
    assert NOTICE not in told(opened(accounts=False))
