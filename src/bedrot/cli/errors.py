"""How a command ends when it cannot do what it was asked: a message, a next step, an exit code."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from bedrot.cli.output import note
from bedrot.errors import BedrotError

INTERRUPTED = 130

EXIT_CODES = """\
Exit codes:
  0  done
  1  failed
  2  asked wrongly: an option, a path, a name, a query or a setting
  3  imported, but some files were set aside or refused
  4  another process holds the lake
  5  stored bytes or tables are not what their hashes say
  130  interrupted"""


class CommandGroup(TyperGroup):
    """Commands whose errors end in one sentence on standard error, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer does not export the base's types
        try:
            return super().invoke(ctx)
        except BedrotError as exc:
            tell(exc)
            raise typer.Exit(exc.exit_code) from exc
        except KeyboardInterrupt as exc:
            note("interrupted; nothing half done is ever read, and the next run completes it")
            raise typer.Exit(INTERRUPTED) from exc
        except BrokenPipeError:  # whoever read our output has had enough
            raise
        except OSError as exc:
            _log_cause()
            note(f"error: {exc}", style="red")
            raise typer.Exit(1) from exc


def tell(exc: BedrotError) -> None:
    """Say what happened and what to do next."""
    _log_cause()
    note(f"error: {exc}", style="red")
    if exc.next_step:
        note(f"next: {exc.next_step}")


def _log_cause() -> None:
    """The traceback, for whoever sets BEDROT_LOG_LEVEL=debug."""
    import structlog

    if structlog.is_configured():
        structlog.get_logger(__name__).debug("command_failed", exc_info=True)
