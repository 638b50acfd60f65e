"""Virtual time: it jumps when all wait, and whoever has nothing to do sleeps."""

import time

from capture.clock import VirtualClock


def test_whoever_waits_is_not_woken_while_somebody_else_works() -> None:
    clock = VirtualClock(patience=30.0)
    asked = [0, 0, 0]
    done = False
    signals = [clock.signal() for _ in asked]

    def waiter(which: int) -> None:
        def ready() -> bool:
            asked[which] += 1
            return done

        signals[which].wait_for(ready)

    threads = [clock.thread(lambda which=which: waiter(which), f"waiter {which}") for which in range(len(asked))]
    for thread in threads:
        thread.start()
    time.sleep(0.2)  # this thread works: nothing happens meanwhile
    assert max(asked) < 40, "they wake each other without end"
    done = True
    signals[0].notify()
    assert all(clock.join(thread, 1.0) for thread in threads)


def test_time_jumps_to_the_next_deadline_when_all_wait() -> None:
    clock = VirtualClock(start=10.0, patience=30.0)
    times: list[tuple[str, float]] = []

    def sleeper(name: str, seconds: float) -> None:
        clock.signal().wait_for(lambda: False, seconds)
        times.append((name, clock.now()))

    threads = [clock.thread(lambda n=n, s=s: sleeper(n, s), n) for n, s in (("late", 3600.0), ("soon", 0.5))]
    for thread in threads:
        thread.start()
    assert all(clock.join(thread, 7200.0) for thread in threads)
    assert times == [("soon", 10.5), ("late", 3610.0)]
