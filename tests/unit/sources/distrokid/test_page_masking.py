"""Masking takes the holder and the secrets out of a page, and leaves every figure alone."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrot.sources.distrokid import SOURCE, page_masking
from bedrot.sources.distrokid.page_masking import holder, mask_statistics
from bedrot.sources.distrokid.pages import (
    read_apple_breakdowns,
    read_apple_days,
    read_spotify_days,
)
from bedrot.sources.distrokid.synthetic_pages import (
    Frame,
    Holder,
    Item,
    Track,
    apple_page,
    spotify_page,
)

DAYS = {date(2025, 5, 14) + timedelta(days=n): 10 + n for n in range(7)}
MOMENT = datetime(2025, 5, 22, 3, 51, tzinfo=UTC)
OWNER = Holder()
FRAME = Frame(captured_at=MOMENT)
LONG_TITLE = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
LISTS = {"tracks": [Item(name=LONG_TITLE, streams=3, id=7001)]}
# Names that are words of the page itself, figures, or marks of its scripts.
HARD_NAMES = st.sampled_from(
    ["td", "div", "streams", "html", "Last 365 days", "data", "O'Brien", '"', "7001", "chartData",
     "Said the Sea", "trend365day", "2025-05-14", "id", "<b>", "\\", "Zoë", "null", "distrokid"]
) | st.text(min_size=1, max_size=12)  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages") / "page.html"


def _masked(content: bytes) -> bytes:
    target = io.BytesIO()
    mask_statistics(io.BytesIO(content), target)
    return target.getvalue()


def _frame(name: str, number: int) -> Frame:
    owner = Holder(id=number, display_name=name, username=name, email="me@some.example")
    return Frame(captured_at=MOMENT, holder=owner)


def _readings(page: Path, content: bytes) -> list[object]:
    page.write_bytes(content)
    reads = [read_apple_days, read_apple_breakdowns] if b"var chartData =" in content else []
    return [read(page, frozenset()) for read in reads or [read_spotify_days]]


@pytest.mark.soak
@given(name=HARD_NAMES, number=st.integers(0, 10**8))
def test_rows_are_the_same_before_and_after(name: str, number: int, page: Path) -> None:
    frame = _frame(name, number)
    for content in (spotify_page(DAYS, frame), apple_page(DAYS, frame, LISTS)):
        assert _readings(page, _masked(content)) == _readings(page, content)


@given(name=HARD_NAMES, number=st.integers(0, 10**8))
def test_masking_twice_is_masking_once(name: str, number: int) -> None:
    for content in (spotify_page(DAYS, _frame(name, number)), apple_page(DAYS, FRAME, LISTS)):
        once = _masked(content)
        assert _masked(once) == once


@given(name=HARD_NAMES, number=st.integers(0, 10**8))
def test_the_holder_is_the_same_before_and_after(name: str, number: int, page: Path) -> None:
    content = spotify_page(DAYS, _frame(name, number))
    page.write_bytes(content)
    before = holder(page)
    page.write_bytes(_masked(content))
    assert (before is None) == (number == 0)
    assert holder(page) == before


def test_nothing_of_the_holder_is_left() -> None:
    content = spotify_page(DAYS, FRAME) + b"<p>tinalmanac, Tin%20Almanac%20Owner</p>"
    masked = _masked(content)
    for value in (str(OWNER.id), OWNER.uuid, OWNER.display_name, OWNER.username, OWNER.email):
        assert value.encode() in content
        assert value.encode() not in masked
    assert b"Tin%20Almanac" not in masked


def test_the_holders_block_stays_readable() -> None:
    masked = _masked(spotify_page(DAYS, FRAME)).decode()
    assert re.search(
        r"\nid : 'holder-[0-9a-f]{16}',\npriority : 0,\nuseruuid : '\[uuid\]',", masked
    )
    assert 'displayName: "[name]",\nusername : "[name]",\npublicBio: "",' in masked
    assert "plan : 'label'," in masked


@pytest.mark.parametrize(
    "broken",
    [
        (b"};\n</script>", b"};\nvar more = 1;\n</script>"),
        (b"publicBio: ", b"publicBio: 'It's mine', x: "),
        (b"publicBio: ", b"team: {id: 5}, publicBio: "),
    ],
)
def test_a_block_written_otherwise_takes_nothing_else_along(
    broken: tuple[bytes, bytes], page: Path
) -> None:
    content = spotify_page(DAYS, FRAME).replace(*broken, 1)
    masked = _masked(content)
    assert _readings(page, masked) == _readings(page, content)
    assert OWNER.email.encode() not in masked
    assert _masked(masked) == masked


def test_secrets_of_the_page_are_masked() -> None:
    masked = _masked(spotify_page(DAYS, FRAME))
    for secret in (
        b"0AaBbCcDd1EeFfGgHh2IiJjKk",
        b"00aa11bb22cc33dd44ee55ff66007788",
        b"1111111111.2222222222",
        b"distrokid_0a1b2c3d",
    ):
        assert secret not in masked


def test_long_titles_and_ids_of_charts_and_drop_downs_survive() -> None:
    track = Track(id=OWNER.id, isrc="ZZBDR2500009", title=LONG_TITLE, artist=OWNER.display_name)
    frame = Frame(captured_at=MOMENT, tracks=(track,))
    masked = _masked(apple_page(DAYS, frame, LISTS))
    assert masked.count(LONG_TITLE.encode()) == 2
    assert f'id="{OWNER.id}"'.encode() in masked
    assert f"{OWNER.display_name} - \n".encode() in masked


def test_a_total_that_equals_the_holders_id_survives(page: Path) -> None:
    content = apple_page({date(2025, 5, 20): OWNER.id}, FRAME)
    assert _readings(page, _masked(content)) == _readings(page, content)


def test_counts_say_what_was_masked() -> None:
    counts = mask_statistics(io.BytesIO(spotify_page(DAYS, FRAME)), io.BytesIO())
    assert counts == {"holder": 3, "id": 2, "key": 1, "token": 2}


def test_nobody_signed_in_is_no_holder(page: Path) -> None:
    page.write_bytes(spotify_page(DAYS, _frame("x", 0)))
    assert holder(page) is None


def test_the_error_tracker_tells_the_holder_where_the_block_is_missing(page: Path) -> None:
    page.write_bytes(spotify_page(DAYS, FRAME))
    expected = holder(page)
    content = spotify_page(DAYS, FRAME).replace(b"var me =", b"var you =")
    page.write_bytes(content)
    assert holder(page) == expected
    page.write_bytes(_masked(content))
    assert holder(page) == expected


@given(cut=st.integers(0, 4000))
def test_a_cut_page_is_masked_too(cut: int) -> None:
    masked = _masked(spotify_page(DAYS, FRAME)[:cut])
    assert _masked(masked) == masked
    assert OWNER.email.encode() not in masked


@pytest.mark.soak
def test_the_real_pages_keep_their_rows_and_lose_their_holder(samples: Path, page: Path) -> None:
    for path in (samples / "distrokid" / "streams").glob("*stats_*.html"):
        content = path.read_bytes()
        masked = _masked(content)
        owner = holder(path)
        assert _readings(page, masked) == _readings(page, content)
        assert owner is not None
        assert holder(page) == owner
        known = [s.name for s in SOURCE.streams if s.recognise(page, s)]
        assert known == [s.name for s in SOURCE.streams if s.recognise(path, s)] != []
        assert re.search(rb"[\w.]+@[\w-]+\.com", masked) is None


PIECES = [
    'AmCharts.makeChart( "trend', "</script", "var chartData =", "var me = {id: 48151623", "}",
    "name: 'Ada Nobody'", "email: 'ada@example.org'", "VAR ME={", '<svg width="3">', "</SVG",
    "<desc>JavaScript chart by amCharts", '<select id="trendingMasterSelect">', "</select",
    "<td>", "Last 7 days", "<", "1,204 <", '<div id="last7">', "serverTime = new Date('x')",
    "distrokid.com%2Fstats%2F%3Fdata%3Dstreams", "DistroKid.app.link", "holder-0123456789abcdef",
    "[token]", "[Email]", "[id]", "[key]", "[name]", "[session]", "[text]", "[uuid]", "distrokid_", "0123456789abcdef0123456789abcdef-1", "_17", "userID: '",
    "user_id=48151623", '<input name="csrf" value="', '"', "'", "apiKey: '", "Token=\"", "secret:'", "Nonce='",
    "password = '", "analytics.load('", "Zm9vYmFyYmF6cXV4", "?uid=", "&GCLID=", "%26fbp=", ";sid=",
    "&visitor_id=", "&randoms=", "ada@example.org", "ada%40example.org", "%2Cbob+x@b-c.de", "@2x.png",
    "0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-d9cb-469f-a16570867728950e", "48151623",
    "aB3-dE6_gH9jKl2mN5pQr8", "deadbeef00deadbeef00", "Ada Nobody", "ADA+NOBODY", " ", "\n", "=", ":",
    "-", "_", ".", "%", "é", "&amp;", "a", "Z", "7",
]  # fmt: skip


def masked_once(content: bytes) -> bytes:
    return page_masking._mask_once(content)[0]


def masked_at_every_byte(content: bytes) -> bytes:
    everywhere = page_masking._pattern_for(*page_masking._own(content))
    return everywhere.sub(lambda found: page_masking._masked(found)[1], content)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_place_is_passed_over_at_which_a_secret_could_begin(text: str) -> None:
    content = text.encode()
    everywhere = page_masking._pattern_for(*page_masking._own(content))
    told = everywhere.sub(lambda found: page_masking._masked(found)[1], content)
    assert page_masking._mask_once(content)[0] == told


@pytest.mark.parametrize(
    "text",
    [
        "<SVG><desc>JavaScript chart by amCharts user_id=48151623 </svg",
        "var me = {id: 48151623} <td> 48151623 <",
        "var me = {id: 48151623} <Th>48151623<",
        "serverTime = new Date('user_id=48151623')",
        "PASSWORD = 'open sesame' password='opensesame'",
    ],
)
def test_each_of_these_begins_where_it_is_looked_for(text: str) -> None:
    content = text.encode()
    assert masked_once(content) == masked_at_every_byte(content)


@pytest.mark.soak  # tries every pattern at every byte of nine pages
def test_no_place_of_a_real_page_is_passed_over(samples: Path) -> None:
    for page in samples.rglob("*.html"):
        content = page.read_bytes()
        everywhere = page_masking._pattern_for(*page_masking._own(content))
        told = everywhere.sub(lambda found: page_masking._masked(found)[1], content)
        assert page_masking._mask_once(content)[0] == told
