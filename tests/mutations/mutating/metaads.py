"""Meta's insights as JSON and as an export, and its list of campaigns."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bedrot.sources.metaads.synthetic import (
    Action,
    Campaign,
    Figures,
    campaign_object,
    dump,
    export_csv,
    graph_error,
    insight_object,
)
from bedrot.testing.ledgers import Export
from mutating import documents as d
from mutating import tables as t
from mutating import whole_files as w
from mutating.model import Mutation, Mutations, Subject

FIRST_DAY = date(2025, 4, 20)


def _days(count: int) -> list[Figures]:
    return [
        Figures(
            campaign_id=f"12020000000001007{n % 2}",
            start=FIRST_DAY + timedelta(days=n // 2),
            stop=FIRST_DAY + timedelta(days=n // 2),
            spend=Decimal(f"{1200 + n if n % 9 == 0 else 4 + n % 5}.{37 + n}"),
            impressions=1500 + n * 31,
            clicks=40 + n,
            reach=900 + n,
            currency="USD",
            actions=[Action(action_type="link_click", count=9 + n, value=Decimal("1.25"))],
        )
        for n in range(count)
    ]


def _insights(count: int, folder: str) -> Export:
    return Export(
        name=f"{folder}.json", content=dump([insight_object(row) for row in _days(count)])
    )


CAMPAIGNS = [
    Campaign(
        id=f"12020000000001007{n}",
        name=f"Hail {n}",
        daily_budget=500 + n,
        objective="OUTCOME_SALES",
    )
    for n in range(3)
]
FIRST_INSIGHTS = Subject(
    source="metaads", name="insights", export=_insights(40, "insights_20250512_090000")
)
FIRST_EXPORT = Subject(
    source="metaads",
    name="export",
    export=Export(name="export_20250512_090000.csv", content=export_csv(_days(40), by_day=True)),
)
FIRST_CAMPAIGNS = Subject(
    source="metaads",
    name="campaigns",
    export=Export(
        name="campaigns_20250512_090000.json",
        content=dump([campaign_object(one) for one in CAMPAIGNS]),
    ),
)
LATER_INSIGHTS = FIRST_INSIGHTS.after(
    _insights(32, "insights_20250506_090000"), _insights(42, "insights_20250513_090000")
)


def mutations() -> list[Mutation]:
    return [*_of_insights(), *_of_export(), *_of_campaigns(), *_later_insights()]


RATIOS = ("[].cpc", "[].cpm", "[].ctr", "[].frequency")


def _without_ratios(document: Any, _: Any) -> Any:
    return [
        {name: value for name, value in row.items() if f"[].{name}" not in RATIOS}
        for row in document
    ]


def _of_insights() -> list[Mutation]:
    m = Mutations(FIRST_INSIGHTS)

    def add(
        operator: str, name: str, *edits: d.Edit, dumping: dict[str, Any] | None = None, **told: Any
    ) -> None:
        m.add(operator, name, d.edited(*edits, **(dumping or {})), **told)

    add("renamed", "`spend` is called `amount_spent`", d.renamed("[].spend", "amount_spent"))
    add(
        "renamed",
        "`impressions` is called `views`",
        d.renamed("[].impressions", "views"),
        names="impressions",
    )
    add("renamed", "`campaign_id` is called `campaign`", d.renamed("[].campaign_id", "campaign"))
    add("dropped", "the reach is gone", d.without("[].reach"), names="reach")
    add(
        "dropped",
        "the currency is gone",
        d.without("[].account_currency"),
        becomes={"currency_code": None},
    )
    add(
        "dropped",
        "the ratios are gone",
        _without_ratios,
        becomes={
            "campaign_cpc": None,
            "campaign_cpm": None,
            "campaign_ctr_pct": None,
            "campaign_frequency": None,
        },
    )
    add("added", "a breakdown by age", d.added("[].age", "18-24"))
    add(
        "swapped",
        "clicks and reach, without ratios",
        _without_ratios,
        d.swapped("[].clicks", "[].reach"),
        undetectable="swapped headers",
    )
    add("swapped", "rows in another order", d.lists(d.shuffled, ""))
    add("retyped", "spend with an exponent", d.values(lambda v: f"{float(v):.4e}", "[].spend"))
    add("retyped", "one spend is null", d.one_value(lambda _: None, "[].spend"), names="spend")
    add("retyped", "ids as numbers", d.values(int, "[].campaign_id"))
    add("rescaled", "spend in cents", d.values(lambda v: f"{float(v) * 100:.0f}", "[].spend"))
    add(
        "rescaled",
        "spend in cents, without ratios",
        _without_ratios,
        d.values(lambda v: f"{float(v) * 100:.0f}", "[].spend"),
        undetectable="every figure alike",
    )
    add(
        "date format",
        "days as `%m/%d/%Y`",
        d.values(t.dated("%m/%d/%Y"), "[].date_start", "[].date_stop"),
    )
    add(
        "date format",
        "days of the year before",
        d.values(lambda v: v.replace("2025", "2024"), "[].date_start", "[].date_stop"),
        undetectable="another day",
    )
    add("date format", "all rows of one week", d.values(lambda _: "2025-05-10", "[].date_stop"))
    add("decimal comma", "spend with a comma", d.values(t.decimal_comma, "[].spend"))
    m.add("encoding", "written in utf-16", w.encoded("utf-16"))
    add("structure", "inside `data`", lambda doc, _: {"data": doc})
    m.add(
        "structure", "one object a line, without brackets", d.in_text("\n  },\n  {", "\n  }\n  {")
    )
    m.add("truncated", "cut at 60%", w.cut_at(0.6))
    add(
        "truncated",
        "the last fifth of the rows is missing",
        d.lists(d.shortened, ""),
        undetectable="whole records gone",
    )
    add("duplicated", "a row twice", d.lists(d.repeated, ""))
    add(
        "duplicated", "a row twice, with two figures", d.lists(d.contradicted("clicks", "7777"), "")
    )
    m.add(
        "no data",
        "an error of the API",
        w.instead(graph_error().replace(b"expired", b"expired %d")),
    )
    return m.found


STYLE = t.Style(quoting=csv.QUOTE_MINIMAL, newline="\n", encoding="utf-8-sig")
SPEND = "Amount spent (USD)"


def _of_export() -> list[Mutation]:
    m = Mutations(FIRST_EXPORT)

    def add(operator: str, name: str, *edits: t.Edit, **told: Any) -> None:
        m.add(operator, name, t.edited(STYLE, *edits), **told)

    add("renamed", f"`{SPEND}` is called `Spend (USD)`", t.renamed_to({SPEND: "Spend (USD)"}))
    add(
        "renamed",
        "`Reach` is called `Accounts reached`",
        t.renamed_to({"Reach": "Accounts reached"}),
        names="Accounts reached",
    )
    add("dropped", "`Day` is gone", t.without("Day"))
    add(
        "dropped",
        "the line of totals is gone",
        lambda table, _: t.replace(table, rows=table.rows[1:]),
    )
    add("added", "a breakdown by `Age`", t.with_column("Age", "18-24"))
    add("swapped", "the columns stand in another order", t.shuffled_columns)
    add(
        "swapped",
        f"the headers `{SPEND}` and `Impressions` are swapped",
        t.swapped_headers(SPEND, "Impressions"),
    )
    add("rescaled", "spend in cents", t.cells(lambda v: f"{float(v) * 100:.0f}" if v else v, SPEND))
    add(
        "rescaled",
        "the currency in the header is another",
        t.headers(lambda h: h.replace("USD", "EUR")),
        undetectable="another text",
    )
    add("delimiter", "semicolons", t.styled(delimiter=";"))
    add(
        "date format",
        "days as `%m/%d/%Y`",
        t.cells(
            lambda v: t.dated("%m/%d/%Y")(v) if v else v,
            "Day",
            "Reporting starts",
            "Reporting ends",
        ),
    )
    add(
        "language",
        "the export in German",
        t.renamed_to(
            {
                SPEND: "Ausgegebener Betrag (USD)",
                "Day": "Tag",
                "Impressions": "Impressionen",
                "Reporting starts": "Berichtsbeginn",
                "Reporting ends": "Berichtsende",
                "Campaign ID": "Kampagnen-ID",
                "Campaign name": "Kampagnenname",
            }
        ),
    )
    add(
        "decimal comma",
        "spend with a comma",
        t.cells(t.decimal_comma, SPEND),
        t.styled(delimiter=";"),
    )
    add("encoding", "written in utf-16, with tabs", t.styled(encoding="utf-16", delimiter="\t"))
    m.add("truncated", "cut at 60%", w.cut_at(0.6))
    add("truncated", "the last fifth of the records is missing", t.without_records(0.2))
    add(
        "duplicated",
        "one record twice",
        lambda table, _: t.replace(table, rows=[*table.rows, table.rows[9]]),
    )
    add(
        "spreadsheet",
        "saved again: ids as a spreadsheet shows them",
        t.cells(t.plain_general, "Campaign ID"),
    )
    return m.found


def _of_campaigns() -> list[Mutation]:
    m = Mutations(FIRST_CAMPAIGNS)

    def add(operator: str, name: str, *edits: d.Edit, **told: Any) -> None:
        m.add(operator, name, d.edited(*edits), **told)

    add(
        "renamed",
        "`daily_budget` is called `budget`",
        d.renamed("[].daily_budget", "budget"),
        names="budget",
    )
    add(
        "rescaled",
        "budgets ten times as much",
        d.values(lambda v: f"{v}0", "[].daily_budget"),
        undetectable="every figure alike",
    )
    add(
        "duplicated",
        "a campaign twice, with two budgets",
        d.lists(d.contradicted("daily_budget", "1"), ""),
    )
    m.add("truncated", "cut at 60%", w.cut_at(0.6))
    return m.found


def _later_insights() -> list[Mutation]:
    m = Mutations(LATER_INSIGHTS)

    def add(operator: str, name: str, *edits: d.Edit, **told: Any) -> None:
        m.add(operator, name, d.edited(*edits), **told)

    add(
        "rescaled",
        "spend in cents, without ratios",
        _without_ratios,
        d.values(lambda v: f"{float(v) * 100:.0f}", "[].spend"),
    )
    add(
        "swapped",
        "clicks and reach, without ratios",
        _without_ratios,
        d.swapped("[].clicks", "[].reach"),
    )
    add("dropped", "the reach is gone", d.without("[].reach"), names="reach")
    add(
        "truncated",
        "the last fifth of the rows is missing",
        d.lists(d.shortened, ""),
        undetectable="whole records gone",
    )
    add("duplicated", "a row twice", d.lists(d.repeated, ""))
    return m.found
