"""Moments as text that sorts as time does, to the microsecond, always UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


def write_moment(moment: datetime) -> str:
    """A moment as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(stamp: str) -> datetime:
    """The moment of a text that `write_moment` made."""
    return datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def end_of(at: datetime | date) -> datetime:
    """The moment itself (UTC if it names no zone), or the last microsecond of a UTC day."""
    if isinstance(at, datetime):
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return datetime.combine(at + timedelta(days=1), time(0), tzinfo=UTC) - timedelta(microseconds=1)
