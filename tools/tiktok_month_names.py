"""Make the table of month names in which TikTok's exports print days, from babel's locale data.

babel weighs 33 MB and only these names are needed, so the table is checked in; `--check` says
whether it is what babel gives. babel is needed only here: `uv run --with babel==2.18.0 …`.
"""

from __future__ import annotations

import csv
import io
import multiprocessing
import sys
from pathlib import Path

import babel
from babel import Locale

LANGUAGES = [
    "af",
    "ar",
    "az",
    "bg",
    "bn",
    "bs",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fil",
    "fr",
    "ga",
    "gl",
    "gu",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ja",
    "jv",
    "ka",
    "kk",
    "km",
    "kn",
    "ko",
    "lo",
    "lt",
    "lv",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "my",
    "nb",
    "ne",
    "nl",
    "pa",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "sw",
    "ta",
    "te",
    "th",
    "tr",
    "uk",
    "ur",
    "uz",
    "vi",
    "zh",
    "zh_Hant",
    "zu",
]
CONTEXTS = ("format", "stand-alone")
WIDTHS = ("wide", "abbreviated")
TABLE = Path("src/bedrot/sources/tiktok/aliases/tiktok_months.csv")


def names_of(language: str) -> list[tuple[str, str, int]]:
    """Language, name and number of the month, each name once."""
    months = Locale.parse(language).months
    named = {
        (number, name)
        for context in CONTEXTS
        for width in WIDTHS
        for number, name in months[context][width].items()
    }
    return [(language, name, number) for number, name in sorted(named)]


def table() -> str:
    """The table as CSV."""
    # babel 2.18 leaks: after Azerbaijani was asked, July is `iyul` in French and Italian too. A
    # process of its own for each language keeps them apart.
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=1) as pool:
        rows = [row for rows in pool.map(names_of, LANGUAGES, chunksize=1) for row in rows]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("language", "name", "month"))
    writer.writerows(rows)
    return text.getvalue()


def main() -> int:
    """Write the table, or with `--check` fail where it differs."""
    made = table()
    if "--check" in sys.argv[1:]:
        is_same = TABLE.read_text(encoding="utf-8") == made
        print(f"{TABLE}: {'as' if is_same else 'not as'} babel {babel.__version__} gives it")
        return 0 if is_same else 1
    TABLE.write_text(made, encoding="utf-8")
    print(f"{TABLE}: {made.count(chr(10)) - 1} names from babel {babel.__version__}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
