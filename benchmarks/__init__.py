"""Measurements against named baselines. Every module here with a `main()` is one: `python -m benchmarks` lists them.

Each prints absolute figures, which belong to the machine, and ratios, which belong to the code, with their targets.
"""
