"""What was said in a room, as a file to hand on: a sheet to print, Markdown, JSON, plain text."""
