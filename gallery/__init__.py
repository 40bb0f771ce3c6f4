"""What there is: the database of assets, their files and thumbnails, tagging with undo, search, health.

This room knows `ontology` and `resolver`. Its tables never leave it; callers see frozen views.
"""
