"""The index folder: SQLite holds the truth, the snapshot is derived from it for searching."""
