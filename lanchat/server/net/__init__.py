"""Sockets, knowing no chat: the loop, listeners, connections. Whoever owns a socket is called back."""
