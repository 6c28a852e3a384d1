"""Beta quantiles of up to `LANES` members at once, where a parameter is below `EXPANSION_FROM`: Newton's steps.

The same operations in the same order as in `beta.py`, and so the same bits: a member whose steps have ended keeps its
value while others go on, and terms of a series below 1e-17 of its sum, which others still need, change no bit.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.beta import CONVERGED, HALF_LOG_2PI, LAST_NORMAL, LAST_SHARE, LOG_HALF, SMALLEST_TERM, is_far
from sarai.simulate.kernel import kernel
from sarai.simulate.small_math import exp, log, log1p, normal_row
from sarai.simulate.stack_row import stack_row

Lanes = NDArray[np.float64]
"""(size,) or longer, and not longer than LANES"""


@kernel()
def log_gammas(to: Lanes, x: Lanes, size: int) -> None:
    """to = log_gamma(x)."""
    product, y = stack_row(), stack_row()
    for i in range(size):
        product[i] = 1.0
        y[i] = x[i]
    for _ in range(16):
        for i in range(size):
            v = y[i]
            small = v < 16.0
            product[i] *= v if small else 1.0
            y[i] = v + 1.0 if small else v
    for i in range(size):
        v = y[i]
        w = 1.0 / (v * v)
        series = (
            1.0 / 12.0
            - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w * (1.0 / 1188.0 - w * (691.0 / 360360.0)))))
        ) / v
        to[i] = (v - 0.5) * log(v) - v + HALF_LOG_2PI + series - log(product[i])


@kernel()
def log_betas(to: Lanes, a: Lanes, b: Lanes, size: int) -> None:
    """to = log_beta of the lesser and the greater of a and b."""
    less, more, total, of_more = stack_row(), stack_row(), stack_row(), stack_row()
    few = 0
    for i in range(size):
        x, y = a[i], b[i]
        less[i] = x if x < y else y
        more[i] = y if x < y else x
        total[i] = x + y
        few += (x < 16.0) & (y < 16.0)
    log_gammas(to, less, size)
    if few > 0:
        log_gammas(of_more, more, size)
        log_gammas(total, total, size)
    for i in range(size):
        x, y = less[i], more[i]
        c = x + y
        v = 1.0 / (y * y)
        w = 1.0 / (c * c)
        at_y = (1.0 / 12.0 - v * (1.0 / 360.0 - v * (1.0 / 1260.0 - v * (1.0 / 1680.0)))) / y
        at_c = (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0)))) / c
        of_less = to[i]
        apart = of_less - ((y - 0.5) * log1p(x / y) + x * (log(c) - 1.0) + (at_c - at_y))
        to[i] = of_less + of_more[i] - total[i] if y < 16.0 else apart


@kernel()
def lower_serieses(total: Lanes, x: Lanes, a: Lanes, b: Lanes, size: int) -> None:
    """total = lower_series(x, a, b)."""
    term, top, base = stack_row(), stack_row(), stack_row()
    for i in range(size):
        total[i] = 1.0
        term[i] = 1.0
        first = a[i]
        top[i] = first + b[i]
        base[i] = first + 1.0
    j = 0.0
    going = 1
    while going > 0 and j < 20000.0:
        for _ in range(4):
            for i in range(size):
                grown = term[i] * ((top[i] + j) / (base[i] + j) * x[i])
                term[i] = grown
                total[i] += grown
            j = j + 1.0
        going = 0
        for i in range(size):
            going += term[i] > SMALLEST_TERM * total[i]


@kernel()
def turn_lanes(z: Lanes, u: Lanes, v: Lanes, a: Lanes, b: Lanes, turned: Lanes, constant: Lanes, size: int) -> None:
    """Where the value lies above 1/2, look for its distance from 1: u and v, a and b change places, `turned` becomes 1.

    Only the members that are not `is_far` are looked at.
    """
    more, less, half, series = stack_row(), stack_row(), stack_row(), stack_row()
    for i in range(size):
        x, y = a[i], b[i]
        lower = 0.5 * (x + y) <= x
        more[i] = x if lower else y
        less[i] = y if lower else x
        half[i] = 0.5
    lower_serieses(series, half, more, less, size)
    for i in range(size):
        x, y = a[i], b[i]
        front = exp(x * log(0.5) + y * log1p(-0.5) - constant[i])
        part = front * series[i] / more[i]
        part = part if 0.5 * (x + y) <= x else 1.0 - part
        share, rest, normal = u[i], v[i], z[i]
        keep = is_far(x, y) | (share <= part)
        turned[i] = 0.0 if keep else 1.0
        a[i] = x if keep else y
        b[i] = y if keep else x
        u[i] = share if keep else rest
        v[i] = rest if keep else share
        z[i] = normal if keep else -normal


@kernel()
def solve_lanes(x: Lanes, u: Lanes, a: Lanes, b: Lanes, size: int) -> None:
    """x = the value of `beta_quantile` where one parameter is below EXPANSION_FROM. u, a and b are used up."""
    z, v, turned, constant = stack_row(), stack_row(), stack_row(), stack_row()
    target, t, series, going = stack_row(), stack_row(), stack_row(), stack_row()
    near = 0
    for i in range(size):
        share = u[i]
        z[i] = share
        v[i] = 1.0 - share
        turned[i] = 0.0
        near += not is_far(a[i], b[i])
    normal_row(z[:size])
    log_betas(constant, a, b, size)
    if near > 0:
        turn_lanes(z, u, v, a, b, turned, constant, size)
    for i in range(size):
        first, inside = a[i], u[i] < LAST_SHARE
        wanted = log(u[i] if inside else LAST_SHARE)
        normal = z[i] if inside else LAST_NORMAL
        target[i] = wanted
        going[i] = 1.0
        root = 1.0 - 1.0 / (9.0 * first) + normal / (3.0 * math.sqrt(first))
        power = (first < 0.6) | (root < 0.2)
        gamma = first * root * root * root
        guess = log(1.0 if power else gamma / (gamma + b[i]))
        t[i] = (wanted + log(first) + constant[i]) / first if power else guess
    for _ in range(60):
        for i in range(size):
            start = t[i]
            start = start if start < LOG_HALF else LOG_HALF
            t[i] = start
            x[i] = exp(start)
        lower_serieses(series, x, a, b, size)
        open_ = 0
        for i in range(size):
            first, start, here, total, goes = a[i], t[i], x[i], series[i], going[i] > 0.0
            value = first * start + b[i] * log1p(-here) - constant[i] + log(total / first)
            step = (target[i] - value) * (1.0 - here) * total / first
            t[i] = start + step if goes else start
            ended = (step < CONVERGED) & (step > -CONVERGED)
            going[i] = 0.0 if ended else going[i]
            open_ += going[i] > 0.0
        if open_ == 0:
            break
    for i in range(size):
        last = t[i]
        last = exp(last if last < LOG_HALF else LOG_HALF)
        x[i] = 1.0 - last if turned[i] > 0.0 else last
