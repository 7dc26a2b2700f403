"""The alias file: one name for every spelling, and nothing in it that is passed over."""

from __future__ import annotations

import pytest

from bedrot.errors import SettingsError, UsageError
from bedrot.zones.aliases import ALIASES_TEXT, NamedAccount, read_aliases, with_account
from bedrot.zones.lake import CONFIG_TEXT, LakeConfig, read_config

NAMES = """\
format = 1
[[artist]]
name = "Paper Lantern"
spellings = ["paper.lantern"]
[[account]]
name = "lantern"
spellings = ["paper.lantern", "PaperLantern"]
artist = "paper  LANTERN"
time_zone = "Asia/Tokyo"
[[account]]
name = "tides"
spellings = ["main"]
sources = ["tiktok"]
"""


def config(aliases: str = NAMES, toml: str = CONFIG_TEXT) -> LakeConfig:
    return read_config(toml, aliases)


def test_the_file_that_is_written_names_nobody() -> None:
    found = read_aliases(ALIASES_TEXT)
    assert (found.artists, found.accounts) == ((), ())


def test_the_examples_in_the_file_that_is_written_can_be_used() -> None:
    head, examples = ALIASES_TEXT.split("format = 1\n")
    lines = [line.removeprefix("# ") for line in examples.splitlines()]
    told = [line for line in lines if line.startswith("[[") or " = " in line]
    found = read_aliases("\n".join(["format = 1", *told]))
    assert [artist.name for artist in found.artists] == ["Paper Lantern"]
    assert found.accounts[0].artist == "Paper Lantern"
    assert "same without regard to capitals" in head


@pytest.mark.parametrize("spelling", ["lantern", "Paper.Lantern", " paperlantern ", "LANTERN"])
def test_every_spelling_is_its_account(spelling: str) -> None:
    found = config().account(spelling, "distrokid")
    assert (found.account_id, found.zone.key) == ("lantern", "Asia/Tokyo")
    assert (found.artist, found.is_named) == ("Paper Lantern", True)


def test_an_unknown_spelling_stays_as_it_is() -> None:
    found = config().account("Paper-Lantern", "tiktok")
    assert (found.account_id, found.zone.key) == ("Paper-Lantern", "UTC")
    assert (found.artist, found.is_named) == (None, False)


def test_names_of_one_source_hold_only_there_and_go_before_others() -> None:
    assert config().account("main", "tiktok").account_id == "tides"
    assert config().account("main", "distrokid").account_id == "main"


def test_a_name_that_was_resolved_stays_what_it_is() -> None:
    text = NAMES + '[[account]]\nname = "main"\nspellings = ["m"]\n'
    for source in ("tiktok", "distrokid"):
        once = config(text).account("m", source).account_id
        assert config(text).account(once, source).account_id == once


def test_the_time_zone_of_an_account_may_stand_in_either_file() -> None:
    toml = CONFIG_TEXT.replace('"UTC"', '"America/Los_Angeles"')
    named = 'format = 1\n[[account]]\nname = "Main"\nspellings = ["label"]\n'
    found = config(named, toml).account("label", "distrokid")
    assert (found.account_id, found.zone.key) == ("Main", "America/Los_Angeles")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "format `None`"),
        ("format = [", "cannot be read"),
        ('format = 1\n[artist]\nname = "A"\n', "no block"),
        ('format = 1\n[[artists]]\nname = "A"\n', "unknown key `artists`"),
        ('format = 1\n[[artist]]\nname = "A"\nspelling = ["B"]\n', "artist `A` has an unknown"),
        ('format = 1\n[[artist]]\nspellings = ["B"]\n', "with the name `None`"),
        ('format = 1\n[[artist]]\nname = " "\n', "with the name ` `"),
        ('format = 1\n[[artist]]\nname = "A"\nspellings = "B"\n', "no list of names"),
        ('format = 1\n[[artist]]\nname = "A"\nspellings = [1]\n', "no list of names"),
        ('format = 1\n[[account]]\nname = "a"\nartist = "B"\n', "is about `B`"),
        ('format = 1\n[[account]]\nname = "a"\ntime_zone = "Mars"\n', "unknown time zone `Mars`"),
    ],
)
def test_a_wrong_file_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        read_aliases(text)
    assert caught.value.next_step


@pytest.mark.parametrize("kind", ["artist", "account"])
def test_a_spelling_under_two_names_is_refused(kind: str) -> None:
    block = '[[{0}]]\nname = "{1}"\nspellings = ["{2}"]\n'
    text = "format = 1\n" + block.format(kind, "A", "the one") + block.format(kind, "B", "The  One")
    with pytest.raises(SettingsError, match=f"under two {kind}s, `A` and `B`"):
        read_aliases(text)


def test_a_spelling_may_be_repeated_under_its_own_name() -> None:
    found = read_aliases('format = 1\n[[artist]]\nname = "A"\nspellings = ["a", "B", "b"]\n')
    assert found.artists[0].all_spellings == ("A", "B")


@pytest.mark.parametrize(
    "named",
    [
        'name = "label"\nspellings = ["main"]\n',
        'name = "main"\ntime_zone = "Asia/Tokyo"\n',
    ],
    ids=["a spelling of another", "another zone"],
)
def test_an_account_of_lake_toml_keeps_its_time_zone_or_is_refused(named: str) -> None:
    with pytest.raises(SettingsError, match=r"lake\.toml") as caught:
        config(f"format = 1\n[[account]]\n{named}")
    assert "[accounts.main]" in str(caught.value.next_step)


def test_adding_an_account_changes_nothing_that_stands_there() -> None:
    text = "# mine\r\nformat = 1 # yes"
    longer = with_account(text, NamedAccount(name='the "one"', spellings=("a\\b",)))
    assert longer.startswith(f"{text}\r\n\r\n[[account]]\r\n")
    assert longer.endswith("\r\n")
    found = read_aliases(longer).accounts[0]
    assert (found.name, found.spellings) == ('the "one"', ("a\\b",))


def test_all_that_is_said_of_an_account_can_be_read_again() -> None:
    told = NamedAccount(
        name="new", spellings=("n",), artist="Paper Lantern", sources=("tiktok",), time_zone="UTC"
    )
    assert read_aliases(with_account(NAMES, told)).accounts[-1] == told


@pytest.mark.parametrize("name", ["lantern", "PAPER.lantern"])
def test_an_account_is_not_added_twice(name: str) -> None:
    with pytest.raises(UsageError, match="names the account `lantern` already"):
        with_account(NAMES, NamedAccount(name=name))


def test_an_account_of_one_source_may_take_a_spelling_that_others_use_elsewhere() -> None:
    added = NamedAccount(name="x", spellings=("lantern",), sources=("linktree",))
    text = with_account(NAMES, added)
    assert config(text).account("lantern", "linktree").account_id == "x"
    assert config(text).account("lantern", "tiktok").account_id == "lantern"
