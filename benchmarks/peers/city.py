# SPDX-License-Identifier: MIT
"""The city and SUMO on the same streets with the same trips, each on one core:  city.py [REGEX]

Prints one JSON object a line: city/MAP is nanoseconds for each update of a vehicle, and vehicle updates a second;
city_second/MAP is nanoseconds for each simulated second, and simulated seconds a second. There SUMO makes steps of a second and
the city of a tenth: ten updates where SUMO makes one. city_tenths/MAP is simulated seconds again, of the first quarter of
an hour, with steps of a tenth in both. The city has one place, as one core wants it. In words it all goes to the standard error stream.
Maps: a grid of 40 x 40 crossings, and those in the folder KAY_MAPS. What does not end in a quarter of an hour has a `problem`.
"""
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REPETITIONS = 7
ENOUGH_S = 30  # of repetitions
DEPARTURES_S = 3600
END_S = 5400
TENTHS_END_S = 900
SECONDS_MAX = 900  # of each program
TRIPS = {"grid": 18000, "monaco.osm.gz": 2000, "harrisburg.osm.pbf": 4000}


def load_tool():
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(ROOT / "tools"))
    loader = importlib.machinery.SourceFileLoader("compare_sumo", str(ROOT / "tools/compare_sumo"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare_sumo", loader))
    loader.exec_module(module)
    return module


def run_sumo(folder, step="1", end=END_S):
    """Vehicle updates and simulated seconds, both a second, as SUMO itself says; and how many trips began."""
    environment = dict(os.environ)
    environment.setdefault("SUMO_HOME", "/usr/share/sumo")
    done = subprocess.run(["sumo", "-n", "city.net.xml", "-r", "city.rou.xml", "--step-length", step, "--end",
                           str(end), "--no-step-log", "--no-warnings", "--duration-log.statistics"], cwd=folder, env=environment,
                          capture_output=True, text=True, timeout=SECONDS_MAX, check=True)
    said = done.stdout + done.stderr
    updates = float(re.search(r"UPS: ([\d.]+)", said)[1])
    factor = float(re.search(r"Real time factor: ([\d.]+)", said)[1])
    return updates, factor, int(re.search(r"Inserted: (\d+)", said)[1])


def run_city(city, map_name, folder, end=END_S):
    """The same, but for how many trips ended."""
    report = folder / "report.json"
    subprocess.run([city, "--map", map_name, "--demand", folder / "demand.csv", "--start", "00:00", "--turns",
                    str(end * 10), "--headless", "--fixed-routes", "--workers", "1", "--places", "1", "--report", report],
                   capture_output=True, timeout=SECONDS_MAX, check=True)
    said = json.loads(report.read_text(encoding="utf-8"))
    return said["vehicle_updates_per_s"], said["realtime_factor"], said["arrived"]


def repeat(run):
    """As often as there is time for."""
    began = time.monotonic()
    runs = [run()]
    while len(runs) < REPETITIONS and time.monotonic() - began < ENOUGH_S:
        runs.append(run())
    return runs


def rows_of(name, impl, runs, works):
    """A row for each of the works, of what some runs said."""
    updates, factors, trips = (sorted(values) for values in zip(*runs))
    print(f"{works[-1]}/{name}, {impl}: {updates[-1] / 1e6:.3f} million vehicle updates a second, {factors[-1]:.1f} "
          f"simulated seconds a second, {trips[0]} trips", file=sys.stderr)
    for work in works:
        field, rates = ("vehicle_updates_per_s", updates) if work == "city" else ("simulated_s_per_s", factors)
        yield {"name": f"{work}/{name}", "impl": impl, "workers": 1, "median_ns": 1e9 / rates[len(rates) // 2],
               "best_ns": 1e9 / rates[-1], field: rates[-1], "checksum": trips[0]}


def measure(tool, name, where, city):
    count, short = TRIPS[name], name.split(".")[0]
    with tempfile.TemporaryDirectory(prefix="kay-city-") as scratch:
        folder = pathlib.Path(scratch)
        options = type("options", (), {"city": city, "map": where, "seconds": DEPARTURES_S, "timeout": SECONDS_MAX,
                                       "routes": "free"})
        tool.export(options, folder, count, 1)
        tenths = {"end": TENTHS_END_S}
        for impl, works, least, run in (
                ("sumo", ("city", "city_second"), 0.5, lambda: run_sumo(folder)),
                ("kay", ("city", "city_second"), 0.5, lambda: run_city(city, where, folder)),
                ("sumo", ("city_tenths",), 0.05, lambda: run_sumo(folder, "0.1", **tenths)),
                ("kay", ("city_tenths",), 0.05, lambda: run_city(city, where, folder, **tenths))):
            try:
                runs = repeat(run)
            except subprocess.TimeoutExpired:
                for work in works:
                    yield {"name": f"{work}/{short}", "impl": impl, "workers": 1,
                           "problem": f"did not finish in {SECONDS_MAX} s"}
                continue
            trips = min(trips for _, _, trips in runs)
            if trips < count * least:
                sys.exit(f"city.py: {name}: with {impl} only {trips} of {count} trips came about")
            yield from rows_of(short, impl, runs, works)


def main():
    wanted = re.compile(sys.argv[1] if len(sys.argv) > 1 else ".")
    city = ROOT / "build/release/city/city"
    folder = os.environ.get("KAY_MAPS")
    tool = load_tool()
    for name in TRIPS:
        where = name if name == "grid" else str(pathlib.Path(folder or "/nowhere") / name)
        work = f"city/{name.split('.')[0]}"
        if not wanted.search(work):
            continue
        if name != "grid" and not pathlib.Path(where).exists():
            print(f"city.py: {name} is skipped: it is not in KAY_MAPS", file=sys.stderr)
            continue
        for row in measure(tool, name, where, city):
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
