"""TikTok: the exports of TikTok Studio's analytics, and those of business accounts."""

from collections.abc import Mapping
from pathlib import Path

from bedrot.extract.parsed import HintedParse, Parsed, parsed_stream
from bedrot.extract.streams import Hints, Source, Stream
from bedrot.sources.tiktok.audience import (
    FOLLOWER_ACTIVITY,
    FOLLOWER_GENDER,
    FOLLOWER_TOP_TERRITORIES,
    read_follower_activity,
    read_follower_gender,
    read_follower_territories,
)
from bedrot.sources.tiktok.captures import (
    account_in_name,
    member_moment,
    moment_is_known,
    of_known_account,
    window_of,
    window_or_moment,
)
from bedrot.sources.tiktok.daily import (
    FOLLOWER_HISTORY,
    OVERVIEW,
    VIEWERS,
    read_follower_history,
    read_overview,
    read_viewers,
)
from bedrot.sources.tiktok.export_errors import refuse_unsaid_account
from bedrot.sources.tiktok.exports import Shape, recogniser
from bedrot.sources.tiktok.pages import tiktok_page
from bedrot.sources.tiktok.posts import CONTENT, read_posts

# The parser reads both: a change of either may change the rows.
_ALIASES = ("tiktok_headers", "tiktok_months")


def _stream(shape: Shape, parse: HintedParse, hints: Hints, *aliases: str) -> Stream:
    def parsed(path: Path, waived: frozenset[str], given: Mapping[str, str]) -> Parsed:
        read = parse(path, waived, given)
        refuse_unsaid_account(given, waived)
        return read

    return parsed_stream(
        __name__,
        "tiktok",
        shape.name,
        recognise=recogniser(shape),
        parse=parsed,
        hints=of_known_account(hints),
        account_in_name=account_in_name,
        moment=member_moment,
        alias_tables=(*_ALIASES, *aliases),
    )


OVERVIEW_STREAM = _stream(OVERVIEW, read_overview, window_of)
VIEWERS_STREAM = _stream(VIEWERS, read_viewers, window_of)
CONTENT_STREAM = _stream(CONTENT, read_posts, window_or_moment)
FOLLOWER_HISTORY_STREAM = _stream(FOLLOWER_HISTORY, read_follower_history, window_of)
FOLLOWER_ACTIVITY_STREAM = _stream(FOLLOWER_ACTIVITY, read_follower_activity, window_of)
FOLLOWER_GENDER_STREAM = _stream(
    FOLLOWER_GENDER, read_follower_gender, moment_is_known, "tiktok_genders"
)
FOLLOWER_TERRITORIES_STREAM = _stream(
    FOLLOWER_TOP_TERRITORIES, read_follower_territories, moment_is_known
)

SOURCE = Source(
    name="tiktok",
    title="TikTok",
    streams=(
        OVERVIEW_STREAM,
        VIEWERS_STREAM,
        CONTENT_STREAM,
        FOLLOWER_HISTORY_STREAM,
        FOLLOWER_ACTIVITY_STREAM,
        FOLLOWER_GENDER_STREAM,
        FOLLOWER_TERRITORIES_STREAM,
    ),
    stray=tiktok_page,
)
