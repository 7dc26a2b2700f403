"""The names that the lake's configuration gives, as tables that marts read and releases version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from bedrot.catalog.records import canonical_json, short_hash
from bedrot.contracts.definitions import definition_id
from bedrot.contracts.reading import read_contract
from bedrot.core.spellings import spelling_key
from bedrot.pipeline.payloads import session
from bedrot.pipeline.writing import TableChange, TableWriter
from bedrot.zones.lake import CURATED, Lake, LakeConfig
from bedrot.zones.raw import is_admitted
from bedrot.zones.tables import WHOLE

if TYPE_CHECKING:
    from bedrot.catalog.records import CaptureRecord
    from bedrot.contracts.model import Contract

ARTIST_SPELLINGS = "cfg_artist_spelling"
ACCOUNT_SPELLINGS = "cfg_account_spelling"

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ConfiguredTable:
    """A table that is written from the lake's configuration: it has a contract and no SQL."""

    table: str
    contract_text: str

    @cached_property
    def contract(self) -> Contract:
        """What the table promises."""
        return read_contract(self.contract_text, name=f"identity/{self.table}.odcs.yaml")

    @cached_property
    def definition_id(self) -> str:
        """Changes when the contract changes; what the rows are made from is told beside it."""
        return definition_id(self.contract, sql="")


@cache
def configured_tables() -> tuple[ConfiguredTable, ...]:
    """Every table that is written from the configuration."""
    folder = resources.files("bedrot.marts").joinpath("identity")
    return tuple(
        ConfiguredTable(
            table=table,
            contract_text=folder.joinpath(f"{table}.odcs.yaml").read_text(encoding="utf-8"),
        )
        for table in (ARTIST_SPELLINGS, ACCOUNT_SPELLINGS)
    )


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SaidName:
    """An account as captures of a source call it."""

    source: str
    spelling: str


def said_names(lake: Lake, captures: Iterable[CaptureRecord]) -> frozenset[SaidName]:
    """How captures whose payloads passed the gate call their accounts."""
    found: set[SaidName] = set()
    for capture in captures:
        name = SaidName(source=capture.source, spelling=capture.account_id)
        if name not in found and is_admitted(lake, capture):
            found.add(name)
    return frozenset(found)


def configured_rows(config: LakeConfig, said: Iterable[SaidName]) -> dict[str, list[Row]]:
    """The rows of every configured table, in an order that is not the files'."""
    return {
        ARTIST_SPELLINGS: sorted(_artist_rows(config), key=canonical_json),
        ACCOUNT_SPELLINGS: sorted(_account_rows(config, sorted(said)), key=canonical_json),
    }


def _artist_rows(config: LakeConfig) -> Iterator[Row]:
    for artist in config.aliases.artists:
        for spelling in artist.all_spellings:
            yield {
                "spelling_key": spelling_key(spelling),
                "spelling": spelling,
                "artist": artist.name,
                "artist_key": spelling_key(artist.name),
            }


def _account_rows(config: LakeConfig, said: Sequence[SaidName]) -> Iterator[Row]:
    captured: dict[str, set[str]] = {}
    for name in said:
        account = config.account(name.spelling, name.source)
        captured.setdefault(account.account_id, set()).add(name.source)
        yield _account_row(config, name.source, name.spelling, is_captured=True)
    known: set[tuple[str | None, str]] = {
        (name.source, spelling_key(name.spelling)) for name in said
    }
    for listed in config.listed_accounts():
        # What holds in every source is told of those that know the account.
        sources = listed.sources or tuple(sorted(captured.get(listed.name, ()))) or (None,)
        for source in sources:
            for spelling in listed.all_spellings:
                key = (source, spelling_key(spelling))
                if key not in known:
                    known.add(key)
                    yield _account_row(config, source, spelling, is_captured=False)


def _account_row(
    config: LakeConfig, source: str | None, spelling: str, *, is_captured: bool
) -> Row:
    account = config.account(spelling, source)
    return {
        "source": source,
        "spelling": spelling,
        "account_id": account.account_id,
        "artist": account.artist,
        "time_zone": account.zone.key,
        "is_known": account.is_named,
        "is_captured": is_captured,
    }


def build_configured(
    lake: Lake, said: Iterable[SaidName], *, afresh: bool = False
) -> list[tuple[Contract, TableChange]]:
    """Write the configured tables, each in one commit, where the configuration gives other rows."""
    rows = configured_rows(lake.config, said)
    return [
        (one.contract, _build(lake, one, rows[one.table], afresh)) for one in configured_tables()
    ]


def is_up_to_date(one: ConfiguredTable, published: TableWriter, rows: Sequence[Row]) -> bool:
    """Whether the published table was made from just these rows."""
    state = published.published
    return (
        state is not None and not published.is_whole and dict(state.sources) == _sources(one, rows)
    )


def writer_of(lake: Lake, one: ConfiguredTable, *, afresh: bool = False) -> TableWriter:
    """What writes a configured table, and knows what is published of it."""
    return TableWriter(lake, CURATED, one.contract, one.definition_id, afresh=afresh)


def _build(lake: Lake, one: ConfiguredTable, rows: Sequence[Row], afresh: bool) -> TableChange:
    writer = writer_of(lake, one, afresh=afresh)
    if writer.published is not None and not afresh and is_up_to_date(one, writer, rows):
        return TableChange(table=one.table, zone=CURATED, state=writer.published)
    with session(lake) as con:
        con.register("configured", _arrow(one.contract, rows))
        writer.offer(con, "configured", WHOLE, short_hash(canonical_json(rows)))
    return writer.finish(sources=_sources(one, rows))


def _sources(one: ConfiguredTable, rows: Sequence[Row]) -> dict[str, Any]:
    return {"configuration": short_hash(canonical_json([one.table, list(rows)]))}


def _arrow(contract: Contract, rows: Sequence[Row]) -> object:
    import pyarrow as pa

    types = {"string": pa.string(), "boolean": pa.bool_()}
    schema = pa.schema([(c.name, types[c.logical_type]) for c in contract.columns])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
