"""Put every contract of the package through `datacontract lint`; run by `make contracts`.

Runs in the environment of the dependency group `contracts`, which knows nothing of bedrot. One
process for all files, because starting the tool takes longer than its check.
"""

from __future__ import annotations

import sys
from pathlib import Path

from datacontract.data_contract import DataContract

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Say per file whether it holds, and fail when one does not or none was found."""
    paths = sorted((ROOT / "src").rglob("*.odcs.yaml"))
    failed = 0
    for path in paths:
        # References are left alone: a check of ours asks no other machine.
        contract = DataContract(
            data_contract_file=str(path), all_errors=True, inline_references=False
        )
        run = contract.lint()
        name = path.relative_to(ROOT).as_posix()
        print(f"{'ok ' if run.has_passed() else 'BAD'} {name}")
        if not run.has_passed():
            failed += 1
            print(*(f"    {check.reason}" for check in run.checks if check.reason), sep="\n")
    print(f"datacontract lint: {len(paths)} contracts, {failed} failed")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
