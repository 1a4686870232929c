"""From a typed line to messages that the host has confirmed."""
