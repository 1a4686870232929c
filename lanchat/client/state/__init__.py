"""What a screen shows, as data: channels, people, entries; and how each message of the host changes it."""
