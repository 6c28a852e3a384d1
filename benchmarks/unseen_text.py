"""What the page of unseen emergencies says around its tables."""

from __future__ import annotations

HEAD = """# Unseen emergencies

Forecasts of invented emergencies, made at past days from what was known on those days (sarai {version}), scored
against later reports. Their truth is not the returns law: a rise in the shape of a logistic curve, a tail that falls
like a power of time, a base that wanders, noise with memory, a weekly rhythm; publishers have a bias, an error and a
delay (`tests/makers/emergency.py`). Made by `python -m benchmarks.unseen`.

Ratio: mean weighted interval score of the pool, the default output, in units of the best baseline of each emergency,
in persons and on log1p; geometric mean over emergencies. Intervals hold 90 % over emergencies and their origins, drawn
again. Law: the ratios of the law alone. `not-enforced` and `not-enforced-twice` had deadlines that came to nothing, in
`enforced-second` the first of two did, in `late` one took effect a week or more after its day, `war-` has none.
"""

DRAWN_HEAD = """## Drawn at random

A wide family (`draw_emergency` of the same maker): 30,000 to 4 million people named, or nobody's guess; a peak of 0.2
to 7 % of them a day; a usual movement of a hundredth to a tenth of the peak; 12 to 70 days of notice; reports by day,
by week or as running totals. Where the usual movement is a hundredth of the rush that a deadline threatens, a forecast
that believes it by half pays many times what a baseline does that never believes one.
"""

HAZARDS_HEAD = """## Drawn from hazards

Emergencies from a law of hazards whose numbers are drawn from wide priors (`tests/makers/hazard_emergency.py`): 50,000
to 3 million people named, a usual movement of some 0.016 % of them a day, a rush that differs by factors of two to four
from one to the next, a departure from the shape as large as that of 2023. Nothing was chosen on them.
"""

REAL_HEAD = """## Real ones, looked up after everything had been chosen

Figures that agencies gave and public pages quoted on their days, each with its page (`benchmarks/NAME/sources.csv`);
what was ordered and the traps stand at the head of each `case.yaml`. Nothing may be chosen on them. Origins lie around
every deadline that was ever named, also one put off or called off. `python -m benchmarks.unseen --real` prints this
table alone, `python -m benchmarks.real_bands` what was said of each report.

- `iran-2025`: Afghans from Iran before 6 July 2025, eleven figures. Enforced.
- `pakistan-2025`: Afghans from Pakistan, two calls, by 31 March and 31 August 2025, 29 figures. Both enforced. Its days
  meet those of `pakistan-2023`, so nothing learned from that is used. One thing was learned from it since: that a
  crossing which is shut with no day of reopening known opens again.
- `saudi-2013`: Ethiopians from Saudi Arabia, an amnesty to 3 November 2013, eight figures, none of them before 26
  November, and nobody said how many people. Enforced; flights began ten days later.
- `kenya-2016`: Somalis from Dadaab, a camp to be closed by November 2016, put off to May 2017 and then forbidden by a
  court, 43 figures by the fortnight, horizon 56 days. Came to nothing.
"""
