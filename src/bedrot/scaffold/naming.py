"""What a new source is called, and what it may not be called."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bedrot.errors import UsageError

DEFAULT_STREAMS: Mapping[str, str] = {
    "ledger": "sales",
    "flow": "daily",
    "window": "top_tracks",
    "lifetime": "totals",
    "stock": "followers",
    "dimension": "tracks",
}
"""The kinds of tables that can be made, and what a stream of each is called if nobody says."""

_LONGEST_NAME = 30
_LONGEST_TITLE = 60
# Two underscores part source and stream in a table's name.
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# Other signs mean something in YAML, Python, TOML or Markdown, all of which hold the title.
_TITLE = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9]+([ .&'+-]{1,3}[A-Za-zÀ-ÖØ-öø-ÿ0-9]+)*[+.]?")
# Windows has no folders of these names.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}
)
# `SOURCE` is what a source's module gives, so no stream's constant may be called so.
_OURS = frozenset({"bedrot", "source", "sources", "synthetic", "test", "tests"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A source that is to be made: one stream, whose table is of one kind."""

    name: str
    title: str
    stream: str
    kind: str

    @property
    def table(self) -> str:
        """The staging table."""
        return f"stg_{self.name}__{self.stream}"


def new_source(
    name: str, *, title: str | None, stream: str | None, kind: str, taken: Collection[str]
) -> NewSource:
    """A source under names that can stand in code, SQL, contracts and folders.

    Args:
        name: What the source is called.
        title: What people call it; by default the name in capitalised words.
        stream: What its stream is called; by default what is usual for the kind.
        kind: One of `DEFAULT_STREAMS`.
        taken: The sources that there are already.

    Raises:
        UsageError: one of the names cannot be used.
    """
    if kind not in DEFAULT_STREAMS:
        msg = f"tables of kind `{kind}` cannot be made"
        raise UsageError(msg, next_step=f"the kinds are: {', '.join(DEFAULT_STREAMS)}")
    _check_name(name, "a source")
    if name in taken:
        msg = f"there is a source `{name}` already"
        raise UsageError(msg, next_step="choose another name, or add a stream to that source")
    stream = DEFAULT_STREAMS[kind] if stream is None else stream
    _check_name(stream, "a stream")
    title = " ".join(part.capitalize() for part in name.split("_")) if title is None else title
    if not _TITLE.fullmatch(title) or len(title) > _LONGEST_TITLE:
        msg = f"`{title}` cannot be put into every file as a title"
        raise UsageError(
            msg,
            next_step="say it in plain letters and digits, such as --title 'Acme Music'; "
            "the exact spelling can be written into the files afterwards",
        )
    return NewSource(name=name, title=title, stream=stream, kind=kind)


def _check_name(name: str, what: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        msg = f"`{name}` is no name for {what}"
        raise UsageError(
            msg,
            next_step=f"at most {_LONGEST_NAME} lower-case letters, digits and single underscores, "
            "beginning with a letter, such as `acme` or `acme_music`",
        )
    if keyword.iskeyword(name) or name in _DEVICES | _OURS:
        msg = f"`{name}` is reserved and no name for {what}"
        raise UsageError(msg, next_step=f"choose another one, such as `{name}_music`")
