"""The queue to the writing thread: what a batch waits for, and what it does not."""

from data.sqlite import batches
from data.sqlite.batches import Batches


def filled(*jobs: str) -> Batches[str]:
    queue: Batches[str] = Batches()
    for job in jobs:
        queue.put(job)
    return queue


def test_all_that_waits_is_one_batch():
    queue = filled("a", "b")
    assert not queue.empty
    assert queue.take() == (["a", "b"], False)
    assert queue.empty


def test_a_batch_has_an_end(monkeypatch):
    monkeypatch.setattr(batches, "BATCH_MAX", 2)
    queue = filled("a", "b", "c")
    assert [queue.take(), queue.take()] == [(["a", "b"], False), (["c"], False)]


def test_nothing_comes_behind_the_end():
    queue = filled("a")
    queue.end()
    assert queue.take() == (["a"], True)
    queue.end()
    assert queue.take() == ([], True)


def test_who_was_woken_has_a_say_first():
    """Those woken by the answers put their next jobs before the loop has gone round."""
    queue = filled("waits")
    queue.answered()
    queue.put("asks again")
    queue.went_round()
    assert queue.take() == (["waits", "asks again"], False)
    queue.put("later")
    assert queue.take() == (["later"], False)


def test_a_loop_that_takes_long_is_not_waited_for():
    queue = filled("waits")
    queue.answered()
    assert queue.take() == (["waits"], False)
    queue.went_round()
    queue.put("later")
    assert queue.take() == (["later"], False)
