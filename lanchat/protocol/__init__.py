"""Floor 0: bytes ↔ messages. No socket, no clock, no rule of chat."""
