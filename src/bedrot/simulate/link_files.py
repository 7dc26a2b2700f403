"""What Linktree answers when somebody looks at the page's analytics: the responses of each visit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bedrot.simulate.days import chosen_days
from bedrot.simulate.flows import FlowTruth, Told, put_together
from bedrot.simulate.inbox import Made
from bedrot.simulate.links import LinkDay, LinkPage
from bedrot.sources.linktree import synthetic as linktree

PROVISIONAL_DAYS = 1
PERSONAL = 8
"""How many responses of a visit tell of the holder, and must not be stored."""

Figures = tuple[int, int, int, int]
"""Views, clicks, and different people of the day who viewed and clicked."""

Days = Mapping[date, LinkDay]


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One look at the analytics of the last days, that of the look included."""

    at: datetime
    days: int

    @property
    def window(self) -> tuple[date, date]:
        """First and last day."""
        return self.at.date() - timedelta(days=self.days - 1), self.at.date()


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkTruth:
    """What must be published: the page's days, and clicks by social."""

    page: FlowTruth[Figures]
    socials: tuple[FlowTruth[int], ...]


def link_files(
    page: LinkPage, days: Days, visits: Sequence[Visit], folder: str = "links"
) -> tuple[list[Made], LinkTruth]:
    """The responses of all visits, and what a lake that holds all of them must publish."""
    files: list[Made] = []
    told: list[Told[Figures]] = []
    clicked: list[Told[int]] = []
    for visit in visits:
        seen = {
            day: _so_far(days[day], visit.at) if day == visit.at.date() else days[day]
            for day in chosen_days(days, *visit.window)
        }
        files += _responses(page, seen, visit, folder)
        told.append(
            Told(
                series=page.account,
                as_of=visit.at,
                days={day: _figures(one) for day, one in seen.items()},
            )
        )
        clicked += [
            Told(
                series=name,
                as_of=visit.at,
                days={day: one.socials[name] for day, one in seen.items()},
            )
            for name in next(iter(seen.values())).socials
        ]
    (of_page,) = put_together(told, provisional_days=PROVISIONAL_DAYS)
    socials = put_together(clicked, provisional_days=PROVISIONAL_DAYS)
    return files, LinkTruth(page=of_page, socials=socials)


def _so_far(day: LinkDay, at: datetime) -> LinkDay:
    """What the day of the look has brought until then."""
    minutes = at.hour * 60 + at.minute

    def part(count: int) -> int:
        return count * minutes // (24 * 60)

    links = {link: part(count) for link, count in day.links.items()}
    socials = {name: part(count) for name, count in day.socials.items()}
    return replace(
        day,
        views=part(day.views),
        daily_unique_views=part(day.daily_unique_views),
        clicks=sum(links.values()) + sum(socials.values()),
        daily_unique_clicks=part(day.daily_unique_clicks),
        links=links,
        socials=socials,
    )


def _figures(day: LinkDay) -> Figures:
    return day.views, day.clicks, day.daily_unique_views, day.daily_unique_clicks


def _responses(page: LinkPage, seen: Days, visit: Visit, folder: str) -> Iterator[Made]:
    shown = linktree.Page(
        days={
            day: linktree.Day(
                views=one.views,
                clicks=one.clicks,
                daily_unique_views=one.daily_unique_views,
                daily_unique_clicks=one.daily_unique_clicks,
            )
            for day, one in seen.items()
        },
        links=[
            linktree.Link(
                id=link.id,
                title=link.title,
                clicks={day: one.links[link.id] for day, one in seen.items()},
            )
            for link in page.links
        ],
        socials={
            name: {day: one.socials[name] for day, one in seen.items()}
            for name in next(iter(seen.values())).socials
        },
    )
    responses = linktree.visit_responses(shown, visit.at.replace(tzinfo=None), lengths=(len(seen),))
    for number, (name, content) in enumerate(responses.items()):
        is_personal = number < PERSONAL
        yield Made(
            name=f"{folder}/{name}",
            content=content,
            kind="personal" if is_personal else "response",
            outcome="refused" if is_personal else "landed",
            as_of=None if is_personal else visit.at,
            lines=0 if is_personal else len(seen),
        )
