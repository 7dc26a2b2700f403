import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Timer

import pytest
import sqlalchemy as sa

from bedrot.catalog import database
from bedrot.catalog.index import latest_release, open_catalog, sqlite_url
from bedrot.catalog.tables import REVISION, UtcTime
from bedrot.errors import BedrotError, IntegrityError, LockedError, SettingsError, UsageError


def run_sql(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def in_new_process(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


class TestOpenCatalog:
    def test_creates_the_tables(self, path: Path) -> None:
        engine = open_catalog(sqlite_url(path))
        assert latest_release(engine) is None

    def test_opens_what_it_created(self, path: Path) -> None:
        open_catalog(sqlite_url(path))
        run_sql(path, "insert into captures values ('i', 'f', 's', 's', 's', 'a', 't', null, '{}')")
        engine = open_catalog(sqlite_url(path))
        with engine.connect() as connection:
            assert connection.execute(sa.text("select count(*) from captures")).scalar() == 1

    def test_keeps_no_file_open(self, path: Path) -> None:
        open_catalog(sqlite_url(path))
        assert [found.name for found in path.parent.iterdir()] == ["catalogue.sqlite"]

    def test_takes_a_path_with_characters_of_urls(self, tmp_path: Path) -> None:
        path = tmp_path / "50% of #1?" / "catalogue ü.sqlite"
        path.parent.mkdir()
        open_catalog(sqlite_url(path))
        assert path.is_file()

    def test_works_in_memory(self) -> None:
        assert latest_release(open_catalog("sqlite://")) is None

    def test_readers_and_writers_do_not_wait_for_each_other(self, path: Path) -> None:
        engine = open_catalog(sqlite_url(path))
        with engine.connect() as connection:
            assert connection.execute(sa.text("pragma journal_mode")).scalar() == "wal"

    def test_opens_once_for_many_at_the_same_time(self, path: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            engines = list(pool.map(open_catalog, [sqlite_url(path)] * 4))
        assert [latest_release(engine) for engine in engines] == [None] * 4

    def test_a_newer_catalogue_asks_for_an_update(self, path: Path) -> None:
        open_catalog(sqlite_url(path))
        run_sql(path, "update alembic_version set version_num = '9999'")
        with pytest.raises(UsageError, match=r"newer bedrot wrote.*`9999`") as caught:
            open_catalog(sqlite_url(path))
        assert "update bedrot" in str(caught.value.next_step)

    def test_a_file_of_another_kind_is_damaged(self, path: Path) -> None:
        path.write_bytes(b"Reporting Date\tSale Month\r" * 400)
        with pytest.raises(IntegrityError, match="damaged") as caught:
            open_catalog(sqlite_url(path))
        assert caught.value.next_step == "delete it and run `bedrot rebuild --catalogue`"

    def test_overwritten_pages_are_damage(self, path: Path) -> None:
        open_catalog(sqlite_url(path))
        content = path.read_bytes()
        path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
        with pytest.raises(IntegrityError, match="damaged"):
            open_catalog(sqlite_url(path))

    def test_another_database_is_left_alone(self, path: Path) -> None:
        run_sql(path, "create table contacts (name text)")
        with pytest.raises(IntegrityError, match="a database, but not a catalogue"):
            open_catalog(sqlite_url(path))
        with closing(sqlite3.connect(path)) as connection:
            names = connection.execute("select name from sqlite_master").fetchall()
        assert names == [("contacts",)]

    def test_a_missing_folder_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="cannot be opened for writing"):
            open_catalog(sqlite_url(tmp_path / "missing" / "catalogue.sqlite"))

    def test_text_that_is_no_url_is_not_repeated(self) -> None:
        with pytest.raises(SettingsError, match=r"not a database URL$"):
            open_catalog("postgres secret")

    def test_other_databases_are_refused(self) -> None:
        with pytest.raises(SettingsError, match="cannot live in `mysql`"):
            open_catalog("mysql://somewhere/lake")

    def test_a_missing_driver_names_the_extra(self) -> None:
        with pytest.raises(SettingsError, match=r"driver for `postgresql\+nothing`") as caught:
            open_catalog("postgresql+nothing://user:secret@somewhere/lake")
        assert caught.value.next_step == "install `bedrot[postgres]`"

    def test_a_long_writer_is_another_process(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "BUSY_SECONDS", 0)
        engine = open_catalog(sqlite_url(path))
        with (
            database.writing(engine),
            pytest.raises(LockedError, match="another process"),
            database.writing(engine),
        ):
            pass

    def test_one_who_opens_while_another_makes_it_waits_for_its_turn(self, path: Path) -> None:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("create table t (a)")
        other.execute("begin immediate")
        later = Timer(0.3, other.execute, ["rollback"])
        later.start()
        try:
            with pytest.raises(IntegrityError, match="is a database, but not a catalogue"):
                open_catalog(sqlite_url(path))
        finally:
            later.join()
            other.close()

    def test_a_missing_table_is_damage(self, path: Path) -> None:
        engine = open_catalog(sqlite_url(path))
        run_sql(path, "drop table releases")
        with pytest.raises(IntegrityError, match=r"catalogue\.sqlite` is damaged"):
            latest_release(engine)

    def test_what_else_the_database_refuses_is_repeated(self, path: Path) -> None:
        engine = open_catalog(sqlite_url(path))
        with (
            pytest.raises(BedrotError, match="refused: NOT NULL constraint failed"),
            database.writing(engine) as connection,
        ):
            connection.execute(sa.text("insert into releases (number) values (1)"))


def test_importing_the_index_brings_no_engine_and_no_alembic() -> None:
    heavy = in_new_process(
        "import sys, bedrot.catalog.index;"
        "print({'alembic', 'duckdb', 'pyarrow', 'deltalake'} & set(sys.modules))"
    )
    assert heavy == "set()"


def test_opening_an_up_to_date_catalogue_brings_no_alembic(path: Path) -> None:
    open_catalog(sqlite_url(path))
    brought = in_new_process(
        "import sys; from bedrot.catalog.index import open_catalog;"
        "open_catalog(sys.argv[1]); print('alembic' in sys.modules)",
        sqlite_url(path),
    )
    assert brought == "False"


class TestUtcTime:
    def test_is_text_whose_order_is_that_of_time(self) -> None:
        dialect = sa.create_engine("sqlite://").dialect
        berlin = timezone(timedelta(hours=2))
        early = UtcTime().process_bind_param(datetime(2025, 5, 1, 1, tzinfo=berlin), dialect)
        late = UtcTime().process_bind_param(datetime(2025, 5, 1, tzinfo=UTC), dialect)
        assert (early, late) == (
            "2025-04-30T23:00:00.000000+00:00",
            "2025-05-01T00:00:00.000000+00:00",
        )

    def test_comes_back_in_utc(self) -> None:
        dialect = sa.create_engine("sqlite://").dialect
        text = "2025-04-30T23:00:00.000000+00:00"
        found = UtcTime().process_result_value(text, dialect)
        assert found == datetime(2025, 4, 30, 23, tzinfo=UTC)

    def test_of_null_is_null(self) -> None:
        dialect = sa.create_engine("sqlite://").dialect
        assert UtcTime().process_bind_param(None, dialect) is None
        assert UtcTime().process_result_value(None, dialect) is None


def test_the_revision_is_stamped(path: Path) -> None:
    engine = open_catalog(sqlite_url(path))
    with engine.connect() as connection:
        assert connection.execute(
            sa.text("select version_num from alembic_version")
        ).scalars().all() == [REVISION]
