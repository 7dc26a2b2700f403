"""What Linktree's sign-in page looks like."""

from __future__ import annotations

_PAGE_STARTS = (b"<!doctype html", b"<html")
_SIGNS = (b"/login", b'type="password"', b"log in", b"sign in", b"auth0")


def sign_in_page(head: bytes) -> str | None:
    """The reason, if these first bytes are Linktree's sign-in page saved in place of data.

    The page that visitors see is HTML too: it has no form to sign in.
    """
    text = head.lower()
    if not text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_PAGE_STARTS):
        return None
    if b"linktr" not in text or not any(sign in text for sign in _SIGNS):
        return None
    return "this is Linktree's sign-in page and no data: the session had ended when it was saved"
