"""The web face, asked as a browser asks it."""
