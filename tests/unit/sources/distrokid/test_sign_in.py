"""For what a sign-in page was saved, where its form says so."""

from __future__ import annotations

import pytest

from bedrot.sources.distrokid import SOURCE
from bedrot.sources.distrokid.synthetic import sign_in_page


@pytest.mark.parametrize(
    "form",
    [b'action="/signin/?forward=/stats"', b"url=distrokid.com%2Fsignin%2F%3Fforward%3D%2Fstats"],
)
def test_a_form_that_goes_on_to_statistics_stands_for_a_statistics_page(form: bytes) -> None:
    assert SOURCE.stray_stream(form) == "spotify_daily"


def test_a_form_that_goes_on_to_the_bank_stands_for_earnings() -> None:
    assert SOURCE.stray_stream(sign_in_page()) is None
    assert SOURCE.streams[0].name == "earnings"
