"""What holds for every stream, tried on a page of each store."""

from datetime import UTC, date, datetime, timedelta

from bedrot.sources.distrokid import APPLE_BREAKDOWNS, APPLE_DAILY, SPOTIFY_DAILY
from bedrot.sources.distrokid.synthetic_pages import Frame, Item, apple_page, spotify_page
from bedrot.testing.source_suite import Example, source_suite

DAYS = {date(2025, 4, 25) + timedelta(days=n): 10 + n for n in range(12)}
FRAME = Frame(captured_at=datetime(2025, 5, 8, 15, 51, tzinfo=UTC))
CRLF = Frame(captured_at=FRAME.captured_at, newline="\r\n")
LISTS = {
    "tracks": [Item(name="Said the Sea", streams=70, id=7001)],
    "countries": [Item(name="US", streams=40), Item(name="NA", streams=3)],
}

TestSpotifyDaily = source_suite(
    SPOTIFY_DAILY,
    [
        Example(name="streams.html", content=spotify_page(DAYS, frame), rows=12, units=186)
        for frame in (FRAME, CRLF)
    ],
)
TestAppleDaily = source_suite(
    APPLE_DAILY,
    [Example(name="applemusic.html", content=apple_page(DAYS, FRAME, LISTS), rows=12, units=186)],
)
TestAppleBreakdowns = source_suite(
    APPLE_BREAKDOWNS,
    [Example(name="applemusic.html", content=apple_page(DAYS, FRAME, LISTS), rows=3)],
)
