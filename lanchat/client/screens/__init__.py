"""The full-screen views: talking, and picking a room."""
