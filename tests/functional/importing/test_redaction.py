"""Secrets and personal data of the holder never touch the lake; the record says what and how often."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from bedrot.pipeline.bringing import Imported
from bedrot.sources import all_sources
from bedrot.sources.distrokid.synthetic import LEGACY, EarningsLine, sign_in_page, write_earnings
from bedrot.zones.lake import Lake
from bedrot.zones.landing import capture_keys, read_capture, sha256_of

Bring = Callable[..., dict[str, Imported]]
Holds = Callable[[bytes], list[str]]

E_MAIL = b"rosa.lind@example.org"
TOKEN = b"eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LXBheWxvYWQ"


@pytest.fixture
def page() -> bytes:
    return sign_in_page().replace(
        b"<form",
        b'<p>Welcome back, <a href="mailto:' + E_MAIL + b'">' + E_MAIL + b"</a></p>"
        b'<input type="hidden" name="csrf_token" value="' + TOKEN + b'"><form',
    )


def test_a_page_lands_without_addresses_and_tokens(
    lake: Lake, bring: Bring, holds: Holds, given: Path, page: bytes
) -> None:
    (given / "earnings.tsv").write_bytes(page)
    assert bring()["earnings.tsv"].outcome == "set_aside"
    assert holds(E_MAIL) == []
    assert holds(TOKEN) == []
    [record] = [read_capture(lake, key) for key in capture_keys(lake)]
    assert sum(record.redactions.values()) >= 3


def test_a_masked_payload_is_named_by_what_landed(
    lake: Lake, bring: Bring, given: Path, page: bytes
) -> None:
    (given / "earnings.tsv").write_bytes(page)
    bring()
    [payload] = [key for key in lake.store.list("landing") if key.endswith("/payload")]
    [record] = [read_capture(lake, key) for key in capture_keys(lake)]
    assert record.sha256 == sha256_of(lake.store.local(payload))


@pytest.fixture
def _masking(monkeypatch: pytest.MonkeyPatch) -> None:
    """DistroKid as if its earnings bore the holder's address."""

    def redact(source: BinaryIO, target: BinaryIO) -> Mapping[str, int]:
        content = source.read()
        target.write(content.replace(E_MAIL, b"***"))
        return {"e-mail": content.count(E_MAIL)}

    [distrokid] = [source for source in all_sources() if source.name == "distrokid"]
    masked = replace(distrokid, streams=(replace(distrokid.streams[0], redact=redact),))
    # Those that import and those that ask which streams read a payload are to see the same.
    for module in ("bedrot.sources", "bedrot.pipeline.importing"):
        monkeypatch.setattr(f"{module}.all_sources", lambda: (masked,))


@pytest.mark.usefixtures("_masking")
def test_a_stream_masks_before_landing_and_is_known_again(
    lake: Lake, bring: Bring, holds: Holds, given: Path, line: EarningsLine
) -> None:
    titled = replace(line, title=E_MAIL.decode())
    (given / "a.tsv").write_bytes(write_earnings([titled, line], LEGACY))
    assert bring()["a.tsv"].outcome == "landed"
    assert holds(E_MAIL) == []
    [record] = [read_capture(lake, key) for key in capture_keys(lake)]
    assert record.redactions == {"e-mail": 1}
    assert bring()["a.tsv"].outcome == "known"


@pytest.mark.usefixtures("_masking")
def test_a_dry_run_masks_too_and_leaves_nothing(
    bring: Bring, holds: Holds, given: Path, line: EarningsLine
) -> None:
    (given / "a.tsv").write_bytes(write_earnings([replace(line, title=E_MAIL.decode())], LEGACY))
    assert bring(dry_run=True)["a.tsv"].outcome == "landed"
    assert holds(E_MAIL) == []
