"""What is made: specs, providers, budget, ledger and jobs that turn a gap into a tagged asset.

This room knows `gallery`, `resolver` and `ontology`. `import generation` loads nothing heavy.
"""
