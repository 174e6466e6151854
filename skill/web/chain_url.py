"""Where a request says that its certificate chain lies: accept Amazon's place only.

In: the value of `SignatureCertChainUrl`. Out: its normalised path, the only part that may differ; or `Refused`.

One allow-list pattern, rather than a parser and a list of refusals: credentials, query, fragment, white space, a second
header joined by a comma, a backslash and every percent escape (%2e%2e) have no place in it. `urlsplit` was refused
because it silently drops tabs and newlines. Amazon's own files are named like /echo.api/echo-api-cert-12.pem.
"""

import posixpath
import re

from skill.web.errors import Refused

HOST = "s3.amazonaws.com"
FOLDER = "/echo.api/"
_LONGEST = 512

# Scheme and host in any case, the path in its own. ASCII, because a case-blind pattern else takes U+017F for "s".
_URL = re.compile(rf"(?i:https://{re.escape(HOST)})(?::443)?(?P<path>/[A-Za-z0-9._~/-]+)", re.ASCII)


def path_of(url: str) -> str:
    """The normalised path of a chain's address, under /echo.api/. Raises `Refused` for any other address.

    `..` is followed as Amazon's rules say (/echo.api/../echo.api/x.pem is their own example of a good one), and the
    path that comes out is the one that is fetched. A double slash is refused: it is another object in the store.
    """
    found = _URL.fullmatch(url) if len(url) <= _LONGEST else None
    if found is None or "//" in found["path"]:
        raise Refused("certificate address")
    path = posixpath.normpath(found["path"])
    if not path.startswith(FOLDER):
        raise Refused("certificate address")
    return path
