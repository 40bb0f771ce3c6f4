"""What holds between assets: collections and lineage."""
