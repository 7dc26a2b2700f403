import csv
import io
import zipfile
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.simulate.demo import Inbox, write_inbox
from bedrot.simulate.inbox import InboxFile
from bedrot.simulate.world import World

Amounts = Counter[tuple[str, Decimal]]


@pytest.fixture(scope="module")
def exports(inbox: Inbox) -> list[InboxFile]:
    """The earnings exports that land, in the order of their stamps."""
    return [
        file
        for file in inbox.files
        if file.outcome == "landed" and file.path.name.startswith("dk_bank_details_")
    ]


def read(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    while content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if text.startswith('"'):
        return list(csv.DictReader(io.StringIO(text, newline="")))
    header, *rows = (row.split("\t") for row in text.rstrip("\r").split("\r"))
    return [dict(zip(header, row, strict=True)) for row in rows]


def merged(paths: list[Path]) -> dict[tuple[object, ...], Amounts]:
    """The ledger's rule, said once more and plainly: what a correct merge must publish."""
    stands: dict[tuple[object, ...], Amounts] = {}
    for path in paths:
        capture: dict[tuple[object, ...], Amounts] = defaultdict(Counter)
        for row in read(path):
            amount = Decimal(row["Earnings (USD)"])
            recording = row["ISRC"] or (row["UPC"], row["Title"])
            names = ("Reporting Date", "Sale Month", "Store", "Country of Sale", "Team Percentage")
            key = (*(row[name] for name in names), recording, amount < 0)
            capture[key][row["Quantity"], amount] += 1
        for key, amounts in capture.items():
            if not amounts <= stands.get(key, Counter()):
                stands[key] = amounts
    return stands


def test_files_that_land_give_the_truth(inbox: Inbox, exports: list[InboxFile]) -> None:
    stands = merged([file.path for file in exports])
    net = sum(amount * n for amounts in stands.values() for (_, amount), n in amounts.items())
    assert sum(amounts.total() for amounts in stands.values()) == inbox.world.house.truth.rows
    assert net == inbox.world.house.truth.net


def test_no_single_file_gives_the_truth(inbox: Inbox, exports: list[InboxFile]) -> None:
    assert max(file.lines for file in exports) < inbox.world.house.truth.rows


def test_outcomes_are_as_told(inbox: Inbox) -> None:
    assert Counter(file.outcome for file in inbox.files) == {
        "landed": 62,
        "set_aside": 11,
        "refused": 18,
        "known": 2,
    }


def test_every_file_is_told(inbox: Inbox) -> None:
    told = {file.path for file in inbox.files}
    assert told == {path for path in inbox.folder.rglob("*") if path.is_file()}


def test_stamps_are_later_than_every_reporting_date(exports: list[InboxFile]) -> None:
    for file in exports:
        rows = read(file.path)
        assert max(row["Reporting Date"] for row in rows) < f"{file.as_of:%Y-%m-%d}"
        assert file.lines == len(rows)


def test_only_the_first_export_has_the_old_amount(inbox: Inbox, exports: list[InboxFile]) -> None:
    line = inbox.changes.restated
    seen = [
        Decimal(row["Earnings (USD)"])
        for file in exports
        for row in read(file.path)
        if (row["Reporting Date"], row["Sale Month"]) == (f"{line.reporting_date}", line.sale_month)
        and (row["Store"], row["ISRC"]) == (line.store, line.isrc)
        and row["Country of Sale"] == line.country
    ]
    assert seen[0] == inbox.changes.old_amount
    assert set(seen[1:]) == {line.earnings}


def test_the_title_changes_in_later_exports(inbox: Inbox, exports: list[InboxFile]) -> None:
    changes = inbox.changes
    titles = [
        {row["Title"] for row in read(file.path) if row["ISRC"] == changes.renamed_isrc}
        for file in exports
    ]
    assert titles[:2] == [{changes.old_title}] * 2
    assert titles[-1] == {changes.new_title}


def test_the_cut_file_stops_inside_a_record(inbox: Inbox) -> None:
    cut = next(file.path for file in inbox.files if file.path.name.endswith("0805_221603.csv"))
    assert not cut.read_bytes().endswith(b"\n")
    assert None in read(cut)[-1].values()


def test_the_same_world_gives_the_same_bytes(inbox: Inbox, world: World, tmp_path: Path) -> None:
    again = write_inbox(tmp_path, world)
    for one, other in zip(inbox.files, again.files, strict=True):
        assert one.path.read_bytes() == other.path.read_bytes()
