"""So many at a time, first come, first served."""

from __future__ import annotations

import threading
import time

from assistant.turnstile import Turnstile


def test_no_more_than_its_slots_are_inside() -> None:
    gate = Turnstile(3)
    inside, most, lock = 0, 0, threading.Lock()

    def enter() -> None:
        nonlocal inside, most
        for _ in range(20):
            with gate.entered():
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.001)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 3


def test_who_comes_first_goes_first_and_nobody_who_comes_again_jumps_the_queue() -> None:
    gate = Turnstile(1)
    order: list[int] = []

    def enter(n: int) -> None:
        with gate.entered():
            order.append(n)

    with gate.entered():
        threads = []
        for n in range(8):
            threads.append(threading.Thread(target=enter, args=(n,)))
            threads[-1].start()
            while len(gate._waiting) <= n:
                time.sleep(0.001)
    enter(99)  # who has just been inside
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 5, 6, 7, 99]


def test_nobody_waits_forever_behind_a_slow_one() -> None:
    gate = Turnstile(1, patience=0.05)
    with gate.entered():
        done = threading.Event()

        def enter() -> None:
            with gate.entered():
                done.set()

        threading.Thread(target=enter).start()
        assert done.wait(2)
    with gate.entered():  # the slot is still there, once
        assert not gate._wait()


def test_an_error_inside_gives_the_slot_back() -> None:
    gate = Turnstile(1, patience=0.05)
    for _ in range(3):
        try:
            with gate.entered():
                raise ValueError
        except ValueError:
            pass
    assert gate._wait()
