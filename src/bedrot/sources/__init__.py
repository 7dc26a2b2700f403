"""The platforms. Each folder is one source; others may come from other packages."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from bedrot.errors import ContractError
from bedrot.extract.streams import Source, Stream

ENTRY_POINT_GROUP = "bedrot.sources"


@cache
def all_sources() -> tuple[Source, ...]:
    """Every source: the folders of this package, and the entry points `bedrot.sources`.

    A module or entry point must give a `Source` named `SOURCE`, or be one.

    Raises:
        ContractError: something found there is no source, or two have one name.
    """
    found = [
        _source(importlib.import_module(f"{__name__}.{module.name}"), module.name)
        for module in pkgutil.iter_modules(__path__)
        if module.ispkg
    ]
    found += [_loaded(point) for point in entry_points(group=ENTRY_POINT_GROUP)]
    by_name: dict[str, Source] = {}
    for source in found:
        if source.name in by_name:
            msg = f"two sources are named `{source.name}`"
            raise ContractError(msg)
        by_name[source.name] = source
    return tuple(by_name[name] for name in sorted(by_name))


def streams_reading(source: str, captured_as: str) -> tuple[Stream, ...]:
    """The streams that read payloads captured under a name, the one of that name first.

    Empty where no source that is installed reads them.
    """
    found = [s for one in all_sources() if one.name == source for s in one.reading(captured_as)]
    return tuple(sorted(found, key=lambda stream: (stream.name != captured_as, stream.name)))


def _loaded(point: EntryPoint) -> Source:
    try:
        return _source(point.load(), point.name)
    except (ImportError, AttributeError) as exc:
        msg = f"the source `{point.name}` of another package cannot be loaded: {exc}"
        raise ContractError(msg, next_step=f"mend or uninstall what gives `{point.value}`") from exc


def _source(value: object, name: str) -> Source:
    source = getattr(value, "SOURCE", value)
    if not isinstance(source, Source):
        msg = f"`{name}` gives no source: a source module defines `SOURCE`"
        raise ContractError(msg)
    return source
