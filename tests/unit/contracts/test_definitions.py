"""Definition ids: what decides the rows counts, what describes them does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bedrot.contracts.definitions import definition_id
from bedrot.contracts.model import Contract

Document = dict[str, Any]
Read = Callable[[Document], Contract]
ColumnOf = Callable[[Document, str], Document]

SQL = "select a, 'X' as b from source"


def test_an_id_is_sixteen_hex_digits_and_stays(document: Document, read: Read) -> None:
    found = definition_id(read(document), SQL)
    assert found == definition_id(read(document), SQL)
    assert len(found) == 16
    assert int(found, 16) >= 0


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.1.0"},
        {"status": "deprecated"},
        {"team": {"name": "other"}},
        {"description": {"purpose": "Told otherwise."}},
        {"id": "another"},
    ],
)
def test_what_tells_about_the_table_does_not_count(
    document: Document, read: Read, change: Document
) -> None:
    before = definition_id(read(document), SQL)
    assert definition_id(read(document | change), SQL) == before


@pytest.mark.parametrize(
    "change", [{"description": "Told otherwise."}, {"classification": "restricted"}]
)
def test_what_tells_about_a_column_does_not_count(
    document: Document, read: Read, column: ColumnOf, change: Document
) -> None:
    before = definition_id(read(document), SQL)
    column(document, "units").update(change)
    assert definition_id(read(document), SQL) == before


@pytest.mark.parametrize(
    "change",
    [
        {"required": True},
        {"unique": True},
        {"physicalType": "integer"},
        {"logicalTypeOptions": {"minimum": 0}},
        {"name": "copies"},
        {"customProperties": [{"property": "headerAliases", "value": ["Copies", "Qty"]}]},
    ],
)
def test_what_a_column_promises_counts(
    document: Document, read: Read, column: ColumnOf, change: Document
) -> None:
    before = definition_id(read(document), SQL)
    column(document, "units").update(change)
    document["customProperties"] = [
        {**item, "value": change.get("name", "units")} if item["property"] == "units" else item
        for item in document["customProperties"]
    ]
    assert definition_id(read(document), SQL) != before


@pytest.mark.parametrize(("name", "counts"), [("scope", True), ("freshnessDays", False)])
def test_a_custom_property_counts_if_it_decides_content(
    document: Document, read: Read, name: str, counts: bool
) -> None:
    before = definition_id(read(document), SQL)
    value = ["country_code"] if name == "scope" else 40
    document["customProperties"].append({"property": name, "value": value})
    assert (definition_id(read(document), SQL) != before) is counts


def test_layout_of_the_sql_does_not_count_and_its_text_does(document: Document, read: Read) -> None:
    contract = read(document)
    before = definition_id(contract, SQL)
    assert definition_id(contract, "SELECT a,\n 'X' AS b -- new\nFROM source;") == before
    assert definition_id(contract, SQL.replace("'X'", "'x'")) != before


@pytest.mark.parametrize(
    "change",
    [{"parser_version": 2}, {"merge_version": 2}, {"aliases": {"stores": "aa"}}],
)
def test_versions_and_alias_data_count(document: Document, read: Read, change: Document) -> None:
    contract = read(document)
    assert definition_id(contract, SQL, **change) != definition_id(contract, SQL)


def test_the_order_of_alias_files_does_not_count(document: Document, read: Read) -> None:
    contract = read(document)
    one = definition_id(contract, SQL, aliases={"a": "1", "b": "2"})
    assert definition_id(contract, SQL, aliases={"b": "2", "a": "1"}) == one
