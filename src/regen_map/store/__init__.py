"""Where a catalogue lives: a folder of files, read again when one of them changes."""

from regen_map.store.files import (
    DATA_VARIABLE,
    LIMITS_VARIABLE,
    data_folder,
    file_content,
    folder_contents,
    limits,
    shipped_folder,
    write_whole,
)
from regen_map.store.folder import FolderStore, Loaded, StoreError, folder_store, joined_issues
from regen_map.store.pictures import FolderPictures, StoredPicture, readable_picture

__all__ = [
    "DATA_VARIABLE",
    "LIMITS_VARIABLE",
    "FolderPictures",
    "FolderStore",
    "Loaded",
    "StoreError",
    "StoredPicture",
    "data_folder",
    "file_content",
    "folder_contents",
    "folder_store",
    "joined_issues",
    "limits",
    "readable_picture",
    "shipped_folder",
    "write_whole",
]
