"""Wiring: a lake, opened from settings."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bedrot.errors import AlreadyExistsError, LakeNotFoundError, SettingsError
from bedrot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake
    from bedrot.zones.store import Store

WORK = ".work"
CATALOGUE = "catalogue.db"


def settings() -> Settings:
    """The settings in force, with logs configured as they say."""
    from bedrot.observe.logs import configure_logs

    told = read_settings()
    configure_logs(told.log_level)
    return told


def clock() -> datetime:
    """The time now; the one place that asks the machine."""
    return datetime.now(UTC)


def lake_path(lake: Path | None) -> Path:
    """The folder of the lake: what is stated, else the setting, else ./lake."""
    return lake if lake is not None else settings().lake


def is_lake(path: Path) -> bool:
    """Whether a folder is a lake."""
    from bedrot.zones.lake import CONFIG_KEY

    return (path / CONFIG_KEY).is_file()


def create_lake(lake: Path | None) -> tuple[Lake, bool]:
    """Open a lake, making it first if the folder is empty or missing; tells whether it was made.

    Raises:
        LakeNotFoundError: the folder holds something else.
    """
    from bedrot.zones.aliases import ALIASES_KEY, ALIASES_TEXT
    from bedrot.zones.lake import CONFIG_KEY, CONFIG_TEXT
    from bedrot.zones.store import LocalStore

    path = lake_path(lake)
    if is_lake(path):
        return open_lake(path), False
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        msg = f"`{path}` is not a lake, and is not empty"
        raise LakeNotFoundError(msg, next_step="name another folder with --lake or BEDROT_LAKE")
    path.mkdir(parents=True, exist_ok=True)
    for key, text in ((CONFIG_KEY, CONFIG_TEXT), (ALIASES_KEY, ALIASES_TEXT)):
        with suppress(AlreadyExistsError):  # another process made it meanwhile
            LocalStore(path).create(key, text.encode())
    return open_lake(path), True


def open_lake(lake: Path | None) -> Lake:
    """Open a lake.

    Raises:
        LakeNotFoundError: there is none.
    """
    from bedrot.catalog.database import open_catalog, sqlite_url
    from bedrot.zones.aliases import ALIASES_KEY
    from bedrot.zones.lake import CONFIG_KEY, Lake, read_config
    from bedrot.zones.store import LocalStore

    told = settings()
    path = lake if lake is not None else told.lake
    if not is_lake(path):
        msg = f"there is no lake at `{path}`"
        raise LakeNotFoundError(
            msg,
            next_step="name the lake with --lake or the setting BEDROT_LAKE, "
            "or make one with `bedrot init`",
        )
    store = LocalStore(path)
    aliases = _text(store, ALIASES_KEY) if store.exists(ALIASES_KEY) else None
    config = read_config(_text(store, CONFIG_KEY), aliases)
    catalogue = path.resolve() / CATALOGUE
    is_new = told.catalogue_url is None and not catalogue.exists()
    engine = open_catalog(told.catalogue_url or sqlite_url(catalogue))
    opened = Lake(
        store=store,
        config=config,
        catalog=engine,
        work=path.resolve() / WORK,
        memory_limit=told.memory_limit,
        threads=told.threads,
        name=str(path),
    )
    if is_new:
        from bedrot.pipeline.indexing import sync_catalogue

        sync_catalogue(opened)
    return opened


def _text(store: Store, key: str) -> str:
    try:
        return store.read(key).decode()
    except UnicodeDecodeError as exc:
        msg = f"`{key}` is not written in UTF-8"
        raise SettingsError(msg, next_step="save it as UTF-8 in your editor") from exc
