from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from bedrot.simulate.bulk import bulk_truth, export_name, write_cumulative, write_months
from bedrot.sources.distrokid.synthetic import LEGACY

LINES, MONTHS = 5_003, 4


def records(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


@pytest.fixture(scope="module")
def cumulative(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bulk") / export_name(MONTHS)
    return write_cumulative(path, lines=LINES, months=MONTHS, seed=7)


def test_the_header_is_the_13_column_one(cumulative: Path) -> None:
    header = cumulative.read_text(encoding="utf-8").splitlines()[0]
    assert tuple(header.split("\t")) == LEGACY.headers


def test_the_truth_is_what_the_file_says(cumulative: Path) -> None:
    amounts = [Decimal(record.split("\t")[12]) for record in records(cumulative)]
    truth = bulk_truth(lines=LINES, months=MONTHS, seed=7)
    assert truth.rows == len(amounts) == LINES
    assert truth.net == sum(amounts)
    assert truth.deductions == sum(amount for amount in amounts if amount < 0) < 0


def test_sale_units_leave_deductions_out(cumulative: Path) -> None:
    cells = [record.split("\t") for record in records(cumulative)]
    units = sum(int(cell[7]) for cell in cells if not cell[12].startswith("-"))
    assert bulk_truth(lines=LINES, months=MONTHS, seed=7).sale_units == units


def test_lines_are_sorted_and_some_are_equal(cumulative: Path) -> None:
    lines = records(cumulative)
    dates = [line[:10] for line in lines]
    assert dates == sorted(dates)
    assert (dates[0], dates[-1]) == ("2023-06-01", "2023-09-28")
    assert max(Counter(lines).values()) == 2


def test_amounts_are_plain_with_eight_decimals(cumulative: Path) -> None:
    decimals = {len(record.split("\t")[12].split(".")[1]) for record in records(cumulative)}
    assert decimals == {8}


def test_fewer_months_are_the_beginning_of_more(cumulative: Path, tmp_path: Path) -> None:
    shorter = write_cumulative(
        tmp_path / "s.tsv", lines=LINES, months=MONTHS - 1, of_months=MONTHS, seed=7
    )
    assert cumulative.read_bytes().startswith(shorter.read_bytes())
    assert {line[:7] for line in records(shorter)} == {"2023-06", "2023-07", "2023-08"}
    truth = bulk_truth(lines=LINES, months=MONTHS - 1, of_months=MONTHS, seed=7)
    assert truth.rows == len(records(shorter))


def test_another_seed_gives_other_lines(cumulative: Path, tmp_path: Path) -> None:
    other = write_cumulative(tmp_path / "o.tsv", lines=LINES, months=MONTHS, seed=8)
    assert other.read_bytes() != cumulative.read_bytes()


@pytest.mark.parametrize("overlap_days", [0, 3])
def test_monthly_files_repeat_the_last_days_before_them(
    cumulative: Path, tmp_path: Path, overlap_days: int
) -> None:
    paths = write_months(tmp_path, lines=LINES, months=MONTHS, seed=7, overlap_days=overlap_days)
    lines = records(cumulative)
    expected_days = {f"2023-06-{day}" for day in range(29 - overlap_days, 29)}
    second = records(paths[1])
    june = [line for line in lines if line[:10] in expected_days]
    july = [line for line in lines if line.startswith("2023-07")]
    assert second == june + july


def test_monthly_files_hold_every_line_between_them(cumulative: Path, tmp_path: Path) -> None:
    paths = write_months(tmp_path, lines=LINES, months=MONTHS, seed=7)
    together: Counter[str] = Counter()
    for path in paths:
        together |= Counter(records(path))
    assert together == Counter(records(cumulative))
    assert paths[0].name == "dk_bank_details_20230702_060000.tsv"
