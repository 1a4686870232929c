"""What a host has kept of a room, asked for over the network: a visit that reads and says nothing."""
