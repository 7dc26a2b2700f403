"""What DistroKid's failures look like."""

from __future__ import annotations

import re

_SIGN_IN_FORM = re.compile(rb"<form[^>]*signin")
_FORWARD_TO_STATISTICS = re.compile(rb"forward(?:=|%3d)(?:/|%2f)stats")
_FIGURES = (b"chartdata", b"makechart")


def sign_in_page(head: bytes) -> str | None:
    """The reason, if these first bytes are DistroKid's sign-in page saved in place of data.

    Other pages of the site link to the sign-in too; only this one has its form, and no figures.
    """
    text = head.lower()
    is_page = text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<!doctype html", b"<html"))
    if not is_page or b"distrokid" not in text or any(mark in text for mark in _FIGURES):
        return None
    if _SIGN_IN_FORM.search(text) is None:
        return None
    return "this is DistroKid's sign-in page: the session had ended when the file was saved"


def saved_for(head: bytes) -> str | None:
    """The stream whose page or export was asked for, where the sign-in form says it.

    It does not say which store's statistics were.
    """
    return "spotify_daily" if _FORWARD_TO_STATISTICS.search(head.lower()) else None
