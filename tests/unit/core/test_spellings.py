"""Spellings are the same without capitals and superfluous spaces, in Python as in SQL."""

from __future__ import annotations

import pyarrow as pa
import pytest

from bedrot.core.spellings import spelling_key
from bedrot.engine.session import connect


@pytest.mark.parametrize(
    "spelling",
    ["SALT TIDE", "salt tide", " Salt  Tide ", "Salt\u00a0Tide", "salt\tTIDE"],
)
def test_capitals_and_spaces_make_no_other_spelling(spelling: str) -> None:
    assert spelling_key(spelling) == "salt tide"


@pytest.mark.parametrize("spelling", ["salttide", "salt.tide", "salt-tide", "salt tidé", "salt tide\u0301"])  # fmt: skip
def test_everything_else_does(spelling: str) -> None:
    assert spelling_key(spelling) != "salt tide"


def test_an_accent_is_the_same_in_one_character_and_in_two() -> None:
    assert spelling_key("Zoe\u0301") == spelling_key("ZO\u00c9") == "zo\u00e9"


def test_sql_compares_every_character_in_the_same_way() -> None:
    texts = [f"A{chr(code)}B" for code in range(1, 0x11000) if not 0xD800 <= code < 0xE000]
    texts += ["\u039f\u03a3", "\u0130stanbul", "  a \u2003 b  "]
    con = connect(threads=1)
    con.register("texts", pa.table({"spelling": texts}))
    keys = con.execute("select spelling_key(spelling) from texts").fetchall()
    con.close()
    differing = [
        text for text, (key,) in zip(texts, keys, strict=True) if key != spelling_key(text)
    ]
    assert differing == []
