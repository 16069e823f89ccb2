"""Addresses of pages that are well formed and yet will hardly open."""

from __future__ import annotations

import html
import ipaddress
import re
from functools import lru_cache

_PLAIN = re.compile(r"https?://([a-z0-9.-]+)(?:/[\w~+=/.-]*)?", re.ASCII | re.IGNORECASE)
"""Nothing in it could be odd but its host; most addresses are like that."""
_CUT_SHORT = re.compile(r"\.\.\.|…")
_ODD = re.compile(
    r"""
    [,;:*'’”»]$ | (?<!\.\w)\.$                    # the end of a sentence, not of an address
    | &(?:amp|nbsp|quot|lt|gt|\#[0-9]+);          # copied out of the source of a page
    | %(?![0-9a-f]{2}) | %2520                    # half an escape, a blank escaped twice
    | %(?:0[0-9a-f]|c2%a0|e2%80%8b)               # line ends, blanks that cannot be seen
    | %20(?:%20|(?=$|[/?\#]))                     # blanks that belong to no name
    | (?<=[^/=?&\#:])https?:/                     # two addresses in one
    | ^https?://([^/]+)/https?://\1(?=/|$)        # the same address twice
    | [;?&](?:jsessionid|phpsessid|aspsessionid\w*|session_?id)=
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HOST = re.compile(r"https?://(\[[^\]]*\]|[^/?#:]+)", re.IGNORECASE)
_NAMES_SESSION = r"(?:jsessionid|phpsessid|aspsessionid\w*|session_?id)="
_SESSION = re.compile(
    rf";{_NAMES_SESSION}[^;?&#]*|(?<=\?){_NAMES_SESSION}[^&#]*&?|&{_NAMES_SESSION}[^&#]*",
    re.IGNORECASE,
)
_TOP = re.compile(r"[^\W\d_]{2,}|xn--[a-z0-9-]+")
_NOT_ON_THE_WEB = frozenset(
    ("example", "test", "localhost", "invalid", "local", "lan", "internal", "http", "https")
)
_IN_EXAMPLES = re.compile(r"(?:.+\.)?example\.(?:com|net|org)")
_ENDS = ".,;:*'’”»"


def is_doubtful(url: str) -> bool:
    """
    Tell whether an address will hardly open.

    Parameters
    ----------
    url
        A well-formed address, http or https.

    Returns
    -------
    bool
        True for one that is cut short, ends in punctuation, leaves a bracket
        open, is escaped oddly, holds two addresses or the number of a session,
        or whose host nobody can reach: without a dot, of an impossible or
        reserved top-level domain, or of a private network. An address inside
        another, as archives and redirections have it, is no such fault.

    Examples
    --------
    >>> is_doubtful("https://www.comune.example/atti"), is_doubtful("https://pagina.it/atti,")
    (True, True)
    >>> is_doubtful("https://it.wikipedia.org/wiki/Apuane_(Alpi)")
    False
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None and ".." not in url and url[-1] != ".":
        return not _reachable(plain[1])
    if _ODD.search(url) or _CUT_SHORT.search(url) or not _closed(url):
        return True
    host = _HOST.match(url)
    return host is None or not _reachable(host[1])


def mended(url: str) -> str:
    """
    Take away from a doubtful address what surely does not belong to it.

    Returns
    -------
    str
        Empty where the address would still be doubtful, and where it is cut
        short, so that nobody can tell the rest.
    """
    if _CUT_SHORT.search(url):
        return ""
    text = _SESSION.sub("", html.unescape(url)).rstrip(_ENDS).rstrip("?")
    while text.endswith((")", "]")) and not _closed(text):
        text = text[:-1].rstrip(_ENDS)
    return text if text != url and not is_doubtful(text) else ""


def _closed(url: str) -> bool:
    return url.count("(") == url.count(")") and url.count("[") == url.count("]")


@lru_cache(maxsize=4096)
def _reachable(host: str) -> bool:
    name = host.casefold().rstrip(".")
    before, _, top = name.rpartition(".")
    if name.startswith("[") or top.isdigit():
        return _on_the_web(name.strip("[]"))
    if not before or top in _NOT_ON_THE_WEB or not _TOP.fullmatch(top):
        return False
    return _IN_EXAMPLES.fullmatch(name) is None


def _on_the_web(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
