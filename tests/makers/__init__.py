"""Makers of small made-up inputs for tests: invented places, round numbers, no real emergency."""
