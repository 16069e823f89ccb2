"""Why the operating system refuses something, in the reader's language instead of its own."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from regen_map.messages.translator import Translator

_REASONS: Mapping[str, str] = {
    "ENOSPC": "full",
    "EDQUOT": "quota",
    "EROFS": "read_only",
    "EACCES": "denied",
    "EPERM": "denied",
    "EIO": "broken",
    "ESTALE": "broken",
    "ENOENT": "missing",
    "ELOOP": "link",
}
"""By the names of POSIX; a system that lacks one never gives it."""


def system_reason(error: OSError, words: Translator) -> str:
    """
    Say why the system has refused something.

    Parameters
    ----------
    error
        What it has answered. Nothing of its own text is told.
    words
        Of the reader.

    Returns
    -------
    str
        Part of a sentence, without a full stop; with the number of the error where there
        are no words for it.
    """
    if error.errno is None:
        busy = isinstance(error, TimeoutError)
        return words.text("system.busy" if busy else "system.unknown")
    reason = _REASONS.get(errno.errorcode.get(error.errno, ""))
    if reason is None:
        return words.text("system.other", number=str(error.errno))
    return words.text(f"system.{reason}")
