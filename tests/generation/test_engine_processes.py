"""Several processes on one project: one budget, one purchase of the same thing, and an end that leaves a queue."""

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal

import pytest
from generation_builders import PRICE, CountingProvider, charges, coin, open_generation

pytestmark = pytest.mark.slow

PROGRAM = """
import sys, time
from pathlib import Path
from generation_builders import CountingProvider, coin, open_generation
root, books, budget, seconds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], float(sys.argv[4])
fake = CountingProvider(books, seconds=seconds)
with open_generation(root, fake, budget=budget, workers=1) as generation:
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        done = generation.generate([coin(id=name, prompt=name) for name in sys.argv[5:]])
    except KeyboardInterrupt:
        sys.exit(130)
    print(*(job.state for job in done.jobs), flush=True)
"""


def started(root, books, *names, budget="100.00", seconds=0.0):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", PROGRAM, str(root), str(books), budget, str(seconds), *names]
    process = subprocess.Popen(
        command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout.readline() == "ready\n"
    return process


def ended(process):
    out, err = process.communicate("\n", timeout=60)
    assert process.returncode == 0, err
    return out.split()


def wait_for(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def root(tmp_path):
    with open_generation(tmp_path / "project") as generation, generation.context.book.database.write():
        pass
    return tmp_path / "project"


@pytest.fixture
def books(tmp_path):
    return tmp_path / "charges"


def test_of_two_processes_with_the_last_dollar_exactly_one_is_refused(root, books):
    processes = [started(root, books, name, budget="0.07", seconds=0.3) for name in ("one", "two")]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    states = sorted(process.communicate(timeout=60)[0].split()[0] for process in processes)
    assert states == ["done", "refused"]
    assert len(charges(books)) == 1


def test_two_processes_that_want_the_same_buy_it_once(root, books):
    processes = [started(root, books, "same", seconds=0.5) for _ in range(2)]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0].split() for process in processes] == [["done"], ["done"]]
    assert len(charges(books)) == 1


def test_interrupted_once_the_call_that_was_sent_is_waited_for_and_the_rest_stays_in_the_queue(root, books):
    process = started(root, books, "one", "two", "three", seconds=1.0)
    process.stdin.write("\n")
    process.stdin.flush()
    wait_for(lambda: len(charges(books)) == 1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    fake = CountingProvider(books)
    with open_generation(root, fake) as generation:
        assert generation.costs().balance.spent == PRICE
        assert {job.state for job in generation.queue()} == {"queued"}
        assert len([job for job in generation.queue(everything=True) if job.state == "done"]) == 1  # what was paid for
        assert {job.state for job in generation.run()} == {"done"}
        assert generation.costs().balance.spent == PRICE * 3
    assert len(charges(books)) == 3


def test_interrupted_twice_it_waits_for_no_call_and_the_ledger_tells_what_is_unknown(root, books):
    process = started(root, books, "one", "two", seconds=30.0)
    process.stdin.write("\n")
    process.stdin.flush()
    wait_for(lambda: len(charges(books)) == 1)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    process.communicate(timeout=30)
    assert time.monotonic() - begun < 15  # half of what the call takes
    fake = CountingProvider(books)
    with open_generation(root, fake) as generation:
        generation.run()
        balance = generation.costs().balance
        assert (balance.spent, balance.reserved, balance.unknown) == (PRICE, Decimal(0), PRICE)
        assert sorted(job.state for job in generation.queue(everything=True)) == ["done", "unknown"]
    assert len(charges(books)) == 2


def test_a_job_is_cancelled_from_another_process_while_it_waits_for_its_provider(root, books):
    with open_generation(
        root, CountingProvider(books, script=["pending"], polls=10_000, can_cancel=True)
    ) as generation:
        import threading

        worker = threading.Thread(target=lambda: generation.generate([coin()]), daemon=True)
        worker.start()
        wait_for(lambda: len(charges(books)) == 1)
        with open_generation(root) as other:
            assert other.cancel("j1").state == "working"
        worker.join(20)
        job = generation.job("j1")
        assert (job.state, job.attempts[0].state) == ("cancelled", "released")
        assert generation.costs().balance.reserved == Decimal(0)
