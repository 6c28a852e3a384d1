"""The three lines on responsible use, said alike in the help of the command, each briefing, the lab and each record."""

from __future__ import annotations

RESPONSIBLE_USE = (
    "For agencies that receive and protect people: reception, shelter, care and onward travel.",
    "Not for choosing whom or where to expel; enforcement is an outside fact here, never a choice or an aim.",
    "From aggregate counts only; it holds nothing on individuals, and small cells are suppressed.",
)
