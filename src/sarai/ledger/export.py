"""Export: the whole ledger as one file that can be sent, with everything in it and no log beside it."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import create_engine, insert, select
from sqlalchemy.exc import DatabaseError

from sarai.ledger.schema import batch, checkpoint, create_schema, offered
from sarai.ledger.schema import row as version_table
from sarai.ledger.store import Ledger
from sarai.world.errors import Fault, RequestError


def export_ledger(ledger: Ledger, path: Path) -> int:
    """Write one SQLite file (no WAL) with every record of the case; returns its size in bytes.

    Whole or not at all: it is made beside `path` and renamed. Raises RequestError if the file is there already.
    """
    if path.exists():
        raise RequestError(
            Fault(file=path.name, what="the file is there already", mend="Name another, or move it away.")
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        _copy(ledger, temporary)
        temporary.replace(path)
    except (OSError, DatabaseError) as error:
        inner = error.orig if isinstance(error, DatabaseError) else error
        reason = (getattr(inner, "strerror", None) or str(inner))[:120]
        raise RequestError(
            Fault(file=str(path), what="the export cannot be written", found=reason,
                  mend="make room or name another place; nothing was half written")
        ) from error  # fmt: skip
    finally:
        temporary.unlink(missing_ok=True)
    return path.stat().st_size


def _copy(ledger: Ledger, path: Path) -> None:
    target = create_engine(f"sqlite:///{path}")
    own = select(batch.c.id).where(batch.c.case_name == ledger.case_name)
    with ledger.engine.begin() as source, target.begin() as sink:
        create_schema(sink)
        for table, condition in (
            (batch, batch.c.case_name == ledger.case_name),
            (offered, offered.c.batch.in_(own)),
            (version_table, version_table.c.batch.in_(own)),
            (checkpoint, checkpoint.c.batch.in_(own)),
        ):
            rows = [
                dict(found._mapping) for found in source.execute(table.select().where(condition).order_by(table.c.id))
            ]
            if rows:
                sink.execute(insert(table), rows)
    target.dispose()
