"""Where a catalogue lives: a folder of files, read again when one changes, and its history."""

from regen_map.store.files import (
    DATA_VARIABLE,
    HISTORY_VARIABLE,
    LIMITS_VARIABLE,
    data_folder,
    file_content,
    folder_contents,
    history_folder,
    limits,
    shipped_folder,
    write_whole,
)
from regen_map.store.folder import FolderStore, folder_store, joined_issues
from regen_map.store.history import FolderHistory
from regen_map.store.loaded import Loaded, StoreError, VersionError
from regen_map.store.pictures import FolderPictures, StoredPicture, readable_picture
from regen_map.store.versions import Conflict, ContentsError, Fault, Flaw, Origin, Version
from regen_map.store.watching import Watcher

__all__ = [
    "DATA_VARIABLE",
    "HISTORY_VARIABLE",
    "LIMITS_VARIABLE",
    "Conflict",
    "ContentsError",
    "Fault",
    "Flaw",
    "FolderHistory",
    "FolderPictures",
    "FolderStore",
    "Loaded",
    "Origin",
    "StoreError",
    "StoredPicture",
    "Version",
    "VersionError",
    "Watcher",
    "data_folder",
    "file_content",
    "folder_contents",
    "folder_store",
    "history_folder",
    "joined_issues",
    "limits",
    "readable_picture",
    "shipped_folder",
    "write_whole",
]
