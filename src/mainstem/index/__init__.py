"""The passage index: what is searched. Derived from the store, and rebuilt from it whenever that is simpler.

It keeps words, not texts: whoever shows a hit reads the document from the store, under the viewer's rights of then.
"""
