"""The command line, driven as a person and as a program drive it."""
