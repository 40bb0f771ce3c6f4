"""When the collector of garbage runs."""

import gc

from ontology.garbage import seldom_collecting


def collections_of(work):
    before = gc.get_stats()[0]["collections"]
    work()
    return gc.get_stats()[0]["collections"] - before


def many_new_values():
    return [[number] for number in range(5000)]


def test_a_process_that_answers_for_long_collects_seldom():
    usually = collections_of(many_new_values)
    with seldom_collecting():
        seldom = collections_of(many_new_values)
    assert usually >= 4
    assert seldom <= 1
    assert collections_of(many_new_values) >= 4


def test_what_was_there_before_is_not_looked_through_meanwhile():
    with seldom_collecting():
        gc.collect()
        assert gc.get_freeze_count() > 10_000
    assert gc.get_freeze_count() == 0


def test_circles_that_come_meanwhile_are_collected():
    class Circle:
        gone = 0

        def __init__(self):
            self.itself = self

        def __del__(self):
            Circle.gone += 1

    with seldom_collecting():
        for _ in range(30_000):
            Circle()
        assert Circle.gone > 5000
