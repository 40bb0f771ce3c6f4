"""What is made: specs, providers, budget, ledger and jobs that turn a gap into a tagged asset.

The room is reserved: its modules arrive with the generation engine. It may know `gallery`, `resolver` and `ontology`.
"""
