"""YAML that says everything once, and ODCS keys that the standard knows.

The reading library drops keys that it does not know, so a misspelt `requierd: true` would be a
column that may be null. Here it is a finding.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Hashable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from bedrot.errors import ContractError

if TYPE_CHECKING:
    from pydantic import BaseModel


# The same loader over libyaml, where PyYAML was built with it, is some eight times as fast.
_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):  # type: ignore[misc, valid-type]
    """Refuses a key that stands twice, of which YAML readers keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                msg = f"the key `{key}` stands twice"
                raise yaml.constructor.ConstructorError(None, None, msg, key_node.start_mark)
            seen.add(key)
        built: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return built


def load_document(text: str, *, name: str) -> dict[str, Any]:
    """The YAML mapping of a contract.

    Raises:
        ContractError: If the text is not YAML, says a key twice, or is not a mapping.
    """
    try:
        # The loader is a SafeLoader, which builds plain values only.
        document = yaml.load(text, Loader=_StrictLoader)  # noqa: S506
    except yaml.YAMLError as exc:
        msg = f"contract `{name}` is not valid YAML: {_one_line(exc)}"
        raise ContractError(msg, next_step="correct the file at the place named") from exc
    if not isinstance(document, dict):
        msg = f"contract `{name}` is not a mapping of keys to values"
        raise ContractError(msg, next_step="start it with `apiVersion: v3.1.0`")
    return document


def _one_line(exc: yaml.YAMLError) -> str:
    if isinstance(exc, yaml.MarkedYAMLError) and exc.problem_mark is not None:
        return f"line {exc.problem_mark.line + 1}: {exc.problem}"
    return " ".join(str(exc).split())


def unknown_keys(document: dict[str, Any], model: type[BaseModel]) -> list[str]:
    """One finding per key, at any depth, that the model does not know."""
    return list(_unknown_keys(document, model, ""))


def _unknown_keys(value: dict[str, Any], model: type[BaseModel], place: str) -> Iterator[str]:
    annotations = _annotations(model)
    for key, inner in value.items():
        here = f"{place}{key}"
        if key not in annotations:
            near = difflib.get_close_matches(str(key), annotations, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            yield f"`{here}` is not a key of the standard{hint}"
            continue
        for part, part_place in _parts(inner, here):
            inner_model = _model_for(annotations[key], in_list=isinstance(inner, list))
            if inner_model is not None and isinstance(part, dict):
                yield from _unknown_keys(part, inner_model, f"{part_place}.")


@cache
def _annotations(model: type[BaseModel]) -> dict[str, Any]:
    return {info.alias or field: info.annotation for field, info in model.model_fields.items()}


def _parts(value: Any, place: str) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 - any YAML value
    if not isinstance(value, list):
        yield value, place
        return
    for number, item in enumerate(value):
        name = item.get("name") or item.get("property") if isinstance(item, dict) else None
        yield item, f"{place}[{name or number}]"


@cache
def _model_for(annotation: Any, *, in_list: bool) -> type[BaseModel] | None:  # noqa: ANN401 - a type
    """The model that a value of this annotation is read by, if it is read by one."""
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return None if in_list else annotation
    is_list = typing.get_origin(annotation) is list
    for argument in typing.get_args(annotation):
        found = _model_for(argument, in_list=in_list and not is_list)
        if found is not None and (in_list or not is_list):
            return found
    return None
