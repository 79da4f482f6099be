# SPDX-License-Identifier: MIT
"""Saves cities, kills them, loads and replays them: saving_check.py CITY_BINARY KAY_BINARY MAPS_DIR.

A city that comes back has to go on with the very state of the one that never stopped. Says what it
did, a line each. Ends with 1 when anything was wrong.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

CITY = KAY = MAPS = SCRATCH = None
TIMEOUT = 120


class wrong(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise wrong(text)


def village(*words):
    return [CITY, "--headless", "--map", MAPS / "village.osm", "--people", 1500, *words]


def loaded(*words):
    return [CITY, "--headless", *words]


def ran(words):
    done = subprocess.run([str(w) for w in words], capture_output=True, timeout=TIMEOUT)
    expect(done.returncode == 0 and done.stderr == b"",
           f"{words}: exit code {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def hash_of(words):
    found = re.findall(rb"^state ([0-9a-f]{16})$", ran(words), re.M)
    expect(len(found) == 1, f"no state hash of {words}")
    return found[0].decode()


def expect_refused(words, says, code=2):
    done = subprocess.run([str(w) for w in words], capture_output=True, timeout=TIMEOUT)
    text = done.stderr.decode(errors="replace")
    expect(done.returncode == code, f"{words}: exit code {done.returncode}: {text}")
    lines = [line for line in text.splitlines() if line.startswith("city: ")]
    expect(len(lines) == 1 and says in lines[0], f"{words}: does not say {says!r}: {text}")
    expect(b"state " not in done.stdout, f"{words}: runs all the same")


def a_loaded_city_goes_on_as_the_one_that_never_stopped():
    never_stopped = hash_of(village("--until", 3400))
    # Before the travel times are measured, while they are set, when they are set, after that.
    for turn in (1, 600, 2999, 3000, 3150, 3298, 3299, 3300, 3399):
        file = SCRATCH / f"at-{turn}.kay"
        ran(village("--until", turn, "--save", file, "--workers", 1))
        for workers in (1, 3):
            there = hash_of(loaded("--load", file, "--until", 3400, "--workers", workers))
            expect(there == never_stopped, f"saved at {turn}, {workers} workers: {there}, not {never_stopped}")
    there = hash_of(loaded("--load", SCRATCH / "at-600.kay", "--turns", 2800))
    expect(there == never_stopped, "so many turns more")
    other = hash_of(loaded("--load", SCRATCH / "at-600.kay", "--until", 3399))
    expect(other != never_stopped, "the hash says nothing")


def reports_of_a_loaded_city_are_those_of_the_whole():
    whole, rest = SCRATCH / "whole.json", SCRATCH / "rest.json"
    file = SCRATCH / "city.kay"
    ran(village("--until", 2000, "--report", whole))
    ran(village("--until", 700, "--save", file))
    ran(loaded("--load", file, "--until", 2000, "--report", rest))
    whole, rest = json.loads(whole.read_text()), json.loads(rest.read_text())
    for key in ("turns", "people", "driving", "arrived", "given_up", "mean_travel_s", "state_hash", "map",
                "start", "busiest_streets", "trips", "vehicle_updates", "places", "dead_letters"):
        expect(whole[key] == rest[key], f"{key}: {whole[key]} and {rest[key]}")
    expect(rest["turns_run"] == 1300 and whole["turns_run"] == 2000, "turns_run")
    expect(0 < rest["load_ms"] < 60_000 and "load_ms" not in whole, "load_ms")


def a_city_is_saved_again_and_again_and_under_names():
    file, report = SCRATCH / "city.kay", SCRATCH / "report.json"
    ran(village("--until", 1000, "--save", f"{file}@noon", "--save-every", 10, "--report", report))
    saved = json.loads(report.read_text())["snapshot"]
    expect(saved["saves"] >= 2 and saved["failed"] == 0, f"{saved}")
    expect(saved["bytes"] > 1 << 20 and saved["seconds"] > 0 and saved["pause_ms_max"] > 0, f"{saved}")
    ran(loaded("--load", f"{file}@noon", "--until", 1200, "--save", f"{file}@a street is closed"))
    expect_refused(loaded("--load", f"{file}@never"), says="never")
    info = ran([KAY, "info", file]).decode()
    expect("noon" in info and "latest" in info and "a street is closed" in info, info)
    ran([KAY, "check", file])
    # The last one is the one to go on with; a named one stays.
    at_1200 = hash_of(village("--until", 1200))
    expect(hash_of(loaded("--load", file, "--until", 1200)) == at_1200, "the last one")
    expect(hash_of(loaded("--load", f"{file}@noon", "--until", 1200)) == at_1200, "the one at noon")


def killed(words, seconds):
    """Runs until it is killed with kill -9."""
    with open(SCRATCH / "killed.txt", "wb") as out:
        child = subprocess.Popen([str(w) for w in words], stdout=out, stderr=out)
        time.sleep(seconds)
        expect(child.poll() is None, f"{words}: has ended: {(SCRATCH / 'killed.txt').read_text()}")
        child.kill()
        child.wait()


def a_killed_city_comes_back():
    kept = ["--save-every", 5, "--workers", 2]
    for attempt in range(4):
        file, log = SCRATCH / f"{attempt}.kay", SCRATCH / f"{attempt}.log"
        files = ["--save", file, "--record", log]
        killed(village("--turns", 0, "--speed", 200, *kept, *files), 1.5 + attempt * 0.2)
        turns = []
        for _ in range(2): # and again in its second life
            out = ran(loaded("--load", file, "--record", log, "--turns", 1)).decode()
            turn = int(re.search(r"done after (\d+) turns", out)[1])
            replayed = re.search(r"replayed (\d+) turns, to turn (\d+)", out)
            expect(replayed and int(replayed[2]) == turn - 1, out)
            turns.append(turn)
            state = re.search(r"^state (\w+)$", out, re.M)[1]
            expect(state == hash_of(village("--until", turn)), f"turn {turn}: another city: {out}")
            if len(turns) == 1:
                killed(loaded("--load", file, "--record", log, "--turns", 0, "--speed", 200, *kept,
                              "--save", file), 1.0)
        expect(100 < turns[0] < turns[1], f"no progress: {turns}")


def without_a_snapshot_the_log_brings_it_back():
    log = SCRATCH / "city.log"
    killed(village("--turns", 0, "--speed", 200, "--record", log), 1.5)
    out = ran(village("--record", log, "--turns", 1)).decode()
    turn = int(re.search(r"done after (\d+) turns", out)[1])
    expect(turn > 100 and f"to turn {turn - 1}," in out, out)
    expect(re.search(r"^state (\w+)$", out, re.M)[1] == hash_of(village("--until", turn)), "another city")


def a_moment_is_replayed():
    file, log = SCRATCH / "city.kay", SCRATCH / "city.log"
    ran(village("--until", 300, "--save", f"{file}@early"))
    ran(loaded("--load", f"{file}@early", "--until", 3600, "--record", log))
    size = log.stat().st_size
    for turn in (301, 1000, 3100, 3600):
        there = hash_of(loaded("--load", f"{file}@early", "--record", log, "--replay-to", turn))
        expect(there == hash_of(village("--until", turn)), f"turn {turn}")
    # It may go on from there, another way: what was recorded stays as it is.
    expect(hash_of(loaded("--load", f"{file}@early", "--record", log, "--replay-to", 3100, "--until", 3400)) ==
           hash_of(village("--until", 3400)), "on from the middle of a setting")
    expect(log.stat().st_size == size, "the log has changed")


def two_futures_run_apart_and_are_compared():
    file = SCRATCH / "city.kay"
    ran(village("--until", 1000, "--save", f"{file}@fork"))
    ran(loaded("--load", f"{file}@fork", "--until", 1001, "--save", f"{file}@left"))
    ran(loaded("--load", f"{file}@fork", "--until", 1001, "--save", f"{file}@right"))
    same = subprocess.run([KAY, "diff", f"{file}@left", f"{file}@right"], capture_output=True, timeout=TIMEOUT)
    expect(same.returncode == 0, f"the same future twice: {same}")
    ran(loaded("--load", f"{file}@right", "--until", 1005, "--save", f"{file}@right"))
    apart = subprocess.run([KAY, "diff", f"{file}@left", f"{file}@right"], capture_output=True, timeout=TIMEOUT)
    expect(apart.returncode == 1 and b"Lane" in apart.stdout and b"position" in apart.stdout, f"{apart}")


def a_stop_saves_the_city():
    for wanted in (signal.SIGINT, signal.SIGTERM):
        file = SCRATCH / f"{wanted}.kay"
        child = subprocess.Popen([str(w) for w in village("--turns", 0, "--speed", 20, "--save", file)],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(1)
        child.send_signal(wanted)
        out, problems = child.communicate(timeout=TIMEOUT)
        expect(child.returncode == 0 and not problems, f"{wanted}: {problems}")
        turn = int(re.search(rb"stopped after (\d+) turns", out)[1])
        state = re.search(rb"^state (\w+)$", out, re.M)[1].decode()
        expect(hash_of(loaded("--load", file, "--until", turn)) == state, "another city was saved")


def a_full_disk_is_told_and_the_city_goes_on():
    file, report = SCRATCH / "city.kay", SCRATCH / "report.json"
    words = village("--until", 600, "--save", file, "--save-every", 10, "--report", report)
    def small():
        import resource
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    done = subprocess.run([str(w) for w in words], capture_output=True, timeout=TIMEOUT, preexec_fn=small)
    text = done.stderr.decode()
    expect(done.returncode == 1 and "it could not be saved, and goes on" in text and "too large" in text, text)
    expect(b"done after 600 turns" in done.stdout and json.loads(report.read_text())["snapshot"]["failed"] > 0,
           f"it did not go on: {done.stdout.decode()}")


def what_cannot_be_is_refused():
    file, log = SCRATCH / "city.kay", SCRATCH / "city.log"
    ran(village("--until", 100, "--save", file, "--record", log))
    for words in (["--people", 5], ["--map", "grid"], ["--seed", 2], ["--stress"], ["--places", 4],
                  ["--start", "08:00"], ["--habits", "usual"], ["--demand", MAPS / "x.csv"]):
        expect_refused(loaded("--load", file, *words), says=f"--load and {words[0]}")
    expect_refused(loaded("--load", SCRATCH / "nowhere.kay"), says="nowhere.kay")
    expect_refused(loaded("--load", MAPS / "village.osm"), says="village.osm")
    expect_refused(loaded("--load", SCRATCH), says=str(SCRATCH))
    expect_refused(village("--save-every", 5), says="--save-every: needs --save")
    expect_refused(village("--replay-to", 5), says="--replay-to: needs --record")
    expect_refused(village("--until", 5, "--turns", 5), says="--until")
    expect_refused(village("--save", file, "--report", file), says="are the same file")
    expect_refused(loaded("--load", file, "--record", file), says="would be overwritten")
    expect_refused(village("--save", MAPS / "village.osm"), says="is the map")
    expect_refused(village("--save", SCRATCH / "no" / "where.kay"), says="there is no directory")
    expect_refused(village("--save", log), says="city.log")
    # A log of another city, and one that has nothing.
    expect_refused(village("--seed", 5, "--record", log), says="city.log", code=1)
    expect_refused(village("--record", SCRATCH / "empty.log", "--replay-to", 5), says="nothing in it", code=1)
    held = subprocess.Popen([str(w) for w in village("--turns", 0, "--speed", 5, "--save", file)],
                            stdout=subprocess.DEVNULL)
    time.sleep(1)
    try:
        expect_refused(village("--save", file), says="city.kay")
    finally:
        held.kill()
        held.wait()


def damaged_files_are_named():
    file = SCRATCH / "city.kay"
    ran(village("--until", 100, "--save", file))
    whole = file.read_bytes()
    for size in (0, 1, 4096, 65536, len(whole) // 2):
        (SCRATCH / "cut.kay").write_bytes(whole[:size])
        done = subprocess.run([str(CITY), "--headless", "--load", str(SCRATCH / "cut.kay"), "--turns", "5"],
                              capture_output=True, timeout=TIMEOUT)
        text = done.stderr.decode(errors="replace")
        expect(done.returncode in (1, 2) and "cut.kay" in text, f"{size} bytes: {done.returncode}: {text}")


def main():
    global CITY, KAY, MAPS, SCRATCH
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    CITY, KAY, MAPS = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    checks = [a_loaded_city_goes_on_as_the_one_that_never_stopped,
              reports_of_a_loaded_city_are_those_of_the_whole,
              a_city_is_saved_again_and_again_and_under_names, a_killed_city_comes_back,
              without_a_snapshot_the_log_brings_it_back, a_moment_is_replayed,
              two_futures_run_apart_and_are_compared, a_stop_saves_the_city,
              a_full_disk_is_told_and_the_city_goes_on, what_cannot_be_is_refused, damaged_files_are_named]
    os.environ["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "symbolize=0"]))
    failed = 0
    for check in checks:
        with tempfile.TemporaryDirectory(prefix="kay-city-") as folder:
            SCRATCH = pathlib.Path(folder)
            try:
                check()
                print("ok  ", check.__name__, flush=True)
            except (wrong, subprocess.TimeoutExpired, OSError, ValueError, TypeError) as problem:
                failed += 1
                print("FAIL", check.__name__ + ":", problem, flush=True)
    print(f"{len(checks) - failed} of {len(checks)} checks passed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
