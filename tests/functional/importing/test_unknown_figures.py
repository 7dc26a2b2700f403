"""What an export does not tell is unknown in what is said of it, and not 0."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bedrot.pipeline.bringing import Imported

Bring = Callable[..., dict[str, Imported]]


def test_an_export_without_impressions_has_no_number_of_them(bring: Bring, given: Path) -> None:
    (given / "ads.csv").write_text(
        "Reporting starts,Reporting ends,Campaign name,Campaign ID,Day,Amount spent (USD)\n"
        "2025-05-20,2025-05-21,Spring,120225391500540093,2025-05-20,1.50\n"
        "2025-05-20,2025-05-21,Spring,120225391500540093,2025-05-21,2.25\n",
        encoding="utf-8",
    )
    (told,) = bring().values()
    assert (told.outcome, told.rows, told.units) == ("landed", 2, None)
    assert (told.stream, told.told_by) == ("insights", "metaads.campaign_insights_daily")
