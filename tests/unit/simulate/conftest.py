"""One small world that the tests of this folder share; nothing changes it."""

import pytest

from bedrot.simulate.demo import Inbox, write_inbox
from bedrot.simulate.world import World, make_world


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(5, recordings=8, volume=0.4)


@pytest.fixture(scope="session")
def unadvertised() -> World:
    """The same world, had nobody advertised."""
    return make_world(5, recordings=8, volume=0.4, has_ads=False)


@pytest.fixture(scope="session")
def inbox(world: World, tmp_path_factory: pytest.TempPathFactory) -> Inbox:
    """The files of that world."""
    return write_inbox(tmp_path_factory.mktemp("demo") / "inbox", world)
