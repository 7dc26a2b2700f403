"""Sessions: the same everywhere for us, locked for people's SQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from bedrot.engine.session import connect, connect_reader, read_only
from bedrot.errors import QueryError

STREAMS = pa.table({"track": ["a", "b"], "streams": [1, 2]})


@pytest.fixture(scope="module")
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_reader({"streams": STREAMS, "files": ds.dataset(STREAMS)}, threads=1) as con:
        yield con


def test_a_session_is_in_utc(con: duckdb.DuckDBPyConnection) -> None:
    found = con.sql("select timestamptz '2024-07-01 00:00:00' as at").to_arrow_table()
    assert found.schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert con.execute("select (timestamptz '2024-07-01 00:00:00+00')::varchar").fetchall() == [
        ("2024-07-01 00:00:00+00",)
    ]


def test_a_session_sees_no_python_variable(con: duckdb.DuckDBPyConnection) -> None:
    local_table = STREAMS
    with pytest.raises(duckdb.CatalogException, match="local_table"):
        con.execute("select * from local_table")
    assert local_table is STREAMS


@pytest.mark.parametrize("setting", ["autoload_known_extensions", "autoinstall_known_extensions"])
def test_a_session_loads_no_extension(con: duckdb.DuckDBPyConnection, setting: str) -> None:
    assert con.execute(f"select current_setting('{setting}')").fetchall() == [(False,)]


def test_a_session_keeps_to_its_limits(tmp_path: Path) -> None:
    with connect(memory_limit="300MB", threads=1, temp_directory=tmp_path / "spill") as con:
        assert con.execute("select current_setting('threads')").fetchall() == [(1,)]
        assert con.execute("select current_setting('temp_directory')").fetchall() == [
            (str(tmp_path / "spill"),)
        ]


def test_without_a_place_to_spill_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with connect(memory_limit="50MB", threads=1) as con, pytest.raises(duckdb.OutOfMemoryException):
        con.execute("create table t as select md5(range::varchar) s from range(3000000) order by s")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_spills_though_it_opens_no_file(tmp_path: Path) -> None:
    with connect_reader({}, memory_limit="60MB", threads=1, temp_directory=tmp_path) as con:
        found = con.execute(
            "select count(*) from (select md5(range::varchar) s from range(1500000) order by s"
            " limit 1400000)"
        ).fetchall()
    assert found == [(1400000,)]


def test_a_reader_sees_its_tables_and_the_macros(reader: duckdb.DuckDBPyConnection) -> None:
    found = reader.execute(
        "select alias_key('A  B'), sum(streams) from streams join files using (track, streams)"
    ).fetchall()
    assert found == [("a b", 3)]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from '/etc/passwd'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/*')",
        "copy streams to 'x.csv'",
        "attach 'x.db'",
        "install httpfs",
        "set threads = 1",
        "set enable_external_access = true",
    ],
)
def test_a_reader_reaches_nothing_else(reader: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        reader.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("sql", "passed"),
    [
        ("select 1", "select 1"),
        (" select 1 ; ; ", "select 1"),
        ("-- why\nselect 1 -- end;", "select 1"),
        ("select 'é😀;' as x;", "select 'é😀;' as x"),
        ("select $$a;b$$", "select $$a;b$$"),
        ("with a as (select 1) select * from a", "with a as (select 1) select * from a"),
        ("from streams", "from streams"),
        ("(select 1) union all (select 2)", "(select 1) union all (select 2)"),
        ("select * from (values (1)) as v(x)", "select * from (values (1)) as v(x)"),
    ],
)
def test_one_select_passes_without_its_semicolon(sql: str, passed: str) -> None:
    assert read_only(sql) == passed


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("", "empty"),
        ("-- nothing", "empty"),
        ("select 1; select 2", "only one statement"),
        ("select 1; drop view streams", "only one statement"),
        ("drop view streams", "not `drop`"),
        ("create view x as select 1", "not `create`"),
        ("insert into t values (1)", "not `insert`"),
        ("explain select 1", "not `explain`"),
        ("with a as (insert into t values (1) returning *) select * from a", "change something"),
        ("select 1 into t", "change something"),
        ("select (", "cannot be read"),
        ("select 'a", "not closed"),
        ("select from where", "cannot be read"),
    ],
)
def test_everything_else_is_refused(sql: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason) as refused:
        read_only(sql)
    assert refused.value.next_step


@pytest.mark.parametrize(
    ("sql", "instead"),
    [
        ("describe streams", "bedrot describe"),
        ("summarize streams", "bedrot describe"),
        ("show tables", "bedrot tables"),
        ("values (1)", "select"),
        ("copy streams to 'x.csv'", "--format"),
        ("pivot streams on track using sum(streams)", "filter"),
    ],
)
def test_what_has_another_way_names_it(sql: str, instead: str) -> None:
    with pytest.raises(QueryError) as refused:
        read_only(sql)
    assert instead in (refused.value.next_step or "")


def test_a_statement_that_duckdb_takes_apart_is_refused() -> None:
    with pytest.raises(QueryError, match="something else"):
        read_only("select * from (pivot streams on track using sum(streams))")


def test_what_only_duckdb_cannot_read_is_refused() -> None:
    with pytest.raises(QueryError, match="cannot be read"):
        read_only("select a div b from streams")
