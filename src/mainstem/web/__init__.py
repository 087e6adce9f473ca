"""The web face: pages for a browser, made on the server, over what search, reading and accounts say.

Every page works as plain links and forms; htmx and a few small modules make it quicker, and no build step makes them.
"""
