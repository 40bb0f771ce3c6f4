"""Finding assets page by page, and searches that are saved."""
