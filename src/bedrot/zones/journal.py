"""The lake's small write-once files: set-aside notes, decisions, lake releases, run records."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC

from bedrot.catalog.records import Decision, Release, RunRecord, Standing
from bedrot.errors import AlreadyExistsError, UnknownNameError
from bedrot.zones.lake import Lake

QUARANTINE = "quarantine"
DECISIONS = "decisions"
RELEASES = "releases"
RUNS = "runs"


def set_aside(lake: Lake, standing: Standing) -> None:
    """Note that the gate set a payload aside; a payload that was judged before keeps one note."""
    key = _quarantine_key(standing.source, standing.stream, standing.file_id)
    lake.store.delete(key)
    lake.store.create(key, standing.to_json().encode())


def take_back(lake: Lake, source: str, stream: str, file_id: str) -> None:
    """Remove the note of a payload that passes the gate after all."""
    lake.store.delete(_quarantine_key(source, stream, file_id))


def is_set_aside(lake: Lake, source: str, stream: str, file_id: str) -> bool:
    """Whether the gate set a payload aside."""
    return lake.store.exists(_quarantine_key(source, stream, file_id))


def _quarantine_key(source: str, stream: str, file_id: str) -> str:
    return f"{QUARANTINE}/{source}/{stream}/{file_id}.json"


def gate_standings(lake: Lake) -> Iterator[Standing]:
    """All notes of payloads that the gate set aside."""
    for key in lake.store.list(QUARANTINE):
        yield Standing.from_json(lake.store.read(key))


def record_decision(lake: Lake, decision: Decision) -> None:
    """Keep a person's decision for ever."""
    stamp = decision.decided_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    key = f"{DECISIONS}/{stamp}_{decision.kind}_{decision.file_id}.json"
    lake.store.create(key, decision.to_json().encode())


def decisions(lake: Lake) -> list[Decision]:
    """All decisions, oldest first."""
    found = [Decision.from_json(lake.store.read(key)) for key in lake.store.list(DECISIONS)]
    return sorted(found, key=lambda decision: (decision.decided_at, decision.decision_id))


def publish(lake: Lake, release: Release) -> None:
    """Write a lake release: the last act of a run, and the moment at which readers see it.

    Raises:
        AlreadyExistsError: another run published this number first.
    """
    lake.store.create(_release_key(release.number), release.to_json().encode())


def _release_key(number: int) -> str:
    return f"{RELEASES}/{number:08d}.json"


def release_numbers(lake: Lake) -> list[int]:
    """The numbers of all lake releases, oldest first."""
    return [int(key.rsplit("/", 1)[-1].removesuffix(".json")) for key in lake.store.list(RELEASES)]


def read_release(lake: Lake, number: int) -> Release:
    """One lake release.

    Raises:
        UnknownNameError: there is no release of that number.
    """
    try:
        return Release.from_json(lake.store.read(_release_key(number)))
    except UnknownNameError as exc:
        msg = f"there is no lake release {number}"
        raise UnknownNameError(msg, next_step="`bedrot runs` lists the releases") from exc


def latest_release(lake: Lake) -> Release | None:
    """The newest lake release, or None before the first."""
    numbers = release_numbers(lake)
    return read_release(lake, numbers[-1]) if numbers else None


def record_run(lake: Lake, run: RunRecord) -> None:
    """Keep a run's record."""
    try:
        lake.store.create(f"{RUNS}/{run.run_id}.json", run.to_json().encode())
    except AlreadyExistsError as exc:
        msg = f"two runs have the id `{run.run_id}`"
        raise AlreadyExistsError(msg, next_step="start the command again") from exc


def run_records(lake: Lake, *, but: Collection[str] = ()) -> Iterator[RunRecord]:
    """Run records, oldest first, `but` those of these ids."""
    for key in lake.store.list(RUNS):
        if key.rpartition("/")[2].removesuffix(".json") not in but:
            yield RunRecord.from_json(lake.store.read(key))
