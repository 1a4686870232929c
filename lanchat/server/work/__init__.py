"""The threads that wait where waiting is allowed: for scrypt."""
