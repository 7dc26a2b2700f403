"""What holds for every stream, tried on responses of both kinds."""

from datetime import date, timedelta
from decimal import Decimal

from bedrot.sources.toolost import (
    APPLE_COUNTRIES,
    APPLE_DAILY,
    APPLE_TRACKS,
    SHAZAM_DAILY,
    SPOTIFY_DAILY,
    SPOTIFY_DISCOVERY_MONTHLY,
)
from bedrot.sources.toolost.synthetic import (
    Month,
    Track,
    Writing,
    apple_response,
    spotify_response,
)
from bedrot.testing.source_suite import Example, source_suite

DAYS = {date(2025, 4, 25) + timedelta(days=n): 10 + n for n in range(12)}
MONTHS = [Month(start=date(2025, 3, 1), streams=40, fees=Decimal("0.12345678"))]
WRITINGS = {
    "as_kept.json": Writing(),
    "as_sent.json": Writing(indent=None, seed=7),
    "saved_on_windows.json": Writing(encoding="utf-16", newline="\r\n", counts="texts"),
    "numbers.json": Writing(encoding="utf-8-sig", counts="numbers"),
}
TRACKS = [
    Track(isrc="ZZBDR2500001", title="Said the Sea", release="Tin", streams=100),
    Track(isrc="ZZBDR2500002", title="Said the Sea", release="Hail", streams=86),
]
SPOTIFY = {name: spotify_response(DAYS, MONTHS, how) for name, how in WRITINGS.items()}
APPLE = {
    name: apple_response(
        DAYS,
        tracks=TRACKS,
        countries={"NA": 180, "DE": 6},
        shazams={date(2025, 4, 26): 3},
        writing=how,
    )
    for name, how in WRITINGS.items()
}


def _examples(contents: dict[str, bytes], rows: int, units: int) -> list[Example]:
    return [Example(name=n, content=c, rows=rows, units=units) for n, c in contents.items()]


TestSpotifyDaily = source_suite(SPOTIFY_DAILY, _examples(SPOTIFY, 12, 186))
TestSpotifyDiscoveryMonthly = source_suite(SPOTIFY_DISCOVERY_MONTHLY, _examples(SPOTIFY, 1, 40))
TestAppleDaily = source_suite(APPLE_DAILY, _examples(APPLE, 12, 186))
TestShazamDaily = source_suite(SHAZAM_DAILY, _examples(APPLE, 1, 3))
TestAppleTracks = source_suite(APPLE_TRACKS, _examples(APPLE, 2, 186))
TestAppleCountries = source_suite(APPLE_COUNTRIES, _examples(APPLE, 2, 186))
