"""The control API under `/_control`: what a test or a bench does to the emulator while a connector works on it.

JSON in, JSON out, no credentials: it is for whoever runs the emulator. `POST /_control/content/{verb}` and
`/_control/people/{verb}` change the site (`VERBS` of their modules lists them); `/faults`, `/index`, `/quirks` and
`/requests` steer the emulator; `GET /_control/visible?user=` is the oracle of who may see what.
"""

from confluence_emulator.control.desk import ControlError, Desk
from confluence_emulator.control.routes import control_routes

__all__ = ["ControlError", "Desk", "control_routes"]
