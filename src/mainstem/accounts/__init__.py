"""The hub's own accounts: who may sign in, what their role lets them do, and whom they are in Confluence.

A role of the hub never lets anybody read what Confluence would not show them: what a member reads follows from the
accounts of Confluence that are proved to be theirs, and from nothing else (P2, P4). Not here: cookies, forms
and screens.
"""
