"""Masking secrets and personal data before bytes touch the lake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO

_EMAIL = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# Opaque tokens: long runs of letters and digits with at least one of each, dots between parts.
_TOKEN = re.compile(rb"(?=[A-Za-z_.-]*\d)(?=[0-9_.-]*[A-Za-z])[A-Za-z0-9_-][A-Za-z0-9_.-]{21,}")
# Whatever a form calls so is one, however short it is.
_NAMED = re.compile(
    rb"""(<input[^>]*\b(?:name|id)=["']?[^"'>]*(?:token|csrf|auth|nonce)[^>]*?\bvalue=["'])[^"']+""",
    re.IGNORECASE,
)


def mask_page(source: BinaryIO, target: BinaryIO) -> Mapping[str, int]:
    """Copy a page that holds no figures, with e-mail addresses and opaque tokens masked.

    Returns how often each kind was masked.
    """
    text, emails = _EMAIL.subn(b"[email]", source.read())
    text, named = _NAMED.subn(rb"\1[token]", text)
    text, tokens = _TOKEN.subn(b"[token]", text)
    tokens += named
    target.write(text)
    return {kind: count for kind, count in (("email", emails), ("token", tokens)) if count}
