"""What can move a bit of a result: versions of the libraries that touch numbers or pages, and the type of processor."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from sarai import __version__

LIBRARIES = (
    "numpy",
    "numba",
    "llvmlite",
    "scipy",
    "polars",
    "pyarrow",
    "altair",
    "vl-convert-python",
    "xlsxwriter",
    "typst",
)


def read_versions() -> dict[str, str]:
    """Versions of sarai, Python and every library that moves a byte of an output; absent ones are left out."""
    versions = {"sarai": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def read_cpu() -> str:
    """The type of processor for which kernels are compiled, for example `x86_64 skylake-avx512`."""
    from llvmlite import binding

    return f"{platform.machine()} {binding.get_host_cpu_name()}"
