"""Reading contracts: short ones are enough, and nothing wrong gets past."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from bedrot.contracts.model import BOOKKEEPING, Contract
from bedrot.contracts.reading import read_contract
from bedrot.errors import ContractError, UnknownNameError

Document = dict[str, Any]
Read = Callable[[Document], Contract]
ColumnOf = Callable[[Document, str], Document]


def make_mart(document: Document) -> None:
    document["customProperties"] = [{"property": "tableKind", "value": "mart"}]
    for column in document["schema"][0]["properties"]:
        column.pop("customProperties", None)


def test_a_short_contract_is_enough(document: Document, read: Read) -> None:
    contract = read(document)
    assert (contract.id, contract.table, contract.version) == (
        "stg_shop__sales", "stg_shop__sales", "1.0.0",
    )  # fmt: skip
    assert (contract.kind, contract.status, contract.owner) == ("ledger", "active", "finance")
    assert contract.description == "One sale as the shop reports it."
    assert contract.partition == "closing_month"
    assert contract.properties["businessKey"] == ("closing_date", "country_code")
    assert contract.path_name == "sales.odcs.yaml"


def test_what_is_not_written_has_a_sensible_value(document: Document, read: Read) -> None:
    del document["status"], document["team"]
    contract = read(document)
    assert (contract.status, contract.owner) == ("active", "data")
    country = contract.column("country_code")
    assert (country.required, country.classification, country.unit) == (False, "internal", None)


def test_a_column_knows_its_headers(document: Document, read: Read) -> None:
    contract = read(document)
    assert [column.name for column in contract.aliased_columns] == [
        "closing_date", "country_code", "units", "net_usd",
    ]  # fmt: skip
    day = contract.column("closing_date")
    assert (day.header_aliases, day.header_needed) == (("Date", "Closing Date"), True)
    assert (contract.column("units").header_default, contract.column("units").unit) == (
        "1", "copies",
    )  # fmt: skip


def test_physical_types_follow_from_logical_ones(document: Document, read: Read) -> None:
    types = {column.name: column.sql_type for column in read(document).content_columns}
    assert types == {
        "closing_date": "date",
        "closing_month": "varchar",
        "country_code": "varchar",
        "units": "bigint",
        "net_usd": "decimal(22,12)",
    }


def test_a_staging_table_gets_bookkeeping_a_mart_does_not(document: Document, read: Read) -> None:
    staging = read(document)
    assert staging.columns[-4:] == BOOKKEEPING
    assert staging.is_staging
    make_mart(document)
    mart = read(document)
    assert mart.columns == mart.content_columns
    assert not mart.is_staging


def test_a_mart_may_declare_bookkeeping_of_its_own(document: Document, read: Read) -> None:
    make_mart(document)
    document["schema"][0]["properties"].append(
        {
            "name": "_file_id",
            "logicalType": "string",
            "description": "The payload.",
            "customProperties": [{"property": "bookkeeping", "value": True}],
        }
    )
    mart = read(document)
    assert mart.column("_file_id").is_bookkeeping
    assert "_file_id" not in [column.name for column in mart.content_columns]


def test_the_key_follows_its_positions(document: Document, read: Read, column: ColumnOf) -> None:
    make_mart(document)
    column(document, "closing_date").update(primaryKey=True, primaryKeyPosition=2)
    column(document, "country_code").update(primaryKey=True, primaryKeyPosition=1)
    assert read(document).key == ("country_code", "closing_date")


def test_the_standards_partitioned_is_a_partition(
    document: Document, read: Read, column: ColumnOf
) -> None:
    make_mart(document)
    column(document, "closing_month")["partitioned"] = True
    assert read(document).partition == "closing_month"


def test_an_unknown_column_is_an_unknown_name(document: Document, read: Read) -> None:
    with pytest.raises(UnknownNameError, match="no column `nope`") as missing:
        read(document).column("nope")
    assert "bedrot describe stg_shop__sales" in (missing.value.next_step or "")


@pytest.mark.parametrize(
    ("name", "change", "finding"),
    [
        ("units", {"requierd": True}, "requierd` is not a key .* did you mean `required`"),
        ("units", {"description": ""}, "the description is missing"),
        ("units", {"logicalType": "array"}, "logicalType `array` is not used"),
        ("units", {"logicalType": None}, "logicalType `None` is not used"),
        ("units", {"physicalType": "varchar"}, "`varchar` does not hold a `integer`"),
        ("units", {"physicalType": "hugeint"}, "physicalType `hugeint` is not used"),
        ("net_usd", {"physicalType": "decimal(40,2)"}, r"`decimal\(40,2\)` is not used"),
        ("closing_date", {"physicalType": "timestamp"}, "physicalType `timestamp` is not used"),
        ("net_usd", {"physicalType": "double"}, "money is decimal, never double"),
        ("units", {"logicalType": "number", "physicalType": "double"}, "`ratio: true`"),
        ("units", {"classification": "secret"}, "classification `secret` is none of"),
        ("units", {"name": "Units"}, "lower case letters"),
        ("units", {"name": "_units"}, "kept for bookkeeping"),
        ("units", {"name": "landed_at"}, "bookkeeping columns are added"),
        ("units", {"name": "net_usd"}, "column `net_usd` stands 2 times"),
        ("units", {"primaryKey": True}, "a ledger has no primary key"),
        ("units", {"partitioned": True}, "one partition column"),
        ("units", {"physicalName": "n"}, "`physicalName` is not read"),
        ("units", {"required": "perhaps"}, "valid boolean"),
        ("units", {"customProperties": [{"property": "colour", "value": 1}]}, "`colour` is not"),
        ("units", {"customProperties": [{"property": "unit", "value": 1}]}, "has to be a text"),
        (
            "units",
            {"customProperties": [{"property": "headerNeeded", "value": True}]},
            "need `headerAliases`",
        ),
        (
            "units",
            {"customProperties": [{"property": "headerAliases", "value": ["NET "]}]},
            "header `net` is an alias of 2 columns",
        ),
        (
            "units",
            {"customProperties": [{"property": "headerAliases", "value": []}]},
            "list of different texts",
        ),
        ("units", {"customProperties": [{"property": "ratio", "value": True}]}, "is a double"),
        ("units", {"customProperties": [{"property": "ratio", "value": "yes"}]}, "true or false"),
        ("units", {"customProperties": [{"property": "unit", "valeu": "x"}]}, "did you mean"),
    ],
)
def test_a_wrong_column_is_refused(
    document: Document, read: Read, column: ColumnOf, name: str, change: Document, finding: str
) -> None:
    column(document, name).update(change)
    with pytest.raises(ContractError, match=finding):
        read(document)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"apiVersion": "v2.2.0"}, "`apiVersion` has to be"),
        ({"kind": "Contract"}, "`kind` has to be"),
        ({"id": "a b"}, "`id` has to be"),
        ({"version": "1"}, "three numbers"),
        ({"version": 1.0}, "valid string"),
        ({"status": "live"}, "`status` is `live`"),
        ({"owners": "me"}, "`owners` is not a key"),
        ({"team": {"nmae": "me"}}, "`team.nmae` is not a key"),
        ({"team": [{"user": "me"}]}, "user` is not a key"),
        ({"schema": []}, "exactly one table"),
        ({"customProperties": []}, "`tableKind` is ``"),
    ],
)
def test_a_wrong_head_is_refused(
    document: Document, read: Read, change: Document, finding: str
) -> None:
    document.update(change)
    with pytest.raises(ContractError, match=finding):
        read(document)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"name": "Sales"}, "lower case letters"),
        ({"description": None}, "the table's description is missing"),
        ({"logicalType": "array"}, "`logicalType` is `object`"),
        ({"physicalName": "other"}, "`physicalName` differs"),
        ({"properties": []}, "has no columns"),
        ({"customProperties": [{"property": "partition", "value": "units"}]}, "at the top"),
        ({"qualty": []}, "did you mean `quality`"),
    ],
)
def test_a_wrong_table_is_refused(
    document: Document, read: Read, change: Document, finding: str
) -> None:
    document["schema"][0].update(change)
    with pytest.raises(ContractError, match=finding):
        read(document)


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        ("tableKind", "heap", "`tableKind` is `heap`"),
        ("tableKind", "flow", "a flow table needs a key"),
        ("tableKind", "mart", "only a ledger has a `businessKey`"),
        ("partition", "nope", "names `nope`, which is not a column"),
        ("businessKey", ["units", "nope"], "names `nope`, which is not a column"),
        ("businessKey", ["units", "units"], "list of different columns"),
        ("amount", "country_code", "`amount` names `country_code`, a `string`"),
        ("closingDate", "units", "`closingDate` names `units`, a `integer`"),
        ("freshnessDays", -1, "whole number from 0"),
        ("freshnessDays", True, "whole number from 0"),
        ("tabelKind", "ledger", "custom property `tabelKind` is not known"),
    ],
)
def test_a_wrong_custom_property_is_refused(
    document: Document, read: Read, name: str, value: object, finding: str
) -> None:
    kept = [item for item in document["customProperties"] if item["property"] != name]
    document["customProperties"] = [*kept, {"property": name, "value": value}]
    with pytest.raises(ContractError, match=finding):
        read(document)


def test_a_custom_property_stands_once(document: Document, read: Read) -> None:
    document["customProperties"].append({"property": "amount", "value": "units"})
    with pytest.raises(ContractError, match="`amount` stands twice"):
        read(document)


@pytest.mark.parametrize("needed", ["businessKey", "closingDate", "amount", "units"])
def test_a_ledger_says_what_its_merge_needs(document: Document, read: Read, needed: str) -> None:
    document["customProperties"] = [
        item for item in document["customProperties"] if item["property"] != needed
    ]
    with pytest.raises(ContractError, match=f"a ledger needs the custom property `{needed}`"):
        read(document)


def test_a_mart_reads_no_headers(document: Document, read: Read) -> None:
    document["customProperties"] = [{"property": "tableKind", "value": "mart"}]
    with pytest.raises(ContractError, match="`headerAliases` is out of place"):
        read(document)


def test_a_ratio_is_a_double_by_default(document: Document, read: Read) -> None:
    make_mart(document)
    document["schema"][0]["properties"].append(
        {
            "name": "usd_per_unit",
            "logicalType": "number",
            "description": "Net per copy.",
            "customProperties": [{"property": "ratio", "value": True}],
        }
    )
    ratio = read(document).column("usd_per_unit")
    assert (ratio.sql_type, ratio.is_ratio) == ("double", True)


def test_every_finding_is_told_at_once(document: Document, read: Read, column: ColumnOf) -> None:
    document["owners"] = "me"
    column(document, "units").update(description="", classification="secret")
    column(document, "net_usd")["physicalType"] = "double"
    with pytest.raises(ContractError, match=r"`sales\.odcs\.yaml` has 4 finding") as refused:
        read(document)
    assert refused.value.next_step == "correct `sales.odcs.yaml`"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("kind: a\nkind: b\n", "line 2: the key `kind` stands twice"),
        ("kind: [", "not valid YAML"),
        ("- a\n", "not a mapping"),
        ("", "not a mapping"),
    ],
)
def test_what_is_no_plain_mapping_is_refused(text: str, finding: str) -> None:
    with pytest.raises(ContractError, match=finding):
        read_contract(text, name="x")


def test_reading_a_contract_loads_no_engine(ledger_text: str) -> None:
    program = (
        "import sys; from bedrot.contracts.reading import read_contract;"
        "read_contract(sys.stdin.read(), name='x');"
        "print([name for name in ('duckdb', 'sqlglot', 'pyarrow') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=ledger_text,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "[]"
