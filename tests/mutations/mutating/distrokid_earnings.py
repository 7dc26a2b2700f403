"""DistroKid's earnings: two layouts, as a first export and after an older one."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bedrot.sources.distrokid.synthetic import CURRENT, LEGACY, EarningsLine, sign_in_page
from bedrot.testing.ledgers import export, line
from mutating import tables as t
from mutating import whole_files as w
from mutating.model import Mutation, Mutations, Subject

TSV = t.Style(delimiter="\t", quoting=csv.QUOTE_NONE, newline="\r")
CSV = t.Style(delimiter=",", quoting=csv.QUOTE_ALL, newline="\r\n")
_DECIMALS = {"legacy": "08d", "current": "012d"}


def lines(decimals: int) -> list[EarningsLine]:
    """Royalty lines of two closing dates: deductions, two equal ones, a zero, and large ones."""
    made = []
    for n in range(36):
        digits = f"{(n * 7919 + 13) * 104729 % 10**decimals:0{decimals}d}"
        one = line(
            f"{'-' if n % 11 == 5 else ''}{1234 + n if n % 9 == 0 else n % 3}.{digits}",
            on=("2025-05-24", "2025-04-03", "2025-05-11")[n % 3],
            sold=("2025-03", "2025-02")[n % 2],
            store=("Spotify", "Apple Music", "Deezer", "Amazon (Streaming)")[n % 4],
            artist=("Ada", "The Tin Almanac")[n % 2],
            title=("Café", "Said, the Sea", "Plain")[n % 3],
            song=n % 5,
            country=("US", "NA", "DE", "XK")[n // 4 % 4],
            units=n * 397,
        )
        made.append(
            replace(one, team_percentage=one.team_percentage if n % 6 else one.team_percentage / 2)
        )
    return [*made, made[7]]


OLD = [one for one in lines(8) if one.reporting_date.month == 4]
FIRST_TSV = Subject(
    source="distrokid",
    name="earnings as TSV",
    export=export(lines(8), "20250527_102936", layout=LEGACY),
)
FIRST_CSV = Subject(
    source="distrokid",
    name="earnings as CSV",
    export=export(
        [
            replace(
                one,
                recoup=one.earnings / 8 if n % 4 == 0 else None,
                date_inserted=one.reporting_date + timedelta(days=6),
            )
            for n, one in enumerate(lines(8))
        ],
        "20250627_102936",
        layout=CURRENT,
    ),
)
MORE = line("0.12345678", on="2025-05-24", song=3)
LATER_TSV = FIRST_TSV.after(
    export(OLD, "20250501_090000", layout=LEGACY),
    export([*lines(8), MORE], "20250527_102936", layout=LEGACY),
)
LATER_CSV = FIRST_CSV.after(
    export(lines(8), "20250527_102936", layout=LEGACY),
    export([*lines(8), MORE], "20250627_102936", layout=CURRENT),
)

MONEY = "Earnings (USD)"
DAY = "Reporting Date"
MONTH = "Sale Month"


def _hyphened(isrc: str) -> str:
    return f"{isrc[:2]}-{isrc[2:5]}-{isrc[5:7]}-{isrc[7:]}"


def mutations() -> list[Mutation]:
    return [*_tsv(), *_csv(), *_later_tsv(), *_later_csv()]


def _tsv() -> list[Mutation]:
    m = Mutations(FIRST_TSV)
    for part in (_of_columns, _of_values, _of_records, _of_files):
        part(m)
    return m.found


def _of_columns(m: Mutations) -> None:
    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(TSV, *edits), **told)

    for column in (DAY, "Store", "Quantity", MONEY):
        add(
            "renamed",
            f"`{column}` is called something else",
            t.renamed_to({column: f"My {column}"}),
        )
    add(
        "renamed",
        "the optional `Songwriter Royalties Withheld` is called something else",
        t.renamed_to({"Songwriter Royalties Withheld": "Withheld"}),
        names="Withheld",
    )
    add(
        "renamed",
        "`Song/Album` is called as in the newer layout",
        t.renamed_to({"Song/Album": "Source Type"}),
    )
    add("renamed", "`Sale Month` is called `Sales Month`", t.renamed_to({MONTH: "Sales Month"}))
    add("renamed", "all headers in capitals", t.headers(str.upper))
    add("renamed", "spaces around all headers", t.headers(lambda h: f"  {h.replace(' ', '  ')} "))
    add("renamed", "underscores for the headers' spaces", t.headers(lambda h: h.replace(" ", "_")))
    for column in (MONTH, "UPC", "Team Percentage", MONEY):
        add("dropped", f"`{column}` is gone", t.without(column))
    add(
        "dropped",
        "the optional `Songwriter Royalties Withheld` is gone",
        t.without("Songwriter Royalties Withheld"),
        becomes={"withheld_usd": None},
    )
    add(
        "dropped",
        "the header is gone",
        lambda table, _: replace(table, header=table.rows[0], rows=table.rows[1:]),
    )
    add("added", "an unknown column with money", t.with_column("Tax (USD)", "0.01000000", at=12))
    add(
        "added",
        "a second column for one: `Sale Period` beside `Sale Month`",
        t.doubled(MONTH, "Sale Period"),
    )
    add("added", "`Earnings (USD)` twice", t.doubled(MONEY))
    add(
        "added",
        "a field more than the header in every record",
        lambda table, _: replace(table, rows=[[*row, ""] for row in table.rows]),
    )
    add("swapped", "the columns stand in another order", t.shuffled_columns)
    add("swapped", "the records stand in another order", t.shuffled_rows)
    for one, other in ((DAY, MONTH), ("Quantity", MONEY), ("Quantity", "UPC"), ("Store", "Title")):
        add(
            "swapped",
            f"the headers `{one}` and `{other}` are swapped",
            t.swapped_headers(one, other),
            names="alias file",
        )
    add(
        "swapped",
        "the headers `Artist` and `Title` are swapped",
        t.swapped_headers("Artist", "Title"),
        undetectable="swapped headers",
    )
    add(
        "swapped",
        "the headers `Quantity` and `Team Percentage` are swapped",
        t.swapped_headers("Quantity", "Team Percentage"),
    )
    add(
        "swapped",
        f"the headers `{MONEY}` and `Songwriter Royalties Withheld` are swapped",
        t.swapped_headers(MONEY, "Songwriter Royalties Withheld"),
    )


def _of_values(m: Mutations) -> None:
    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(TSV, *edits), **told)

    add("retyped", "units with a decimal", t.cells(lambda v: f"{v}.0", "Quantity"))
    add("retyped", "one unit as `12.5`", t.one_cell(lambda _: "12.5", "Quantity"))
    add(
        "retyped",
        "units in Arabic digits",
        t.cells(lambda v: v.translate({48 + n: 0x660 + n for n in range(10)}), "Quantity"),
    )
    add("retyped", "one amount is empty", t.one_cell(lambda _: "", MONEY))
    add("retyped", "one amount is `NaN`", t.one_cell(lambda _: "NaN", MONEY))
    add("retyped", "amounts with a dollar sign", t.cells(lambda v: f"${v}", MONEY))
    add(
        "retyped",
        "amounts below zero in brackets",
        t.cells(lambda v: f"({v[1:]})" if v[0] == "-" else v, MONEY),
    )
    add(
        "retyped",
        "amounts below zero with a real minus sign",
        t.cells(lambda v: v.replace("-", "\u2212"), MONEY),
    )
    add(
        "retyped",
        "codes with hyphens",
        t.cells(_hyphened, "ISRC"),
        becomes={"isrc_reported": _hyphened},
    )
    add(
        "retyped",
        "countries by name",
        t.cells(lambda v: {"US": "United States", "DE": "Germany"}.get(v, v), "Country of Sale"),
        names="country_code",
    )
    add(
        "retyped",
        "spaces around all values",
        t.cells(lambda v: f" {v} ", "Store", "Artist", "ISRC", "UPC", "Country of Sale"),
    )
    add(
        "rescaled",
        "amounts in cents",
        t.cells(t.times("100"), MONEY),
        undetectable="every figure alike",
    )
    add("rescaled", "amounts rounded to cents", t.cells(t.rounded(2), MONEY))
    add("rescaled", "amounts with thirteen decimals", t.cells(lambda v: f"{v}12345", MONEY))
    add(
        "rescaled",
        "shares as parts of one",
        t.cells(lambda v: f"{float(v) / 100:g}", "Team Percentage"),
        names="at most one percent",
    )
    add(
        "rescaled",
        "units in thousands",
        t.cells(t.times("0.001"), "Quantity"),
        undetectable="every figure alike",
    )
    for delimiter, name in ((",", "commas"), ("|", "bars"), (":", "colons")):
        add(
            "delimiter",
            f"{name} between quoted fields",
            t.styled(delimiter=delimiter, quoting=csv.QUOTE_ALL, newline="\n"),
        )
    add("delimiter", "semicolons between bare fields", t.styled(delimiter=";", newline="\r\n"))
    add(
        "delimiter",
        "commas between bare fields, though titles hold some",
        t.styled(delimiter=",", newline="\n"),
    )
    add(
        "delimiter",
        "the header with commas and the records with tabs",
        lambda table, _: replace(table, header=[",".join(table.header)]),
    )
    for encoding, mark in (
        ("utf-16", b""),
        ("utf-16-be", b""),
        ("cp1252", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-32", b""),
    ):
        m.add(
            "encoding",
            f"written in {encoding}{' with a mark' if mark else ''}",
            w.encoded(encoding, mark=mark),
        )
    m.add("encoding", "written with two marks", w.marked)
    m.add(
        "encoding", "taken for cp1252 and saved as UTF-8", w.mojibake, undetectable="another text"
    )


def _of_records(m: Mutations) -> None:
    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(TSV, *edits), **told)

    m.add("line ends", "lines end in LF", w.ended_by(b"\n"))
    m.add("line ends", "lines end in CRLF", w.ended_by(b"\r\n"))
    m.add("line ends", "lines end in turn in CR, LF and CRLF", w.ended_in_turn)
    m.add("line ends", "empty lines between the records", w.spaced)
    m.add("line ends", "the last line end is missing", w.cut_by(1))
    for form in ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%Y-%d-%m"):
        add("date format", f"days as `{form}`", t.cells(t.dated(form), DAY))
    add("date format", "days as a spreadsheet's numbers", t.cells(lambda _: "45801", DAY))
    for month in ("03/2025", "Mar-25", "2025-3"):
        add(
            "date format",
            f"months as `{month}`",
            t.cells(lambda v, month=month: month if v == "2025-03" else v, MONTH),
        )
    add(
        "language",
        "headers in German",
        t.renamed_to(
            {
                DAY: "Berichtsdatum",
                MONTH: "Verkaufsmonat",
                "Store": "Shop",
                "Artist": "Künstler",
                "Title": "Titel",
                "Quantity": "Menge",
                MONEY: "Einnahmen (USD)",
                "Country of Sale": "Verkaufsland",
            }
        ),
    )
    add(
        "language",
        "stores in German",
        t.cells(lambda v: f"{v} (Deutschland)", "Store"),
        names="alias file",
    )
    add("decimal comma", "amounts with a comma", t.cells(t.decimal_comma, MONEY))
    add(
        "decimal comma",
        "amounts with a comma and points between thousands",
        t.cells(
            lambda v: (
                t.grouped(".")(v.replace("-", "")).replace(".", ",")
                if len(v) > 12
                else t.decimal_comma(v)
            ),
            MONEY,
        ),
    )
    add(
        "decimal comma",
        "amounts with commas between thousands",
        t.cells(lambda v: v if v[0] == "-" else t.grouped(",")(v), MONEY),
    )
    add("decimal comma", "units with commas between thousands", t.cells(t.grouped(","), "Quantity"))
    for share in (0.03, 0.5, 0.95):
        m.add("truncated", f"cut at {share:.0%}", w.cut_at(share))
    m.add("truncated", "cut in the last amount", w.cut_by(4))
    m.add("truncated", "cut in the last amount and ended again", w.cut_and_ended(b"\r"))
    add(
        "truncated",
        "the last fifth of the records is missing",
        t.without_records(0.2),
        undetectable="whole records gone",
    )
    add("truncated", "all records are missing", t.without_records(1))
    m.add("truncated", "empty", w.instead(b""))
    m.add(
        "truncated",
        "a block of zeros at the end, as after a crash",
        lambda c, _: c[:-300] + bytes(300),
    )


def _of_files(m: Mutations) -> None:
    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(TSV, *edits), **told)

    add("duplicated", "one record twice", t.repeated(1), undetectable="an equal line is real")
    add("duplicated", "every record twice", t.repeated(), undetectable="an equal line is real")
    add("duplicated", "the whole file twice, with its header", t.copied_whole)
    add(
        "duplicated",
        "a line of totals at the end",
        t.appended(
            lambda table: ["Total", *[""] * 11, str(sum(float(row[12]) for row in table.rows))]
        ),
    )
    add(
        "spreadsheet",
        "saved again: numbers as a spreadsheet shows them",
        t.cells(
            t.plain_general,
            "Quantity",
            "Team Percentage",
            "UPC",
            "Songwriter Royalties Withheld",
            MONEY,
        ),
    )
    add(
        "spreadsheet",
        "saved again: codes whole, amounts without zeros at their ends",
        t.cells(
            t.plain_general, "Quantity", "Team Percentage", "Songwriter Royalties Withheld", MONEY
        ),
    )
    add(
        "spreadsheet",
        "saved again: days and months in American",
        t.cells(t.dated("%-m/%-d/%Y"), DAY),
        t.cells(lambda v: t.dated("%b-%y")(f"{v}-01"), MONTH),
    )
    add(
        "spreadsheet",
        "saved again in German: semicolons, commas, days",
        t.cells(t.dated("%d.%m.%Y"), DAY),
        t.cells(t.decimal_comma, MONEY),
        t.styled(delimiter=";", newline="\r\n", encoding="cp1252"),
    )
    add("spreadsheet", "empty records at the end", t.appended([""] * 13, [""] * 13))
    add("spreadsheet", "a title above the header", t.below(["Bank details", *[""] * 12], [""] * 13))
    m.add("spreadsheet", "a line that names the delimiter above the header", w.before(b"sep=\t\r"))
    m.add("spreadsheet", "as an Excel workbook", w.workbook)
    m.add("spreadsheet", "as a table in HTML", w.html_table("\t"))
    m.add(
        "no data",
        "the page to sign in",
        w.instead(sign_in_page().replace(b"</body>", b"<!-- %d --></body>")),
    )
    m.add("no data", "a page of a failing server", w.instead(w.HTML_ERROR))
    m.add("no data", "packed by gzip under its own name", w.packed)


def _csv() -> list[Mutation]:
    m = Mutations(FIRST_CSV)

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(CSV, *edits), **told)

    add(
        "renamed",
        "`Recoup (USD)` is called something else",
        t.renamed_to({"Recoup (USD)": "Recouped (USD)"}),
        names="Recouped (USD)",
    )
    add(
        "dropped",
        "the optional `Recoup (USD)` is gone",
        t.without("Recoup (USD)"),
        becomes={"recoup_usd": None},
    )
    add(
        "dropped",
        "`Date Inserted` is gone",
        t.without("Date Inserted"),
        becomes={"date_inserted": None},
    )
    add(
        "swapped",
        "the headers `Recoup (USD)` and `Earnings (USD)` are swapped",
        t.swapped_headers("Recoup (USD)", MONEY),
    )
    add(
        "swapped",
        "the headers `Date Inserted` and `Reporting Date` are swapped",
        t.swapped_headers("Date Inserted", DAY),
        undetectable="swapped headers",
    )
    add("swapped", "the columns stand in another order", t.shuffled_columns)
    add("delimiter", "tabs between quoted fields", t.styled(delimiter="\t"))
    add("delimiter", "fields quoted where they have to be", t.styled(quoting=csv.QUOTE_MINIMAL))
    add(
        "delimiter",
        "semicolons, quoted where they have to be",
        t.styled(quoting=csv.QUOTE_MINIMAL, delimiter=";"),
    )
    m.add("delimiter", "no quotes at all", w.in_bytes(b'"', b""))
    m.add("encoding", "written in utf-16", w.encoded("utf-16"))
    m.add("line ends", "lines end in CR", w.ended_by(b"\r"))
    add(
        "decimal comma",
        "amounts with a comma, still between quotes",
        t.cells(t.decimal_comma, MONEY, "Recoup (USD)"),
    )
    add(
        "decimal comma",
        "amounts with commas between thousands",
        t.cells(lambda v: v if v[0] == "-" else t.grouped(",")(v), MONEY),
    )
    add("rescaled", "amounts rounded to cents", t.cells(t.rounded(2), MONEY))
    add(
        "retyped",
        "a line break in every title",
        t.cells(lambda v: f"{v}\nII", "Title"),
        undetectable="another text",
    )
    m.add("truncated", "cut in the last record", w.cut_by(40))
    m.add(
        "truncated",
        "cut behind the last amount and ended again",
        lambda c, _: c.rstrip(b"\r\n")[:-18] + b'"\r\n',
    )
    add("duplicated", "the whole file twice, with its header", t.copied_whole)
    add(
        "spreadsheet",
        "saved again: amounts without zeros at their ends",
        t.cells(t.plain_general, MONEY, "Quantity", "Team Percentage"),
        t.styled(quoting=csv.QUOTE_MINIMAL),
    )
    add(
        "spreadsheet",
        "saved again: numbers as a spreadsheet shows them",
        t.cells(t.plain_general, MONEY, "UPC"),
        t.styled(quoting=csv.QUOTE_MINIMAL),
    )
    m.add("no data", "a page of a failing server", w.instead(w.HTML_ERROR))
    return m.found


def _later_tsv() -> list[Mutation]:
    m = Mutations(LATER_TSV)

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(TSV, *edits), **told)

    add("swapped", "the columns stand in another order", t.shuffled_columns)
    add("dropped", f"`{MONEY}` is gone", t.without(MONEY))
    add("rescaled", "amounts in cents", t.cells(t.times("100"), MONEY), names="restated")
    add("rescaled", "amounts rounded to cents", t.cells(t.rounded(2), MONEY))
    add(
        "rescaled",
        "units in thousands",
        t.cells(t.times("0.001"), "Quantity"),
        names="restated",
    )
    add(
        "swapped",
        f"the headers `{MONEY}` and `Songwriter Royalties Withheld` are swapped",
        t.swapped_headers(MONEY, "Songwriter Royalties Withheld"),
    )
    add(
        "truncated",
        "the last fifth of the records is missing",
        t.without_records(0.2),
    )
    add(
        "truncated",
        "all that the older export told is missing",
        lambda table, _: replace(table, rows=[r for r in table.rows if r[0][:7] == "2025-05"]),
    )
    add("duplicated", "every record twice", t.repeated(), undetectable="an equal line is real")
    add("duplicated", "one record twice", t.repeated(1), undetectable="an equal line is real")
    add("date format", "days as `%d/%m/%Y`", t.cells(t.dated("%d/%m/%Y"), DAY))
    m.add("encoding", "written in utf-16", w.encoded("utf-16"))
    m.add("truncated", "cut at 60%", w.cut_at(0.6))
    m.add(
        "no data",
        "the page to sign in",
        w.instead(sign_in_page().replace(b"</body>", b"<!-- %d --></body>")),
    )
    return m.found


def _later_csv() -> list[Mutation]:
    m = Mutations(LATER_CSV)

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(CSV, *edits), **told)

    add("rescaled", "amounts rounded to eight decimals", t.cells(t.rounded(8), MONEY))
    add(
        "dropped",
        "the optional `Recoup (USD)` is gone",
        t.without("Recoup (USD)"),
        becomes={"recoup_usd": None},
    )
    add(
        "swapped",
        "the headers `Recoup (USD)` and `Earnings (USD)` are swapped",
        t.swapped_headers("Recoup (USD)", MONEY),
    )
    add("truncated", "the last fifth of the records is missing", t.without_records(0.2))
    add(
        "truncated",
        "one record is missing",
        lambda table, _: replace(table, rows=table.rows[:9] + table.rows[10:]),
    )
    add(
        "language",
        "stores under other names",
        t.cells(lambda v: f"{v} Global", "Store"),
        names="alias file",
    )
    add(
        "rescaled",
        "shares as parts of one",
        t.cells(lambda v: f"{float(v) / 100:g}", "Team Percentage"),
    )
    return m.found
