"""The resolver's index of the live assets, in step with the database."""
