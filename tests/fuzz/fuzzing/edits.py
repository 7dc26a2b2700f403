"""Small damage to bytes, as transfers, tools and people do it."""

from __future__ import annotations

from dataclasses import dataclass

WORDS = (
    b"\0", b'"', b"'", b"\r", b"\n", b"\r\n", b"\t", b",", b";", b"[", b"]", b"{", b"}", b":", b"\\", b"<", b">",
    b"-", b".", b"0", b"00", b"-0", b"1e9", b"1E-400", b"NaN", b"Infinity", b"null", b"true", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xed\xa0\x80", b"\xc3", b"\\ud800", b"\\u0000", b"9" * 19, b"9" * 400, b"</script>", b"</html>", b"<!--",
    b"2025-02-30", b"0000-00-00", b"9999-12-31", b"10000-01-01", "\u0661".encode(), "\u00a0".encode(), "\u2028".encode(),
)  # fmt: skip
"""What readers stumble over."""


@dataclass(frozen=True, slots=True)
class Edit:
    """At a place (a share of the length), some bytes are replaced by a word, or copied."""

    kind: str
    place: float
    length: int
    word: bytes

    def made(self, content: bytes) -> bytes:
        """The content with it."""
        at = int(self.place * len(content))
        end = min(len(content), at + self.length)
        if self.kind == "cut":
            return content[:at]
        if self.kind == "flip":
            return content[:at] + bytes(byte ^ 0x20 for byte in content[at:end]) + content[end:]
        if self.kind == "copy":
            return content[:end] + content[at:end] + content[end:]
        if self.kind == "drop":
            return content[:at] + content[end:]
        if self.kind == "insert":
            return content[:at] + self.word + content[at:]
        return content[:at] + self.word + content[end:]


KINDS = ("cut", "flip", "copy", "drop", "insert", "replace")
