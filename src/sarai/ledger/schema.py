"""The tables of the store, and the triggers that keep them append-only. SQLite by default; PostgreSQL by URL."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

SCHEMA_VERSION = "1"
metadata = MetaData()
Number = BigInteger().with_variant(Integer, "sqlite")

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

batch = Table(
    "batch",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("case_name", Text, nullable=False),
    Column("recorded", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("why", Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)

offered = Table(
    "offered_file",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("batch", Number, ForeignKey("batch.id"), nullable=False),
    Column("file_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size_bytes", Number, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)

row = Table(
    "row_version",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("batch", Number, ForeignKey("batch.id"), nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Column("file_hash", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("row_number", Integer, nullable=False),
    Column("supersedes", Number, nullable=True),
    Column("erased", Integer, nullable=False, default=0),
    sqlite_autoincrement=True,
)
Index("row_version_batch", row.c.batch)
Index("row_version_row_id", row.c.row_id)

# how a table stood after a batch: its header, the digest of its bytes, and its order where that is not plain appending
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("batch", Number, ForeignKey("batch.id"), nullable=False),
    Column("table_name", Text, nullable=False),
    Column("header", Text, nullable=False),
    Column("row_order", Text, nullable=True),
    Column("digest", Text, nullable=False),
    sqlite_autoincrement=True,
)
Index("checkpoint_batch", checkpoint.c.batch)

# table files that a batch is about to write; emptied once they stand on disk. A write-ahead log, not a record.
journal = Table(
    "journal",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("batch", Number, ForeignKey("batch.id"), nullable=False),
    Column("file", Text, nullable=False),
    Column("before_hash", Text, nullable=False),
    Column("after_hash", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

_APPEND_ONLY = ("batch", "offered_file", "row_version", "checkpoint")
_ERASURE = {
    "row_version": "NEW.erased > OLD.erased AND NEW.id = OLD.id AND NEW.batch = OLD.batch"
    " AND NEW.table_name = OLD.table_name AND NEW.action = OLD.action AND NEW.row_number = OLD.row_number",
    "checkpoint": "NEW.digest = '' AND NEW.id = OLD.id AND NEW.batch = OLD.batch AND NEW.header = OLD.header",
}


def create_schema(connection: Connection) -> None:
    """Create what is missing. Update and delete of a record fail, but for an erasure that leaves a tombstone."""
    metadata.create_all(connection)
    make = _sqlite_triggers if connection.dialect.name == "sqlite" else _postgres_triggers
    for statement in make():
        connection.execute(text(statement))
    if connection.execute(meta.select()).first() is None:
        connection.execute(meta.insert().values(key="schema", value=SCHEMA_VERSION))


def _sqlite_triggers() -> list[str]:
    made = []
    for name in _APPEND_ONLY:
        allowed = f"WHEN NOT ({_ERASURE[name]})" if name in _ERASURE else ""
        made.append(
            f"CREATE TRIGGER IF NOT EXISTS {name}_no_update BEFORE UPDATE ON {name} {allowed} "
            f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
        made.append(
            f"CREATE TRIGGER IF NOT EXISTS {name}_no_delete BEFORE DELETE ON {name} "
            f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
    return made


def _postgres_triggers() -> list[str]:
    made = [
        "CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$ LANGUAGE plpgsql"
    ]
    for name in _APPEND_ONLY:
        allowed = f"WHEN (NOT ({_ERASURE[name]}))" if name in _ERASURE else ""
        for event, condition in (("update", allowed), ("delete", "")):
            made.append(
                f"CREATE OR REPLACE TRIGGER {name}_no_{event} BEFORE {event.upper()} ON {name} "
                f"FOR EACH ROW {condition} EXECUTE FUNCTION ledger_is_append_only()"
            )
    return made
