import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bedrot.catalog import migrating
from bedrot.catalog.tables import REVISION, metadata

DEFINITIONS = sa.text(
    "select name, sql from sqlite_master"
    " where sql is not null and name not like '%alembic%' order by name"
)


def test_the_newest_script_is_the_revision_of_the_code() -> None:
    scripts = ScriptDirectory.from_config(migrating.configuration())
    assert scripts.get_heads() == [REVISION]


def test_the_revision_of_the_code_is_known() -> None:
    assert REVISION in migrating.known_revisions()


def test_migration_and_tables_agree(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_migrating_gives_what_creating_gives(engine: sa.Engine) -> None:
    """Keys too, which alembic does not compare."""
    created = sa.create_engine("sqlite://")
    with created.begin() as here, engine.connect() as there:
        metadata.create_all(here)
        assert here.execute(DEFINITIONS).all() == there.execute(DEFINITIONS).all()
    created.dispose()
