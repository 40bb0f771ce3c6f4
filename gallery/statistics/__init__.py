"""Counting the gallery."""
