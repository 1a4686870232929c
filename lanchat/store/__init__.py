"""Floor 2: what outlives the program, in SQLite."""
