"""The connection to the host of a room: opened, registered, kept, and made again when it is lost."""
