"""Reading a contract strictly: what the lake would not understand, it refuses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bedrot.contracts.column_reading import read_column
from bedrot.contracts.custom_properties import CONTRACT_PROPERTIES, read_custom_properties
from bedrot.contracts.model import (
    BOOKKEEPING,
    KINDS,
    MADE_COLUMNS,
    PROVISIONAL,
    STAGING_KINDS,
    Column,
    Contract,
)
from bedrot.contracts.rules import compile_rules
from bedrot.contracts.strict_yaml import load_document, unknown_keys
from bedrot.errors import ContractError

if TYPE_CHECKING:
    from open_data_contract_standard.model import (
        OpenDataContractStandard,
        SchemaObject,
        SchemaProperty,
    )

API_VERSION = "v3.1.0"
DEFAULT_OWNER = "data"
"""Who owns a table whose contract names no `team`."""

_STATUSES = ("proposed", "draft", "active", "deprecated", "retired")
_ID = re.compile(r"[A-Za-z0-9_-]+")
_TABLE = re.compile(r"[a-z][a-z0-9_]*")
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def read_contract(text: str, *, name: str) -> Contract:
    """Read one contract from ODCS 3.1 YAML.

    Args:
        text: The YAML.
        name: What to call the contract in messages: usually its file name.

    Raises:
        ContractError: With everything that is wrong, one line per finding.
    """
    from open_data_contract_standard.model import OpenDataContractStandard
    from pydantic import ValidationError

    document = load_document(text, name=name)
    findings = unknown_keys(document, OpenDataContractStandard)
    try:
        # Its own top-level check for unknown keys is in the findings already.
        known = {str(key): document[key] for key in document if key in _top_level_keys()}
        standard = OpenDataContractStandard.model_validate(known)
    except ValidationError as exc:
        findings.extend(
            f"`{'.'.join(str(part) for part in error['loc'])}`: {error['msg']}"
            for error in exc.errors()
        )
        raise _refused(name, findings) from exc
    contract, wrong = _build(standard, name=name)
    findings.extend(wrong)
    if findings or contract is None:
        raise _refused(name, findings)
    return contract


def _top_level_keys() -> frozenset[str]:
    from open_data_contract_standard.model import OpenDataContractStandard

    fields = OpenDataContractStandard.model_fields
    return frozenset(info.alias or field for field, info in fields.items())


def _refused(name: str, findings: Sequence[str]) -> ContractError:
    lines = "\n".join(f"  - {finding}" for finding in findings)
    msg = f"contract `{name}` has {len(findings)} finding(s):\n{lines}"
    return ContractError(msg, next_step=f"correct `{name}`")


def _build(standard: OpenDataContractStandard, *, name: str) -> tuple[Contract | None, list[str]]:
    findings = list(_document_findings(standard))
    tables = standard.schema_ or []
    if len(tables) != 1:
        findings.append(f"a contract has exactly one table under `schema`, not {len(tables)}")
        return None, findings
    table = tables[0]
    custom, wrong = read_custom_properties(
        standard.customProperties, CONTRACT_PROPERTIES, place="contract"
    )
    findings.extend(wrong)
    kind = str(custom.get("tableKind", ""))
    if kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        findings.append(f"custom property `tableKind` is `{kind}` and has to be one of: {known}")
    columns, wrong = _columns(table, kind=kind)
    findings.extend(wrong)
    key = _key(table)
    partition, wrong = _partition(table, custom)
    findings.extend(wrong)
    findings.extend(_table_findings(standard, table))
    findings.extend(_reference_findings(custom, columns))
    findings.extend(_kind_findings(kind, key=key, partition=partition, custom=custom))
    findings.extend(
        f"a {kind} table has the column `{name}`, which the merge makes"
        for name in MADE_COLUMNS.get(kind, ())
        if name not in {column.name for column in columns}
    )
    if kind in MADE_COLUMNS and partition is not None:
        findings.append(f"a {kind} table has no `partition`")
    if "provisionalDays" in custom and PROVISIONAL not in {column.name for column in columns}:
        findings.append(f"`provisionalDays` needs the column `{PROVISIONAL}`")
    rules, wrong = compile_rules(table, columns=columns, key=key)
    findings.extend(wrong)
    contract = Contract(
        id=standard.id or "",
        table=table.name or "",
        version=standard.version or "",
        kind=kind,
        status=standard.status or "active",
        description=_description(standard, table),
        owner=_owner(standard),
        columns=(*columns, *BOOKKEEPING) if kind in STAGING_KINDS else columns,
        key=key,
        partition=partition,
        rules=rules,
        properties=custom,
        path_name=name,
    )
    return contract, findings


def _document_findings(standard: OpenDataContractStandard) -> Iterator[str]:
    if standard.apiVersion != API_VERSION:
        yield f"`apiVersion` has to be `{API_VERSION}`, not `{standard.apiVersion}`"
    if standard.kind != "DataContract":
        yield f"`kind` has to be `DataContract`, not `{standard.kind}`"
    if not _ID.fullmatch(standard.id or ""):
        yield f"`id` has to be letters, digits, `-` and `_`, not `{standard.id}`"
    if not _VERSION.fullmatch(standard.version or ""):
        yield f"`version` has to be three numbers such as 1.0.0, not `{standard.version}`"
    if (standard.status or "active") not in _STATUSES:
        yield f"`status` is `{standard.status}` and has to be one of: {', '.join(_STATUSES)}"


def _table_findings(standard: OpenDataContractStandard, table: SchemaObject) -> Iterator[str]:
    if not _TABLE.fullmatch(table.name or ""):
        yield f"table `{table.name}`: a name is lower case letters, digits and `_`"
    if not _description(standard, table):
        yield "the table's description is missing (`schema[0].description`)"
    if (table.logicalType or "object") != "object":
        yield f"table `{table.name}`: `logicalType` is `object`, or left out"
    if table.physicalName is not None and table.physicalName != table.name:
        yield f"table `{table.name}`: `physicalName` differs from the name"
    if table.customProperties:
        yield f"table `{table.name}`: write `customProperties` at the top of the contract"


def _description(standard: OpenDataContractStandard, table: SchemaObject) -> str:
    purpose = standard.description.purpose if standard.description else None
    return (table.description or purpose or "").strip()


def _owner(standard: OpenDataContractStandard) -> str:
    team = standard.team
    if team is None or isinstance(team, list):
        return DEFAULT_OWNER
    return team.name or DEFAULT_OWNER


def _columns(table: SchemaObject, *, kind: str) -> tuple[tuple[Column, ...], list[str]]:
    columns = []
    findings = []
    for written in table.properties or ():
        column, wrong = read_column(written, kind=kind)
        findings.extend(wrong)
        if column is not None:
            columns.append(column)
    if not table.properties:
        findings.append("the table has no columns (`schema[0].properties`)")
    names = Counter(written.name for written in table.properties or ())
    findings.extend(f"column `{name}` stands {n} times" for name, n in names.items() if n > 1)
    headers = Counter(
        " ".join(alias.split()).casefold() for c in columns for alias in c.header_aliases
    )
    findings.extend(
        f"header `{header}` is an alias of {n} columns" for header, n in headers.items() if n > 1
    )
    return tuple(columns), findings


def _key(table: SchemaObject) -> tuple[str, ...]:
    def position(numbered: tuple[int, SchemaProperty]) -> tuple[int, int]:
        index, written = numbered
        return (written.primaryKeyPosition or len(numbered_keys) + 1, index)

    numbered_keys = [
        (index, written)
        for index, written in enumerate(table.properties or ())
        if written.primaryKey
    ]
    return tuple(str(written.name) for _, written in sorted(numbered_keys, key=position))


def _partition(table: SchemaObject, custom: Mapping[str, Any]) -> tuple[str | None, list[str]]:
    """The partition column, by our custom property or by the standard's `partitioned`."""
    marked = [str(written.name) for written in table.properties or () if written.partitioned]
    named = custom.get("partition")
    candidates = {*marked, *([named] if named else [])}
    if len(candidates) > 1:
        told = ", ".join(f"`{name}`" for name in sorted(candidates))
        return None, [f"a table has one partition column, not {told}"]
    return next(iter(candidates), None), []


def _reference_findings(custom: Mapping[str, Any], columns: Sequence[Column]) -> Iterator[str]:
    names = {column.name for column in columns}
    for name, value in custom.items():
        shape = CONTRACT_PROPERTIES[name].shape
        if shape not in {"column", "columns"}:
            continue
        for referred in (value,) if shape == "column" else value:
            if referred not in names:
                yield f"custom property `{name}` names `{referred}`, which is not a column"
    for name, logical_types in _EXPECTED_TYPES.items():
        for column in columns:
            if column.name == custom.get(name) and column.logical_type not in logical_types:
                yield f"custom property `{name}` names `{column.name}`, a `{column.logical_type}`"


_EXPECTED_TYPES = {
    "amount": ("number",),
    "units": ("integer", "number"),
    "closingDate": ("date",),
    "closingPartitionOf": ("date",),
    "period": ("date",),
}

_ALWAYS_NEEDED = {
    "ledger": ("businessKey", "closingDate", "amount", "units"),
    "flow": ("period", "measures"),
    "window": ("period", "measures", "whole"),
    "lifetime": ("measures",),
    "stock": ("measures",),
    "dimension": ("measures",),
}


def _kind_findings(
    kind: str, *, key: Sequence[str], partition: str | None, custom: Mapping[str, Any]
) -> Iterator[str]:
    for needed in _ALWAYS_NEEDED.get(kind, ()):
        if needed not in custom:
            yield f"a {kind} needs the custom property `{needed}`"
    if kind == "ledger":
        if key:
            yield "a ledger has no primary key, as equal lines are real: use `businessKey`"
    elif kind in STAGING_KINDS and not key:
        yield f"a {kind} table needs a key: mark its columns `primaryKey: true`"
    if kind != "ledger" and "businessKey" in custom:
        yield "only a ledger has a `businessKey`; mark the key's columns `primaryKey: true`"
    for part in ("whole", "scope"):
        if kind != "ledger" and not set(custom.get(part, ())) <= set(key):
            yield f"the columns of `{part}` belong to the key"
    if "closingPartitionOf" in custom and partition is None:
        yield "`closingPartitionOf` needs a `partition`"
