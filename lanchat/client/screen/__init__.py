"""The terminal screen, drawn with Textual: widgets, the screens made of them, and the app that shows those."""
