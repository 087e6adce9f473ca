"""A short run of what `python -m bench fuzz` does for as long as one likes."""

import pytest

from bench.fuzz import one_input, seeds


@pytest.mark.parametrize("form", range(3))
def test_sound_bodies_cut_and_doubled_anywhere_convert_within_their_bounds(form: int) -> None:
    for body in seeds()[-6:]:
        text = body[2:]
        for place in range(0, len(text), max(1, len(text) // 12)):
            for broken in (
                text[place:],
                text[:place],
                text[:place] + text[place + 7 :],
                text[:place] + text[place // 2 :],
            ):
                one_input(bytes([body[0], form]) + broken)


def test_bytes_that_are_no_text_convert_all_the_same() -> None:
    for data in (b"", b"\x00", b"\x00\x00\xff\xfe<p>\x80", b"\x01\x00{\xff", b"\x01\x01" + b'{"content":[' * 5000):
        one_input(data)
