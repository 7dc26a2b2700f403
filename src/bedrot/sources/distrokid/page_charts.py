"""The charts of a statistics page, read from the page's own scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bedrot.sources.distrokid.page_errors import half_loaded, unreadable

SPOTIFY_CHARTS = ("trendWeekly", "trendMonthly", "trend60day", "trend365day")
APPLE_CHARTS = ("byWeek", "byMonth", "last365days")

_CHART_DATA = re.compile(r"\bvar\s+chartData\s*=\s*(?=\{)")
_PROVIDER = re.compile(r'"dataProvider"\s*:\s*(?=\[)')
_STRING = r'"(?:[^"\\]|\\.)*"'
_FLAT_OBJECT = re.compile(rf"\{{(?:[^{{}}\"]|{_STRING})*\}}", re.DOTALL)
_FLAT_ARRAY = re.compile(rf"\[(?:[^\[\]\"]|{_STRING})*\]", re.DOTALL)
# A chart's own members before its points are flat too: texts, numbers, and brackets closed again.
_NAMED_PROVIDER = re.compile(
    rf'"(\w+)"\s*:\s*\{{(?:[^{{}}\[\]"]|\[[^\[\]]*\]|\{{[^{{}}]*\}}|(?!"dataProvider"){_STRING})*?'
    r'"dataProvider"\s*:\s*(?=\[)',
    re.DOTALL,
)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
# A comma before a closing bracket, beside whole strings, in which commas are left alone.
_STRING_OR_SPARE_COMMA = re.compile(rf"{_STRING}|,(?=\s*[\]}}])", re.DOTALL)
_DIGITS = re.compile(r"[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a chart: its label and figure, and where it stands in the page."""

    label: str
    value: int
    item_id: str | None
    place: str
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The points in the page's order, and the sum that the chart prints of itself."""

    points: tuple[Point, ...]
    total: int | None = None

    @property
    def sum(self) -> int:
        """All figures of the chart together."""
        return sum(point.value for point in self.points)


def spotify_charts(text: str) -> dict[str, Chart]:
    """The four charts of a Spotify page.

    Raises:
        RejectedPayloadError: A chart is missing or unfinished, or holds an unreadable value.
    """
    charts = {}
    for name in SPOTIFY_CHARTS:
        script = _script_from(text, re.compile(rf'AmCharts\.makeChart\(\s*"{name}"'))
        found = _PROVIDER.search(script) if script else None
        if found is None:
            msg = f"the chart `{name}` is missing"
            raise half_loaded(msg)
        points = _decoded(script[found.end() :], name)
        records = _records(script, found.end())
        charts[name] = Chart(points=tuple(_points(points, records, name, ("category", "column-1"))))
    return charts


def apple_charts(text: str) -> dict[str, Chart]:
    """All charts of an Apple Music page by the page's own names.

    Raises:
        RejectedPayloadError: A chart of days, weeks or months is missing, the data is unfinished,
            or it holds an unreadable value.
    """
    script = _script_from(text, _CHART_DATA)
    if not script:
        msg = "the data of its charts (`chartData`) is missing"
        raise half_loaded(msg)
    script = _CHART_DATA.sub("", script, count=1)
    data = _decoded(script, "chartData")
    missing = [name for name in APPLE_CHARTS if not isinstance(data.get(name), dict)]
    if missing:
        msg = f"the chart `{missing[0]}` is missing"
        raise half_loaded(msg)
    providers = {found[1]: found.end() for found in _NAMED_PROVIDER.finditer(script)}
    return {
        name: _apple_chart(chart, name, _records(script, providers.get(name, len(script))))
        for name, chart in data.items()
        if isinstance(chart, dict)
    }


def days_of(chart: Chart, cap: date | None) -> dict[date, int]:
    """The figures of a daily chart; `cap` is the page's date, where it prints one.

    Raises:
        RejectedPayloadError: A label is no day, stands twice, or lies beyond the page's date.
    """
    days: dict[date, int] = {}
    for point in chart.points:
        day = _day(point)
        if day in days:
            raise unreadable(point.place, f"the day `{day}` stands twice")
        # The page's clock is UTC; a store's day may have begun where it is already tomorrow.
        if cap is not None and day > cap + timedelta(days=1):
            raise unreadable(point.place, f"the day `{day}` lies after the page's date `{cap}`")
        days[day] = point.value
    return days


def _apple_chart(chart: Mapping[str, Any], name: str, records: Sequence[str]) -> Chart:
    provider = chart.get("dataProvider")
    if not isinstance(provider, list):
        msg = f"the chart `{name}` has no data"
        raise half_loaded(msg)
    total = chart.get("total")
    return Chart(
        points=tuple(_points(provider, records, name, ("field", "value"))),
        total=None if total is None else _figure(total, f"{name}.total"),
    )


def _script_from(text: str, start: re.Pattern[str]) -> str:
    """The rest of the script in which `start` matches, from there; empty if none does."""
    found = start.search(text)
    if found is None:
        return ""
    end = _SCRIPT_END.search(text, found.start())
    return text[found.start() : end.start() if end else len(text)]


def _decoded(text: str, name: str) -> Any:  # noqa: ANN401 - what the page holds
    """The JSON value with which the text begins; what follows it is other JavaScript."""
    value = _value_at_start(text)
    if value is None:
        value = _value_at_start(_STRING_OR_SPARE_COMMA.sub(_unless_comma, text))
    if value is None:
        msg = f"the data of `{name}` is unfinished"
        raise half_loaded(msg)
    return value


def _value_at_start(text: str) -> Any:  # noqa: ANN401 - what the page holds
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _unless_comma(found: re.Match[str]) -> str:
    return "" if found[0] == "," else found[0]


def _records(script: str, start: int) -> list[str]:
    """The objects of the array that begins at `start`, as they stand in the page."""
    found = _FLAT_ARRAY.match(script, start)
    return _FLAT_OBJECT.findall(found[0]) if found else []


def _points(
    provider: Sequence[Any], records: Sequence[str], name: str, names: tuple[str, str]
) -> Iterator[Point]:
    label, value = names
    for position, point in enumerate(provider):
        place = f"{name}[{position}]"
        if not isinstance(point, dict) or label not in point or value not in point:
            raise unreadable(place, f"it has no `{label}` and `{value}`")
        yield Point(
            label=_text(point[label], place),
            value=_figure(point[value], place),
            item_id=None if point.get("id") in {None, ""} else _text(point["id"], place),
            place=place,
            # Objects that hold others are told as they were read, not as they are written.
            record=records[position]
            if len(records) == len(provider)
            else json.dumps(point, ensure_ascii=False),
        )


def _text(value: Any, place: str) -> str:  # noqa: ANN401 - what the page holds
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        raise unreadable(place, "the text holds half a character")
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise unreadable(place, f"`{value}` is neither a text nor a whole number")


def _figure(value: Any, place: str) -> int:  # noqa: ANN401 - what the page holds
    """A whole number from 0, written as a number or as its digits."""
    is_number = isinstance(value, int | str) and not isinstance(value, bool)
    if is_number and _DIGITS.fullmatch(str(value)):
        return int(value)
    raise unreadable(place, f"`{value}` is not a whole number from 0")


def _day(point: Point) -> date:
    try:
        # The form first: other forms are ISO dates too, and none that the page writes.
        return date.fromisoformat(point.label if _DAY.fullmatch(point.label) else "")
    except ValueError as exc:
        raise unreadable(point.place, f"`{point.label}` is not a day as YYYY-MM-DD") from exc
