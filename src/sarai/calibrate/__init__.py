"""Evidence against model: Gauss-Newton, ensemble smoother, diagnostics."""
