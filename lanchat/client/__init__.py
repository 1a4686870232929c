"""The chat screen and its line-by-line sister. Knows the protocol, never the server."""
