"""What the journal can take back besides changes of assets: collections, saved searches, files of the project.

One module for each kind: how its present value is read, and how a value is written. The registry is
`gallery.journal.records`.
"""
