"""The earnings exports of somebody who has saved them for more than a year, with all that goes wrong."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bedrot.simulate.inbox import Kind, Made
from bedrot.simulate.label import LAYOUT_CHANGE, Label
from bedrot.sources.distrokid.synthetic import (
    CURRENT,
    HYBRID,
    LEGACY,
    EarningsLine,
    Encoding,
    Layout,
    sign_in_page,
    write_earnings,
)

_PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
_DS_STORE = b"\x00\x00\x00\x01Bud1\x00\x00\x10\x00\x00\x00\x08\x00" + bytes(64)
_ONE_STORE = "Spotify"
_OLD_AMOUNT_OFF_BY = Decimal("0.00500000")


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What later exports say otherwise than the first ones.

    `restated` is the one line whose amount changed, as it stands in the end; the first export
    still has `old_amount`. `renamed_isrc` had another title (`old_title`) in the first exports.
    """

    restated: EarningsLine
    old_amount: Decimal
    renamed_isrc: str
    old_title: str
    new_title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Export:
    at: datetime
    kind: Kind
    layout: Layout
    encoding: Encoding = "utf-8"
    has_old_amount: bool = False
    has_old_title: bool = False


# Stamps stand a few days into a month: no store reports that early, so an export holds every line
# of the days that it covers. The exports of the old layout end before it changed.
_EXPORTS = (
    _Export(
        at=datetime(2025, 5, 2, 21, 4, 10, tzinfo=UTC),
        kind="cumulative",
        layout=LEGACY,
        encoding="latin-1",
        has_old_amount=True,
        has_old_title=True,
    ),
    _Export(
        at=datetime(2025, 6, 3, 17, 45, 2, tzinfo=UTC),
        kind="one_store",
        layout=LEGACY,
        has_old_title=True,
    ),
    _Export(at=datetime(2025, 7, 4, 9, 15, 0, tzinfo=UTC), kind="cumulative", layout=LEGACY),
    _Export(at=datetime(2026, 1, 3, 11, 20, 0, tzinfo=UTC), kind="one_artist", layout=HYBRID),
    _Export(at=datetime(2026, 2, 3, 8, 30, 0, tzinfo=UTC), kind="zip_of_zips", layout=CURRENT),
    _Export(at=datetime(2026, 5, 3, 7, 58, 44, tzinfo=UTC), kind="cumulative", layout=CURRENT),
    _Export(at=datetime(2026, 8, 3, 9, 41, 17, tzinfo=UTC), kind="last_120_days", layout=HYBRID),
)
_SIGNED_OUT_AT = datetime(2026, 8, 4, 7, 0, 12, tzinfo=UTC)
_CUT_AT = datetime(2026, 8, 5, 22, 16, 3, tzinfo=UTC)


def earnings_files(label: Label) -> tuple[list[Made], Changes]:
    """The exports of a label made with the default months.

    Those that land hold every line between them; put together by the ledger's rule they give the
    label's truth.
    """
    restated = _restated_line(label.lines)
    renamed = min(label.recordings[1:], key=lambda recording: recording.release_index)
    old_title = f"{renamed.title} (Rough Mix)"
    files = [
        _export(
            export,
            [
                _as_printed(line, export, restated, (renamed.isrc, old_title))
                for line in label.lines
                if _is_in(line, export, artist=restated.artist)
            ],
        )
        for export in _EXPORTS
    ]
    changes = Changes(
        restated=restated,
        old_amount=restated.earnings + _OLD_AMOUNT_OFF_BY,
        renamed_isrc=renamed.isrc,
        old_title=old_title,
        new_title=renamed.title,
    )
    return [*files, *_what_must_not_land(label.lines)], changes


def _is_in(line: EarningsLine, export: _Export, *, artist: str) -> bool:
    day = export.at.date()
    if line.reporting_date >= (min(day, LAYOUT_CHANGE) if export.layout is LEGACY else day):
        return False
    match export.kind:
        case "one_store":
            return line.store == _ONE_STORE
        case "one_artist":
            return line.artist == artist
        case "last_120_days":
            return line.reporting_date >= day - timedelta(days=120)
        case "zip_of_zips":
            return line.reporting_date.year == day.year - 1
        case _:
            return True


def _as_printed(
    line: EarningsLine, export: _Export, restated: EarningsLine, renamed: tuple[str, str]
) -> EarningsLine:
    if export.has_old_amount and line == restated:
        return replace(line, earnings=line.earnings + _OLD_AMOUNT_OFF_BY)
    isrc, old_title = renamed
    if export.has_old_title and line.isrc == isrc:
        return replace(line, title=old_title)
    return line


def _restated_line(lines: Iterable[EarningsLine]) -> EarningsLine:
    """Take the best paid line of the first export that is alone under its business key.

    Alone, because a restatement is told by the key: what stands for it is one amount.
    """
    early = [line for line in lines if line.reporting_date < _EXPORTS[0].at.date()]
    count = Counter(_business_key(line) for line in early)
    return max(
        (line for line in early if line.isrc and count[_business_key(line)] == 1),
        key=lambda line: line.earnings,
    )


def _business_key(line: EarningsLine) -> tuple[date, str, str, str, str, bool, Decimal]:
    return (
        line.reporting_date,
        line.sale_month,
        line.store,
        line.isrc,
        line.country,
        line.earnings < 0,
        line.team_percentage,
    )


def _export(export: _Export, lines: list[EarningsLine]) -> Made:
    content = write_earnings(lines, export.layout, encoding=export.encoding)
    extension = export.layout.extension
    if export.kind == "zip_of_zips":
        inner = _zipped("results.csv", content, export.at)
        content, extension = _zipped("results_1.zip", inner, export.at), "zip"
    return Made(
        name=_name(export.at, extension),
        content=content,
        kind=export.kind,
        as_of=export.at,
        lines=len(lines),
    )


def _what_must_not_land(lines: Iterable[EarningsLine]) -> Iterator[Made]:
    yield Made(
        name=_name(_SIGNED_OUT_AT, "tsv"),
        content=sign_in_page(),
        kind="sign_in_page",
        outcome="set_aside",
    )
    yield Made(
        name=_name(_CUT_AT, "csv"),
        content=_cut(write_earnings(lines, CURRENT)),
        kind="truncated",
        outcome="set_aside",
    )
    yield Made(name="statement.pdf", content=_PDF, kind="pdf", outcome="refused")
    yield Made(name=".DS_Store", content=_DS_STORE, kind="ds_store", outcome="refused")


def _cut(content: bytes) -> bytes:
    """Stop past the half, in the middle of a record."""
    start = content.index(b"\r\n", len(content) * 55 // 100)
    return content[: start + 60]


def _zipped(name: str, content: bytes, at: datetime) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo(name, date_time=(at.year, at.month, at.day, at.hour, at.minute, 0))
        archive.writestr(member, content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _name(at: datetime, extension: str) -> str:
    return f"dk_bank_details_{at:%Y%m%d_%H%M%S}.{extension}"
