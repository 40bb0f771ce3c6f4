"""Working on the vocabulary with everything that uses it: assets, saved searches, and the files of the project."""
