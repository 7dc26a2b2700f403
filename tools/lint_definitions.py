"""Lint what defines the tables: every contract, and every stream's and mart's SQL.

A contract is found by its ending `.odcs.yaml`; its SQL bears the same stem, beside it or one folder
up. All findings are printed, not only the first.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bedrot.contracts.model import Contract
from bedrot.contracts.reading import read_contract
from bedrot.engine.portability import lint_sql
from bedrot.errors import ContractError

ROOT = Path(__file__).resolve().parent.parent
ENDING = ".odcs.yaml"
CONFIGURED = "cfg_"
"""How tables are called that are written from the lake's configuration, without SQL."""


def sql_of(contract_path: Path) -> Path | None:
    """The SQL file of a contract, or None."""
    name = contract_path.name.removesuffix(ENDING) + ".sql"
    places = (contract_path.parent / name, contract_path.parent.parent / name)
    return next((place for place in places if place.is_file()), None)


def sql_findings(path: Path, contract: Contract) -> list[str]:
    """What the portability lint says about one SQL file."""
    ratios = [column.name for column in contract.columns if column.is_ratio]
    findings = lint_sql(path.read_text(encoding="utf-8"), double_columns=ratios)
    return [
        f"{path.relative_to(ROOT)}:{found.line}: {found.rule}: {found.message}"
        for found in findings
    ]


def contract_findings(path: Path) -> list[str]:
    """What our lint says about one contract and its SQL."""
    name = path.relative_to(ROOT).as_posix()
    try:
        contract = read_contract(path.read_text(encoding="utf-8"), name=name)
    except ContractError as error:
        return [str(error)]
    sql = sql_of(path)
    if sql is None and contract.table.startswith(CONFIGURED):
        return []
    return [f"{name}: has no SQL file"] if sql is None else sql_findings(sql, contract)


def main() -> int:
    """Print every finding; fail when there is one, or when there was nothing to read."""
    paths = sorted((ROOT / "src" / "bedrot").rglob(f"*{ENDING}"))
    findings = [finding for path in paths for finding in contract_findings(path)]
    print(*findings, sep="\n", end="\n" if findings else "")
    print(f"{len(paths)} contracts with their SQL, {len(findings)} findings")
    return 1 if findings or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
