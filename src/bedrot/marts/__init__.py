"""The tables for people: each is one SQL file and one contract, in a folder by subject."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from bedrot.contracts.definitions import definition_id
from bedrot.contracts.reading import read_contract
from bedrot.engine.lineage import table_inputs
from bedrot.errors import ContractError

if TYPE_CHECKING:
    from bedrot.contracts.model import Contract

_CONTRACT = ".odcs.yaml"


@dataclass(frozen=True, kw_only=True)
class Mart:
    """One table of the curated zone."""

    table: str
    subject: str
    sql: str
    contract_text: str

    @cached_property
    def contract(self) -> Contract:
        """What the table promises."""
        return read_contract(self.contract_text, name=f"{self.subject}/{self.table}{_CONTRACT}")

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The tables that its SQL reads, sorted."""
        return tuple(sorted(table_inputs(self.sql)))

    @cached_property
    def definition_id(self) -> str:
        """Changes when anything changes that could change the rows."""
        return definition_id(self.contract, self.sql)


@cache
def all_marts() -> tuple[Mart, ...]:
    """Every mart, inputs before the tables that read them.

    Raises:
        ContractError: a mart lacks its contract, or two marts read each other.
    """
    found = {mart.table: mart for mart in _found()}
    graph = {name: [i for i in mart.inputs if i in found] for name, mart in found.items()}
    try:
        order = list(
            TopologicalSorter({name: graph[name] for name in sorted(graph)}).static_order()
        )
    except CycleError as exc:
        msg = f"marts read each other: {', '.join(exc.args[1])}"
        raise ContractError(msg) from exc
    return tuple(found[name] for name in order)


def _found() -> list[Mart]:
    root = resources.files(__name__)
    subjects = sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.name)
    return [
        _mart(subject, file.name.removesuffix(".sql"))
        for subject in subjects
        for file in sorted(subject.iterdir(), key=lambda f: f.name)
        if file.name.endswith(".sql")
    ]


def _mart(subject: Traversable, table: str) -> Mart:
    contract = subject.joinpath(f"{table}{_CONTRACT}")
    if not contract.is_file():
        msg = f"the mart `{table}` has no contract"
        raise ContractError(msg, next_step=f"write `{subject.name}/{table}{_CONTRACT}`")
    return Mart(
        table=table,
        subject=subject.name,
        sql=subject.joinpath(f"{table}.sql").read_text(encoding="utf-8"),
        contract_text=contract.read_text(encoding="utf-8"),
    )
