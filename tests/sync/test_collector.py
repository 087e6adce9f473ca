"""What is kept from the garbage collector is kept once, or a process with many hubs would free none of them."""

import gc

from mainstem.sync.collector import SELDOM, collect_seldom


def test_what_a_hub_leaves_behind_is_not_kept_by_the_next() -> None:
    collect_seldom()
    assert gc.get_threshold()[0] == SELDOM
    left: list[list[int]] = [[] for _ in range(1000)]
    kept = gc.get_freeze_count()
    collect_seldom()
    assert gc.get_freeze_count() <= kept
    assert len(left) == 1000
