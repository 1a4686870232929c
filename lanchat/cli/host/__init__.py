"""`lanchat host`: what was asked for, what is listened on, what its person is told, and the serving itself."""
