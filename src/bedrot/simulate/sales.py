"""What TooLost reports of a catalogue's sales: the same royalty lines, as its monthly CSV tells them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bedrot.simulate.label import Label
from bedrot.sources.distrokid.synthetic import EarningsLine
from bedrot.sources.toolost.synthetic import Month, SalesLine

FEE = Decimal("0.1")
"""What TooLost keeps of a store's payment."""

EURO_STORE = "Deezer"
"""The one store that pays in euros, at an invented fixed rate."""

USD_PER_EUR = Decimal("1.08")

_CHANNELS = {
    "YouTube (Ads)": "YouTube Ads",
    "YouTube (Red)": "YouTube Premium",
    "YouTube (Audio)": "YouTube Content ID",
    "Amazon Unlimited (streaming)": "Amazon Unlimited",
    "Amazon Unlimited (Streaming)": "Amazon Unlimited",
    "Amazon Prime (Streaming)": "Amazon Prime",
}
_EIGHT_PLACES = Decimal("1E-8")


@dataclass(frozen=True, kw_only=True, slots=True)
class SalesTruth:
    """What a lake that holds every report must publish; payable amounts are USD."""

    rows: int
    units: int
    payable: Decimal
    by_sale_month: Mapping[str, Decimal]


def sales_lines(label: Label) -> tuple[SalesLine, ...]:
    """The sale lines of a label's recordings, each a transaction that nobody shares.

    Deductions are no lines here: TooLost tells them as Discovery Mode, by month.
    """
    places = {one.isrc: place for place, one in enumerate(label.recordings, start=1)}
    sold = [line for line in label.lines if line.isrc and not line.earnings.is_signed()]
    return tuple(
        _sales_line(f"TL{label.seed % 100:02}{number:08}", line, label, places[line.isrc])
        for number, line in enumerate(sold, start=1)
    )


def payable(line: SalesLine) -> Decimal:
    """What TooLost pays for a line, in USD: the payment without the fee, exact."""
    rate = USD_PER_EUR if line.currency == "EUR" else Decimal(1)
    return line.gross * rate * (1 - FEE)


def sales_truth(lines: Iterable[SalesLine]) -> SalesTruth:
    """Add the lines up."""
    told: Sequence[SalesLine] = tuple(lines)
    months: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in told:
        months[f"{line.sale_date:%Y-%m}"] += payable(line)
    return SalesTruth(
        rows=len(told),
        units=sum(line.units for line in told),
        payable=sum(months.values(), Decimal(0)),
        by_sale_month=dict(sorted(months.items())),
    )


def discovery_months(label: Label) -> tuple[Month, ...]:
    """Streams that Discovery Mode brought, and the fees withheld for them, by sale month.

    The fees are inside the payments already: they are never subtracted again.
    """
    streams: defaultdict[str, int] = defaultdict(int)
    fees: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in label.lines:
        if line.earnings < 0:
            streams[line.sale_month] += line.quantity
            fees[line.sale_month] -= line.earnings
    return tuple(
        Month(
            start=date.fromisoformat(f"{month}-01"),
            streams=streams[month],
            fees=fees[month].quantize(_EIGHT_PLACES),
        )
        for month in sorted(streams)
    )


def _sales_line(transaction_id: str, line: EarningsLine, label: Label, place: int) -> SalesLine:
    is_euro = line.store == EURO_STORE
    gross = line.earnings / USD_PER_EUR if is_euro else line.earnings
    return SalesLine(
        transaction_id=transaction_id,
        sale_date=date.fromisoformat(f"{line.sale_month}-28"),
        accounting_date=line.reporting_date,
        reporting_date=line.reporting_date,
        release_title=label.recordings[place - 1].title,
        release_id=f"88{place:02}",
        track_title=line.title,
        track_id=f"99{place:02}",
        channel=_CHANNELS.get(line.store, line.store),
        country=line.country,
        isrc=line.isrc,
        upc=line.upc,
        units=line.quantity,
        gross=gross.quantize(_EIGHT_PLACES),
        currency="EUR" if is_euro else "USD",
        share="100%",
        fee="10%",
    )
