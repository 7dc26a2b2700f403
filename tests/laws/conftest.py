"""A fresh lake for each law."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bedrot.testing.lakes import throwaway_lake

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with throwaway_lake(tmp_path / "lake") as opened:
        yield opened
