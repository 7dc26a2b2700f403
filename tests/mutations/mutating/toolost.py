"""TooLost's analytics responses and its sales report, as first files and after older ones."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bedrot.sources.toolost.synthetic import (
    Month,
    SalesLine,
    Track,
    apple_response,
    portal_page,
    spotify_response,
    write_sales,
)
from bedrot.testing.ledgers import Export
from mutating import documents as d
from mutating import tables as t
from mutating import whole_files as w
from mutating.model import Mutation, Mutations, Subject

DAYS = {date(2025, 3, 1) + timedelta(days=n): 900 + n * 41 % 300 for n in range(70)}
MORE = DAYS | {date(2025, 5, 10) + timedelta(days=n): 905 + n for n in range(8)}
OLDER = dict(list(DAYS.items())[:60])
MONTHS = [
    Month(start=date(2025, 3, 1), streams=4100, fees=Decimal("0.83")),
    Month(start=date(2025, 4, 1), streams=5200, fees=Decimal("1.07")),
]
TRACKS = [
    Track(
        isrc="ZZBDR2500001", title="Said the Sea", release="Tin", streams=sum(DAYS.values()) - 900
    ),
    Track(isrc="ZZBDR2500002", title="Said the Sea", release="Tin (Deluxe)", streams=900),
]
COUNTRIES = {"DE": sum(DAYS.values()) - 500, "NA": 500}
SHAZAMS = {date(2025, 3, 4): 2, date(2025, 4, 9): 11}


def _spotify(days: dict[date, int], stamp: str) -> Export:
    content = spotify_response(days, MONTHS)
    return Export(name=f"toolost_spotify_{stamp}_120000.json", content=content)


def _apple(days: dict[date, int], stamp: str) -> Export:
    lists = {"tracks": TRACKS, "countries": COUNTRIES} if days == DAYS else {}
    content = apple_response(days, shazams=SHAZAMS, **lists)
    return Export(name=f"toolost_apple_{stamp}_120000.json", content=content)


def _lines(count: int) -> list[SalesLine]:
    return [
        SalesLine(
            transaction_id=f"98765432100{n:02d}",
            sale_date=date(2025, 3, 1) + timedelta(days=n),
            accounting_date=date(2025, 4, 12),
            reporting_date=(date(2025, 4, 16), date(2025, 5, 6))[n % 2],
            channel=("Spotify", "Apple Music", "Deezer")[n % 3],
            country=("US", "NA", "DE")[n % 3],
            units=n * 777,
            gross=Decimal(f"{1000 + n if n % 7 == 0 else n}.{n * 7919 % 1000000:06d}"),
            split_id=f"55{n:02d}" if n % 4 == 0 else "",
            share="50%" if n % 4 == 0 else "100%",
            fee="15%",
            more={"payable_usd": f"{n}.{n * 6143 % 1000000:06d}", "net": f"{n}.25"},
        )
        for n in range(count)
    ]


HEADERS = (
    "transaction_id", "sale_date", "accounting_date", "reporting_date", "release_title", "release_id",
    "track_title", "track_id", "channel", "country", "isrc", "upc", "units", "unit_price",
    "original_currency", "split_id", "share", "rev_fee", "payable_usd", "net",
)  # fmt: skip


def _sales(count: int, name: str) -> Export:
    return Export(name=name, content=write_sales(_lines(count), headers=HEADERS))


FIRST_SPOTIFY = Subject(
    source="toolost", name="response for Spotify", export=_spotify(DAYS, "20250512")
)
FIRST_APPLE = Subject(
    source="toolost", name="response for Apple Music", export=_apple(DAYS, "20250512")
)
FIRST_SALES = Subject(
    source="toolost", name="sales report", export=_sales(36, "sales_20250515_120000.csv")
)
LATER_SPOTIFY = FIRST_SPOTIFY.after(_spotify(OLDER, "20250503"), _spotify(MORE, "20250520"))
LATER_APPLE = FIRST_APPLE.after(_apple(OLDER, "20250503"), _apple(MORE, "20250520"))
LATER_SALES = FIRST_SALES.after(
    _sales(26, "sales_20250507_120000.csv"), _sales(38, "sales_20250516_120000.csv")
)


def mutations() -> list[Mutation]:
    return [
        *_of_spotify(),
        *_of_apple(),
        *_of_sales(),
        *_later_spotify(),
        *_later_apple(),
        *_later_sales(),
    ]


def _scaled(factor: int) -> Any:
    return lambda value: type(value)(int(value) * factor)


def _of_spotify() -> list[Mutation]:
    m = Mutations(FIRST_SPOTIFY)

    def add(
        operator: str, name: str, *edits: d.Edit, dumping: dict[str, Any] | None = None, **told: Any
    ) -> None:
        m.add(operator, name, d.edited(*edits, **(dumping or {})), **told)

    add("renamed", "`streams` is called `plays` at the top", d.renamed("streams", "plays"))
    add("renamed", "`date` is called `day`", d.renamed("streams[].date", "day"))
    add("dropped", "the days are gone", d.without("streams"))
    add("dropped", "the months are gone", d.without("discovery"), names="discovery")
    add("added", "another list", d.added(".playlists", [{"name": "A", "streams": "5"}]))
    add(
        "added", "a second figure with another case in every day", d.added("streams[].Streams", "9")
    )
    add(
        "swapped",
        "days and months have each other's names",
        d.renamed("streams", "#"),
        d.renamed("discovery", "streams"),
        d.renamed("#", "discovery"),
    )
    add(
        "swapped",
        "day and figure of every day have each other's names",
        d.swapped("streams[].date", "streams[].streams"),
    )
    add(
        "swapped",
        "streams and fees of every month have each other's names",
        d.swapped("discovery[].streams", "discovery[].fees"),
    )
    add("swapped", "days in another order", d.lists(d.shuffled, "streams"))
    add("retyped", "figures as numbers", d.values(int, "streams[].streams"))
    add("retyped", "figures with a decimal", d.values(lambda v: f"{v}.0", "streams[].streams"))
    add(
        "retyped",
        "figures with commas between thousands",
        d.values(lambda v: f"{int(v):,}", "streams[].streams"),
    )
    add(
        "retyped",
        "one figure is null",
        d.one_value(lambda _: None, "streams[].streams"),
        names="null",
    )
    add("retyped", "one figure is below zero", d.one_value(lambda v: f"-{v}", "streams[].streams"))
    add(
        "rescaled",
        "figures in thousands",
        d.values(_scaled(1000), "streams[].streams"),
        undetectable="every figure alike",
    )
    add(
        "rescaled",
        "fees in cents",
        d.values(lambda v: f"{float(v) * 100:.0f}", "discovery[].fees"),
        undetectable="every figure alike",
    )
    for form in ("%m/%d/%Y", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%dT00:00:00.000Z"):
        add("date format", f"days as `{form}`", d.values(t.dated(form), "streams[].date"))
    add("date format", "months as `2025-03`", d.values(lambda v: v[:7], "discovery[].date"))
    add(
        "date format",
        "days of the year before",
        d.values(lambda v: v.replace("2025", "2024"), "streams[].date"),
        undetectable="another day",
    )
    add("decimal comma", "fees with a comma", d.values(t.decimal_comma, "discovery[].fees"))
    add(
        "language",
        "names in German",
        d.renamed("streams[].date", "datum"),
        d.renamed("streams[].streams", "aufrufe"),
    )
    m.add("encoding", "written in utf-16", w.encoded("utf-16"))
    m.add("encoding", "written with a mark", w.encoded("utf-8", mark=b"\xef\xbb\xbf"))
    add("structure", "all in one line", dumping={"indent": None})
    add("structure", "inside `data`", lambda doc, _: {"data": doc})
    m.add(
        "structure",
        "`streams` a second time, with half",
        d.in_text('"discovery"', '"streams": [], "discovery"', 1),
    )
    for share in (0.2, 0.7):
        m.add("truncated", f"cut at {share:.0%}", w.cut_at(share))
    add(
        "truncated",
        "the last fifth of the days is missing",
        d.lists(d.shortened, "streams"),
        undetectable="whole records gone",
    )
    add(
        "truncated",
        "all lists are empty",
        d.lists(lambda *_: [], "streams"),
        d.lists(lambda *_: [], "discovery"),
    )
    add("duplicated", "a day twice", d.lists(d.repeated, "streams"))
    add(
        "duplicated",
        "a day twice, with two figures",
        d.lists(d.contradicted("streams", "7"), "streams"),
    )
    m.add("duplicated", "the response twice", lambda c, _: c + b"\n" + c)
    m.add(
        "no data", "the page to sign in", w.instead(portal_page().replace(b"</form>", b"%d</form>"))
    )
    m.add("no data", "a page of a failing server", w.instead(w.HTML_ERROR))
    return m.found


def _of_apple() -> list[Mutation]:
    m = Mutations(FIRST_APPLE)

    def add(operator: str, name: str, *edits: d.Edit, **told: Any) -> None:
        m.add(operator, name, d.edited(*edits), **told)

    figures = ("totalStreams[].streams", "tracksTotal[].streams", "countryTotal[].streams")
    add("renamed", "`totalStreams` is called otherwise", d.renamed("totalStreams", "streamsTotal"))
    add("renamed", "`streamTotal` is called otherwise", d.renamed("streamTotal", "total"))
    add(
        "renamed",
        "`release` is called otherwise",
        d.renamed("tracksTotal[].release", "album"),
        names="album",
    )
    add("dropped", "Shazam is gone", d.without("totalShazam"), names="totalShazam")
    add("dropped", "the countries are gone", d.without("countryTotal"), names="countryTotal")
    add(
        "dropped",
        "the codes are null",
        d.values(lambda _: None, "tracksTotal[].isrc"),
        undetectable="another text",
    )
    add(
        "swapped",
        "days and Shazam have each other's names",
        d.renamed("totalStreams", "#"),
        d.renamed("totalShazam", "totalStreams"),
        d.renamed("#", "totalShazam"),
    )
    add(
        "swapped",
        "title and release have each other's names",
        d.swapped("tracksTotal[].track", "tracksTotal[].release"),
        undetectable="swapped headers",
    )
    add(
        "swapped",
        "code and title have each other's names",
        d.swapped("tracksTotal[].isrc", "tracksTotal[].track"),
    )
    add("retyped", "all figures as texts", d.values(str, *figures, "streamTotal"))
    add(
        "retyped",
        "one day is null",
        d.one_value(lambda _: None, "totalStreams[].streams"),
        names="null",
    )
    add(
        "rescaled",
        "the days are ten times as much",
        d.values(_scaled(10), "totalStreams[].streams"),
    )
    add("rescaled", "all lists are ten times as much", d.values(_scaled(10), *figures))
    add(
        "rescaled",
        "all lists and the total are ten times as much",
        d.values(_scaled(10), *figures, "streamTotal"),
        undetectable="every figure alike",
    )
    add(
        "rescaled",
        "Shazam's figures are ten times as much",
        d.values(_scaled(10), "totalShazam[].streams"),
        undetectable="every figure alike",
    )
    add("date format", "days as `%d/%m/%Y`", d.values(t.dated("%d/%m/%Y"), "totalStreams[].date"))
    add(
        "language",
        "countries in words",
        d.values(lambda v: {"DE": "Deutschland"}.get(v, v), "countryTotal[].country"),
        names="country",
    )
    add("truncated", "the last fifth of the days is missing", d.lists(d.shortened, "totalStreams"))
    m.add("truncated", "cut at 50%", w.cut_at(0.5))
    add("duplicated", "a track twice", d.lists(d.repeated, "tracksTotal"))
    m.add("encoding", "written in utf-16-be", w.encoded("utf-16-be"))
    return m.found


SALES = t.Style(quoting=csv.QUOTE_MINIMAL)


def _of_sales() -> list[Mutation]:
    m = Mutations(FIRST_SALES)

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(SALES, *edits), **told)

    for column in ("transaction_id", "units", "original_currency"):
        add(
            "renamed",
            f"`{column}` is called something else",
            t.renamed_to({column: f"my_{column}"}),
        )
    add(
        "renamed",
        "the optional `payable_usd` is called something else",
        t.renamed_to({"payable_usd": "to_pay"}),
        names="to_pay",
    )
    add(
        "renamed",
        "`payable_usd` is called `Net Payable (USD)`",
        t.renamed_to({"payable_usd": "Net Payable (USD)"}),
    )
    add(
        "renamed",
        "all headers with spaces and capitals",
        t.headers(lambda h: h.replace("_", " ").title()),
    )
    for column, nulls in (
        ("accounting_date", ("accounting_date",)),
        ("payable_usd", ("payable_usd_reported", "net_usd")),
        ("rev_fee", ("fee_reported", "fee_pct")),
        ("country", ("country_code",)),
    ):
        add(
            "dropped",
            f"the optional `{column}` is gone",
            t.without(column),
            becomes=dict.fromkeys(nulls),
        )
    add("dropped", "`split_id` is gone", t.without("split_id"))
    add(
        "added",
        "a second column for net: `payable usd` beside `payable_usd`",
        t.doubled("payable_usd", "payable usd"),
    )
    add(
        "added",
        "a column that is called net and holds gross: `total_payable`",
        t.doubled("unit_price", "total_payable"),
        undetectable="swapped headers",
    )
    add("swapped", "the columns stand in another order", t.shuffled_columns)
    add(
        "swapped",
        "the headers `payable_usd` and `unit_price` are swapped",
        t.swapped_headers("payable_usd", "unit_price"),
        names="net is above",
    )
    add(
        "swapped",
        "the headers `payable_usd` and `net` are swapped",
        t.swapped_headers("payable_usd", "net"),
        undetectable="swapped headers",
    )
    add(
        "swapped",
        "the headers `units` and `unit_price` are swapped",
        t.swapped_headers("units", "unit_price"),
    )
    add(
        "swapped",
        "the headers `units` and `track_id` are swapped",
        t.swapped_headers("units", "track_id"),
        undetectable="swapped headers",
    )
    add(
        "swapped",
        "the headers `sale_date` and `reporting_date` are swapped",
        t.swapped_headers("sale_date", "reporting_date"),
    )
    add(
        "retyped",
        "one net amount is empty",
        t.one_cell(lambda _: "", "payable_usd"),
        names="net is unknown",
    )
    add(
        "retyped",
        "amounts with a dollar sign",
        t.cells(lambda v: f"${v}", "payable_usd", "unit_price"),
    )
    add("rescaled", "net in cents", t.cells(t.times("100"), "payable_usd"), names="net is above")
    add(
        "rescaled",
        "all amounts in cents",
        t.cells(t.times("100"), "payable_usd", "unit_price", "net"),
        undetectable="every figure alike",
    )
    add(
        "rescaled",
        "net rounded to cents",
        t.cells(t.rounded(2), "payable_usd"),
        undetectable="every figure alike",
    )
    add("delimiter", "semicolons", t.styled(delimiter=";"))
    add("delimiter", "tabs", t.styled(delimiter="\t"))
    m.add("encoding", "written in utf-16", w.encoded("utf-16"))
    for form in ("%m/%d/%Y", "%d/%m/%Y"):
        add(
            "date format",
            f"days as `{form}`",
            t.cells(t.dated(form), "sale_date", "accounting_date", "reporting_date"),
        )
    add(
        "language",
        "headers in Portuguese",
        t.renamed_to(
            {
                "transaction_id": "id da transação",
                "units": "unidades",
                "unit_price": "preço",
                "channel": "canal",
                "sale_date": "data da venda",
            }
        ),
    )
    add(
        "decimal comma",
        "amounts with a comma",
        t.cells(t.decimal_comma, "payable_usd", "unit_price", "net"),
    )
    add("decimal comma", "units with points between thousands", t.cells(t.grouped("."), "units"))
    m.add("truncated", "cut at 60%", w.cut_at(0.6))
    m.add("truncated", "cut in the last amount and ended again", w.cut_and_ended(b"\r\n"))
    add(
        "truncated",
        "the last fifth of the records is missing",
        t.without_records(0.2),
        undetectable="whole records gone",
    )
    add("duplicated", "one record twice", t.repeated(1))
    add("duplicated", "every record twice", t.repeated())
    add(
        "duplicated",
        "a line of totals at the end",
        t.appended(lambda table: ["Total", *[""] * 11, "999", "12.50", *[""] * 4, "8.25", ""]),
    )
    add(
        "spreadsheet",
        "saved again: numbers as a spreadsheet shows them",
        t.cells(t.plain_general, "transaction_id", "upc", "unit_price", "payable_usd"),
    )
    add(
        "spreadsheet",
        "saved again: amounts without zeros at their ends",
        t.cells(t.plain_general, "unit_price", "payable_usd"),
    )
    add(
        "spreadsheet",
        "saved again: shares as parts of one",
        t.cells(lambda v: f"{float(v.rstrip('%')) / 100:g}", "share", "rev_fee"),
        undetectable="another text",
    )
    m.add("spreadsheet", "as an Excel workbook", w.workbook)
    m.add(
        "no data", "the page to sign in", w.instead(portal_page().replace(b"</form>", b"%d</form>"))
    )
    return m.found


def _later_spotify() -> list[Mutation]:
    m = Mutations(LATER_SPOTIFY)

    def add(operator: str, name: str, *edits: d.Edit, **told: Any) -> None:
        m.add(operator, name, d.edited(*edits), **told)

    add("rescaled", "figures in thousands", d.values(_scaled(1000), "streams[].streams"))
    add("rescaled", "figures a tenth", d.values(lambda v: str(int(v) // 10), "streams[].streams"))
    add(
        "rescaled",
        "one figure is ten times as much",
        d.lists(
            lambda items, _: [
                {**one, "streams": one["streams"] + "0"} if n == 9 else one
                for n, one in enumerate(items)
            ],
            "streams",
        ),
        names="restated",
    )
    add(
        "rescaled",
        "fees in cents",
        d.values(lambda v: f"{float(v) * 100:.0f}", "discovery[].fees"),
        names="restated",
    )
    add(
        "date format",
        "days of the year before",
        d.values(lambda v: v.replace("2025", "2024"), "streams[].date"),
        undetectable="another day",
    )
    add(
        "truncated",
        "the last fifth of the days is missing",
        d.lists(d.shortened, "streams"),
        undetectable="whole records gone",
    )
    add("dropped", "the months are gone", d.without("discovery"))
    m.add("truncated", "cut at 70%", w.cut_at(0.7))
    return m.found


def _later_apple() -> list[Mutation]:
    m = Mutations(LATER_APPLE)
    figures = (
        "totalStreams[].streams",
        "tracksTotal[].streams",
        "countryTotal[].streams",
        "streamTotal",
    )
    m.add(
        "rescaled",
        "all lists and the total are ten times as much",
        d.edited(d.values(_scaled(10), *figures)),
    )
    m.add(
        "renamed", "`streamTotal` is called otherwise", d.edited(d.renamed("streamTotal", "total"))
    )
    m.add(
        "dropped", "the days are null", d.edited(d.values(lambda _: None, "totalStreams[].streams"))
    )
    m.add(
        "rescaled",
        "Shazam's figures are ten times as much",
        d.edited(d.values(_scaled(10), "totalShazam[].streams")),
        names="restated",
    )
    return m.found


def _later_sales() -> list[Mutation]:
    m = Mutations(LATER_SALES)

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(SALES, *edits), **told)

    add(
        "rescaled",
        "all amounts in cents",
        t.cells(t.times("100"), "payable_usd", "unit_price", "net"),
    )
    add(
        "dropped",
        "the optional `payable_usd` is gone",
        t.without("payable_usd"),
        names="net is unknown",
    )
    add(
        "swapped",
        "the headers `payable_usd` and `unit_price` are swapped",
        t.swapped_headers("payable_usd", "unit_price"),
    )
    add("swapped", "the columns stand in another order", t.shuffled_columns)
    add(
        "truncated",
        "the last fifth of the records is missing",
        t.without_records(0.2),
        undetectable="whole records gone",
    )
    add("duplicated", "one record twice", t.repeated(1))
    return m.found
