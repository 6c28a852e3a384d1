# mypy: disable-error-code="no-untyped-call, untyped-decorator"
"""exp, log, log1p, the normal law: one small module for kernels and plain Python, same bits in both.

The C library and the vector units of two machines may differ in the last bit of `exp` or `log`; a count of people that
sits on a boundary would then differ too. Here every function is a fixed sequence of IEEE additions, multiplications,
divisions and square roots, each of which is correctly rounded everywhere, so the same input gives the same bits in a
numba kernel, in a vectorised loop and in plain Python (`sarai.simulate.plain`). No fastmath, no libm, no fused
multiply-add: LLVM contracts only where fastmath allows it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import lower_builtin, type_callable
from numpy.typing import NDArray

from sarai.simulate.kernel import kernel

LN2_HIGH = 6.93147180369123816490e-01  # ln 2 to 33 bits, so that k * LN2_HIGH is exact for |k| < 2^20
LN2_LOW = 1.90821492927058770002e-10  # ln 2 - LN2_HIGH
INVERSE_LN2 = 1.44269504088896338700e00
ROUND_SHIFT = 6755399441055744.0  # 1.5 * 2^52: adding it rounds a double to an integer held in the low bits
SQRT_HALF_BITS = 0x3FE6A09E667F3BCD  # bits of sqrt(1/2)
EXPONENT_MASK = -1 << 52
SMALLEST_NORMAL = 2.2250738585072014e-308
CENTRAL = 0.425  # AS 241: quantiles of 0.5 +- this need no logarithm
LAST_ROOT = 5.0  # AS 241: tails down to exp(-25) have one formula
INVERSE_SQRT_2PI = 0.3989422804014327


def float_bits(x: float) -> int:
    """The 64 bits of a double as a signed integer."""
    return int(struct.unpack("<q", struct.pack("<d", x))[0])


def bits_float(bits: int) -> float:
    """The double with these 64 bits."""
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])


def floor(x: float) -> float:
    """The largest whole number that is not above x, as a double: `math.floor` without the way over an integer."""
    return float(math.floor(x))


def compile_to(function: Callable[..., Any], taken: Any, given: Any, code: Callable[[Any, Any], Any]) -> None:
    """Say what a function of one number is in a kernel: `code` of a builder and a value."""

    @type_callable(function)
    def types_of(context: Any) -> Callable[[Any], Any]:
        return lambda x: given(taken) if context.can_convert(x, taken) is not None else None

    @lower_builtin(function, taken)
    def lower(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return code(builder, values[0])


def _floor_code(builder: Any, value: Any) -> Any:
    return builder.call(builder.module.declare_intrinsic("llvm.floor", [ir.DoubleType()]), [value])


compile_to(float_bits, types.float64, types.int64, lambda builder, value: builder.bitcast(value, ir.IntType(64)))
compile_to(bits_float, types.int64, types.float64, lambda builder, value: builder.bitcast(value, ir.DoubleType()))
compile_to(floor, types.float64, types.float64, _floor_code)


@kernel(inline=True)
def exp(x: float) -> float:
    """e^x, within one unit in the last place; 0 below -745.2, infinity above 709.8.

    Argument reduction to |r| <= ln2/2 and the Taylor polynomial of degree 13 (remainder below 5e-18).
    """
    bounded = x if x > -746.0 else -746.0
    bounded = bounded if bounded < 710.0 else 710.0
    shifted = bounded * INVERSE_LN2 + ROUND_SHIFT
    scale = shifted - ROUND_SHIFT
    power = float_bits(shifted) - 0x4338000000000000  # the integer nearest to x / ln 2
    r = (bounded - scale * LN2_HIGH) - scale * LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 / 6.0 + r * (1.0 / 24.0)) + r2 * (1.0 / 120.0 + r * (1.0 / 720.0))
    middle = (1.0 / 5040.0 + r * (1.0 / 40320.0)) + r2 * (1.0 / 362880.0 + r * (1.0 / 3628800.0))
    high = (1.0 / 39916800.0 + r * (1.0 / 479001600.0)) + r2 * (1.0 / 6227020800.0)
    series = low + r4 * (middle + r4 * high)
    value = 1.0 + (r + r2 * (0.5 + r * series))
    first = power >> 1
    second = power - first
    return value * bits_float((first + 1023) << 52) * bits_float((second + 1023) << 52)


@kernel(inline=True)
def atanh_rest(w: float) -> float:
    """(2 atanh(s) - 2 s) / s for w = s^2 <= 0.0295, nine terms (remainder below 1e-17), in Estrin's order."""
    w2 = w * w
    w4 = w2 * w2
    low = (2.0 / 3.0 + w * (2.0 / 5.0)) + w2 * (2.0 / 7.0 + w * (2.0 / 9.0))
    high = (2.0 / 11.0 + w * (2.0 / 13.0)) + w2 * (2.0 / 15.0 + w * (2.0 / 17.0))
    return w * (low + w4 * (high + w4 * (2.0 / 19.0)))


@kernel(inline=True)
def log(x: float) -> float:
    """Natural logarithm within one unit in the last place; -infinity at 0, NaN below.

    x = 2^k (1 + f) with 1 + f in [sqrt 1/2, sqrt 2); log(1 + f) = 2 atanh(f / (2 + f)), nine terms.
    """
    tiny = x < SMALLEST_NORMAL
    scaled = x * 18014398509481984.0 if tiny else x  # 2^54
    bits = float_bits(scaled)
    offset = bits - SQRT_HALF_BITS
    power = offset >> 52
    f = bits_float(bits - (offset & EXPONENT_MASK)) - 1.0
    k = float(power) - (54.0 if tiny else 0.0)
    s = f / (2.0 + f)
    w = s * s
    rest = atanh_rest(w)
    half_square = 0.5 * f * f
    value = k * LN2_HIGH + (f - (half_square - (s * (half_square + rest) + k * LN2_LOW)))
    value = value if x > 0.0 else (-math.inf if x == 0.0 else math.nan)
    return value if x < math.inf else x


@kernel(inline=True)
def log1p(x: float) -> float:
    """log(1 + x) without loss near 0: the logarithm of the rounded sum, corrected for the rounding."""
    y = 1.0 + x
    positive = y > 0.0
    safe = y if positive else 1.0
    correction = (x - (safe - 1.0)) / safe
    value = log(y) + (correction if positive else 0.0)
    return value if x < math.inf else x


@kernel(inline=True)
def central_quantile(centre: float) -> float:
    """Standard normal quantile of 0.5 + centre, |centre| <= CENTRAL: the branch of AS 241 without a branch."""
    r = 0.180625 - centre * centre
    top = 3.3430575583588128105e4 + r * 2.5090809287301226727e3
    top = 4.5921953931549871457e4 + r * (6.7265770927008700853e4 + r * top)
    top = 1.9715909503065514427e3 + r * (1.3731693765509461125e4 + r * top)
    top = 3.3871328727963666080e0 + r * (1.3314166789178437745e2 + r * top)
    base = 2.8729085735721942674e4 + r * 5.2264952788528545610e3
    base = 2.1213794301586595867e4 + r * (3.9307895800092710610e4 + r * base)
    base = 6.8718700749205790830e2 + r * (5.3941960214247511077e3 + r * base)
    base = 1.0 + r * (4.2313330701600911252e1 + r * base)
    return centre * top / base


@kernel(inline=True)
def tail_quantile(root: float) -> float:
    """Standard normal quantile, positive, of the tail exp(-root^2), root <= LAST_ROOT: that branch of AS 241."""
    r = root - 1.6
    top = 2.27238449892691845833e-2 + r * 7.74545014278341407640e-4
    top = 1.27045825245236838258e0 + r * (2.41780725177450611770e-1 + r * top)
    top = 5.76949722146069140550e0 + r * (3.64784832476320460504e0 + r * top)
    top = 1.42343711074968357734e0 + r * (4.63033784615654529590e0 + r * top)
    base = 5.47593808499534494600e-4 + r * 1.05075007164441684324e-9
    base = 1.48103976427480074590e-1 + r * (1.51986665636164571966e-2 + r * base)
    base = 1.67638483018380384940e0 + r * (6.89767334985100004550e-1 + r * base)
    base = 1.0 + r * (2.05319162663775882187e0 + r * base)
    return top / base


@kernel()
def normal_quantile_pair(u: float, v: float) -> float:
    """Standard normal quantile of u, given v = 1 - u as well so that neither tail loses digits.

    u, v in (0, 1]. Source: Wichura 1988, algorithm AS 241 (PPND16), relative error about 1e-16.
    """
    centre = u - 0.5 if u < v else 0.5 - v
    if centre <= CENTRAL and centre >= -CENTRAL:
        return central_quantile(centre)
    tail = u if centre < 0.0 else v
    root = math.sqrt(-log(tail))
    if root <= LAST_ROOT:
        value = tail_quantile(root)
    else:
        r = root - 5.0
        top = 2.71155556874348757815e-5 + r * 2.01033439929228813265e-7
        top = 2.65321895265761230930e-2 + r * (1.24266094738807843860e-3 + r * top)
        top = 1.78482653991729133580e0 + r * (2.96560571828504891230e-1 + r * top)
        top = 6.65790464350110377720e0 + r * (5.46378491116411436990e0 + r * top)
        base = 1.42151175831644588870e-7 + r * 2.04426310338993978564e-15
        base = 7.86869131145613259100e-4 + r * (1.84631831751005468180e-5 + r * base)
        base = 1.36929880922735805310e-1 + r * (1.48753612908506148525e-2 + r * base)
        base = 1.0 + r * (5.99832206555887937690e-1 + r * base)
        value = top / base
    return -value if centre < 0.0 else value


@kernel()
def normal_quantile(u: float) -> float:
    """Standard normal quantile of u in (0, 1); -infinity at 0 and +infinity at 1."""
    if u <= 0.0:
        return -math.inf
    if u >= 1.0:
        return math.inf
    return normal_quantile_pair(u, 1.0 - u)


@kernel()
def normal_row(u: NDArray[np.float64]) -> None:
    """Replace uniforms, inside (0, 1), by their standard normal quantiles: the tails one by one, the middle at once."""
    for m in range(len(u)):
        v = 1.0 - u[m]
        centre = u[m] - 0.5 if u[m] < v else 0.5 - v
        if not (centre <= CENTRAL and centre >= -CENTRAL):
            u[m] = normal_quantile_pair(u[m], v)
    for m in range(len(u)):
        v = 1.0 - u[m]
        z = central_quantile(u[m] - 0.5 if u[m] < v else 0.5 - v)
        u[m] = z if (u[m] > 0.0) & (u[m] < 1.0) else u[m]  # a tail lies beyond 1.43 already


@kernel()
def normal_density(x: float) -> float:
    """Standard normal density; the square is split so that the exponent loses no digits."""
    head = float(int(x * 16.0)) / 16.0
    rest = (x - head) * (x + head)
    return INVERSE_SQRT_2PI * exp(-0.5 * head * head) * exp(-0.5 * rest)


@kernel()
def normal_cdf(x: float) -> float:
    """Standard normal cdf, relative error below 2e-15 down to x = -38.

    Near 0 the all-positive series phi(x) sum x^(2j+1) / (2j+1)!!; beyond 1.5 the Laplace continued fraction.
    """
    size = -x if x < 0.0 else x
    if size > 40.0:
        return 0.0 if x < 0.0 else 1.0
    density = normal_density(size)
    if size < 1.5:
        term = size
        total = size
        j = 1.0
        while term > 1e-18 * total:
            term = term * size * size / (2.0 * j + 1.0)
            total = total + term
            j = j + 1.0
        return 0.5 - density * total if x < 0.0 else 0.5 + density * total
    depth = 20 + int(600.0 / (size * size))
    fraction = size
    for i in range(depth, 0, -1):
        fraction = size + float(i) / fraction
    tail = density / fraction
    return tail if x < 0.0 else 1.0 - tail
