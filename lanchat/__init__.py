"""Chat for networks without internet: host a room, find it, talk."""

__version__ = "0.1.0"  # a constant: reading package metadata would cost 100 ms at every start
