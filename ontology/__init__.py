"""What may be said: terms, namespaces, aliases, wider terms; loading, validating, normalising, "did you mean".

This room knows no other. Everything here but `ontology.loader` is pure: no files, no clock, no log.
"""
