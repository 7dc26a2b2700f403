"""Delta tables: one commit, archive before replace, and a content hash that misses nothing."""

from collections.abc import Callable

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrot.contracts.model import Contract
from bedrot.errors import IntegrityError, LossyWriteError
from bedrot.zones.lake import CURATED, Lake
from bedrot.zones.tables import (
    Content,
    TableState,
    commit,
    content_hash,
    digest_of,
    narrowed_columns,
    open_table,
    partition_digests,
    read_state,
    refuse_lossy,
    scan_sql,
    stage_partition,
)

Row = tuple[str, str | None, int | None, str | None, str | None]
Write = Callable[..., int]

MAY: Row = ("2025-05", "Größe", 1, "0.100000000001", "2025-05-24")
JUNE: Row = ("2025-06", None, None, None, None)
TYPES = "month varchar, title varchar, units bigint, net_usd decimal(22,12), day date"


def relation(con: duckdb.DuckDBPyConnection, rows: list[Row], name: str = "given") -> str:
    con.execute(f"create or replace temp table {name} ({TYPES})")
    if rows:
        con.executemany(f"insert into {name} values (?, ?, ?, ?, ?)", rows)
    return name


@pytest.fixture
def write(lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection) -> Write:
    """Replace partitions by rows, in one commit."""

    def replace(*rows: Row, partitions: set[str] | None = None, whole: bool = False) -> int:
        months = sorted({row[0] for row in rows})
        files = []
        for month in months:
            relation(con, [row for row in rows if row[0] == month])
            files.append(stage_partition(con, lake, CURATED, contract, "given", month))
        state = TableState(
            definition_id="d1",
            contents={
                month: Content(rows=1, token="t", sha256="s", digest="x") for month in months
            },
            inputs=dict.fromkeys(months, "i"),
            sources={"stg": {"version": 3}},
        )
        return commit(
            lake,
            CURATED,
            contract,
            files,
            frozenset(partitions if partitions is not None else months),
            state,
            whole=whole,
        )

    return replace


def held(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, version: int | None = None
) -> list[tuple[object, ...]]:
    delta = open_table(lake, CURATED, contract.table, version)
    assert delta is not None
    scan = scan_sql(delta, contract.partition)
    return con.execute(
        f"select month, title, units, net_usd::varchar from {scan} order by all"
    ).fetchall()


def test_there_is_no_table_before_the_first_commit(lake: Lake, contract: Contract) -> None:
    assert open_table(lake, CURATED, contract.table) is None
    assert read_state(lake, CURATED, contract.table) is None


def test_what_was_committed_is_read_back(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    assert write(MAY, JUNE, whole=True) == 0
    assert held(lake, contract, con) == [
        ("2025-05", "Größe", 1, "0.100000000001"),
        ("2025-06", None, None, None),
    ]


def test_other_engines_read_the_same(lake: Lake, contract: Contract, write: Write) -> None:
    write(MAY, whole=True)
    delta = open_table(lake, CURATED, contract.table)
    assert delta is not None
    [row] = delta.to_pyarrow_table().to_pylist()
    assert (row["month"], row["title"], str(row["net_usd"])) == (
        "2025-05",
        "Größe",
        "0.100000000001",
    )


@pytest.mark.parametrize(
    "where",
    [
        "title = 'Größe'",
        "title in ('Größe', 'x')",
        "units = 1",
        "units > 0",
        "net_usd > 0",
        "day = date '2025-05-24'",
        "day is null",
        "title is null",
        "net_usd is null",
        "month = '2025-05'",
        "month > '2025-05'",
    ],
)
def test_a_filter_of_another_engine_finds_its_row(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write, where: str
) -> None:
    write(MAY, JUNE, whole=True)
    delta = open_table(lake, CURATED, contract.table)
    assert delta is not None
    con.register("through_arrow", delta.to_pyarrow_dataset())
    found = con.execute(f"select count(*) from through_arrow where {where}").fetchall()
    con.unregister("through_arrow")
    assert found == [(1,)]


def test_a_partition_is_replaced_and_the_others_stay(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    write(MAY, JUNE, whole=True)
    changed: Row = ("2025-06", "new", 2, "2", None)
    assert write(changed) == 1
    assert [row[1] for row in held(lake, contract, con)] == ["Größe", "new"]
    assert [row[1] for row in held(lake, contract, con, version=0)] == ["Größe", None]


def test_a_partition_without_rows_is_emptied(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    write(MAY, JUNE, whole=True)
    write(partitions={"2025-05"})
    assert [row[0] for row in held(lake, contract, con)] == ["2025-06"]


def test_a_table_may_become_empty_and_keeps_its_columns(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    write(MAY, whole=True)
    write(whole=True)
    assert held(lake, contract, con) == []
    delta = open_table(lake, CURATED, contract.table)
    assert delta is not None
    described = con.execute(f"describe select * from {scan_sql(delta, 'month')}").fetchall()
    assert {row[0] for row in described} == {column.name for column in contract.columns}


def test_a_table_may_begin_empty(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    write(whole=True)
    write(MAY)
    assert [row[0] for row in held(lake, contract, con)] == ["2025-05"]


def test_what_a_commit_takes_out_is_in_the_archive_as_the_same_file(
    lake: Lake, contract: Contract, write: Write
) -> None:
    write(MAY, JUNE, whole=True)
    delta = open_table(lake, CURATED, contract.table)
    assert delta is not None
    [june] = [
        path
        for path in delta.get_add_actions(flatten=True).column("path").to_pylist()
        if "2025-06" in path
    ]
    write(("2025-06", "new", 2, "2", None))
    [kept] = lake.store.list("archive")
    assert "v00000000" in kept
    assert kept.endswith(june)
    live = lake.store.local(f"curated/{contract.table}/{june}")
    assert lake.store.local(kept).samefile(live)


def test_the_archive_keeps_every_replaced_version(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    for title in ("one", "two", "three"):
        write(("2025-05", title, 1, "1", None), whole=title == "one")
    kept = list(lake.store.list("archive"))
    titles = [
        con.execute(f"select title from read_parquet('{lake.store.local(key)}')").fetchall()
        for key in kept
    ]
    assert titles == [[("one",)], [("two",)]]


def test_a_whole_replacement_archives_all_there_was(
    lake: Lake, contract: Contract, write: Write
) -> None:
    write(MAY, JUNE, whole=True)
    write(MAY, whole=True)
    assert len(list(lake.store.list("archive"))) == 2


def test_old_versions_are_kept_beyond_thirty_days(
    lake: Lake, contract: Contract, write: Write
) -> None:
    write(MAY, whole=True)
    delta = open_table(lake, CURATED, contract.table)
    assert delta is not None
    assert delta.metadata().configuration["delta.enableExpiredLogCleanup"] == "false"


def test_the_state_comes_back_from_the_commit(lake: Lake, contract: Contract, write: Write) -> None:
    write(MAY, whole=True)
    version = write(JUNE)
    state = read_state(lake, CURATED, contract.table)
    assert state == TableState(
        definition_id="d1",
        contents={"2025-06": Content(rows=1, token="t", sha256="s", digest="x")},
        inputs={"2025-06": "i"},
        sources={"stg": {"version": 3}},
        version=version,
    )


def test_a_version_that_somebody_else_wrote_is_an_integrity_error(
    lake: Lake, contract: Contract, write: Write
) -> None:
    write(MAY, whole=True)
    delta = open_table(lake, CURATED, contract.table)
    assert delta is not None
    delta.delete("month = '2025-05'")
    with pytest.raises(IntegrityError, match="not written by this lake"):
        read_state(lake, CURATED, contract.table)


def test_a_file_that_no_commit_names_is_nobodys(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    write(MAY, whole=True)
    relation(con, [JUNE])
    stage_partition(con, lake, CURATED, contract, "given", "2025-06")
    assert [row[0] for row in held(lake, contract, con)] == ["2025-05"]


def test_a_selection_of_partitions_reads_only_those(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    write(MAY, JUNE, whole=True)
    delta = open_table(lake, CURATED, contract.table)
    assert delta is not None
    for only, count in [({"2025-06"}, 1), (set(), 0), ({"2025-05", "2025-06", "2025-07"}, 2)]:
        scan = scan_sql(delta, "month", frozenset(only))
        assert con.execute(f"select count(*) from {scan}").fetchall() == [(count,)]


def refuse(con: duckdb.DuckDBPyConnection, given: str, contract: Contract) -> None:
    refuse_lossy(con, given, contract.table, narrowed_columns(con, given, contract))


@pytest.mark.parametrize(
    ("column", "wide"),
    [
        ("units", "cast(1.5 as decimal(10,1))"),
        ("units", "cast(9223372036854775808 as hugeint)"),
        ("net_usd", "cast(0.0000000000001 as decimal(22,13))"),
        ("net_usd", "cast('12345678901' as decimal(38,12))"),
        ("day", "timestamp '2025-05-24 10:00:00'"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    con: duckdb.DuckDBPyConnection, contract: Contract, column: str, wide: str
) -> None:
    names = {name: f"given.{name}" for name in ("month", "title", "units", "net_usd", "day")}
    names[column] = wide
    relation(con, [MAY])
    listed = ", ".join(f"{sql} as {name}" for name, sql in names.items())
    con.execute(f"create or replace temp view odd as select {listed} from given")
    with pytest.raises(LossyWriteError, match=column):
        refuse(con, "odd", contract)


def test_a_wider_type_whose_values_fit_is_fine(
    con: duckdb.DuckDBPyConnection, contract: Contract
) -> None:
    relation(con, [MAY])
    con.execute(
        "create or replace temp view odd as select month, title, cast(units as hugeint) as units, "
        "cast(net_usd as decimal(38,12)) as net_usd, day from given"
    )
    refuse(con, "odd", contract)


def test_a_missing_column_is_refused(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    relation(con, [MAY])
    con.execute("create or replace temp view odd as select month, title, units, day from given")
    with pytest.raises(LossyWriteError, match="net_usd"):
        refuse(con, "odd", contract)


TEXTS = st.one_of(
    st.none(), st.sampled_from(["", "a", "b", "NULL", "None", "\x1f", "a\x1f", "é", "e\u0301"])
)
ROWS = st.lists(
    st.tuples(
        st.just("2025-05"),
        TEXTS,
        st.one_of(st.none(), st.integers(-3, 3)),
        st.one_of(st.none(), st.sampled_from(["0", "1", "-1", "0.000000000001"])),
        st.one_of(st.none(), st.sampled_from(["2025-05-24", "2025-05-25"])),
    ),
    max_size=5,
)
QUICK = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUICK
@given(rows=ROWS, others=ROWS)
def test_content_hashes_are_equal_exactly_where_rows_are(
    con: duckdb.DuckDBPyConnection, contract: Contract, rows: list[Row], others: list[Row]
) -> None:
    one = digest_of(con, relation(con, rows, "one"), contract)
    two = digest_of(con, relation(con, others, "two"), contract)
    assert (one == two) == (sorted(map(repr, rows)) == sorted(map(repr, others)))


@QUICK
@given(rows=ROWS, order=st.randoms())
def test_a_content_hash_knows_no_order(
    con: duckdb.DuckDBPyConnection, contract: Contract, rows: list[Row], order: object
) -> None:
    shuffled = list(rows)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one = digest_of(con, relation(con, rows, "one"), contract)
    assert digest_of(con, relation(con, shuffled, "two"), contract) == one


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        ([MAY, MAY], []),
        ([MAY, MAY], [JUNE, JUNE]),
        ([MAY], [MAY, MAY]),
        ([("2025-05", None, 1, "1", None)], [("2025-05", "", 1, "1", None)]),
        ([("2025-05", None, 1, "1", None)], [("2025-05", "null", 1, "1", None)]),
        ([("2025-05", None, 1, "1", None)], [("2025-05", "\x00", 1, "1", None)]),
        ([("2025-05", "a\x1f1", None, "1", None)], [("2025-05", "a", 1, "1", None)]),
        ([("a\x1fb", "c", 1, "1", None)], [("a", "b\x1fc", 1, "1", None)]),
    ],
    ids=[
        "pair or none",
        "two pairs",
        "one or two",
        "empty",
        "word",
        "zero byte",
        "null",
        "separator",
    ],
)
def test_different_rows_have_different_hashes(
    con: duckdb.DuckDBPyConnection, contract: Contract, rows: list[Row], others: list[Row]
) -> None:
    one = digest_of(con, relation(con, rows, "one"), contract)
    assert digest_of(con, relation(con, others, "two"), contract) != one


def test_a_tables_hash_does_not_depend_on_how_it_was_written(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    first = write(MAY, JUNE, whole=True)
    write(MAY, whole=True)
    last = write(JUNE)
    one, two = (partition_digests(con, lake, CURATED, contract, v) for v in (first, last))
    assert content_hash(one) == content_hash(two)
    assert set(one) == {"2025-05", "2025-06"}


def test_an_emptied_partition_leaves_no_trace_in_the_hash(
    lake: Lake, contract: Contract, con: duckdb.DuckDBPyConnection, write: Write
) -> None:
    first = write(MAY, whole=True)
    write(JUNE)
    last = write(partitions={"2025-06"})
    one, two = (partition_digests(con, lake, CURATED, contract, v) for v in (first, last))
    assert content_hash(one) == content_hash(two)


def test_no_file_time_is_told(lake: Lake, contract: Contract, write: Write) -> None:
    write(MAY, whole=True)
    [log] = [key for key in lake.store.list("curated") if key.endswith("00000000.json")]
    assert b'"modificationTime":0' in lake.store.read(log)
