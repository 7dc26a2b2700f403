"""`bedrot sql`: a person's SELECT over a lake release."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedrot.cli.options import AtOption, LakeOption
from bedrot.cli.output import is_terminal, json_text, jsonable, plain_float, print_table, table_text
from bedrot.errors import QueryError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def sql(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="One SELECT; - reads it from standard input.")
    ],
    *,
    lake: LakeOption = None,
    chosen: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="How to write the rows. Otherwise the ending of --output says it; otherwise "
            "a table.",
            show_default=False,
        ),
    ] = None,
    at: AtOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="Write to a file instead of standard output.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Ask the newest lake release a question: one SELECT in DuckDB's dialect, read only.

    JSON is a list of objects. Decimals are exact and in plain notation, as
    text in JSON; times are ISO 8601 in UTC; what is unknown is null, and an
    empty field in CSV, where an empty text is quoted.

    Examples:
      bedrot sql "select sum(net_usd) from fct_royalty_line"
      bedrot sql --format csv --output months.csv "select * from rpt_revenue_monthly"
      echo "select count(*) as lines from fct_royalty_line" | bedrot sql - --format json
    """
    from bedrot.app import open_lake
    from bedrot.pipeline.reading import query as run_query

    form = _format(chosen, output)
    if form is Format.PARQUET and output is None and is_terminal(sys.stdout):
        msg = "Parquet is not for reading on a terminal"
        raise UsageError(msg, next_step="name a file with --output, or pipe the output")
    text = sys.stdin.read() if query == "-" else query
    rows = run_query(open_lake(lake), text, at)
    if output is None:
        _write(rows, form, None)
        return
    with _replacing(output) as path:
        _write(rows, form, path)


def _format(chosen: Format | None, output: Path | None) -> Format:
    if chosen is not None:
        return chosen
    ending = output.suffix.lower().removeprefix(".") if output else ""
    return Format(ending) if ending in set(Format) else Format.TABLE


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its place when it is whole."""
    if not target.parent.is_dir():
        msg = f"there is no folder `{target.parent}`"
        raise UsageError(msg, next_step="make it, or name another file with --output")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    path = Path(name)
    try:
        yield path
        path.chmod(0o666 & ~_umask())
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write(rows: pa.Table, form: Format, path: Path | None) -> None:
    if form is Format.PARQUET:
        _write_parquet(rows, path)
        return
    columns = [_values(rows, number) for number in range(rows.num_columns)]
    if form is Format.TABLE and path is None:
        print_table(None, rows.column_names, list(zip(*columns, strict=True)))
        return
    text = _TEXTS[form](rows.column_names, columns)
    if path is None:
        sys.stdout.write(text)
    else:
        path.write_text(text, encoding="utf-8", newline="")


def _write_parquet(rows: pa.Table, path: Path | None) -> None:
    import pyarrow.parquet as pq

    _refuse_doubled(rows.column_names)
    pq.write_table(rows, path if path is not None else sys.stdout.buffer, compression="zstd")


def _values(rows: pa.Table, number: int) -> list[Any]:
    """A column as Python values; DuckDB's widest whole numbers come as decimals and go as int."""
    import pyarrow as pa

    column = rows.column(number)
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException) as exc:
        msg = f"column `{rows.column_names[number]}` holds a value that cannot be shown: {exc}"
        raise QueryError(
            msg, next_step="write it as text in the query: cast(... as varchar)"
        ) from exc
    if column.type == pa.decimal128(38, 0):
        return [None if value is None else int(value) for value in values]
    return values


def _json(names: list[str], columns: list[list[Any]]) -> str:
    _refuse_doubled(names)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return json_text(rows) + "\n"


def _csv(names: list[str], columns: list[list[Any]]) -> str:
    records: list[list[str | None]] = [list(names)]
    records += [[_field(value) for value in row] for row in zip(*columns, strict=True)]
    return "".join(",".join(map(_quoted, record)) + "\n" for record in records)


def _field(value: Any) -> str | None:  # noqa: ANN401 - any value of a query
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_float(value)
    if isinstance(value, list | tuple | dict):
        return json_text(value)
    return str(jsonable(value))


def _quoted(field: str | None) -> str:
    """A CSV field: nothing where unknown, and quotes around what would be misread without."""
    if field is None:
        return ""
    if not field or field != field.strip() or any(mark in field for mark in ',"\r\n'):
        return '"' + field.replace('"', '""') + '"'
    return field


def _table(names: list[str], columns: list[list[Any]]) -> str:
    return table_text(names, list(zip(*columns, strict=True)))


_TEXTS = {Format.JSON: _json, Format.CSV: _csv, Format.TABLE: _table}


def _refuse_doubled(names: list[str]) -> None:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        msg = f"two columns of the result are called `{doubled[0]}`"
        raise QueryError(msg, next_step="name them apart with `as`")
