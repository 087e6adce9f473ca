"""The JSON face: what the pages show, for programs, under the same rights and from the same functions.

Programs show an API key. A browser that is signed in may look as well, for a page at hand, but change nothing here:
cookies are sent by whatever site makes a browser ask.
"""
