"""What can be set from outside: environment variables that begin with BEDROT_."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bedrot.errors import SettingsError


class Settings(BaseSettings):
    """All settings, with their defaults; none is needed."""

    model_config = SettingsConfigDict(env_prefix="BEDROT_", extra="ignore", env_ignore_empty=True)

    lake: Path = Field(default=Path("lake"), description="Folder of the lake.")
    catalogue_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the catalogue; a SQLite file in the lake where not set.",
    )
    memory_limit: str = Field(
        default="1200MB",
        pattern=r"^[1-9][0-9]*(\.[0-9]+)?\s?(MB|GB|MiB|GiB)$",
        description="Memory that queries may hold before they spill to disk, such as 1200MB.",
    )
    threads: int | None = Field(
        default=None,
        ge=1,
        description="Threads of the query engine; all of the machine's if unset.",
    )
    log_level: Literal["debug", "info", "warning", "error", "critical"] = Field(
        default="error", description="Log events from this level on go to standard error as JSON."
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: a setting is wrong; the message names it and says how to set it.
    """
    try:
        return Settings()
    except ValidationError as exc:
        first = exc.errors()[0]
        name = f"BEDROT_{first['loc'][0]}".upper()
        description = Settings.model_fields[str(first["loc"][0])].description or ""
        msg = f"the setting {name} is `{first['input']}`: {first['msg'].lower()}"
        raise SettingsError(msg, next_step=f"set {name} anew, or unset it. {description}") from exc
