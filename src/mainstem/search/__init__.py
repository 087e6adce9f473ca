"""Finding: from what a reader typed to documents this reader may see, with the reason marked in the text."""
