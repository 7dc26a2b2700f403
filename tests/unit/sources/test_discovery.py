"""Sources are found by their folder, and by the entry points of other packages."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedrot.errors import ContractError
from bedrot.sources import all_sources

METADATA = "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"
MODULE = "from bedrot.extract.streams import Source\nSOURCE = Source(name={name!r}, title='T', streams=())\n"


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    all_sources.cache_clear()
    yield
    all_sources.cache_clear()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    metadata = tmp_path / "other-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(METADATA)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    return tmp_path


def install(site: Path, module: str, text: str, point: str = "") -> None:
    (site / f"{module}.py").write_text(text)
    lines = f"[bedrot.sources]\nother = {point or module}\n"
    (site / "other-1.0.dist-info" / "entry_points.txt").write_text(lines)


def test_the_folders_of_the_package_are_sources() -> None:
    assert "distrokid" in [source.name for source in all_sources()]


def test_sources_come_in_the_order_of_their_names() -> None:
    names = [source.name for source in all_sources()]
    assert names == sorted(names)


def test_an_entry_point_may_name_a_module(site: Path) -> None:
    install(site, "other_module", MODULE.format(name="aardvark"))
    assert all_sources()[0].name == "aardvark"


def test_an_entry_point_may_name_the_source_itself(site: Path) -> None:
    install(site, "other_value", MODULE.format(name="aardvark"), "other_value:SOURCE")
    assert "aardvark" in [source.name for source in all_sources()]


def test_what_gives_no_source_is_named(site: Path) -> None:
    install(site, "other_nothing", "x = 1\n")
    with pytest.raises(ContractError, match="`other`"):
        all_sources()


def test_two_sources_of_one_name_are_an_error(site: Path) -> None:
    install(site, "other_twin", MODULE.format(name="distrokid"))
    with pytest.raises(ContractError, match="two sources are named `distrokid`"):
        all_sources()


def test_a_module_that_cannot_be_imported_is_named(site: Path) -> None:
    install(site, "other_broken", "import kazoo_that_is_not_there\n")
    with pytest.raises(ContractError, match="`other`"):
        all_sources()


def test_every_stream_has_a_contract_of_its_own_table() -> None:
    streams = [stream for source in all_sources() for stream in source.streams]
    assert len({stream.table for stream in streams}) == len(streams)
    assert all(len(stream.definition_id) == 16 for stream in streams)
