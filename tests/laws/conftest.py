"""A fresh lake for each law; the inbox over all sources lies beside this file as a package."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bedrot.testing.lakes import throwaway_lake

if TYPE_CHECKING:
    from five_sources.handing import Whole

    from bedrot.zones.lake import Lake

FOLDER = str(Path(__file__).parent)
if FOLDER not in sys.path:
    sys.path.insert(0, FOLDER)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The inbox over all sources, imported and run in Kathmandu."""
    from five_sources.faults import INBOX
    from five_sources.handing import KATHMANDU, Whole, elsewhere, laid_out, told

    folder = tmp_path_factory.mktemp("whole")
    inbox = laid_out(INBOX, folder)
    done = elsewhere(folder / "lake", inbox, "take_in", **KATHMANDU)
    return Whole(folder=folder / "lake", inbox=inbox, **told(done))


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with throwaway_lake(tmp_path / "lake") as opened:
        yield opened
