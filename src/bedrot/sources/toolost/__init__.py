"""TooLost: the distributor's analytics responses and its monthly sales report."""

from dataclasses import replace

from bedrot.extract.parsed import parsed_stream
from bedrot.extract.streams import Source
from bedrot.extract.tables import table_stream
from bedrot.sources.toolost.analytics import (
    read_apple_countries,
    read_apple_days,
    read_apple_tracks,
    read_discovery_months,
    read_shazam_days,
    read_spotify_days,
)
from bedrot.sources.toolost.parser import portal_page
from bedrot.sources.toolost.responses import recognise_apple, recognise_spotify
from bedrot.sources.toolost.sales_report import read_sales

SPOTIFY_DAILY = parsed_stream(
    __name__,
    "toolost",
    "spotify_daily",
    recognise=recognise_spotify,
    parse=read_spotify_days,
)
SPOTIFY_DISCOVERY_MONTHLY = parsed_stream(
    __name__,
    "toolost",
    "spotify_discovery_monthly",
    recognise=recognise_spotify,
    parse=read_discovery_months,
    captured_as=SPOTIFY_DAILY.name,
)
APPLE_DAILY = parsed_stream(
    __name__,
    "toolost",
    "apple_daily",
    recognise=recognise_apple,
    parse=read_apple_days,
)
SHAZAM_DAILY = parsed_stream(
    __name__,
    "toolost",
    "shazam_daily",
    recognise=recognise_apple,
    parse=read_shazam_days,
    captured_as=APPLE_DAILY.name,
)
APPLE_TRACKS = parsed_stream(
    __name__,
    "toolost",
    "apple_tracks",
    recognise=recognise_apple,
    parse=read_apple_tracks,
    captured_as=APPLE_DAILY.name,
)
APPLE_COUNTRIES = parsed_stream(
    __name__,
    "toolost",
    "apple_countries",
    recognise=recognise_apple,
    parse=read_apple_countries,
    captured_as=APPLE_DAILY.name,
)
SALES = replace(
    table_stream(
        __name__, "toolost", "sales", alias_tables=("toolost_channels",), parser_version=2
    ),
    read=read_sales,
)

SOURCE = Source(
    name="toolost",
    title="TooLost",
    streams=(
        SPOTIFY_DAILY,
        SPOTIFY_DISCOVERY_MONTHLY,
        APPLE_DAILY,
        SHAZAM_DAILY,
        APPLE_TRACKS,
        APPLE_COUNTRIES,
        SALES,
    ),
    stray=portal_page,
)
