"""The inbox of somebody who has saved everything for more than a year, with all that goes wrong."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bedrot.simulate.ads_files import AdSchedule, AdTruth, Pull, ad_files
from bedrot.simulate.demo_earnings import Changes, earnings_files
from bedrot.simulate.demo_faults import ad_faults, link_faults, social_faults, toolost_faults
from bedrot.simulate.demo_pages import page_files
from bedrot.simulate.inbox import InboxFile, Outcome, write_files
from bedrot.simulate.link_files import LinkTruth, Visit, link_files
from bedrot.simulate.sales import SalesTruth, sales_truth
from bedrot.simulate.social_files import Download, SocialTruth, social_files
from bedrot.simulate.streams import DailyTruth
from bedrot.simulate.toolost_files import ToolostTruth, analytics_files, sales_files
from bedrot.simulate.world import World

# Of the days from 29 June to 3 July the export alone tells, and no link clicks.
_ADS = AdSchedule(
    dumps=(
        datetime(2026, 6, 2, 8, 15, tzinfo=UTC),
        datetime(2026, 8, 3, 19, 12, 4, tzinfo=UTC),
    ),
    pulls=(
        Pull(at=datetime(2026, 6, 2, 8, 20, tzinfo=UTC), since=date(2026, 4, 1)),
        Pull(at=datetime(2026, 8, 3, 19, 15, tzinfo=UTC), since=date(2026, 7, 4)),
    ),
    exports=(Pull(at=datetime(2026, 7, 6, 10, 5, 30, tzinfo=UTC), since=date(2026, 6, 22)),),
)
_ANALYTICS = (
    datetime(2026, 5, 28, 8, 30, tzinfo=UTC),
    datetime(2026, 8, 3, 8, 31, 20, tzinfo=UTC),
)
_DOWNLOADS = (
    Download(at=datetime(2026, 6, 4, 11, 38, 15, tzinfo=UTC), days=60),
    Download(at=datetime(2026, 8, 4, 9, 12, 44, tzinfo=UTC), days=60),
)
_VISITS = (
    Visit(at=datetime(2026, 6, 2, 14, 18, 26, tzinfo=UTC), days=90),
    Visit(at=datetime(2026, 8, 5, 15, 3, 11, tzinfo=UTC), days=90),
)
_LAST_REPORT = date(2026, 7, 31)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inbox:
    """The files, and what importing all of them must publish, source by source."""

    folder: Path
    files: tuple[InboxFile, ...]
    world: World
    changes: Changes
    daily: DailyTruth
    sales: SalesTruth
    toolost: ToolostTruth
    ads: AdTruth
    social: SocialTruth
    links: LinkTruth

    def paths(self, outcome: Outcome) -> tuple[Path, ...]:
        """The files that must end so."""
        return tuple(file.path for file in self.files if file.outcome == outcome)


def write_inbox(folder: Path, world: World) -> Inbox:
    """Write the inbox of a world made with the default months."""
    earnings, changes = earnings_files(world.house)
    pages, daily = page_files(world.house, world.house_plays)
    answers, toolost_truth = analytics_files(world.guest, world.guest_plays, _ANALYTICS)
    reports = [*sales_files(world.sales, _LAST_REPORT)]
    ads, ad_truth = ad_files(world.campaigns, world.deliveries, _ADS)
    links, link_truth = link_files(world.page, world.links, _VISITS)
    social, social_truth = social_files(world.social, _DOWNLOADS)
    made = [
        *earnings,
        *pages,
        *answers,
        *toolost_faults(answers),
        *reports,
        *ads,
        *ad_faults(ads),
        *links,
        *link_faults(),
        *social,
        *social_faults(social, social_truth.overview[0]),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    return Inbox(
        folder=folder,
        files=write_files(folder, made),
        world=world,
        changes=changes,
        daily=daily,
        sales=sales_truth(line for line in world.sales if line.reporting_date <= _LAST_REPORT),
        toolost=toolost_truth,
        ads=ad_truth,
        social=social_truth,
        links=link_truth,
    )
