"""Where the gallery is kept: the database and its tables, files written whole, and how both name things."""
