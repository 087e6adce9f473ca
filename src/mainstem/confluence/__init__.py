"""One async client for Confluence in its two families: Cloud (by site host or API gateway) and Data Center.

`opening.open_client` signs in and gives a `client.Confluence`; `checks` tests a connection step by step. Nothing here
stores anything, decides what is synchronised, or logs a secret.
"""
