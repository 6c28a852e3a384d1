"""The returns law as one can read it: one member, one day after another, no compilation, no rows of members.

Start with `Twin.day` in `twin.py`: leave home (`departure`), choose a crossing and travel (`journey`), wait and cross
(`border`), be received and go on (`reception`). `member` holds where everybody is, and the draws. The kernel
(`returns_kernel.py`) does the same for blocks of members; fed with the same draws the two agree bit for bit, in both
modes (tests/twins/). Units: persons and days; hazards per day.
"""

from sarai.simulate.returns_twin.twin import Twin, simulate_twin

__all__ = ["Twin", "simulate_twin"]
