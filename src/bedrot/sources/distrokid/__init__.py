"""DistroKid: the distributor's bank details (royalty lines) and its statistics pages."""

from dataclasses import replace

from bedrot.extract.parsed import parsed_stream
from bedrot.extract.streams import Source
from bedrot.extract.tables import table_stream
from bedrot.sources.distrokid.earnings_export import read_earnings
from bedrot.sources.distrokid.page_masking import holder, mask_statistics
from bedrot.sources.distrokid.pages import (
    read_apple_breakdowns,
    read_apple_days,
    read_spotify_days,
    recognise_apple,
    recognise_spotify,
)
from bedrot.sources.distrokid.parser import saved_for, sign_in_page

EARNINGS = replace(
    table_stream(
        __name__, "distrokid", "earnings", alias_tables=("distrokid_stores",), parser_version=2
    ),
    read=read_earnings,
)

SPOTIFY_DAILY = parsed_stream(
    __name__,
    "distrokid",
    "spotify_daily",
    recognise=recognise_spotify,
    parse=read_spotify_days,
    redact=mask_statistics,
    holder=holder,
)
APPLE_DAILY = parsed_stream(
    __name__,
    "distrokid",
    "apple_daily",
    recognise=recognise_apple,
    parse=read_apple_days,
    redact=mask_statistics,
    holder=holder,
)
APPLE_BREAKDOWNS = parsed_stream(
    __name__,
    "distrokid",
    "apple_breakdowns",
    recognise=recognise_apple,
    parse=read_apple_breakdowns,
    captured_as=APPLE_DAILY.name,
    redact=mask_statistics,
    holder=holder,
)

SOURCE = Source(
    name="distrokid",
    title="DistroKid",
    streams=(EARNINGS, SPOTIFY_DAILY, APPLE_DAILY, APPLE_BREAKDOWNS),
    stray=sign_in_page,
    stray_stream=saved_for,
)
