"""Words and colours for times, numbers, names and events, the same on both screens."""
