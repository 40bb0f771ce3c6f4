"""The manifest by which a game finds its pictures and sounds, and constants made of it for three languages.

`manifest.json` is the user's file: an entry is put into its text at the place where it belongs, and every other byte
stays as it was. A file that is broken is told of with line and column, and never written over.
"""
