"""A mart that is cut by month and reads the lake's names beside its facts."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from bedrot.catalog import index
from bedrot.marts import Mart
from bedrot.observe.progress import SILENT
from bedrot.pipeline.identity import configured_tables
from bedrot.pipeline.marts import Built, build_mart
from bedrot.pipeline.tracing import contract_of
from bedrot.testing.lakes import decide, publish, rows_of, run_lake, throwaway_lake, versions
from bedrot.testing.ledgers import export, line
from bedrot.zones.aliases import ALIASES_KEY
from bedrot.zones.lake import CURATED, STAGING
from bedrot.zones.tables import open_table, read_state

if TYPE_CHECKING:
    from bedrot.pipeline.writing import TableChange
    from bedrot.zones.lake import Lake

LINES = "stg_distrokid__earnings"
NAMES = configured_tables()[0].table
NAMED = Mart(
    table="fct_named_line",
    subject="tests",
    sql=f"""
        select lines.reporting_month, coalesce(names.artist, lines.artist_name) as artist
        from {LINES} as lines
        left join {NAMES} as names on names.spelling_key = spelling_key(lines.artist_name)
    """,
    contract_text="""\
apiVersion: v3.1.0
kind: DataContract
id: fct-named-line
name: fct_named_line
version: 1.0.0
customProperties:
  - {property: tableKind, value: mart}
  - {property: partition, value: reporting_month}
schema:
  - name: fct_named_line
    description: One line.
    properties:
      - {name: reporting_month, logicalType: string, required: true, description: Month.}
      - {name: artist, logicalType: string, description: Artist.}
""",
)


def build(lake: Lake) -> TableChange:
    built = {}
    for table, zone, names_only in ((LINES, STAGING, False), (NAMES, CURATED, True)):
        state = read_state(lake, zone, table)
        assert state is not None
        built[table] = Built(
            contract=contract_of(table), zone=zone, state=state, names_only=names_only
        )
    return build_mart(lake, NAMED, built, SILENT)


def test_new_names_make_every_month_again_and_a_new_month_only_itself(tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    lines = [line(on="2025-03-20", artist="ada"), line(on="2025-04-20", artist="Bob")]
    with throwaway_lake(folder) as lake:
        publish(lake, export(lines, "20250501"))
        assert build(lake).partitions == ("2025-03", "2025-04")
        publish(lake, export([*lines, line(on="2025-05-20")], "20250601"))
        may = build(lake)
        assert may.partitions == ("2025-05",)
    names = 'format = 1\n[[artist]]\nname = "A."\nspellings = ["ADA"]\n'
    (folder / ALIASES_KEY).write_text(names, encoding="utf-8")
    with throwaway_lake(folder) as lake:
        run_lake(lake)
        renamed = build(lake)
        assert renamed.partitions == ("2025-03", "2025-05")
        # What reads it in turn knows by the token that it changed.
        assert renamed.state.contents["2025-03"].token != may.state.contents["2025-03"].token
        assert not build(lake).is_changed
        table = open_table(lake, CURATED, NAMED.table)
        assert table is not None
        rows = table.to_pyarrow_table().to_pylist()
    told = sorted((row["reporting_month"], row["artist"]) for row in rows)
    assert told == [("2025-03", "A."), ("2025-04", "Bob"), ("2025-05", "A.")]


def test_a_table_whose_folder_was_removed_is_made_again_and_so_is_what_reads_it(
    tmp_path: Path,
) -> None:
    with throwaway_lake(tmp_path / "lake") as lake:
        publish(lake, *(export([line(on=f"2025-0{n}-20")], f"20250{n}28") for n in (1, 2)))
        withdraw(lake, "20250128")
        rmtree(tmp_path / "lake" / "curated" / "fct_royalty_line")
        run_lake(lake)
        assert (
            months(lake, "fct_royalty_line") == months(lake, "rpt_revenue_monthly") == ["2025-01"]
        )


def test_a_removed_table_with_a_longer_history_stops_no_run(tmp_path: Path) -> None:
    with throwaway_lake(tmp_path / "lake") as lake:
        for n in (1, 2, 3):
            publish(lake, export([line(on=f"2025-0{n}-20")], f"20250{n}28"))
        assert versions(lake)["fct_royalty_line"] == 2
        withdraw(lake, "20250328")
        rmtree(tmp_path / "lake" / "curated" / "fct_royalty_line")
        run_lake(lake)
        assert months(lake, "rpt_revenue_monthly") == ["2024-12", "2025-01"]


def withdraw(lake: Lake, stamp: str) -> None:
    (capture,) = [c for c in index.captures(lake.catalog) if stamp in c.name]
    decide(lake, "drop", capture.file_id)


def months(lake: Lake, table: str) -> list[str]:
    return [
        row["m"]
        for row in rows_of(lake, f"select distinct sale_month as m from {table} order by 1")
    ]
