# SPDX-License-Identifier: MIT
"""Kills a world that is recorded, again and again:  check.py RECORDER [KILLS]

Each run of RECORDER brings back what the one before left, compares it with a world that was never
interrupted, and goes on until it is killed at a random moment. No turn may be lost that had been
acknowledged. KAY_KILLS says how many kills there are where no number is given; KAY_SEED begins with
another world. A planted fault, a log that has lost its end, has to be found, or the check itself has
failed.
"""
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

TURNS_MAX = 250  # then another world begins: the one it is compared with is run anew each time


class Failure(Exception):
    pass


def run(recorder, folder, seed, workers, acknowledged, seconds, goes_on):
    """Runs until it is killed, so many seconds after its start, or after it has begun to record; the
    last turn that was acknowledged, and whether it had come so far as to record."""
    process = subprocess.Popen(
        [recorder, folder, str(seed), str(workers), str(acknowledged)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    killer = threading.Timer(seconds, process.send_signal, [signal.SIGKILL])
    if not goes_on:
        killer.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if goes_on and line == "goes on\n":
            killer.start()
    killer.cancel()
    process.wait()
    if any(line.startswith("FAILED") for line in lines) or process.returncode != -signal.SIGKILL:
        raise Failure(f"seed {seed}: ended with {process.returncode}: {''.join(lines)[-600:]}")
    for line in lines:
        if line.startswith("acknowledged ") and line.endswith("\n"):
            acknowledged = max(acknowledged, int(line.split()[1]))
    return acknowledged, "goes on\n" in lines


def time_to_go_on(recorder, seed):
    """Seconds from the start of a program to where it records, on this machine."""
    with tempfile.TemporaryDirectory(prefix="kay_recovery_") as folder:
        begun = time.time()
        process = subprocess.Popen([recorder, folder, str(seed), "1", "0"],
                                   stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            if line == "goes on\n":
                break
        seconds = time.time() - begun
        process.kill()
        process.wait()
        return seconds


def main():
    recorder = sys.argv[1]
    kills = int(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("KAY_KILLS", "60"))
    first_seed = int(os.environ.get("KAY_SEED", "1"))
    moments = random.Random(first_seed)
    unit = time_to_go_on(recorder, first_seed)
    done = went_on = turns = 0
    seed = first_seed
    begun = time.time()
    while done < kills:
        with tempfile.TemporaryDirectory(prefix="kay_recovery_") as folder:
            acknowledged = 0
            while done < kills and acknowledged < TURNS_MAX:
                goes_on = moments.random() < 0.6
                seconds = unit * moments.choice([0.5, 2]) * moments.random()
                try:
                    acknowledged, on = run(recorder, folder, seed, 1 + done % 3, acknowledged,
                                           seconds, goes_on)
                except Failure as problem:
                    sys.exit(f"after {done} kills: {problem}")
                done += 1
                went_on += on
            turns += acknowledged
        seed += 1

    # The planted fault.
    with tempfile.TemporaryDirectory(prefix="kay_recovery_") as folder:
        acknowledged = 0
        while acknowledged < 30:
            acknowledged, _ = run(recorder, folder, first_seed, 1, acknowledged, unit, True)
        log = pathlib.Path(folder) / "world.log"
        (pathlib.Path(folder) / "world.kay").unlink()
        os.truncate(log, log.stat().st_size // 2)
        try:
            run(recorder, folder, first_seed, 1, acknowledged, 1, True)
            sys.exit("the check is blind: a log was cut in half, and nothing was missed")
        except Failure:
            pass

    print(f"{done} kills in {time.time() - begun:.0f} s, {went_on} of them while it went on, "
          f"{turns} acknowledged turns, none lost")
    if went_on < done // 3:
        sys.exit("it hardly ever came so far as to go on: the moments are not well chosen")


main()
