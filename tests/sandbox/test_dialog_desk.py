"""In which order results arrive, when nobody says so."""

import random

from sandbox.dialog.desk import Order, draw


def test_random_is_mostly_the_message_first_sometimes_the_code_seldom_lost() -> None:
    random.seed(20261120)
    drawn = [draw(Order.RANDOM) for _ in range(2000)]
    assert 1300 < drawn.count(Order.MESSAGE_FIRST) < 1500
    assert 430 < drawn.count(Order.CODE_FIRST) < 570
    assert 60 < drawn.count(Order.MESSAGE_LOST) < 140


def test_a_named_order_is_kept() -> None:
    assert draw(Order.CODE_FIRST) is Order.CODE_FIRST
