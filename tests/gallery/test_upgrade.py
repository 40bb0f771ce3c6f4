"""Migrations: they make what the models say, they keep a copy, and dying half-way costs nothing."""

import sqlite3
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from callsheet import upgrade as upgrading
from gallery.store.driver import connect
from gallery.store.engine import file_engine, memory_engine
from gallery.store.model import metadata
from generation.ledger import tables as _ledger  # noqa: F401  # puts its tables beside the gallery's


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".callsheet" / "callsheet.db"


@pytest.fixture
def backups(path):
    return path.parent / "backups"


def names(path):
    return sorted(entry.name for entry in path.parent.iterdir())


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # see the next test
def test_models_and_migrations_agree(path, backups):
    upgrading.upgrade(path, backups)
    engine = file_engine(path)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_object": not_falling}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert (
            "WITHOUT ROWID"
            in connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'asset_tag'").scalar()
        )
        assert (
            "AUTOINCREMENT" in connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'batch'").scalar()
        )
    engine.dispose()


def not_falling(_object, name, kind, _reflected, _compare_to):
    """Alembic cannot compare the indexes that fall: the next test does."""
    return kind != "index" or not name.startswith("ix_asset_live")


def test_the_indexes_that_fall_are_those_of_the_models(path, backups):
    wanted = "SELECT sql FROM sqlite_master WHERE name LIKE 'ix_asset_live%' ORDER BY name"
    upgrading.upgrade(path, backups)
    migrated, made = file_engine(path), memory_engine()
    with migrated.connect() as one, made.connect() as other:
        metadata.create_all(other)
        found = one.exec_driver_sql(wanted).scalars().all()
        assert found == other.exec_driver_sql(wanted).scalars().all()
        assert len(found) == 4
        assert all(" DESC, id) WHERE trashed_at IS NULL" in sql for sql in found)
    migrated.dispose()
    made.dispose()


def test_indexes_of_expressions_are_those_of_the_models(path, backups):
    upgrading.upgrade(path, backups)
    statement = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%(%(%' ORDER BY name"
    made = memory_engine()
    migrated = file_engine(path)
    with made.connect() as models, migrated.connect() as file:
        metadata.create_all(models)
        found = file.exec_driver_sql(statement).fetchall()
        assert found == models.exec_driver_sql(statement).fetchall()
        assert [name for name, _ in found] == [*(f"ix_asset_dhash_{band}" for band in range(4)), "ix_asset_folder"]
    made.dispose()
    migrated.dispose()


def test_the_listed_revisions_are_those_of_the_scripts():
    config = Config()
    config.set_main_option("script_location", str(upgrading.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    found = tuple(reversed([script.revision for script in scripts.walk_revisions()]))
    assert found == upgrading.REVISIONS
    assert scripts.get_current_head() == upgrading.HEAD == upgrading.SCHEMA.head


def test_the_first_revision_can_be_taken_back(path, backups):
    from alembic import command

    upgrading.upgrade(path, backups)
    engine = file_engine(path, foreign_keys=False)
    with engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(upgrading.MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").scalars().all()
        )
    engine.dispose()
    assert left == ["alembic_version"]


def test_a_new_database_appears_whole_and_alone(path, backups):
    upgrading.upgrade(path, backups)
    assert names(path) == ["callsheet.db"]
    assert upgrading.current_revision(path) == upgrading.HEAD


def test_a_current_database_is_left_alone_and_alembic_is_not_loaded(path, backups):
    upgrading.upgrade(path, backups)
    program = (
        "import sys, pathlib; from callsheet.upgrade import upgrade;"
        f"upgrade(pathlib.Path({str(path)!r}), pathlib.Path({str(backups)!r}));"
        "print([m for m in ('alembic', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert not backups.exists()


def migrate_to(path, revision):
    """A database as the program of that revision made it."""
    from alembic import command

    path.parent.mkdir(parents=True)
    engine = file_engine(path, create=True, foreign_keys=False)
    with engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(upgrading.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_assets_of_the_first_revision_are_kept_and_gain_empty_fields(path, backups):
    migrate_to(path, "0001")
    connection = connect(path, create=False)
    connection.execute(
        "INSERT INTO asset (id, sha256, version, path, media_type, format, bytes, created_at, added_at, tags) VALUES"
        """ ('a1', 'f', 3, 'x.png', 'image', 'png', 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00', '["npc:alex"]')"""
    )
    connection.commit()
    connection.close()
    upgrading.upgrade(path, backups)
    connection = connect(path, create=False)
    columns = "id, version, tags, note, rejected, parents, operation, edited_at, dhash"
    assert connection.execute(f"SELECT {columns} FROM asset").fetchall() == [
        ("a1", 3, '["npc:alex"]', None, "[]", "[]", None, None, None)
    ]
    connection.close()
    (backup,) = backups.iterdir()
    assert upgrading.current_revision(backup) == "0001"


def test_what_is_known_of_how_pictures_were_made_survives_the_third_revision(path, backups):
    migrate_to(path, "0002")
    connection = connect(path, create=False)
    connection.execute(
        "INSERT INTO asset (id, sha256, version, path, media_type, format, bytes, created_at, added_at, tags) VALUES"
        """ ('a1', 'f', 3, 'x.png', 'image', 'png', 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00', '[]')"""
    )
    connection.execute(
        "INSERT INTO generation (asset_key, tool, source, certainty, reason, prompt, loras, words, raw)"
        " VALUES (1, 'ComfyUI', 'prompt', 0.9, 'read', 'a gate', '[]', 'a gate', '{}')"
    )
    connection.commit()
    connection.close()
    upgrading.upgrade(path, backups)
    connection = connect(path, create=False)
    columns = "tool, prompt, provider, revised_prompt, cost, stand_in, scores, checks, spec_id, job"
    assert connection.execute(f"SELECT {columns} FROM generation").fetchall() == [
        ("ComfyUI", "a gate", None, None, None, 0, None, None, None, None)
    ]
    for table in ("generation_job", "generation_attempt", "ledger_entry"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()
    (backup,) = backups.iterdir()
    assert upgrading.current_revision(backup) == "0002"


def test_pictures_of_the_third_revision_are_kept_and_last_no_time(path, backups):
    migrate_to(path, "0003")
    connection = connect(path, create=False)
    connection.execute(
        "INSERT INTO asset (id, sha256, version, path, media_type, format, bytes, width, height, created_at, added_at,"
        " tags) VALUES ('a1', 'f', 3, 'x.png', 'image', 'png', 1, 8, 9, '2026-01-01 00:00:00', '2026-01-01 00:00:00',"
        """ '["npc:alex"]')"""
    )
    connection.commit()
    connection.close()
    upgrading.upgrade(path, backups)
    connection = connect(path, create=False)
    columns = "id, version, tags, width, height, duration_ms, sample_rate, channels"
    assert connection.execute(f"SELECT {columns} FROM asset").fetchall() == [
        ("a1", 3, '["npc:alex"]', 8, 9, None, None, None)
    ]
    connection.close()
    (backup,) = backups.iterdir()
    assert upgrading.current_revision(backup) == "0003"


def make_older(path, backups, monkeypatch):
    """A database of an older revision that holds one batch."""
    upgrading.upgrade(path, backups)
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO batch (kind, at, actor, origin) VALUES ('tag', '2026-01-01 00:00:00', '', 'hand')")
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.commit()
    connection.close()


def count_batches(path):
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT count(*) FROM batch").fetchone()[0]
    finally:
        connection.close()


def test_an_older_database_is_copied_before_it_is_changed(path, backups, monkeypatch):
    make_older(path, backups, monkeypatch)
    monkeypatch.setattr(upgrading, "_migrate", lambda *_, **__: None)
    upgrading.upgrade(path, backups)
    (backup,) = backups.iterdir()
    assert backup.name.startswith("callsheet-0000-")
    assert count_batches(backup) == 1
    assert upgrading.current_revision(backup) == "0000"


def test_a_migration_that_dies_half_way_leaves_the_old_version_openable(path, backups, monkeypatch):
    make_older(path, backups, monkeypatch)
    from alembic import command

    def die(config, _):
        config.attributes["connection"].exec_driver_sql("DROP TABLE change")
        config.attributes["connection"].exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", die)
    with pytest.raises(KeyboardInterrupt):
        upgrading.upgrade(path, backups)
    assert upgrading.current_revision(path) == "0000"
    assert count_batches(path) == 1
    connection = connect(path, create=False)
    assert connection.execute("SELECT count(*) FROM change").fetchone() == (0,)
    connection.close()


def test_a_creation_that_dies_half_way_leaves_no_file(path, backups, monkeypatch):
    from alembic import command

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", die)
    with pytest.raises(KeyboardInterrupt):
        upgrading.upgrade(path, backups)
    assert names(path) == []


def test_whoever_creates_second_keeps_the_first_ones_file(path, backups, monkeypatch):
    upgrading.upgrade(path, backups)
    first = path.stat().st_ino
    upgrading._create(path)
    assert path.stat().st_ino == first


def test_a_file_system_without_hard_links_gets_its_database_too(path, backups, monkeypatch):
    def refuse(*_):
        raise OSError

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    upgrading.upgrade(path, backups)
    assert names(path) == ["callsheet.db"]
    first = path.stat().st_ino
    upgrading._create(path)
    assert path.stat().st_ino == first


def test_a_project_path_with_percent_signs_and_marks_works(tmp_path):
    odd = tmp_path / "50% of #1?" / "callsheet.db"
    upgrading.upgrade(odd, tmp_path / "backups")
    assert upgrading.current_revision(odd) == upgrading.HEAD


def test_an_empty_file_is_filled_without_a_backup(path, backups):
    path.parent.mkdir()
    path.touch()
    upgrading.upgrade(path, backups)
    assert upgrading.current_revision(path) == upgrading.HEAD
    upgrading.upgrade(path, backups)
    assert not backups.exists()
