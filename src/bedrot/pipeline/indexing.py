"""Keeping the catalogue in step with the files, which are the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrot.catalog import index
from bedrot.zones import journal, landing

if TYPE_CHECKING:
    from bedrot.zones.lake import Lake


def index_landed(lake: Lake) -> None:
    """Read the capture records that the catalogue lacks, such as after an import was killed."""
    known = index.known_ids(lake.catalog, "captures")
    missing = [key for key in landing.capture_keys(lake) if landing.capture_id_of(key) not in known]
    records = [landing.read_capture(lake, key) for key in missing]
    index.index_captures(
        lake.catalog,
        records,
        location={record.capture_id: key for record, key in zip(records, missing, strict=True)},
    )


def sync_catalogue(lake: Lake) -> None:
    """Read what the catalogue lacks from the lake's files: all of it, if the catalogue is new."""
    index_landed(lake)
    index.index_decisions(lake.catalog, journal.decisions(lake))
    known_runs = index.known_ids(lake.catalog, "runs")
    index.index_runs(lake.catalog, journal.run_records(lake, but=known_runs))
    known_releases = index.known_ids(lake.catalog, "releases")
    index.index_releases(
        lake.catalog,
        (
            journal.read_release(lake, number)
            for number in journal.release_numbers(lake)
            if str(number) not in known_releases
        ),
    )
    noted = list(journal.gate_standings(lake))
    index.index_gate_standings(lake.catalog, noted)
    for gone in index.known_ids(lake.catalog, "gate_standings") - {s.file_id for s in noted}:
        index.remove_gate_standing(lake.catalog, gone)
    _sync_standings(lake)


def _sync_standings(lake: Lake) -> None:
    """The standings of the newest run that came to its end are the ones in force."""
    from bedrot.catalog.records import Standing

    run = index.latest_completed_run(lake.catalog)
    if run is None:
        return
    found: dict[tuple[str, str], list[Standing]] = {}
    for told in run.standings:
        standing = Standing.from_dict(told)
        found.setdefault((standing.source, standing.stream), []).append(standing)
    current = {
        (s.source, s.stream) for s in index.standings(lake.catalog) if s.origin == "standing"
    }
    for source, stream in {*found, *current}:
        index.replace_standings(
            lake.catalog,
            source=source,
            stream=stream,
            standings=found.get((source, stream), []),
        )


def rebuild_catalogue(lake: Lake) -> None:
    """Forget all that the catalogue knows, and read it from the files again."""
    index.clear(lake.catalog)
    sync_catalogue(lake)
