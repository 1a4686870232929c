"""Floor 2: carries out what the chat decided."""
