"""A short run of what `python -m bench fuzz` and `fuzz_files` do for as long as one likes."""

from itertools import islice
from pathlib import Path
from random import Random

import pytest

from bench import fuzz_files
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


def test_sound_files_of_every_kind_are_read_and_no_broken_one_is_sound(tmp_path: Path) -> None:
    sound, tried = fuzz_files.samples(), fuzz_files.Tried(tmp_path)
    for name, data in sound.items():
        (tmp_path / "f").write_bytes(data)
        tried.one(tmp_path / "f", name)
    tried.end()
    assert {end for ends in tried.ends.values() for end in ends} == {"read"}
    assert len(tried.ends) == len(sound)
    some = list(islice(fuzz_files.broken(sound, Random(5)), 2 * len(sound)))
    assert [name for name, _ in some] == [*sound] * 2
    assert sum(data == sound[name] for name, data in some) < 3
