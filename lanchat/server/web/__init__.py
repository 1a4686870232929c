"""What the one port answers to HTTP."""
