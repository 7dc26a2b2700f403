"""What all tests share: hypothesis profiles, the real samples where they exist, and a closed door.

Tests run in the time zone and locale of the machine; what depends on either is a fault.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# Engines start within an example, so time per example says nothing: no deadline.
settings.register_profile(
    "default", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
# CI tries the same examples every time; an eighth of them is enough to notice what breaks a law.
settings.register_profile(
    "ci", settings.get_profile("default"), derandomize=True, database=None, max_examples=12
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket has a path for an address
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:  # a name, not a number
        return bool(address[0] == "localhost")


@pytest.fixture(scope="session", autouse=True)
def _on_our_own() -> Iterator[None]:
    """No test reaches another machine, or reads the settings of whoever runs it."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if not _is_here(address):
            pytest.fail(f"a test asks for {address!r}; tests stay on this machine")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        for name in [name for name in os.environ if name.startswith("BEDROT_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    """The real exports beside the project, on the machines that have them."""
    folder = ROOT.parent / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip("the real samples (../shared/samples) are not on this machine")
    return folder
