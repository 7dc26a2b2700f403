from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("alembic", "deltalake", "duckdb", "pyarrow", "sqlalchemy", "sqlglot")

SCRIPT = """
import sys
sys.argv = ["bedrot", *{arguments}]
from bedrot.cli.main import main
try:
    code = main()
except SystemExit as exit:
    code = exit.code
assert not code, code
print("LOADED", *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"]])
def test_asking_for_help_imports_no_engine(arguments: list[str]) -> None:
    script = SCRIPT.format(arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.rpartition("LOADED")[2].split()
    assert "bedrot" in loaded
    assert not set(HEAVY) & set(loaded)
