"""Records whose quotes are closed far away, or never."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.extract.delimited import _split, records


def _by_the_whole_record(text: str, delimiter: str) -> Iterator[str]:
    """The rule as one pattern over all of a record, which is looked at again with each line."""
    field = f'(?:"(?:[^"]|"")*"|[^"{delimiter}][^{delimiter}]*)?'
    closed = re.compile(f"{field}(?:{delimiter}{field})*", re.DOTALL)
    pending = ""
    for line in io.StringIO(text, newline=""):
        pending += line
        record = pending.rstrip("\r\n")
        if record.count('"') % 2 and not closed.fullmatch(record):
            continue
        pending = ""
        if record:
            yield record
    if pending:
        yield pending.rstrip("\r\n")


@given(text=st.text('",;a \r\n', max_size=40), delimiter=st.sampled_from(",;"))
def test_a_record_ends_where_its_quotes_are_closed(text: str, delimiter: str) -> None:
    told = list(_split(io.StringIO(text, newline=""), delimiter))
    assert told == list(_by_the_whole_record(text, delimiter))


@pytest.mark.parametrize("line", ['2,some text,"x" and more\n', "3,some text and no more of it\n"])
def test_one_open_quote_in_five_megabytes_costs_no_more_than_the_file(
    tmp_path: Path, line: str
) -> None:
    # No clock: where each line looks at all lines before it, this takes hours.
    path = tmp_path / "export.csv"
    open_record = '1,"open\n' + line * ((5 << 20) // len(line))
    path.write_text(f"a,b,c\n{open_record}", newline="")
    assert list(records(path, "ascii", quoted_by=",")) == ["a,b,c", open_record.rstrip("\n")]


@pytest.mark.parametrize("blank", ["\n", "\r\n\r\n", "  \n", "\t\n\n"])
def test_what_is_blank_before_the_header_is_no_record(tmp_path: Path, blank: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"{blank}a,b\n1,2\n  \n", newline="")
    assert list(records(path, "ascii", quoted_by=",")) == ["a,b", "1,2", "  "]
