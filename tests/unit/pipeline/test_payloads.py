"""The gate: one payload, judged alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from bedrot.engine.session import connect
from bedrot.errors import RejectedPayloadError
from bedrot.pipeline.payloads import Payload, examine, load_aliases, session
from bedrot.sources.distrokid import EARNINGS
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    HYBRID,
    LAYOUTS,
    LEGACY,
    EarningsLine,
    write_earnings,
)
from bedrot.testing.lakes import throwaway_lake
from bedrot.zones.lake import Lake
from bedrot.zones.parts import Profile

LINE = EarningsLine(
    reporting_date=date(2025, 5, 24),
    sale_month="2025-03",
    store="Spotify",
    artist="The Tin Almanac",
    title="Said the Sea",
    isrc="ZZBDR2500001",
    upc="400000000013",
    quantity=12,
    country="NA",
    earnings=Decimal("0.03120000"),
)
APRIL = replace(LINE, reporting_date=date(2025, 4, 2), quantity=3, earnings=Decimal("-0.01"))
LINES = [LINE, APRIL, replace(LINE, artist="Zinc", store="TikTok", quantity=0)]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    with throwaway_lake(tmp_path_factory.mktemp("lakes") / "lake") as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "it's an export.tsv"


def profile(lake: Lake, path: Path, content: bytes) -> Profile:
    path.write_bytes(content)
    return examine(lake, EARNINGS, Payload(path=path, file_id="ab"))


def test_a_profile_says_what_the_payload_holds(lake: Lake, path: Path) -> None:
    told = profile(lake, path, write_earnings(LINES, LEGACY))
    assert told.layout == "13 columns, tab, unquoted, CR, ascii"
    assert (told.rows, told.units, told.amount) == (3, 15, Decimal("0.0524"))
    assert (told.first, told.newest) == (date(2025, 4, 2), date(2025, 5, 24))
    assert told.definition_id == EARNINGS.definition_id
    assert told.unknown_headers == ()


def test_rows_are_cut_by_month_of_the_reporting_date(lake: Lake, path: Path) -> None:
    chunks = profile(lake, path, write_earnings(LINES, LEGACY)).chunks
    assert {name: chunk.rows for name, chunk in chunks.items()} == {"2025-04": 1, "2025-05": 2}
    assert Decimal(chunks["2025-04"].amount) == Decimal("-0.01")
    assert (chunks["2025-05"].first, chunks["2025-05"].last) == ("2025-05-24", "2025-05-24")


def test_the_scope_is_what_an_export_may_be_filtered_by(lake: Lake, path: Path) -> None:
    scope = profile(lake, path, write_earnings(LINES, LEGACY)).scope
    assert scope == {
        "artist_name": ("The Tin Almanac", "Zinc"),
        "store": ("Spotify", "TikTok"),
        "sale_month": ("2025-03",),
    }


def test_the_order_of_lines_says_nothing(lake: Lake, path: Path) -> None:
    one = profile(lake, path, write_earnings(LINES, LEGACY)).chunks
    two = profile(lake, path, write_earnings(LINES[::-1], LEGACY)).chunks
    assert one == two


def test_encoding_line_ends_and_column_order_say_nothing(lake: Lake, path: Path) -> None:
    titled = [replace(line, title="Größe") for line in LINES]
    one = profile(lake, path, write_earnings(titled, LEGACY)).chunks
    for encoding, newline in [("cp1252", "\n"), ("utf-16", "\r\n"), ("utf-8-sig", "mixed")]:
        content = write_earnings(titled, LEGACY, encoding=encoding, newline=newline)  # type: ignore[arg-type]
        assert profile(lake, path, content).chunks == one


def test_a_changed_line_changes_its_months_fingerprint_alone(lake: Lake, path: Path) -> None:
    one = profile(lake, path, write_earnings(LINES, LEGACY)).chunks
    changed = [replace(LINES[0], title="Renamed"), *LINES[1:]]
    two = profile(lake, path, write_earnings(changed, LEGACY)).chunks
    assert one["2025-04"] == two["2025-04"]
    assert one["2025-05"].fingerprint != two["2025-05"].fingerprint


def test_equal_lines_do_not_cancel_in_a_fingerprint(lake: Lake, path: Path) -> None:
    prints = {
        profile(lake, path, write_earnings([LINE] * count, LEGACY)).chunks["2025-05"].fingerprint
        for count in (1, 2, 3, 4)
    }
    assert len(prints) == 4


@pytest.mark.parametrize(("layout", "scale"), [(LEGACY, 8), (CURRENT, 12), (HYBRID, 12)])
def test_a_chunk_knows_the_scale_of_its_layout(
    lake: Lake, path: Path, layout: object, scale: int
) -> None:
    # An amount of the new layout may end in zeros by chance; its scale is the layout's own.
    chunks = profile(lake, path, write_earnings([LINE, LINE], layout)).chunks  # type: ignore[arg-type]
    assert {chunk.scale for chunk in chunks.values()} == {scale}


def test_examining_writes_nothing_into_the_lake(lake: Lake, path: Path) -> None:
    root = lake.work.parent
    before = {file for file in root.rglob("*") if file.is_file()}
    profile(lake, path, write_earnings(LINES, CURRENT))
    assert {file for file in root.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_all_reshaped_values_are_counted_and_three_are_shown(
    lake: Lake, path: Path, layout: object
) -> None:
    lines = [replace(LINE, quantity=90_000 + n) for n in range(7)]
    content = write_earnings(lines, layout)  # type: ignore[arg-type]
    for n in range(1, 6):
        content = content.replace(b"9000%d" % n, b"9E%d" % n)
    with pytest.raises(RejectedPayloadError) as caught:
        profile(lake, path, content)
    assert "5 value(s) under `Quantity`" in str(caught.value)
    assert caught.value.seen == "record 2: `9E1`; record 3: `9E2`; record 4: `9E3`"


def test_a_failing_payload_leaves_no_session_or_spool(lake: Lake, path: Path) -> None:
    for content in (b"", b"a\tb\r1\r", write_earnings(LINES, LEGACY, encoding="utf-16")[:-3]):
        with pytest.raises(RejectedPayloadError):
            profile(lake, path, content)
    assert list(lake.work.glob("*-*")) == []


def test_rules_are_told_with_their_records(lake: Lake, path: Path) -> None:
    lines = [LINE, replace(LINE, store="Kazoo Radio"), replace(LINE, country="Norway")]
    rules = {rule.name: rule for rule in profile(lake, path, write_earnings(lines, CURRENT)).rules}
    assert len(rules) == 2
    assert "record 2" in rules["unknown_store"].examples[0]
    assert {rule.severity for rule in rules.values()} == {"warning"}


def test_a_waived_code_is_passed_over(lake: Lake, path: Path) -> None:
    path.write_bytes(write_earnings(LINES, LEGACY)[:-1])
    with pytest.raises(RejectedPayloadError):
        examine(lake, EARNINGS, Payload(path=path, file_id="ab"))
    assert (
        examine(
            lake, EARNINGS, Payload(path=path, file_id="ab", waived=frozenset({"truncated"}))
        ).rows
        == 3
    )


def test_alias_data_are_text_and_an_empty_cell_is_null() -> None:
    con = connect(threads=1)
    load_aliases(con, "stores", 'alias,store,n\n"a, b",X,007\n\nc,,\n')
    rows = con.execute("select * from stores order by alias").fetchall()
    con.close()
    assert rows == [("a, b", "X", "007"), ("c", None, None)]


def test_a_session_spills_into_the_lake_and_cleans_up(lake: Lake) -> None:
    with session(lake) as con:
        spill = con.execute("select current_setting('temp_directory')").fetchall()[0][0]
        assert Path(spill).parent == lake.work
    assert not Path(spill).exists()
    with pytest.raises(duckdb.Error):
        con.execute("select 1")
