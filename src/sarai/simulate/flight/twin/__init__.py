"""The flight law in plain Python: slow, to be read beside docs/explanation/flight-law.md. Same draws as the kernel.

Start with `FlightTwin.run` in `twin.py`: leave home (`departing`), weigh routes (`choosing`), act at a place
(`acting`), travel (`travelling`). `member` holds where everybody is, and the draws. Groups of people with equal state
are entries of a dictionary; no weight is kept from one choice to the next.
"""

from sarai.simulate.flight.twin.twin import FlightTwin

__all__ = ["FlightTwin"]
