"""Keeping the gallery in step with folders."""
