"""Rooms: which one a person means, where it is now, what is remembered of it, and going in."""
