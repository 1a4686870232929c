"""Rooms announce themselves and are found. A leaf: the cli and the client call it."""
