"""The command `bedrot`: its commands, and how it ends."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from bedrot.cli.accounts import accounts
from bedrot.cli.comparing import diff, history
from bedrot.cli.deciding import quarantine
from bedrot.cli.demo import demo
from bedrot.cli.describing import describe, tables
from bedrot.cli.errors import EXIT_CODES, CommandGroup
from bedrot.cli.explain import explain
from bedrot.cli.importing import import_files
from bedrot.cli.inspecting import runs, status
from bedrot.cli.lakes import init
from bedrot.cli.lineage import lineage
from bedrot.cli.output import is_terminal, say
from bedrot.cli.planning import plan
from bedrot.cli.querying import sql
from bedrot.cli.running import rebuild, run
from bedrot.cli.scaffolding import new_source
from bedrot.cli.verifying import verify

START = "Start"
BRING_IN = "Bring in"
ASK = "Ask"
TRACE = "Trace"
CHECK = "Check"
EXTEND = "Extend"

app = typer.Typer(
    cls=CommandGroup,
    name="bedrot",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        say(f"bedrot {version('bedrot')}")
        raise typer.Exit


@app.callback()
def bedrot(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """The data lake for independent music companies, to be trusted to the cent.

    The lake is the folder that --lake names, or BEDROT_LAKE, or ./lake.

    First steps:
      bedrot import ~/Downloads/earnings.tsv
      bedrot run
      bedrot sql "select sum(net_usd) from fct_royalty_line"
    """


for panel, name, command in (
    (START, "demo", demo),
    (START, "init", init),
    (BRING_IN, "import", import_files),
    (BRING_IN, "plan", plan),
    (BRING_IN, "run", run),
    (BRING_IN, "rebuild", rebuild),
    (ASK, "sql", sql),
    (ASK, "tables", tables),
    (ASK, "describe", describe),
    (TRACE, "explain", explain),
    (TRACE, "lineage", lineage),
    (TRACE, "history", history),
    (TRACE, "diff", diff),
    (CHECK, "status", status),
    (CHECK, "runs", runs),
    (CHECK, "verify", verify),
    (EXTEND, "new-source", new_source),
):
    app.command(name, rich_help_panel=panel)(command)
app.add_typer(accounts, name="accounts", rich_help_panel=BRING_IN)
app.add_typer(quarantine, name="quarantine", rich_help_panel=CHECK)


def main() -> None:
    """Run the command line; the process ends with one of the documented exit codes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Titles come in every script; a pipe on Windows would be cp1252.
            encoding = None if is_terminal(stream) else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    app(prog_name="bedrot")
