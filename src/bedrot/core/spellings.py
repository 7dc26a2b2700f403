"""When two spellings of a name are the same."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\t\n\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


def spelling_key(name: str) -> str:
    """The form in which spellings are compared: without case, with single spaces, composed (NFC).

    Nothing else is taken for the same: a dot, a hyphen or an accent makes another spelling. The
    house macro `spelling_key` gives the same in SQL.
    """
    composed = unicodedata.normalize("NFC", name)
    # Letter by letter, as engines do it: Python alone would look at the letters around a sigma.
    return _SPACES.sub(" ", composed).strip(" ").translate(_LOWER)


class _Lower(dict[int, str]):
    """Each character in lower case, looked up once."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code).lower()[:1]
        return self[code]


_LOWER = _Lower()
