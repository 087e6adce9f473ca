"""Numbers as people read them."""

_NAMES = {"blogposts": "blog posts", "blogpost": "blog post"}


def counted(number: int, things: str) -> str:
    """`1 page`, `1,204 pages`, `0 blog posts`: `things` is the plural, and a name of ours where there is one."""
    word = things.removesuffix("s") if number == 1 else things
    return f"{number:,} {_NAMES.get(word, word)}"


def counted_list(numbers: dict[str, int]) -> str:
    """The same for several, with commas."""
    return ", ".join(counted(number, things) for things, number in numbers.items())
