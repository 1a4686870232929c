"""Finding rooms on a LAN, and letting them be found. A leaf: it knows text, errors and limits, and nothing of chat.

Reading order: rooms (what is found), names (what is announced), addresses, probe (proof that a room is there),
announce and claims (the host's side), browse, broadcast, scan and running (where rooms may be), find (all together).
"""
