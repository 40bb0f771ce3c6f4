"""How alike pictures look, near duplicates, and making one of several."""
