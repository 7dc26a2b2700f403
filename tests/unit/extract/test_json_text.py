"""JSON as text."""

from __future__ import annotations

import pytest

from bedrot.errors import RejectedPayloadError
from bedrot.extract.json_text import Number, all_names, decoded, outline, parsed, written


def test_numbers_stay_the_text_in_which_they_are_written() -> None:
    text = '{"a": [1.50, 1e3, 12345678901234567890, "1", null, true]}'
    found = parsed(text)["a"]
    assert found == ["1.50", "1e3", "12345678901234567890", "1", None, True]
    assert [isinstance(value, Number) for value in found] == [True] * 3 + [False] * 3
    assert written(parsed(text)) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": [1, 2', "half_loaded"),
        ('{"a": "b', "half_loaded"),
        ('{"a": 1} x', "unreadable_record"),
        ("[1]", "unreadable_record"),
        ('{"a": NaN}', "unreadable_value"),
        ('{"a": {"b": 1, "b": 1}}', "unreadable_value"),
        ('{"a":' * 100_000, "unreadable_record"),
    ],
    ids=["cut", "cut text", "more", "list", "no number", "twice", "deep"],
)
def test_what_cannot_be_read_has_a_reason_and_the_next_step(text: str, code: str) -> None:
    with pytest.raises(RejectedPayloadError) as caught:
        parsed(text, next_step="save it again")
    assert (caught.value.code, caught.value.next_step) == (code, "save it again")


def test_a_cut_document_is_outlined_as_far_as_it_goes() -> None:
    text = '{"data": {"links": [{"id": 1, "title": "a {b"}], "more": {"x": "cu'
    assert outline(text, member_depth=2).members == {"data": {"links", "more"}}
    assert not outline(text).is_closed


def test_names_are_told_at_any_depth_and_with_escapes_resolved() -> None:
    text = r'{"a": [{"\u0062": {"c": "d:"}}], "e\q": 1, "f"'
    assert all_names(text) == {"a", "b", "c", r"e\q"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_a_document_is_decoded_whatever_its_encoding(encoding: str) -> None:
    assert decoded(' {"é": 1}\n'.encode(encoding)) == '{"é": 1}'


def test_half_a_character_can_be_written() -> None:
    assert written({"a": "x\ud83d"}).encode() == '{"a": "x\ufffd"}'.encode()
