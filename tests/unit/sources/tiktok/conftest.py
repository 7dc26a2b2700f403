"""Writing a payload where a parser finds it, and typing its rows by the hints of a capture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import Stream
from bedrot.pipeline.payloads import load_aliases
from bedrot.sources.tiktok import SOURCE

Typed = Callable[..., list[dict[str, Any]]]
Refused = Callable[..., RejectedPayloadError]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    session = connect(threads=1)
    aliases = {name: text for stream in SOURCE.streams for name, text in stream.aliases.items()}
    for name, text in aliases.items():
        load_aliases(session, name, text)
    yield session
    session.close()


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("payloads") / "payload"


@pytest.fixture(scope="module")
def typed(con: duckdb.DuckDBPyConnection, payload: Path) -> Typed:
    """The typed rows of a payload for one stream, in its order."""

    def read(
        stream: Stream, content: bytes, given: Mapping[str, str], *waived: str
    ) -> list[dict[str, Any]]:
        payload.write_bytes(content)
        bound = stream.hinted({"account": "said", **given})
        bound.read(con, payload, bound, payload.parent / "spool", frozenset(waived))
        # Not through fetchall(): moments with a zone would need pytz there.
        rows = con.sql(f"select * from ({stream.sql}) order by _row").to_arrow_table()
        return list(rows.to_pylist())

    return read


@pytest.fixture(scope="module")
def refused(typed: Typed) -> Refused:
    """Why a stream sets a payload aside."""

    def read(
        stream: Stream, content: bytes, given: Mapping[str, str], *waived: str
    ) -> RejectedPayloadError:
        with pytest.raises(RejectedPayloadError) as caught:
            typed(stream, content, given, *waived)
        assert caught.value.next_step
        assert str(caught.value)[0].islower() or str(caught.value)[0] in "`0123456789"
        return caught.value

    return read
