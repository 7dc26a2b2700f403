"""A lake's configuration."""

import pytest

from bedrot.errors import SettingsError, UnknownNameError
from bedrot.zones.lake import CONFIG_TEXT, read_config, table_key


def test_the_configuration_that_is_written_can_be_read() -> None:
    config = read_config(CONFIG_TEXT)
    assert config.default_account == "main"
    assert config.account("main").zone.key == "UTC"


def test_an_account_that_is_not_configured_is_read_in_utc() -> None:
    account = read_config(CONFIG_TEXT).account("second")
    assert (account.account_id, account.zone.key) == ("second", "UTC")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = [", "cannot be read"),
        ("format = 2\n", "format `2`"),
        ("", "format `None`"),
        ("format = 1\n", "no default account"),
        ('format = 1\n[accounts]\ndefault = ""\n', "no default account"),
        (
            'format = 1\n[accounts]\ndefault = "m"\n[accounts.m]\ntime_zone = "Mars/Olympus"\n',
            "Mars/Olympus",
        ),
        ('format = 1\n[accounts]\ndefault = "m"\n[accounts.m]\ntime_zone = "../etc"\n', "../etc"),
    ],
)
def test_a_wrong_configuration_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace("[", "\\[")) as caught:
        read_config(text)
    assert caught.value.next_step


@pytest.mark.parametrize(
    "text",
    [
        'format = 1\n[accounts]\ndefault = "m"\n[accounts.m]\ntimezone = "UTC"\n',
        'format = 1\n[accounts]\ndefault = "m"\nm = "UTC"\n',
        'format = 1\nacounts = 1\n[accounts]\ndefault = "m"\n',
    ],
    ids=["misspelt zone", "no table", "unknown key"],
)
def test_what_is_not_understood_is_not_passed_over(text: str) -> None:
    with pytest.raises(SettingsError):
        read_config(text)


def test_tables_lie_in_staging_or_curated() -> None:
    assert table_key("curated", "dim_store") == "curated/dim_store"
    with pytest.raises(UnknownNameError):
        table_key("landing", "dim_store")
