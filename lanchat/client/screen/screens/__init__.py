"""The screens: talking, picking a room, waiting, and dialogs over them."""
