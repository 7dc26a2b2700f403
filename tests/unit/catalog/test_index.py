from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrot.catalog import index
from bedrot.catalog.records import CaptureRecord, Decision, Release, RunRecord, Standing

NOON = datetime(2025, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

DECISION = Decision(
    kind="accept",
    file_id="a1" * 8,
    decided_at=NOON,
    reason="checked with the distributor",
    decided_by="finance",
    codes=("truncated", "lowered"),
)
RUN = RunRecord(
    run_id="20250501T120000Z-1",
    command="run",
    started_at=NOON,
    finished_at=NOON + HOUR,
    outcome="published",
    release=1,
    tables={"fct_royalty_line": {"version": 3, "partitions": ["2025-04"], "rows_written": 12}},
    standings=({"file_id": "a1" * 8, "code": "truncated"},),
    findings=({"rule": "country_known", "rows": 1},),
)
RELEASE = Release(
    number=1,
    created_at=NOON,
    run_id=RUN.run_id,
    tables={"fct_royalty_line": {"zone": "curated", "version": 3, "rows": 12}},
)


def pages_written(engine: sa.Engine) -> int:
    """The size of the log of changes, while a reader keeps it from being folded in."""
    return Path(f"{engine.url.database}-wal").stat().st_size


class TestCaptures:
    def test_come_back_as_they_were_given(self, engine: sa.Engine, capture: CaptureRecord) -> None:
        index.index_captures(engine, [capture])
        assert index.captures(engine) == [capture]

    def test_indexed_again_stay_one(self, engine: sa.Engine, capture: CaptureRecord) -> None:
        index.index_captures(engine, [capture, capture])
        index.index_captures(engine, [capture])
        assert index.captures(engine) == [capture]

    def test_are_ordered_by_id(self, engine: sa.Engine, capture: CaptureRecord) -> None:
        many = [replace(capture, name=f"{number}.tsv") for number in range(20)]
        index.index_captures(engine, many)
        assert index.captures(engine) == sorted(many, key=lambda record: record.capture_id)

    def test_are_found_by_stream(self, engine: sa.Engine, capture: CaptureRecord) -> None:
        other = replace(capture, stream="daily")
        index.index_captures(engine, [capture, other])
        assert index.captures(engine, source="distrokid", stream="daily") == [other]
        assert index.captures(engine, source="tiktok") == []

    def test_are_found_by_payload(self, engine: sa.Engine, capture: CaptureRecord) -> None:
        other = replace(capture, sha256="b2" * 32)
        index.index_captures(engine, [capture, other])
        assert index.captures(engine, file_id=other.file_id) == [other]
        assert index.captures_of_payload(engine, capture.sha256) == [capture]

    def test_of_the_same_bytes_under_two_names_are_two(
        self, engine: sa.Engine, capture: CaptureRecord
    ) -> None:
        index.index_captures(engine, [capture, replace(capture, name="copy.tsv")])
        assert len(index.captures_of_payload(engine, capture.sha256)) == 2

    def test_ids_are_those_of_the_records(self, engine: sa.Engine, capture: CaptureRecord) -> None:
        index.index_captures(engine, [capture])
        assert index.capture_ids(engine) == {capture.capture_id}

    def test_landed_twice_keep_the_first_landing(
        self, engine: sa.Engine, capture: CaptureRecord
    ) -> None:
        late = replace(capture, landed_at=NOON + HOUR)
        index.index_captures(engine, [late, capture])
        index.index_captures(engine, [late])
        assert index.captures(engine) == [capture]

    def test_landing_times_are_compared_in_utc(
        self, engine: sa.Engine, capture: CaptureRecord
    ) -> None:
        los_angeles = timezone(-7 * HOUR)
        late = replace(capture, landed_at=datetime(2025, 5, 1, 6, tzinfo=los_angeles))
        index.index_captures(engine, [late])
        index.index_captures(engine, [capture])
        assert index.captures(engine)[0].landed_at == NOON

    def test_a_time_without_zone_is_refused(
        self, engine: sa.Engine, capture: CaptureRecord
    ) -> None:
        naive = replace(capture, landed_at=datetime(2025, 5, 1))  # noqa: DTZ001 - the case
        with pytest.raises(ValueError, match="has no time zone"):
            index.index_captures(engine, [naive])

    def test_locations_are_kept_once_told(self, engine: sa.Engine, capture: CaptureRecord) -> None:
        place = {capture.capture_id: "landing/distrokid/earnings/a1"}
        index.index_captures(engine, [capture])
        assert index.capture_locations(engine) == {}
        index.index_captures(engine, [capture], location=place)
        index.index_captures(engine, [capture], location=None)
        assert index.capture_locations(engine) == place

    def test_locations_follow_a_move(self, engine: sa.Engine, capture: CaptureRecord) -> None:
        index.index_captures(engine, [capture], location={capture.capture_id: "landing/a1"})
        index.index_captures(engine, [capture], location={capture.capture_id: "archive/a1"})
        assert index.capture_locations(engine) == {capture.capture_id: "archive/a1"}

    def test_a_failure_on_the_way_indexes_none(
        self, engine: sa.Engine, capture: CaptureRecord
    ) -> None:
        many = [replace(capture, name=f"{number}.tsv") for number in range(1500)]
        broken = replace(capture, parameters={"not": {"json"}})
        with pytest.raises(TypeError):
            index.index_captures(engine, [*many, broken])
        assert index.capture_ids(engine) == set()

    @given(data=st.data())
    @settings(max_examples=25, deadline=None)
    def test_come_out_the_same_in_any_order_and_batching(self, data: st.DataObject) -> None:
        records = [
            CaptureRecord(
                source="distrokid",
                stream="earnings",
                account_id="label",
                sha256=digit * 64,
                size_bytes=1,
                name="export.tsv",
                landed_at=NOON + hours * HOUR,
                redactions=redactions,
            )
            for digit in "abc"
            for hours in (0, 1)
            for redactions in ({}, {"e-mail": 1})
        ]
        shuffled = data.draw(st.permutations(records + records))
        cut = data.draw(st.integers(0, len(shuffled)))
        with TemporaryDirectory() as folder:
            engine = index.open_catalog(index.sqlite_url(Path(folder) / "catalogue.sqlite"))
            index.index_captures(engine, shuffled[:cut])
            index.index_captures(engine, shuffled[cut:])
            found = index.captures(engine)
        assert {record.landed_at for record in found} == {NOON}
        assert [record.redactions for record in found] == [{"e-mail": 1}] * 3


class TestDecisions:
    def test_come_back_as_they_were_given(self, engine: sa.Engine) -> None:
        index.index_decisions(engine, [DECISION])
        assert index.decisions(engine) == [DECISION]

    def test_indexed_again_stay_one(self, engine: sa.Engine) -> None:
        index.index_decisions(engine, [DECISION])
        index.index_decisions(engine, [DECISION])
        assert index.decisions(engine) == [DECISION]

    def test_come_oldest_first(self, engine: sa.Engine) -> None:
        later = replace(DECISION, kind="drop", decided_at=NOON + HOUR)
        index.index_decisions(engine, [later, DECISION])
        assert index.decisions(engine) == [DECISION, later]


class TestRuns:
    def test_come_back_as_they_were_given(self, engine: sa.Engine) -> None:
        index.index_runs(engine, [RUN])
        assert index.runs(engine) == [RUN]

    def test_come_newest_first_up_to_a_limit(self, engine: sa.Engine) -> None:
        runs = [replace(RUN, run_id=f"r{n}", started_at=NOON + n * HOUR) for n in range(3)]
        index.index_runs(engine, runs)
        assert [run.run_id for run in index.runs(engine, 2)] == ["r2", "r1"]

    def test_a_changed_record_replaces_the_former(self, engine: sa.Engine) -> None:
        failed = replace(RUN, outcome="failed", error="killed", release=None)
        index.index_runs(engine, [RUN])
        index.index_runs(engine, [failed])
        assert index.runs(engine) == [failed]


class TestReleases:
    def test_come_back_as_they_were_given(self, engine: sa.Engine) -> None:
        index.index_releases(engine, [RELEASE])
        assert index.releases(engine) == [RELEASE]

    def test_come_newest_first_by_number(self, engine: sa.Engine) -> None:
        index.index_releases(engine, [replace(RELEASE, number=n) for n in (9, 10, 2)])
        assert [release.number for release in index.releases(engine)] == [10, 9, 2]

    def test_the_latest_has_the_highest_number(self, engine: sa.Engine) -> None:
        index.index_releases(engine, [replace(RELEASE, number=n) for n in (9, 10, 2)])
        assert index.latest_release(engine) == replace(RELEASE, number=10)

    def test_there_is_none_in_an_empty_catalogue(self, engine: sa.Engine) -> None:
        assert index.latest_release(engine) is None


class TestStandings:
    def test_come_back_as_they_were_given(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        index.index_gate_standings(engine, [standing(origin="gate")])
        index.replace_standings(
            engine, source="distrokid", stream="earnings", standings=[standing()]
        )
        assert index.standings(engine) == [standing(origin="gate"), standing()]

    def test_are_found_by_status(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        warning = standing(status="warning", code="unknown_store")
        index.replace_standings(
            engine, source="distrokid", stream="earnings", standings=[standing(), warning]
        )
        assert index.standings(engine, status="warning") == [warning]

    def test_of_a_stream_are_replaced_as_a_whole(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        first = [standing(code="lowered"), standing(), standing(file_id="b2" * 8)]
        second = [standing(reason="another"), standing(code="filtered")]
        for found in (first, second):
            index.replace_standings(engine, source="distrokid", stream="earnings", standings=found)
        assert index.standings(engine) == sorted(second, key=lambda each: each.code)

    def test_of_other_streams_and_of_the_gate_stay(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        gate, daily = standing(origin="gate"), standing(stream="daily")
        index.index_gate_standings(engine, [gate])
        index.replace_standings(engine, source="distrokid", stream="daily", standings=[daily])
        index.replace_standings(engine, source="distrokid", stream="earnings", standings=[])
        assert index.standings(engine) == [daily, gate]

    def test_of_one_payload_and_code_come_out_the_same_in_any_order(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        two = [standing(name="a.tsv"), standing(name="b.tsv")]
        index.replace_standings(engine, source="distrokid", stream="earnings", standings=two)
        forwards = index.standings(engine)
        index.replace_standings(engine, source="distrokid", stream="earnings", standings=two[::-1])
        assert index.standings(engine) == forwards == [two[1]]

    def test_of_the_gate_are_removed_by_payload(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        other = standing(origin="gate", file_id="b2" * 8)
        index.index_gate_standings(
            engine, [standing(origin="gate"), standing(origin="gate", code="totals"), other]
        )
        index.replace_standings(
            engine, source="distrokid", stream="earnings", standings=[standing()]
        )
        index.remove_gate_standing(engine, "a1" * 8)
        assert index.standings(engine) == [standing(), other]

    def test_of_another_origin_are_refused(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        with pytest.raises(ValueError, match="origin `standing` where `gate` is due"):
            index.index_gate_standings(engine, [standing()])

    def test_of_another_stream_are_refused(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        with pytest.raises(ValueError, match=r"`distrokid\.earnings` among `distrokid\.daily`"):
            index.replace_standings(
                engine, source="distrokid", stream="daily", standings=[standing()]
            )


class TestKnownIds:
    def test_name_each_kind(
        self, engine: sa.Engine, capture: CaptureRecord, standing: Callable[..., Standing]
    ) -> None:
        index.index_captures(engine, [capture])
        index.index_decisions(engine, [DECISION])
        index.index_runs(engine, [RUN])
        index.index_releases(engine, [RELEASE])
        index.index_gate_standings(engine, [standing(origin="gate")])
        assert index.known_ids(engine, "captures") == {capture.capture_id}
        assert index.known_ids(engine, "decisions") == {DECISION.decision_id}
        assert index.known_ids(engine, "runs") == {RUN.run_id}
        assert index.known_ids(engine, "releases") == {"1"}
        assert index.known_ids(engine, "gate_standings") == {"a1" * 8}

    def test_leave_out_standings_of_streams(
        self, engine: sa.Engine, standing: Callable[..., Standing]
    ) -> None:
        index.replace_standings(
            engine, source="distrokid", stream="earnings", standings=[standing()]
        )
        assert index.known_ids(engine, "gate_standings") == set()


class TestRebuild:
    def fill(self, engine: sa.Engine, capture: CaptureRecord, standing: Standing) -> None:
        index.index_captures(engine, [capture])
        index.index_decisions(engine, [DECISION])
        index.index_runs(engine, [RUN])
        index.index_releases(engine, [RELEASE])
        index.replace_standings(engine, source="distrokid", stream="earnings", standings=[standing])

    def everything(self, engine: sa.Engine) -> list[object]:
        return [
            index.captures(engine),
            index.decisions(engine),
            index.runs(engine),
            index.releases(engine),
            index.standings(engine),
        ]

    def test_of_a_cleared_catalogue_gives_the_same(
        self, engine: sa.Engine, capture: CaptureRecord, standing: Callable[..., Standing]
    ) -> None:
        self.fill(engine, capture, standing())
        before = self.everything(engine)
        index.clear(engine)
        assert self.everything(engine) == [[], [], [], [], []]
        self.fill(engine, capture, standing())
        assert self.everything(engine) == before

    def test_of_a_deleted_catalogue_gives_the_same(
        self, url: str, capture: CaptureRecord, standing: Callable[..., Standing]
    ) -> None:
        engine = index.open_catalog(url)
        self.fill(engine, capture, standing())
        before = self.everything(engine)
        Path(str(engine.url.database)).unlink()
        again = index.open_catalog(url)
        self.fill(again, capture, standing())
        assert self.everything(again) == before

    def test_of_what_is_there_writes_nothing(
        self, engine: sa.Engine, capture: CaptureRecord, standing: Callable[..., Standing]
    ) -> None:
        self.fill(engine, capture, standing())
        with index.reading(engine) as reader:
            reader.execute(sa.text("select 1 from captures"))
            before = pages_written(engine)
            self.fill(engine, capture, standing())
            assert pages_written(engine) == before
            index.index_decisions(engine, [replace(DECISION, reason="new")])
            assert pages_written(engine) > before


def test_two_writers_lose_nothing(url: str, capture: CaptureRecord) -> None:
    names = {worker: [f"{worker}-{n}.tsv" for n in range(12)] for worker in ("one", "two")}

    def write(worker: str) -> None:
        engine = index.open_catalog(url)
        for name in names[worker]:
            index.index_captures(engine, [replace(capture, name=name)])

    threads = [Thread(target=write, args=(worker,)) for worker in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {record.name for record in index.captures(index.open_catalog(url))}
    assert found == {*names["one"], *names["two"]}


def test_a_reader_sees_the_state_before_an_unfinished_write(
    engine: sa.Engine, capture: CaptureRecord
) -> None:
    index.index_captures(engine, [capture])
    with index.writing(engine) as connection:
        connection.execute(sa.text("delete from captures"))
        assert index.captures(engine) == [capture]
    assert index.captures(engine) == []
