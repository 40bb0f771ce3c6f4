"""Sounds made by arithmetic: effects and stand-ins for music, the same bytes for the same words, length and seed."""
