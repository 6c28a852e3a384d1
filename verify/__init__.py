"""Hours of statistics with a written budget of false alarms: `make verify`, or `python -m verify`.

A claim lives in a module `verify/claim_<name>.py` and registers itself with `verify.claims.claim`.
"""
