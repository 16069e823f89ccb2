"""Where a catalogue lives: a folder of files, read again when one changes, and its history."""

from regen_map.store.drafting import Draft, Quarantined, draft_of, draft_to_restore
from regen_map.store.extent import Extent
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
from regen_map.store.folder import FolderStore, folder_store
from regen_map.store.history import FolderHistory
from regen_map.store.journal import Contents
from regen_map.store.loaded import Loaded, NoHistoryError, StoreError, VersionError
from regen_map.store.pictures import FolderPictures, StoredPicture, readable_picture
from regen_map.store.publishing import (
    Overtaken,
    QuarantineError,
    RefusedError,
    UnconfirmedError,
    UnusableError,
    publish,
    publishable,
    rebase,
    restore,
)
from regen_map.store.soundness import joined_issues
from regen_map.store.versions import Conflict, ContentsError, Fault, Flaw, Origin, Version
from regen_map.store.watching import Watcher

__all__ = [
    "DATA_VARIABLE",
    "HISTORY_VARIABLE",
    "LIMITS_VARIABLE",
    "Conflict",
    "Contents",
    "ContentsError",
    "Draft",
    "Extent",
    "Fault",
    "Flaw",
    "FolderHistory",
    "FolderPictures",
    "FolderStore",
    "Loaded",
    "NoHistoryError",
    "Origin",
    "Overtaken",
    "QuarantineError",
    "Quarantined",
    "RefusedError",
    "StoreError",
    "StoredPicture",
    "UnconfirmedError",
    "UnusableError",
    "Version",
    "VersionError",
    "Watcher",
    "data_folder",
    "draft_of",
    "draft_to_restore",
    "file_content",
    "folder_contents",
    "folder_store",
    "history_folder",
    "joined_issues",
    "limits",
    "publish",
    "publishable",
    "readable_picture",
    "rebase",
    "restore",
    "shipped_folder",
    "write_whole",
]
