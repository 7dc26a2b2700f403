"""What Meta's sign-in page looks like."""

from __future__ import annotations

import re

_FORM = re.compile(rb"""<form[^>]*(?:login_form|action=["'][^"']*/login)""")


def sign_in_page(head: bytes) -> str | None:
    """The reason, if these first bytes are Meta's sign-in page saved in place of data."""
    text = head.lower()
    is_page = text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<!doctype html", b"<html"))
    if not is_page or b"facebook.com" not in text or _FORM.search(text) is None:
        return None
    return "this is Meta's sign-in page: the session had ended when the file was saved"
