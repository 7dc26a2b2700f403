"""Writing a payload where a parser finds it, and typing its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bedrot.app import create_lake
from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import Stream
from bedrot.pipeline.payloads import Payload, examine, load_aliases
from bedrot.sources.toolost import SALES
from bedrot.zones.lake import Lake
from bedrot.zones.parts import Profile

Typed = Callable[..., list[dict[str, Any]]]
Refused = Callable[[Stream, bytes], RejectedPayloadError]
Gate = Callable[[bytes], Profile]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    session = connect(threads=1)
    for name, text in SALES.aliases.items():
        load_aliases(session, name, text)
    yield session
    session.close()


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("payloads") / "payload"


@pytest.fixture(scope="module")
def typed(con: duckdb.DuckDBPyConnection, payload: Path) -> Typed:
    """The typed rows of a payload for one stream, in its order."""

    def read(stream: Stream, content: bytes, *waived: str) -> list[dict[str, Any]]:
        payload.write_bytes(content)
        stream.read(con, payload, stream, payload.parent / "spool", frozenset(waived))
        cursor = con.execute(f"select * from ({stream.sql}) order by _row")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return read


@pytest.fixture(scope="module")
def refused(typed: Typed) -> Refused:
    """Why a stream sets a payload aside."""

    def read(stream: Stream, content: bytes) -> RejectedPayloadError:
        with pytest.raises(RejectedPayloadError) as caught:
            typed(stream, content)
        assert caught.value.next_step
        return caught.value

    return read


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    made, _ = create_lake(tmp_path_factory.mktemp("lake"))
    yield made
    made.catalog.dispose()


@pytest.fixture
def gate(lake: Lake, payload: Path) -> Gate:
    """What the gate makes of a sales report: its profile, or the error."""

    def judge(content: bytes) -> Profile:
        payload.write_bytes(content)
        return examine(lake, SALES, Payload(path=payload, file_id="0" * 16))

    return judge
