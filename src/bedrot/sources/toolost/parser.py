"""What TooLost's failures look like."""

from __future__ import annotations

_PAGE_STARTS = (b"<!doctype html", b"<html")
_SIGNS = (b"/login", b'type="password"', b"sign in", b"log in", b"user-portal")


def portal_page(head: bytes) -> str | None:
    """The reason, if these first bytes are a page of TooLost's portal saved in place of data.

    The portal answers an ended session with its sign-in page, and never shows figures in HTML.
    """
    text = head.lower()
    if not text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PAGE_STARTS):
        return None
    if b"toolost" not in text or not any(sign in text for sign in _SIGNS):
        return None
    return "this is a page of TooLost's portal and no data: the session had ended when it was saved"
