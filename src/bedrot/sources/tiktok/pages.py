"""TikTok's own pages, saved where an export was meant: they hold no figures."""

from __future__ import annotations

import re

_PAGE_STARTS = (b"<!doctype html", b"<html")
_TITLE = re.compile(
    rb"<title[^>]*>\s*(?:[^<|]*\|\s*)?TikTok(?:\s+Studio|\s+-[^<]*)?\s*</title", re.IGNORECASE
)


def tiktok_page(head: bytes) -> str | None:
    """Why a page of TikTok is no export; None for everything else."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start.startswith(_PAGE_STARTS) or _TITLE.search(head) is None:
        return None
    return "it is a page of TikTok, such as the one to sign in, and no export"
