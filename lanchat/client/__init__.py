"""The chat as one person uses it: connection, state, what is typed, two screens. Knows the protocol, not the host."""
