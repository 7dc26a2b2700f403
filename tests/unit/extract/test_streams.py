import pytest

from bedrot.extract.streams import header_key


@pytest.mark.parametrize(
    "header",
    ["Earnings (USD)", "earnings (usd)", "  EARNINGS   (USD) ", "Earnings\u00a0(USD)"],
)
def test_case_and_spacing_of_a_header_say_nothing(header: str) -> None:
    assert header_key(header) == "earnings (usd)"


def test_different_words_are_different_headers() -> None:
    assert header_key("Earnings (USD)") != header_key("Earnings (EUR)")
