"""From the portal's analytics responses to the rows of each stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bedrot.extract.parsed import Parsed
from bedrot.extract.streams import Note
from bedrot.sources.toolost.response_errors import TOTALS_DISAGREE, rejected, unreadable
from bedrot.sources.toolost.responses import (
    APPLE,
    SPOTIFY,
    Response,
    Row,
    day_of,
    read_response,
    refuse_nothing,
)

DAYS = "totalStreams"
SHAZAM = "totalShazam"
TRACKS = "tracksTotal"
COUNTRIES = "countryTotal"
TOTAL = "streamTotal"


def read_spotify_days(path: Path, _waived: frozenset[str]) -> Parsed:
    """Spotify's daily streams, and what is to be said of the whole response.

    Raises:
        RejectedPayloadError: The response is not whole or holds nothing.
    """
    response = _spotify(path)
    notes = list(response.notes)
    if not response.lists["streams"]:
        notes.append(Note(code="no_days", text="the response holds no day of Spotify streams"))
    return _days(response, "streams", notes)


def read_discovery_months(path: Path, _waived: frozenset[str]) -> Parsed:
    """Discovery Mode by month: the streams that it brought, and the fees withheld for them.

    Raises:
        RejectedPayloadError: As for the days.
    """
    response = _spotify(path)
    rows = response.lists["discovery"]
    columns = {
        "month_start_date": [row.values["date"] for row in rows],
        "streams": [row.values["streams"] for row in rows],
        "fees_usd": [row.values["fees"] for row in rows],
    }
    return _parsed(response, columns, rows, ())


def read_apple_days(path: Path, waived: frozenset[str]) -> Parsed:
    """Apple Music's daily streams, and what is to be said of the whole response.

    Raises:
        RejectedPayloadError: The response is not whole, holds nothing, or its own figures disagree.
    """
    response = _apple(path, waived)
    return _days(response, DAYS, [*response.notes, *_apple_notes(response, waived)])


def read_shazam_days(path: Path, waived: frozenset[str]) -> Parsed:
    """Shazams by day, from the same response.

    Raises:
        RejectedPayloadError: As for the days.
    """
    return _days(_apple(path, waived), SHAZAM, ())


def read_apple_tracks(path: Path, waived: frozenset[str]) -> Parsed:
    """Streams of each recording over the window of the response.

    Raises:
        RejectedPayloadError: As for the days.
    """
    names = {
        "isrc": "isrc",
        "track": "track_title",
        "release": "release_title",
        "cover": "cover_url",
        "streams": "streams",
    }
    return _window(_apple(path, waived), TRACKS, names)


def read_apple_countries(path: Path, waived: frozenset[str]) -> Parsed:
    """Streams of each country over the window of the response.

    Raises:
        RejectedPayloadError: As for the days.
    """
    names = {"country": "country_code", "streams": "streams"}
    return _window(_apple(path, waived), COUNTRIES, names)


def _spotify(path: Path) -> Response:
    response = read_response(path, SPOTIFY)
    refuse_nothing(response)
    for row in response.lists["discovery"]:
        if day_of(row).day != 1:
            raise unreadable(row.place, f"`{row.values['date']}` is not the first day of a month")
    return response


def _apple(path: Path, waived: frozenset[str]) -> Response:
    response = read_response(path, APPLE)
    refuse_nothing(response)
    wrong = list(_disagreements(response))
    if wrong and TOTALS_DISAGREE not in waived:
        msg = f"the response's own figures disagree: {wrong[0]}"
        raise rejected(msg, TOTALS_DISAGREE, seen="; ".join(wrong))
    return response


def _disagreements(response: Response) -> Iterator[str]:
    """The lists that do not add up to the response's total, or else to its days.

    A null makes a sum the least that it can be.
    """
    sums = {name: _sum(response.lists[name]) for name in (DAYS, TRACKS, COUNTRIES)}
    is_open = {name: _has_null(response.lists[name]) for name in sums}
    stated = response.figures[TOTAL]
    if stated is None and is_open[DAYS]:
        return
    total, of = (sums[DAYS], f"the days of `{DAYS}`") if stated is None else (int(stated), TOTAL)
    for name, found in sums.items():
        if name not in response.told:
            continue
        if found > total if is_open[name] else found != total:
            yield f"`{of.strip('`')}` is {total}, and `{name}` adds up to {found}"


def _apple_notes(response: Response, waived: frozenset[str]) -> Iterator[Note]:
    if TOTALS_DISAGREE in waived:
        for text in _disagreements(response):
            yield Note(code=TOTALS_DISAGREE, text=f"a person accepted that {text}")
    if not response.lists[DAYS]:
        yield Note(
            code="no_days",
            text="the response holds no day of Apple Music streams: the window of its tracks and "
            "countries is unknown, they are left out",
        )
    releases = {row.values.get("release") for row in response.lists[TRACKS]}
    if len(releases) == 1 and None not in releases:
        yield Note(
            code="one_release",
            text=f"all tracks belong to the release `{next(iter(releases))}`: if the account has "
            "others, the response was filtered, and `bedrot quarantine drop` takes it out",
        )


def _sum(rows: Sequence[Row]) -> int:
    return sum(int(row.values["streams"] or 0) for row in rows)


def _has_null(rows: Sequence[Row]) -> bool:
    return any(row.values["streams"] is None for row in rows)


def _days(response: Response, name: str, notes: Sequence[Note]) -> Parsed:
    rows = response.lists[name]
    measure = "shazams" if name == SHAZAM else "streams"
    columns = {
        "stream_date" if measure == "streams" else "shazam_date": [
            row.values["date"] for row in rows
        ],
        measure: [row.values["streams"] for row in rows],
    }
    return _parsed(response, columns, rows, notes)


def _window(response: Response, name: str, names: Mapping[str, str]) -> Parsed:
    """A list over the window from the first to the last day that the response tells."""
    days = [day_of(row) for row in response.lists[DAYS]]
    rows = response.lists[name] if days else ()
    columns: dict[str, Sequence[str | None]] = {
        "window_start": [str(min(days))] * len(rows) if rows else [],
        "window_end": [str(max(days))] * len(rows) if rows else [],
    }
    for member, column in names.items():
        columns[column] = [row.values.get(member) for row in rows]
    return _parsed(response, columns, rows, ())


def _parsed(
    response: Response,
    columns: Mapping[str, Sequence[str | None]],
    rows: Sequence[Row],
    notes: Sequence[Note],
) -> Parsed:
    shape = response.shape
    days = sorted(day_of(row) for row in response.lists[next(iter(shape.lists))])
    told = f", {len(days)} days {days[0]} to {days[-1]}" if days else ""
    return Parsed(
        layout=f"{shape.name}_response",
        columns=columns,
        places=[row.place for row in rows],
        records=[row.record for row in rows],
        head=f"TooLost analytics, {shape.title}{told}",
        notes=tuple(notes),
    )
