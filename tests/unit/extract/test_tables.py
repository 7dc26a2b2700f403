"""A delimited export that its contract describes in full."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.extract.streams import Reading, Stream
from bedrot.extract.tables import (
    explain_misreading,
    read_table,
    recognise_table,
    table_records,
)

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: stg-shop-sales
name: stg_shop__sales
version: 1.0.0
customProperties:
  - {property: tableKind, value: ledger}
  - {property: businessKey, value: [day, place]}
  - {property: closingDate, value: day}
  - {property: amount, value: net_usd}
  - {property: units, value: units}
schema:
  - name: stg_shop__sales
    description: One sale.
    properties:
      - name: day
        logicalType: date
        description: Day.
        customProperties: [{property: headerAliases, value: [Day, Date]}, {property: headerNeeded, value: true}]
      - name: place
        logicalType: string
        description: Place.
        customProperties: [{property: headerAliases, value: [Place]}, {property: headerNeeded, value: true}]
      - name: units
        logicalType: integer
        description: Units.
        customProperties: [{property: headerAliases, value: [Qty]}, {property: headerNeeded, value: true}]
      - name: net_usd
        logicalType: number
        description: Money.
        customProperties: [{property: headerAliases, value: [Net]}, {property: headerNeeded, value: true}]
      - name: currency
        logicalType: string
        description: Currency.
        customProperties: [{property: headerAliases, value: [Currency]}, {property: headerDefault, value: USD}]
      - name: remark
        logicalType: string
        description: Remark.
        customProperties: [{property: headerAliases, value: [Remark]}]
"""

SALE = "Day,Place,Qty,Net\n2025-05-24,Oslo,1,0.10\n2025-05-25,,2,0.20\n"


@pytest.fixture
def stream(tmp_path: Path) -> Stream:
    folder = tmp_path / "shop"
    (folder / "contracts").mkdir(parents=True)
    (folder / "contracts" / "sales.odcs.yaml").write_text(CONTRACT)
    return Stream(
        source="shop",
        name="sales",
        folder=folder,
        recognise=recognise_table,
        read=read_table,
        misread=explain_misreading,
        records=table_records,
    )


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    session = connect(threads=1)
    yield session
    session.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sales.dat"


@pytest.fixture
def read(
    con: duckdb.DuckDBPyConnection, stream: Stream, path: Path, tmp_path: Path
) -> Callable[[str], tuple[Reading, list[dict[str, Any]]]]:
    def lay_out(text: str) -> tuple[Reading, list[dict[str, Any]]]:
        path.write_bytes(text.encode())
        reading = read_table(con, path, stream, tmp_path / "spool", frozenset())
        cursor = con.execute("select * from source order by _row")
        names = [column[0] for column in cursor.description or ()]
        return reading, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return lay_out


Read = Callable[[str], tuple[Reading, list[dict[str, Any]]]]


def test_source_holds_the_contracts_columns_as_text(read: Read) -> None:
    reading, rows = read(SALE)
    assert reading.layout == "4 columns, comma, quoted, LF, ascii"
    assert list(rows[0]) == ["_row", "day", "place", "units", "net_usd", "currency", "remark"]
    assert rows[0]["day"] == "2025-05-24"
    assert (rows[0]["units"], rows[0]["net_usd"]) == ("1", "0.10")


def test_an_empty_field_is_empty_and_a_missing_column_null(read: Read) -> None:
    _, rows = read(SALE)
    assert rows[1]["place"] == ""
    assert rows[1]["remark"] is None


def test_an_empty_quoted_field_is_empty_too(read: Read) -> None:
    _, rows = read('"Day","Place","Qty","Net"\n"2025-05-24","","1","0.10"\n')
    assert rows[0]["place"] == ""


def test_missing_optional_headers_are_told(read: Read) -> None:
    reading, _ = read(SALE)
    assert set(reading.missing_headers) >= {"remark"}


def test_a_default_stands_where_the_header_is_missing(read: Read) -> None:
    _, rows = read(SALE)
    assert {row["currency"] for row in rows} == {"USD"}


def test_a_default_changes_nothing_where_the_header_is_there(read: Read) -> None:
    _, rows = read(
        "Day,Place,Qty,Net,Currency\n2025-05-24,Oslo,1,0.10,NOK\n2025-05-24,Oslo,1,0.10,\n"
    )
    assert [row["currency"] for row in rows] == ["NOK", ""]


def test_columns_are_mapped_by_header_and_never_by_place(read: Read) -> None:
    _, rows = read("net,QTY,  place ,Date\n0.10,1,Oslo,2025-05-24\n")
    assert (rows[0]["day"], rows[0]["place"]) == ("2025-05-24", "Oslo")
    assert (rows[0]["units"], rows[0]["net_usd"]) == ("1", "0.10")


@pytest.mark.parametrize("header", ["Day,Place,Qty", "Day,Qty,Net", "Place,Qty,Net,Other"])
def test_one_missing_needed_column_is_still_ours(stream: Stream, path: Path, header: str) -> None:
    path.write_text(header + "\n")
    assert recognise_table(path, stream) is not None


@pytest.mark.parametrize("text", ["Day,Place\n", "Name,City,Street\n", "Day\n", "", "\x00\x01"])
def test_a_few_shared_words_are_no_recognition(stream: Stream, path: Path, text: str) -> None:
    path.write_text(text)
    assert recognise_table(path, stream) is None


def test_two_aliases_of_one_column_are_refused(read: Read) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        read("Day,Date,Place,Qty,Net\n2025-05-24,2025-05-24,Oslo,1,0.10\n")
    assert caught.value.code == "doubled_header"
    assert "`Day`" in str(caught.value)
    assert "`Date`" in str(caught.value)


def test_all_missing_needed_columns_are_named(read: Read) -> None:
    with pytest.raises(RejectedPayloadError, match="`Qty`") as caught:
        read("Day,Place,Sum\n2025-05-24,Oslo,1\n")
    assert "`Net`" in str(caught.value)


def test_a_waived_truncation_is_read(
    con: duckdb.DuckDBPyConnection, stream: Stream, path: Path, tmp_path: Path
) -> None:
    path.write_text(SALE.rstrip("\n"))
    with pytest.raises(RejectedPayloadError):
        read_table(con, path, stream, tmp_path, frozenset())
    read_table(con, path, stream, tmp_path, frozenset({"truncated"}))
    assert con.execute("select count(*) from source").fetchall() == [(2,)]


def test_a_misshapen_record_is_shown(path: Path) -> None:
    path.write_text("a,b,c\n1,2,3\n4,5\n6,7,8\n")
    told = explain_misreading(path)
    assert told.code == "misshapen_record"
    assert "record 2 has 2 fields" in str(told)
    assert "4,5" in told.seen


def test_records_are_found_by_their_ordinals(path: Path) -> None:
    path.write_text('a,b\n1,"x\ny"\n\n2,z\n')
    assert table_records(path, {0, 1, 2, 3}) == {0: "a,b", 1: '1,"x\ny"', 2: "2,z"}


def test_a_quote_in_a_path_breaks_nothing(
    con: duckdb.DuckDBPyConnection, stream: Stream, tmp_path: Path
) -> None:
    path = tmp_path / "it's [a] *.csv"
    path.write_text(SALE)
    read_table(con, path, stream, tmp_path, frozenset())
    assert con.execute("select count(*) from source").fetchall() == [(2,)]
