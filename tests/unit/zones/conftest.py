"""A lake in a folder, and a small contract with a partition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from bedrot.contracts.model import Contract
from bedrot.contracts.reading import read_contract
from bedrot.engine.session import connect
from bedrot.testing.lakes import throwaway_lake
from bedrot.zones.lake import Lake
from bedrot.zones.store import LocalStore

MART = """\
apiVersion: v3.1.0
kind: DataContract
id: rpt-small
name: rpt_small
version: 1.0.0
customProperties:
  - {property: tableKind, value: mart}
  - {property: partition, value: month}
schema:
  - name: rpt_small
    description: A small table.
    properties:
      - {name: month, logicalType: string, required: true, description: Month.}
      - {name: title, logicalType: string, description: Title.}
      - {name: units, logicalType: integer, description: Units.}
      - {name: net_usd, logicalType: number, description: Money.}
      - {name: day, logicalType: date, description: Day.}
"""


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with throwaway_lake(tmp_path / "lake") as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    folder = tmp_path / "store"
    folder.mkdir()
    return LocalStore(folder)


@pytest.fixture(scope="session")
def contract() -> Contract:
    return read_contract(MART, name="rpt_small.odcs.yaml")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    session = connect(threads=1)
    yield session
    session.close()
