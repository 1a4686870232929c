"""Floor 1: what is allowed and who hears it. No socket, no file, no clock."""
