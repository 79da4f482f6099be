# SPDX-License-Identifier: MIT
"""Runs the city from end to end: check.py CITY_BINARY MAPS_DIR [--real].

Sound maps in every format, bad maps, bad options, reports, pictures, signals; with --real instead the
OpenStreetMap extracts in the folder that KAY_MAPS names. Says what it did, a line each. Ends with 1
when anything was wrong, and with 77 when there are no real maps to try.
"""
import bz2
import gzip
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import zlib

from pbf import pbf_of

CITY = MAPS = REAL = SCRATCH = None
TIMEOUT = 120
SKIPPED = 77
PNG = b"\x89PNG\r\n\x1a\n"
REPORT_KEYS = {
    "turns", "people", "driving", "driving_max", "arrived", "mean_travel_s", "turn_ms", "turns_per_s",
    "vehicle_updates_per_s", "messages_per_s", "realtime_factor", "state_hash", "workers", "places",
    "peak_rss_bytes", "dead_letters", "map"}


class wrong(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise wrong(text)


def city(*words):
    return subprocess.run([CITY, *map(str, words)], capture_output=True, timeout=TIMEOUT)


def ran(*words, people=500):
    """Runs a short headless city, which has to end well; returns its hash."""
    done = city("--headless", "--people", people, "--turns", 300, *words)
    expect(done.returncode == 0, f"{words}: exit code {done.returncode}: {done.stderr.decode()}")
    expect(done.stderr == b"", f"{words}: says {done.stderr.decode()}")
    return hash_in(done.stdout)


def hash_in(output):
    found = re.findall(rb"^state ([0-9a-f]{16})$", output, re.M)
    expect(len(found) == 1, f"no state hash in {output.decode()}")
    return found[0].decode()


def expect_refused(*words, says=""):
    """Exit code 2, and one line that says why."""
    done = city("--people", 5, "--turns", 5, "--headless", *words)
    text = done.stderr.decode(errors="replace")
    what = " ".join(map(repr, words))
    expect(done.returncode == 2, f"{what}: exit code {done.returncode}: {text}")
    expect(text.startswith("city: ") and text.endswith("\n") and text.count("\n") == 1,
           f"{what}: is not one line: {text!r}")
    expect(says in text, f"{what}: does not say {says!r}: {text}")
    expect(b"state " not in done.stdout, f"{what}: runs all the same")


def scratch_file(name, data):
    path = SCRATCH / name
    path.write_bytes(data)
    return path


def hand_made():
    maps = sorted(MAPS.glob("*.osm"))
    expect(len(maps) >= 3, f"no hand-made maps in {MAPS}")
    return maps


def in_all_formats(xml):
    return {".osm": xml, ".osm.gz": gzip.compress(xml), ".osm.bz2": bz2.compress(xml),
            ".osm.pbf": pbf_of(xml)}


def maps_run_in_every_format():
    for path in hand_made():
        xml = path.read_bytes()
        expect(b"invented" in xml, f"{path.name} does not say that it is invented")
        hashes = {ran("--map", scratch_file("map" + ending, data))
                  for ending, data in in_all_formats(xml).items()}
        expect(len(hashes) == 1, f"{path.name}: the format changes the city: {hashes}")


def workers_change_nothing_and_seeds_do():
    for name in ["metropolis", *hand_made()]:
        hashes = {ran("--map", name, "--workers", n) for n in (1, 2, 3, 8)}
        expect(len(hashes) == 1, f"{name}: {hashes}")
        expect(ran("--map", name, "--seed", 2) not in hashes, f"{name}: another seed, the same city")


def read_report(path):
    report = json.loads(path.read_text())
    expect(REPORT_KEYS <= report.keys(), f"not in the report: {REPORT_KEYS - report.keys()}")
    return report


def the_report_says_all():
    path = SCRATCH / "report.json"
    done = city("--map", MAPS / "village.osm", "--people", 3000, "--turns", 3000, "--headless",
                "--workers", 2, "--places", 8, "--report", path)
    expect(done.returncode == 0, done.stderr.decode())
    report = read_report(path)
    for key, value in {"turns": 3000, "people": 3000, "workers": 2, "places": 8, "dead_letters": 0,
                       "state_hash": hash_in(done.stdout)}.items():
        expect(report[key] == value, f"{key} is {report[key]}, not {value}")
    ms, size = report["turn_ms"], report["map"]
    expect(0 < ms["p50"] <= ms["p99"] <= ms["max"], f"turn_ms: {ms}")
    expect(size["lanes"] == 70 and size["intersections"] == 26, f"map: {size}")
    expect(21 < size["lane_km"] < 23, f"map: {size}")
    expect(0 < report["driving"] <= report["driving_max"] <= 3000, "driving")
    expect(0 < report["arrived"] and 1 < report["mean_travel_s"] < 300, "nobody arrives in time")
    expect(report["peak_rss_bytes"] > 1 << 20, "peak_rss_bytes")
    for key in ("turns_per_s", "vehicle_updates_per_s", "messages_per_s", "realtime_factor"):
        expect(report[key] > 0, key)
    expect(abs(report["realtime_factor"] * 10 / report["turns_per_s"] - 1) < 0.01, "realtime_factor")


def trips_and_streets_are_told():
    table, path = SCRATCH / "trips.csv", SCRATCH / "trips.json"
    done = city("--map", MAPS / "village.osm", "--people", 3000, "--turns", 6000, "--start", "07:15",
                "--headless", "--trips", table, "--report", path)
    expect(done.returncode == 0, done.stderr.decode())
    report, rows = read_report(path), table.read_text().splitlines()
    ended = report["arrived"] + report["given_up"]
    expect(ended > 50 and len(rows) == ended + 1, f"{len(rows)} lines for {ended} trips")
    trips, busy = report["trips"], report["busiest_streets"]
    expect(trips["all"]["trips"] == report["arrived"], f"{trips['all']}, {report['arrived']} arrived")
    expect(sum(trips["departures_by_hour"]) == ended == trips["departures_by_hour"][7], "flows by hour")
    expect(trips["to"]["work"]["trips"] > ended / 4, f"to work: {trips['to']}")
    expect(report["start"] == 26100, f"start: {report['start']}")
    cars = [street["cars"] for street in busy]
    expect(len(cars) == 10 and cars == sorted(cars, reverse=True) and cars[0] > 20, f"streets: {busy}")
    names = {street["name"] for street in busy}
    expect(len(names) == 10 and {"The Ring", "Long Road"} < names, f"names: {names}")
    expect(b"busiest street: The Ring, " in done.stdout, "the busiest street is not told")


def under_stress_all_drive():
    path = SCRATCH / "stress.json"
    done = city("--map", "metropolis", "--people", 2000, "--stress", "--turns", 2000, "--headless",
                "--report", path)
    expect(done.returncode == 0, done.stderr.decode())
    report = read_report(path)
    # A hundredth more, for those who park or look for a gap.
    expect(report["people"] == 2020 and report["driving"] > 1940, f"{report['driving']} of {report['people']}")


def who_sleeps_costs_no_turn_anything():
    reports = []
    for sleepers in (0, 20000):
        path = SCRATCH / "sleepers.json"
        done = city("--map", MAPS / "village.osm", "--people", 1000, "--sleepers", sleepers, "--turns", 2000,
                    "--headless", "--report", path)
        expect(done.returncode == 0, done.stderr.decode())
        reports.append(read_report(path))
    few, many = reports
    expect(few["people"] == 1000 and many["people"] == 21000, f"{few['people']}, {many['people']} people")
    expect(few["state_hash"] != many["state_hash"] and few["arrived"] > 20, "nothing to compare")
    for key in ("driving", "driving_max", "arrived", "vehicle_updates", "messages", "mean_travel_s",
                "busiest_streets"):
        expect(few[key] == many[key], f"{key}: {few[key]} without sleepers, {many[key]} with them")


def a_day_ends_on_the_next():
    done = city("--map", MAPS / "crossing.osm", "--people", 20, "--day", "--headless")
    expect(b"done after 864000 turns (07:30:00 of day 2): " in done.stdout, f"{done}")


def trips_of_a_file_are_made():
    table, out, path = SCRATCH / "demand.csv", SCRATCH / "out.csv", SCRATCH / "demand.json"
    table.write_text("depart_s,from_x,from_y,to_x,to_y,purpose\n" + "".join(
        f"{28800 + 7 * i},-380,-770,50,-970,work\n" for i in range(40)))
    for format in ("as it is", "once more, as the city wrote it"):
        done = city("--map", MAPS / "village.osm", "--demand", table, "--headless", "--trips", out,
                    "--report", path)
        expect(done.returncode == 0, done.stderr.decode())
        report = read_report(path)
        expect(report["arrived"] == report["people"] == 40 and report["driving"] == 0,
               f"{format}: {report['arrived']} of {report['people']} arrived")
        expect(report["start"] == 28800 and out.read_text().count(",work,28") > 25, "departures")
        folder = SCRATCH / "for_sumo"
        done = city("--map", MAPS / "village.osm", "--demand", table, "--export-sumo", folder)
        expect(done.returncode == 0, done.stderr.decode())
        expect((folder / "city.trips.xml").read_text().count("<trip ") == 40, "trips for SUMO")
        table = folder / "demand.csv"
    ran("--map", MAPS / "village.osm", "--stress")
    ran("--map", MAPS / "village.osm", "--habits", "usual")


def a_report_replaces_files_and_nothing_else():
    ran("--picture", SCRATCH / "picture.png")
    real, link = scratch_file("real.json", b"old"), SCRATCH / "link.json"
    link.symlink_to(real)
    ran("--report", link)
    expect(link.is_symlink(), "the link was replaced")
    read_report(real)
    expect(not list(SCRATCH.glob("*.part")), "something is left beside the report")
    done = city("--people", 5, "--turns", 5, "--headless", "--report", "/dev/stdout")
    expect(done.returncode == 0 and b'"state_hash"' in done.stdout, "no report in standard output")


def what_cannot_be_written_at_the_end_is_an_error():
    if not pathlib.Path("/dev/full").exists():
        return
    for option in ("--report", "--picture", "--trips"):
        done = city("--people", 5, "--turns", 5, "--headless", option, "/dev/full")
        text = done.stderr.decode()
        expect(done.returncode == 1 and text.count("\n") == 1 and "/dev/full" in text,
               f"{option} /dev/full: exit code {done.returncode}: {text}")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([CITY, "--people", "5", "--turns", "5"], stdout=full, stderr=subprocess.PIPE,
                              timeout=TIMEOUT)
    expect(done.returncode == 1 and b"standard output" in done.stderr, f"a full output: {done}")


def a_name_that_is_no_text_breaks_no_report():
    odd = os.fsencode(str(SCRATCH)) + b"/o\xff\ndd.osm"
    with open(odd, "wb") as out:
        out.write((MAPS / "crossing.osm").read_bytes())
    path = SCRATCH / "odd.json"
    done = subprocess.run([CITY, "--map", odd, "--people", "5", "--turns", "5", "--report", path],
                          capture_output=True, timeout=TIMEOUT)
    expect(done.returncode == 0, repr(done.stderr))
    read_report(path)
    expect_refused("--map", str(SCRATCH / "no\nsuch.osm"), says="no such file")


def png_rows(data):
    """Width, height, and the lines of a PNG as they are packed."""
    expect(data.startswith(PNG), "is no PNG")
    at, packed, size = len(PNG), b"", None
    while at < len(data):
        length = int.from_bytes(data[at:at + 4], "big")
        kind, body = data[at + 4:at + 8], data[at + 8:at + 8 + length]
        expect(zlib.crc32(kind + body) == int.from_bytes(data[at + 8 + length:at + 12 + length], "big"),
               "has a damaged part")
        if kind == b"IHDR":
            size = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
        if kind == b"IDAT":
            packed += body
        at += 12 + length
    lines = zlib.decompress(packed)
    stride = len(lines) // size[1]
    return size, [lines[i:i + stride] for i in range(0, len(lines), stride)]


def a_picture_shows_streets_and_traffic():
    pictures = {}
    for name in ["metropolis", *hand_made()]:
        for turns in (1, 2000):
            path = SCRATCH / "picture.png"
            done = city("--map", name, "--people", 2000, "--turns", turns, "--headless", "--picture", path)
            expect(done.returncode == 0, done.stderr.decode())
            pictures[name, turns] = path.read_bytes()
            (width, height), rows = png_rows(pictures[name, turns])
            expect(width >= 900 and height >= 200, f"{name}: {width} x {height} pixels")
            # Packed lines of nothing are all the same.
            expect(len(set(rows)) > height / 20, f"{name}: only {len(set(rows))} of {height} lines differ")
        expect(pictures[name, 1] != pictures[name, 2000], f"{name}: traffic does not show")


def bad_files_are_refused():
    noise = random.Random(1).randbytes(5000)
    expect_refused("--map", SCRATCH / "nowhere.osm", says="no such file")
    expect_refused("--map", MAPS, says="is a directory")
    os.mkfifo(SCRATCH / "pipe.osm")
    expect_refused("--map", SCRATCH / "pipe.osm", says="is not a regular file")
    expect_refused("--map", scratch_file("map.txt", b"x"), says="no map by its name")
    bad = {"empty": b"", "text": b"Dear diary,\n", "picture": PNG + noise, "noise": noise, "zero": b"\0",
           "page": b"<!DOCTYPE html><html><body>404</body></html>"}
    for ending in (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf"):
        for name, data in bad.items():
            expect_refused("--map", scratch_file(name + ending, data), says=name + ending)
    for name, pack in {"hollow.osm.gz": gzip.compress, "hollow.osm.bz2": bz2.compress}.items():
        expect_refused("--map", scratch_file(name, pack(b"")), says="no whole OpenStreetMap file")
        expect_refused("--map", scratch_file(name, pack(noise)), says="no whole OpenStreetMap file")


def cut_off_maps_are_refused():
    chance = random.Random(2)
    for ending, whole in in_all_formats((MAPS / "village.osm").read_bytes().rstrip()).items():
        sizes = {1, 4, 10, 20, len(whole) - 8, len(whole) - 2, len(whole) - 1}
        sizes |= {chance.randrange(1, len(whole)) for _ in range(12)}
        for size in sorted(sizes):
            path = scratch_file("cut" + ending, whole[:size])
            expect_refused("--map", path, says="cut" + ending)


def flipped_bits_do_no_harm():
    chance = random.Random(3)
    for ending, whole in in_all_formats((MAPS / "village.osm").read_bytes()).items():
        for _ in range(40):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            done = city("--map", scratch_file("flipped" + ending, data), "--people", 50, "--turns", 50,
                        "--headless")
            text = done.stderr.decode(errors="replace")
            expect((done.returncode == 0 and not text) or
                   (done.returncode == 2 and text.count("\n") == 1),
                   f"{ending}: exit code {done.returncode}: {text}")


def absurd_maps_are_refused_or_understood():
    def osm(*parts):
        return scratch_file("absurd.osm", ('<osm version="0.6">' + "".join(parts) + "</osm>").encode())

    def node(number, lat, lon):
        return f'<node id="{number}" lat="{lat}" lon="{lon}"/>'

    def way(nodes, **tags):
        return ('<way id="1">' + "".join(f'<nd ref="{n}"/>' for n in nodes) +
                "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()) + "</way>")

    nodes = node(1, 0, 0) + node(2, 0, 0.01) + node(3, 0.01, 0.01)
    street = way([1, 2, 3], highway="residential")
    expect_refused("--map", osm(nodes), says="no road")
    expect_refused("--map", osm(nodes, way([1], highway="primary")), says="no road")
    expect_refused("--map", osm(street), says="none of their nodes")
    expect_refused("--map", osm(node(1, 91, 0), node(2, 0, 181), street), says="none of their nodes")
    expect_refused("--map", osm(node(1, "1e9", 0), street), says="coordinate")
    expect_refused("--map", osm(nodes, way([1, 2], highway="primary", oneway="yes")), says="lead nowhere")
    for tags in ({"lanes": "1000000000"}, {"lanes": "-1"}, {"maxspeed": "-50"}, {"maxspeed": "1000000000"},
                 {"maxspeed": "0"}, {"lanes": "1e9", "maxspeed": "nan"}):
        ran("--map", osm(nodes, way([1, 2, 3], highway="primary", **tags)))
    ran("--map", osm(node(1, -90, -180), node(2, 90, 180), street))  # and node 3 is missing
    ran("--map", osm(node(1, 0, 0), node(2, 0, 0), node(3, 0, 0), street))


def bad_options_are_refused():
    for words in (["--people", "-1"], ["--people", "0"], ["--people", "many"], ["--people"],
                  ["--places", "3"], ["--places", "0"], ["--workers", "-1"], ["--workers", "100000"],
                  ["--speed", "0"], ["--speed", "abc"], ["--speed", "-2"], ["--turns", "-5"],
                  ["--turns", "1.5"], ["--seed", "-1"], ["--map", ""], ["--no-such-option"], ["word"],
                  ["--start", "25:00"], ["--start", "7"], ["--start", "-1:00"], ["--start", "07:30x"],
                  ["--day", "--turns", "5"], ["--stress", "--random-demand", "5:5"],
                  ["--random-demand", "0:5"], ["--random-demand", "5"], ["--habits", "odd"],
                  ["--people", "5", "--random-demand", "5:5"]):
        done = city(*words)
        text = done.stderr.decode()
        expect(done.returncode == 2 and text.startswith("city: ") and text.count("\n") == 1 and
               not done.stdout, f"{words}: exit code {done.returncode}: {text}")
        expect(words[0].lstrip("-") in text, f"{words}: {text}")
    for demand in ("/no/such/file", scratch_file("odd.csv", b"a,b\n1,2\n"), scratch_file("none.csv", b"")):
        done = city("--map", MAPS / "village.osm", "--demand", demand)
        text = done.stderr.decode()
        expect(done.returncode == 2 and text.count("\n") == 1 and str(demand) in text, f"{demand}: {text}")
    for option in ("--report", "--picture", "--trips"):
        expect_refused(option, "/no/such/folder/file", says="no directory")
        expect_refused(option, SCRATCH, says="is a directory")
        expect_refused(option, "/proc/file", says="cannot be written")
        shared = scratch_file("map.osm", (MAPS / "crossing.osm").read_bytes())
        expect_refused("--map", shared, option, shared, says="is the map")
        expect(shared.read_bytes() == (MAPS / "crossing.osm").read_bytes(), "the map was overwritten")


def help_is_no_error():
    done = city("--help")
    expect(done.returncode == 0 and not done.stderr and b"--people" in done.stdout, "--help")


def signals_stop_it_with_a_summary():
    path = SCRATCH / "stopped.json"
    for number in (signal.SIGINT, signal.SIGTERM):
        # Until it is stopped; with turns left; and waiting a hundred seconds for its first turn.
        for words in (["--turns", "0"], ["--turns", "1000000000"], ["--turns", "0", "--speed", "0.001"]):
            with subprocess.Popen([CITY, "--people", "50", "--headless", "--report", path, *words],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
                lines = [running.stdout.readline()]
                while b"made in" not in lines[-1]:
                    expect(lines[-1], f"{words}: ends by itself")
                    lines.append(running.stdout.readline())
                running.send_signal(number)
                out, err = running.communicate(timeout=TIMEOUT)
            what = f"{number.name} {words}"
            expect(running.returncode == 0, f"{what}: exit code {running.returncode}: {err.decode()}")
            expect(err == b"" and b"stopped after" in out, f"{what}: {out.decode()} {err.decode()}")
            expect(read_report(path)["state_hash"] == hash_in(out), f"{what}: another report")
            path.unlink()


def real_maps_run_and_are_refused_when_cut_off():
    endings = (".osm.pbf", ".osm.gz", ".osm.bz2", ".osm")
    maps = [path for path in sorted(REAL.iterdir()) if path.name.endswith(endings)]
    expect(maps, f"{REAL} has no maps in it")
    for path in maps:
        ending = next(e for e in endings if path.name.endswith(e))
        hashes = {ran("--map", path, "--workers", n, people=20000) for n in (1, 2)}
        expect(len(hashes) == 1, f"{path.name}: {hashes}")
        whole = path.read_bytes()
        for share in (0.01, 0.3, 0.7, 0.999):
            expect_refused("--map", scratch_file("real" + ending, whole[:int(len(whole) * share)]))


def main():
    global CITY, MAPS, REAL, SCRATCH
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--real"]):
        sys.exit(__doc__)
    CITY, MAPS = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    if sys.argv[3:]:
        if not os.environ.get("KAY_MAPS"):
            print("skipped: KAY_MAPS names no folder with real OpenStreetMap extracts")
            sys.exit(SKIPPED)
        REAL = pathlib.Path(os.environ["KAY_MAPS"]).resolve()
        checks = [real_maps_run_and_are_refused_when_cut_off]
    else:
        checks = [maps_run_in_every_format, workers_change_nothing_and_seeds_do, the_report_says_all,
                  trips_and_streets_are_told, under_stress_all_drive, who_sleeps_costs_no_turn_anything, a_day_ends_on_the_next, trips_of_a_file_are_made, a_report_replaces_files_and_nothing_else, what_cannot_be_written_at_the_end_is_an_error,
                  a_name_that_is_no_text_breaks_no_report, a_picture_shows_streets_and_traffic,
                  bad_files_are_refused, cut_off_maps_are_refused, flipped_bits_do_no_harm,
                  absurd_maps_are_refused_or_understood, bad_options_are_refused, help_is_no_error,
                  signals_stop_it_with_a_summary]
    # Where leaks are looked for: the font library keeps some hundred bytes for good.
    kept = tempfile.NamedTemporaryFile("w", prefix="kay-city-")
    kept.write("leak:libfontconfig\n")
    kept.flush()
    os.environ.setdefault("LSAN_OPTIONS", f"suppressions={kept.name}:print_suppressions=0")
    # A symbolizer that is missing, or is of another version, is told on the standard error output.
    os.environ["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "symbolize=0"]))
    failed = 0
    for check in checks:
        with tempfile.TemporaryDirectory(prefix="kay-city-") as folder:
            SCRATCH = pathlib.Path(folder)
            try:
                check()
                print("ok  ", check.__name__, flush=True)
            except (wrong, subprocess.TimeoutExpired, OSError, ValueError) as problem:
                failed += 1
                print("FAIL", check.__name__ + ":", problem, flush=True)
    print(f"{len(checks) - failed} of {len(checks)} checks passed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
