"""Linktree: the captured responses of a link page's analytics."""

from bedrot.extract.parsed import HintedParse, parsed_stream
from bedrot.extract.streams import Source, Stream
from bedrot.extract.visits import Visits
from bedrot.sources.linktree import tellings
from bedrot.sources.linktree.answers import CITIES, COUNTRIES, DEVICES, REFERRERS
from bedrot.sources.linktree.looks import moment_is_known
from bedrot.sources.linktree.masking import mask_response
from bedrot.sources.linktree.pages import sign_in_page
from bedrot.sources.linktree.responses import part_of, recognise
from bedrot.sources.linktree.tables import breakdown_reader, read_profile_days, reader

_VISITS = Visits(stream="profile_daily", part_of=part_of, redact=mask_response)


def _stream(name: str, parse: HintedParse) -> Stream:
    return parsed_stream(
        __name__,
        "linktree",
        name,
        recognise=recognise,
        parse=parse,
        hints=moment_is_known,
        captured_as=_VISITS.stream,
    )


PROFILE_DAILY = _stream("profile_daily", read_profile_days)
OVERVIEW_WINDOW = _stream("overview_window", reader(tellings.overviews))
LINKS_WINDOW = _stream("links_window", reader(tellings.links))
SOCIALS_WINDOW = _stream("socials_window", reader(tellings.socials))
SOCIALS_DAILY = _stream("socials_daily", reader(tellings.social_days, date="click_date"))
CITIES_WINDOW = _stream("cities_window", breakdown_reader(CITIES, "city_name"))
COUNTRIES_WINDOW = _stream("countries_window", breakdown_reader(COUNTRIES, "country_name"))
REFERRERS_WINDOW = _stream("referrers_window", breakdown_reader(REFERRERS, "referrer_name"))
DEVICES_WINDOW = _stream("devices_window", breakdown_reader(DEVICES, "device_name"))
SUBSCRIBERS_DAILY = _stream(
    "subscribers_daily", reader(tellings.subscriber_days, date="subscriber_date")
)
LIFETIME = _stream("lifetime", reader(tellings.lifetime))
LINK_TITLES = _stream("link_titles", reader(tellings.titles))

SOURCE = Source(
    name="linktree",
    title="Linktree",
    streams=(
        PROFILE_DAILY,
        OVERVIEW_WINDOW,
        LINKS_WINDOW,
        SOCIALS_WINDOW,
        SOCIALS_DAILY,
        CITIES_WINDOW,
        COUNTRIES_WINDOW,
        REFERRERS_WINDOW,
        DEVICES_WINDOW,
        SUBSCRIBERS_DAILY,
        LIFETIME,
        LINK_TITLES,
    ),
    stray=sign_in_page,
    visits=_VISITS,
)
