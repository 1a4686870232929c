"""What is known: who is here, what was said, which names belong to whom. It calls nothing above it."""
