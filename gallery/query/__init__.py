"""What a search says: text to a small tree, and the tree run in two ways, as SQL and in memory."""
