"""Bringing the catalogue's tables up to date. Imports alembic: import it only to migrate."""

from __future__ import annotations

from importlib import resources

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def configuration() -> Config:
    """Alembic's configuration; there is no `alembic.ini`."""
    config = Config()
    location = str(resources.files("bedrot.catalog") / "migrations")
    config.set_main_option("script_location", location.replace("%", "%%"))
    return config


def known_revisions() -> frozenset[str]:
    """All revisions that this version of the code can start from."""
    scripts = ScriptDirectory.from_config(configuration())
    return frozenset(script.revision for script in scripts.walk_revisions())


def upgrade(connection: sa.Connection) -> None:
    """Migrate to the newest revision within the connection's transaction."""
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
