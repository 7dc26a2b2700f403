"""What goes wrong in the files of the demo's smaller sources, and must hold nothing else up."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bedrot.simulate.demo_pages import AGAIN
from bedrot.simulate.flows import FlowTruth
from bedrot.simulate.inbox import Made
from bedrot.simulate.social_files import Overview, overview_csv
from bedrot.sources.linktree import synthetic as linktree
from bedrot.sources.metaads import synthetic as meta
from bedrot.sources.toolost import synthetic as toolost


def toolost_faults(answers: Sequence[Made]) -> Iterator[Made]:
    """Half an answer, and the portal's page in place of one."""
    whole = answers[-1]
    yield Made(
        name="second_distributor/toolost_apple_20260804_083002.json",
        content=whole.content[: len(whole.content) * 6 // 10],
        kind="half_response",
        outcome="set_aside",
    )
    yield Made(
        name="second_distributor/toolost_spotify_20260805_070010.json",
        content=toolost.portal_page(),
        kind="sign_in_page",
        outcome="set_aside",
    )


def ad_faults(files: Sequence[Made]) -> Iterator[Made]:
    """The API's refusal in place of days, a dump that stops, and Meta's page in place of one."""
    dump = [made for made in files if made.kind == "lifetime_insights"][-1]
    yield Made(
        name="ads/insights_20260804_191502/campaigns_by_day_1.json",
        content=meta.graph_error(),
        kind="error_of_the_api",
        outcome="set_aside",
    )
    yield Made(
        name="ads/meta_ads_dump_20260804_192010/insights.json",
        content=dump.content[: len(dump.content) // 2],
        kind="truncated",
        outcome="set_aside",
    )
    yield Made(
        name="ads/meta_ads_dump_20260804_192010/campaigns.json",
        content=meta.sign_in_page(),
        kind="sign_in_page",
        outcome="set_aside",
    )


def link_faults() -> Iterator[Made]:
    """Linktree's sign-in page in place of a response."""
    yield Made(
        name="links/graphql_20260804_061500_120044.json",
        content=linktree.sign_in_page(),
        kind="sign_in_page",
        outcome="set_aside",
    )


def social_faults(files: Sequence[Made], told: FlowTruth[Overview]) -> Iterator[Made]:
    """An export that was unpacked, so that nothing says its year; and a zip that lies there twice."""
    yield Made(
        name=f"{AGAIN}/Overview.csv",
        content=overview_csv(told.days),
        kind="without_window",
        outcome="set_aside",
    )
    first = files[0]
    name = first.name.rpartition("/")[2].removesuffix(".zip")
    yield replace(first, name=f"{AGAIN}/{name} (1).zip", outcome="known", as_of=None, lines=0)
