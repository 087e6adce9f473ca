"""How faithfully converters carry a page over: constructs with marked facts and junk, ours beside other people's."""
