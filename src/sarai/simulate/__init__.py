"""One step, many futures: keyed draws, the readable engine, the numba kernels."""
