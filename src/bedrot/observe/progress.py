"""Progress of long work, told to whoever shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the steps of long work; a terminal draws them, a script ignores them."""

    def step(self, text: str, done: int, total: int) -> None:
        """Say that `done` of `total` parts are finished and what is worked on now."""


class SilentProgress:
    """Tells nobody."""

    def step(self, text: str, done: int, total: int) -> None:
        """Do nothing."""


SILENT = SilentProgress()
