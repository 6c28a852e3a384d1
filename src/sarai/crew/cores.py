"""How many cores a command may use."""

from __future__ import annotations

import os

from sarai.world.errors import Fault, RequestError

VARIABLE = "SARAI_CORES"


def cores() -> int:
    """Cores that this process may use: SARAI_CORES, else those that the system lends it, else those of the machine.

    A scheduler of a cluster lends a job some cores of a machine; to use all would slow down everybody there.
    Raises RequestError where SARAI_CORES is no whole number from 1.
    """
    asked = os.environ.get(VARIABLE, "")
    if asked:
        if not asked.isdecimal() or int(asked) < 1:
            raise RequestError(
                Fault(column=VARIABLE, what="this is no number of cores", found=asked, wanted="a whole number from 1",
                      mend=f"unset {VARIABLE} to use every core that there is")
            )  # fmt: skip
        return int(asked)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux and a few others lend cores one by one
        return os.cpu_count() or 1
