"""One session for all readings of a module: typed rows of a file, by stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Stream
from bedrot.pipeline.payloads import load_aliases
from bedrot.sources.metaads import INSIGHT_ACTIONS_DAILY, SOURCE
from bedrot.sources.metaads.insights import Insights, read_insights
from bedrot.sources.metaads.synthetic import Figures

Rows = Callable[..., list[dict[str, Any]]]
Tell = Callable[..., Insights]
Code = Callable[..., str]
Known = Callable[[bytes], set[str]]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    session = connect(threads=1)
    for name, text in INSIGHT_ACTIONS_DAILY.aliases.items():
        load_aliases(session, name, text)
    yield session
    session.close()


@pytest.fixture(scope="module")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("metaads") / "payload"


@pytest.fixture(scope="module")
def rows(con: duckdb.DuckDBPyConnection, payload: Path) -> Rows:
    """The typed rows that a stream finds in a file, in its order."""

    def read(stream: Stream, content: bytes) -> list[dict[str, Any]]:
        payload.write_bytes(content)
        stream.read(con, payload, stream, payload.parent, frozenset())
        table = con.sql(f"select * from ({stream.sql}) order by _row").to_arrow_table()
        found: list[dict[str, Any]] = table.to_pylist()
        return found

    return read


@pytest.fixture(scope="module")
def tell(payload: Path) -> Tell:
    """What a file of insights is."""

    def read(content: bytes, *waived: str) -> Insights:
        payload.write_bytes(content)
        insights = read_insights(payload, frozenset(waived))
        assert insights is not None
        return insights

    return read


@pytest.fixture(scope="module")
def code(payload: Path) -> Code:
    """The code under which a parser sets a file aside."""

    def judged(parse: Callable[[Path, frozenset[str]], Parsed], content: bytes) -> str:
        payload.write_bytes(content)
        with pytest.raises(RejectedPayloadError) as caught:
            parse(payload, frozenset())
        assert caught.value.next_step
        return caught.value.code

    return judged


@pytest.fixture(scope="module")
def known(payload: Path) -> Known:
    """The names under which the source would capture a file."""

    def recognised(content: bytes) -> set[str]:
        payload.write_bytes(content)
        return {s.captured_as for s in SOURCE.streams if s.recognise(payload, s)}

    return recognised


@pytest.fixture
def day() -> Figures:
    return Figures(
        campaign_id="120200000000010075",
        start=date(2025, 5, 20),
        stop=date(2025, 5, 20),
        spend=Decimal("21.47"),
        impressions=9876,
        clicks=123,
        reach=8765,
    )
