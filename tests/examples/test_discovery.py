"""A source in another package is found by its entry point; nothing of bedrot is touched."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from bedrot_acme.synthetic import Record, write_export

SITE_METADATA = "Metadata-Version: 2.1\nName: bedrot-acme\nVersion: 1.0\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """What an installer leaves on the path: the package's metadata with its entry point."""
    folder = tmp_path / "site"
    metadata = folder / "bedrot_acme-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(SITE_METADATA)
    (metadata / "entry_points.txt").write_text("[bedrot.sources]\nacme = bedrot_acme\n")
    return folder


IMPORT_RUN_ASK = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from bedrot.app import create_lake
from bedrot.pipeline.bringing import Stated
from bedrot.pipeline.importing import import_paths
from bedrot.pipeline.reading import query
from bedrot.pipeline.running import run

now = lambda: datetime(2026, 1, 1, tzinfo=UTC)
lake, _ = create_lake(Path(sys.argv[1]))
told = list(import_paths(lake, [Path(sys.argv[2])], stated=Stated(), now=now))
run(lake, clock=now)
rows = query(
    lake,
    "select count(*) as lines, sum(net_usd)::varchar as net, sum(units)::varchar as units, "
    "(sum(net_usd) filter (line_type = 'deduction'))::varchar as refunds from stg_acme__sales",
)
print(json.dumps([[t.outcome, t.source, t.stream] for t in told] + rows.to_pylist()))
"""


def test_its_statement_lands_and_can_be_queried(site: Path, tmp_path: Path) -> None:
    statement = tmp_path / "statement.csv"
    lines = [Record(quantity=120, net="0.372000"), Record(quantity=3, net="-0.009300")]
    statement.write_bytes(write_export(lines))
    paths = [
        str(site),
        str(Path(__file__).parent / "acme" / "src"),
        os.environ.get("PYTHONPATH", ""),
    ]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_RUN_ASK, str(tmp_path / "lake"), str(statement)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    told, row = json.loads(done.stdout)
    assert told == ["landed", "acme", "sales"]
    assert (row["lines"], row["units"]) == (2, "123")
    assert Decimal(row["net"]) == Decimal("0.3627")
    assert Decimal(row["refunds"]) == Decimal("-0.0093")


def test_without_its_entry_point_nobody_knows_the_file(site: Path, tmp_path: Path) -> None:
    from bedrot.app import create_lake
    from bedrot.pipeline.bringing import Stated
    from bedrot.pipeline.importing import import_paths
    from bedrot.testing.lakes import NOW

    statement = tmp_path / "statement.csv"
    statement.write_bytes(write_export([Record()]))
    lake, _ = create_lake(tmp_path / "lake")
    [told] = import_paths(lake, [statement], stated=Stated(), now=lambda: NOW)
    lake.catalog.dispose()
    assert told.outcome == "refused"
