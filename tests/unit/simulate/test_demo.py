import csv
import io
import zipfile
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.simulate.demo import Inbox, write_inbox
from bedrot.simulate.label import Label, make_label

Amounts = Counter[tuple[str, Decimal]]


@pytest.fixture(scope="module")
def label() -> Label:
    return make_label(5, recordings=8, volume=0.2)


@pytest.fixture(scope="module")
def inbox(label: Label, tmp_path_factory: pytest.TempPathFactory) -> Inbox:
    return write_inbox(tmp_path_factory.mktemp("demo") / "inbox", label)


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


def merged(paths: tuple[Path, ...]) -> dict[tuple[object, ...], Amounts]:
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


def test_files_that_land_give_the_truth(inbox: Inbox) -> None:
    stands = merged(inbox.paths("landed"))
    net = sum(amount * n for amounts in stands.values() for (_, amount), n in amounts.items())
    assert sum(amounts.total() for amounts in stands.values()) == inbox.truth.rows
    assert net == inbox.truth.net


def test_no_single_file_gives_the_truth(inbox: Inbox) -> None:
    assert max(file.lines for file in inbox.files) < inbox.truth.rows


def test_outcomes_are_as_told(inbox: Inbox) -> None:
    assert Counter(file.outcome for file in inbox.files) == {
        "landed": 10,
        "set_aside": 2,
        "refused": 2,
    }
    assert Counter(file.outcome for file in inbox.pages) == {
        "landed": 22,
        "set_aside": 2,
        "known": 1,
    }


def test_every_file_is_told(inbox: Inbox) -> None:
    told = {file.path for file in (*inbox.files, *inbox.pages)}
    assert told == {path for path in inbox.folder.rglob("*") if path.is_file()}


def test_stamps_are_later_than_every_reporting_date(inbox: Inbox) -> None:
    for file in inbox.files:
        if file.as_of:
            assert max(row["Reporting Date"] for row in read(file.path)) < f"{file.as_of:%Y-%m-%d}"
            assert file.lines == len(read(file.path))


def test_only_the_first_export_has_the_old_amount(inbox: Inbox) -> None:
    line = inbox.restated
    seen = [
        Decimal(row["Earnings (USD)"])
        for path in inbox.paths("landed")
        for row in read(path)
        if (row["Reporting Date"], row["Sale Month"]) == (f"{line.reporting_date}", line.sale_month)
        and (row["Store"], row["ISRC"]) == (line.store, line.isrc)
        and row["Country of Sale"] == line.country
    ]
    assert seen[0] == inbox.old_amount
    assert set(seen[1:]) == {line.earnings}


def test_the_title_changes_in_later_exports(inbox: Inbox) -> None:
    titles = [
        {row["Title"] for row in read(path) if row["ISRC"] == inbox.renamed_isrc}
        for path in inbox.paths("landed")
    ]
    assert titles[:2] == [{inbox.old_title}] * 2
    assert titles[-1] == {inbox.new_title}


def test_the_cut_file_stops_inside_a_record(inbox: Inbox) -> None:
    cut = next(file.path for file in inbox.files if file.kind == "truncated")
    assert not cut.read_bytes().endswith(b"\n")
    assert None in read(cut)[-1].values()


def test_the_same_label_gives_the_same_bytes(inbox: Inbox, label: Label, tmp_path: Path) -> None:
    write_inbox(tmp_path, label)
    for file in inbox.files:
        assert (tmp_path / file.path.name).read_bytes() == file.path.read_bytes()
