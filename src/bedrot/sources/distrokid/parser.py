"""What DistroKid's failures look like."""

from __future__ import annotations

_SIGN_IN_MARKS = (b"/signin", b"sign in", b"log in", b"login")


def sign_in_page(head: bytes) -> str | None:
    """The reason, if these first bytes are DistroKid's sign-in page saved in place of data."""
    text = head.lower()
    is_page = text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<!doctype html", b"<html"))
    if is_page and b"distrokid" in text and any(mark in text for mark in _SIGN_IN_MARKS):
        return "this is DistroKid's sign-in page: the session had ended when the file was saved"
    return None
