"""The flight law in motion: a readable engine and a kernel with the same draws."""
