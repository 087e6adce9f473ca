"""A stateful Confluence in a box: Cloud and Data Center over one state, for demos and for tests of any connector.

It shares no code with `mainstem`: a shared parser would share its misreadings, and the tests would agree with the bug.
"""
