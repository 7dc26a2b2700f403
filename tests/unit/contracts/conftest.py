"""A short contract to change one thing of at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from bedrot.contracts.model import Contract
from bedrot.contracts.reading import read_contract

Document = dict[str, Any]

LEDGER = """
apiVersion: v3.1.0
kind: DataContract
id: stg_shop__sales
version: 1.0.0
status: active
team: {name: finance}
customProperties:
  - {property: tableKind, value: ledger}
  - {property: partition, value: closing_month}
  - {property: businessKey, value: [closing_date, country_code]}
  - {property: closingDate, value: closing_date}
  - {property: amount, value: net_usd}
  - {property: units, value: units}
schema:
  - name: stg_shop__sales
    description: One sale as the shop reports it.
    properties:
      - name: closing_date
        logicalType: date
        required: true
        description: Day on which the shop closed the sale.
        customProperties:
          - {property: headerAliases, value: [Date, Closing Date]}
          - {property: headerNeeded, value: true}
      - {name: closing_month, logicalType: string, required: true, description: Its month.}
      - name: country_code
        logicalType: string
        description: Country of the sale, ISO 3166.
        customProperties: [{property: headerAliases, value: [Country]}]
      - name: units
        logicalType: integer
        description: Copies sold.
        customProperties:
          - {property: headerAliases, value: [Copies]}
          - {property: headerDefault, value: '1'}
          - {property: unit, value: copies}
      - name: net_usd
        logicalType: number
        required: true
        description: What the shop pays.
        customProperties: [{property: headerAliases, value: [Net]}]
"""


def column_of(document: Document, name: str) -> Document:
    """The column of that name in a contract's document."""
    columns: list[Document] = document["schema"][0]["properties"]
    return next(column for column in columns if column["name"] == name)


@pytest.fixture
def document() -> Document:
    loaded: Document = yaml.safe_load(LEDGER)
    return loaded


@pytest.fixture
def read() -> Callable[[Document], Contract]:
    """`read(document)`: the contract that the document is."""
    return lambda document: read_contract(yaml.safe_dump(document), name="sales.odcs.yaml")


@pytest.fixture
def column() -> Callable[[Document, str], Document]:
    return column_of


@pytest.fixture
def ledger_text() -> str:
    return LEDGER
