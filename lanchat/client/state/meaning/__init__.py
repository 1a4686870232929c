"""What each command of a server means for the person at the screen: tables of handlers, one family per file.

A handler takes the state and what was heard, changes the state, and returns the changes. It never raises for anything
a server can send: parameters that are not there read as "".
"""
