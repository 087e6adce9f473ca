"""The client, against the emulator's Cloud and Data Center sites."""
