"""The face for language models: a few tools over MCP, each under the rights of the member whose key is shown.

`server` alone imports the protocol's SDK, which is large, and is itself imported when somebody first calls.
"""
