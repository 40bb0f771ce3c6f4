"""Sounds as assets: told by their bytes, decoded in blocks, measured, and drawn as waveforms.

The libraries that decode are optional (extra `audio`) and loaded when the first sound is read.
"""
