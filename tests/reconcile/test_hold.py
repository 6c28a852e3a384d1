"""Samples hold the sums that reports give, however wide the days inside a window are."""

from __future__ import annotations

from datetime import date

import numpy as np

from sarai.observe.case_folder import load_case
from sarai.reconcile.linear import Flows, sum_flows
from sarai.reconcile.observations import window_sums
from sarai.reconcile.reconcile import infer


def test_totals_months_apart_hold_the_months_between() -> None:
    """Five months lie between two totals of 2024: the samples' totals are those printed, not 12 % more at the middle.

    Days known by one long window alone are wide, and exponentials of a wide path add up to far more than its middle.
    """
    told = infer(load_case("sudan-southsudan-2023").as_of(date(2025, 2, 15)), 200, 1)
    figures = told.observations
    un = [row for row in range(figures.count) if figures.regimes[figures.regime[row]].series == "un_cumulative"
          and figures.end[row] > date(2024, 1, 1).toordinal()]  # fmt: skip
    sums = window_sums(figures, told.samples.flow, told.plan.first_day) * np.exp(told.samples.biases)
    ratio = sums[un] / figures.value[un, None]
    low, middle, high = np.quantile(ratio, (0.05, 0.5, 0.95), axis=1)
    assert len(un) > 6
    assert np.all(np.abs(np.log(middle)) < 0.04)
    assert np.all(low > 0.85)
    assert np.all(high < 1.2)


def test_windows_of_one_status_hold_the_people_of_that_status() -> None:
    """Autumn 2016 has no total of everybody: each status holds its own windows, and the flow is their sum."""
    told = infer(load_case("pakistan-2016").as_of(date(2016, 10, 5)), 200, 1)
    samples, figures = told.samples, told.observations
    flows = Flows(log_flow=np.log(samples.flow), flow=samples.flow, kinds=samples.kinds, marks=samples.marks)
    ratio = sum_flows(told.plan, flows) * np.exp(samples.biases) / figures.value[:, None]
    assert {"por", "undocumented"} == set(figures.statuses)
    assert np.all(np.abs(np.log(np.median(ratio, axis=1))) < 0.13)
    assert np.allclose(samples.marks.sum(axis=2), 1.0)
