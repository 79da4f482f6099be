# SPDX-License-Identifier: MIT
"""The city and SUMO on the same streets with the same trips:  city.py [REGEX]

Prints one JSON object a line: city/MAP is nanoseconds for each update of a vehicle, by one core;
city_second/MAP is nanoseconds for each simulated second. SUMO makes steps of a second, the city of a tenth.
Maps: a grid of 40 x 40 crossings, and those in the folder KAY_MAPS.
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

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REPETITIONS = 3
END_S = 5400
TRIPS = {"grid": 18000, "monaco.osm.gz": 2000, "harrisburg.osm.pbf": 4000}


def load_tool():
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(ROOT / "tools"))
    loader = importlib.machinery.SourceFileLoader("compare_sumo", str(ROOT / "tools/compare_sumo"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare_sumo", loader))
    loader.exec_module(module)
    return module


def run_sumo(folder):
    """Nanoseconds of an update, and of a second, as SUMO itself says; and how many arrived."""
    environment = dict(os.environ)
    environment.setdefault("SUMO_HOME", "/usr/share/sumo")
    done = subprocess.run(["sumo", "-n", "city.net.xml", "-r", "city.rou.xml", "--step-length", "1", "--end", str(END_S),
                           "--no-step-log", "--no-warnings", "--duration-log.statistics"], cwd=folder, env=environment,
                          capture_output=True, text=True, timeout=3600, check=True)
    said = done.stdout + done.stderr
    updates = float(re.search(r"UPS: ([\d.]+)", said)[1])
    factor = float(re.search(r"Real time factor: ([\d.]+)", said)[1])
    return 1e9 / updates, 1e9 / factor, int(re.search(r"Inserted: (\d+)", said)[1])


def run_city(city, map_name, folder):
    report = folder / "report.json"
    subprocess.run([city, "--map", map_name, "--demand", folder / "demand.csv", "--start", "00:00", "--turns",
                    str(END_S * 10), "--headless", "--fixed-routes", "--workers", "1", "--report", report],
                   capture_output=True, timeout=3600, check=True)
    said = json.loads(report.read_text(encoding="utf-8"))
    return 1e9 / said["vehicle_updates_per_s"], 1e9 / said["realtime_factor"], said["arrived"]


def measure(tool, name, where, city):
    count = TRIPS[name]
    with tempfile.TemporaryDirectory(prefix="kay-city-") as scratch:
        folder = pathlib.Path(scratch)
        options = type("options", (), {"city": city, "map": where, "seconds": 3600, "timeout": 3600, "routes": "free"})
        tool.export(options, folder, count, 1)
        for impl, run in (("sumo", lambda: run_sumo(folder)), ("kay", lambda: run_city(city, where, folder))):
            runs = sorted(run() for _ in range(1 if impl == "sumo" else REPETITIONS))
            trips = runs[0][2]
            if trips < count * 0.5:
                sys.exit(f"city.py: {name}: with {impl} only {trips} of {count} trips came about")
            for column, work in ((0, "city"), (1, "city_second")):
                times = sorted(r[column] for r in runs)
                print(json.dumps({"name": f"{work}/{name.split('.')[0]}", "impl": impl, "workers": 1,
                                  "median_ns": times[len(times) // 2], "best_ns": times[0], "checksum": trips}),
                      flush=True)


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
        measure(tool, name, where, city)


if __name__ == "__main__":
    main()
