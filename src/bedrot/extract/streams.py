"""What a source tells the lake about itself: its streams, and how each one is read."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bedrot.contracts.definitions import definition_id
from bedrot.contracts.reading import read_contract
from bedrot.errors import ContractError, RejectedPayloadError
from bedrot.merge import MERGED_KINDS
from bedrot.zones.parts import Note as Note  # noqa: PLC0414 - sources say what is odd with it

if TYPE_CHECKING:
    import duckdb

    from bedrot.catalog.records import CaptureRecord
    from bedrot.contracts.model import Contract
    from bedrot.extract.visits import Visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader found while it laid a payload out as the relation `source`.

    `amount_scale` is the number of decimals in which the payload writes its amounts. `printed_at`
    is the time that its content prints as its own; where it prints a clock of twelve hours, only
    the day is certain, and `printed_clock` is what the clock says.
    """

    layout: str
    amount_scale: int = 0
    printed_at: datetime | None = None
    printed_clock: time | None = None
    notes: tuple[Note, ...] = ()
    unknown_headers: tuple[str, ...] = ()
    missing_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """That a payload belongs to a stream, and the sign by which it was known."""

    stream: str
    sign: str


ACCOUNT = "account"
"""The parameter of a capture whose account nobody said, where exports name theirs; also a hint."""
DEFAULT = "default"
ANSWERS = "answers"
"""The parameter of a capture that states what another one lacks: the id of that one."""

Read = Callable[["duckdb.DuckDBPyConnection", Path, "Stream", Path, frozenset[str]], Reading]
Redact = Callable[[BinaryIO, BinaryIO], Mapping[str, int]]
Holder = Callable[[Path], "str | None"]
"""A fingerprint of whose account a payload shows: a hash, equal for equal holders; None if it
does not say."""
AccountInName = Callable[[str, "str | None"], "str | None"]
"""The account that a payload's name, or that of its archive, says; None where neither does."""
Moment = Callable[["CaptureRecord"], "datetime | None"]
"""When a capture was true, where its archive says so; None where it does not."""
Hints = Callable[["CaptureRecord"], Mapping[str, str]]
"""What a payload is to be read by and does not say itself; empty where nothing is known."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One kind of export of one platform, and the staging table that it fills.

    `recognise` looks at the first bytes of a payload and its size; it must not trust the name.
    `read` registers the relation `source` (the contract's names, all text, and `_row`) in a
    session, or raises `RejectedPayloadError`; `misread` says why the relation cannot be scanned.
    `records` gives records as they stand in the file, by ordinal. `redact` masks secrets and
    personal data on the way into landing and returns what kind and how often; None where exports
    hold none. `holder` tells whose account a payload shows, before and after masking.

    `hints` gives what a payload's reading takes from its capture, such as the window in the name of
    an archive: `hinted` is the stream that reads by them, and `given` what they are.

    `account_in_name` reads the account from the names under which exports come, and `moment` when
    they were true, which outranks a stamp in a name.

    Several streams may read the same payloads: they name one of them in `captured_as`, and the
    payloads are captured once, under that name.
    """

    source: str
    name: str
    folder: Traversable
    recognise: Callable[[Path, Stream], Recognition | None]
    read: Read
    misread: Callable[[Path], RejectedPayloadError]
    records: Callable[[Path, set[int]], Mapping[int, str]]
    redact: Redact | None = None
    holder: Holder | None = None
    hints: Hints | None = None
    account_in_name: AccountInName | None = None
    moment: Moment | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    captured_as: str = ""
    parser_version: int = 1
    alias_tables: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.captured_as:
            object.__setattr__(self, "captured_as", self.name)

    @cached_property
    def contract(self) -> Contract:
        """The contract of the staging table."""
        name = f"{self.name}.odcs.yaml"
        contract = read_contract(self._text("contracts", name), name=f"{self.source}/{name}")
        if contract.kind not in MERGED_KINDS:
            msg = f"contract `{self.source}/{name}`: tables of kind `{contract.kind}` are not built"
            raise ContractError(msg, next_step=f"the kinds are: {', '.join(MERGED_KINDS)}")
        if contract.table != self.table:
            msg = f"contract `{self.source}/{name}`: the table is to be called `{self.table}`"
            raise ContractError(msg, next_step="name it after the source and the stream")
        return contract

    @cached_property
    def sql(self) -> str:
        """The SQL that turns `source` into the typed rows of the table."""
        return self._text(f"{self.name}.sql")

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Alias data as CSV text, by relation name."""
        return {name: self._text("aliases", f"{name}.csv") for name in self.alias_tables}

    @cached_property
    def definition_id(self) -> str:
        """Changes when anything changes that could change the rows."""
        return definition_id(
            self.contract,
            self.sql,
            aliases={
                name: hashlib.sha256(text.encode()).hexdigest()
                for name, text in self.aliases.items()
            },
            parser_version=self.parser_version,
        )

    def hinted(self, hints: Mapping[str, str]) -> Stream:
        """The stream that reads payloads by these hints."""
        if dict(hints) == dict(self.given):
            return self
        bound = dataclasses.replace(self, given=dict(hints))
        # What was read of the definition already is the same for it.
        for name in ("contract", "sql", "aliases", "definition_id"):
            bound.__dict__[name] = getattr(self, name)
        return bound

    @property
    def table(self) -> str:
        """The staging table's name, told without reading the contract."""
        return f"stg_{self.source}__{self.name}"

    @property
    def full_name(self) -> str:
        """`source.stream`, as people write it."""
        return f"{self.source}.{self.name}"

    def _text(self, *path: str) -> str:
        return self.folder.joinpath(*path).read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One platform: its streams, and how to tell its failures from other people's files.

    `stray` recognises what is the platform's and yet no data, such as its sign-in page; it
    returns the reason as a text, or None. `stray_stream` names the stream for which such a page was
    saved, as far as the page tells; the first stream otherwise. `visits` is told by platforms
    whose responses are kept together.
    """

    name: str
    title: str
    streams: tuple[Stream, ...]
    stray: Callable[[bytes], str | None] = field(default=lambda _head: None)
    stray_stream: Callable[[bytes], str | None] = field(default=lambda _head: None)
    visits: Visits | None = None

    def reading(self, captured_as: str) -> tuple[Stream, ...]:
        """The streams that read the payloads captured under this name."""
        return tuple(stream for stream in self.streams if stream.captured_as == captured_as)


def header_key(name: str) -> str:
    """Header names are compared without case and without the spaces around and between words."""
    return re.sub(r"\s+", " ", name).strip().casefold()
