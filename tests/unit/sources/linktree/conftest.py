"""Writing responses as a visit where a parser finds it, and typing its rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import Stream
from bedrot.extract.visits import Response, write_visit
from bedrot.sources.linktree.tables import read_profile_days

SEEN = datetime(2025, 5, 27, 14, 18, 26)  # noqa: DTZ001 - a clock on a wall

Visited = Callable[..., Path]
Typed = Callable[..., list[dict[str, Any]]]
Refused = Callable[..., RejectedPayloadError]
Noted = Callable[..., Mapping[str, str]]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    session = connect(threads=1)
    yield session
    session.close()


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("payloads") / "payload"


@pytest.fixture(scope="module")
def visited(payload: Path) -> Visited:
    """A visit of these responses, each ten seconds after the one before; or all without a time."""

    def write(bodies: Iterable[bytes], *, is_dated: bool = True, apart: float = 10) -> Path:
        write_visit(
            [
                Response(at=SEEN + timedelta(seconds=apart * n) if is_dated else None, body=body)
                for n, body in enumerate(bodies)
            ],
            payload,
        )
        return payload

    return write


@pytest.fixture(scope="module")
def typed(con: duckdb.DuckDBPyConnection, visited: Visited, payload: Path) -> Typed:
    """The typed rows of a visit for one stream, in its order."""

    def read(
        stream: Stream, bodies: Iterable[bytes], *waived: str, **how: Any
    ) -> list[dict[str, Any]]:
        path = visited(bodies, **how)
        stream.read(con, path, stream, payload.parent / "spool", frozenset(waived))
        rows = con.sql(f"select * from ({stream.sql}) order by _row").to_arrow_table()
        return list(rows.to_pylist())

    return read


@pytest.fixture(scope="module")
def refused(typed: Typed) -> Refused:
    """Why a stream sets a visit aside."""

    def read(stream: Stream, bodies: Iterable[bytes], **how: Any) -> RejectedPayloadError:
        with pytest.raises(RejectedPayloadError) as caught:
            typed(stream, bodies, **how)
        assert caught.value.next_step
        return caught.value

    return read


@pytest.fixture(scope="module")
def noted(visited: Visited) -> Noted:
    """What is said of a visit, by code."""

    def read(bodies: Iterable[bytes], *waived: str, **how: Any) -> Mapping[str, str]:
        parsed = read_profile_days(visited(bodies, **how), frozenset(waived), {})
        return {note.code: note.text for note in parsed.notes}

    return read


@pytest.fixture
def masked() -> Callable[[bytes], tuple[bytes, Mapping[str, int]]]:
    """A response as it lands, and what was masked."""
    from bedrot.sources.linktree.masking import mask_response

    def mask(body: bytes) -> tuple[bytes, Mapping[str, int]]:
        target = io.BytesIO()
        counts = mask_response(io.BytesIO(body), target)
        return target.getvalue(), counts

    return mask
