"""Reading: a stored document as one person meets it, with everything around it that they may see, and nothing else.

Nothing is kept between two readings, so a changed permission or name shows at once.
"""
