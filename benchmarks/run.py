# SPDX-License-Identifier: MIT
"""Runs the benchmarks' programs one after the other and sets their results side by side.

  ./bench [--filter REGEX] [--json FILE] [--min-time SECONDS] [--peers] [--time-limit SECONDS]

Each row is a piece of work, each column who did it: nanoseconds for each item, the best of the
repetitions (the JSON file has the median too). --peers adds CAF, moodycamel's queue, Boost.Lockfree,
Erlang, and SUMO for the city. A row of CAF or a queue that takes longer than the time limit is tried again
with one repetition instead of five; if that takes too long, too, it has no figures but says so, as the field
`problem` of the JSON file. Ends with 1 if something failed or nothing matched, with 2 for a command line that
makes no sense or a file that cannot be written. benchmarks/compile_time.py measures what compilers take.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/bench/benchmarks"


def read_options():
    parser = argparse.ArgumentParser(prog="./bench", usage=__doc__.split("\n\n")[1], description=__doc__)
    parser.add_argument("--filter", default=".", metavar="REGEX")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--min-time", type=float, default=0.3, metavar="SECONDS",
                        help="of each of the five repetitions (0.3)")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--time-limit", type=float, default=60, metavar="SECONDS", help="of a peer's row (60)")
    options = parser.parse_args()
    try:
        re.compile(options.filter)
    except re.error as problem:
        parser.error(f"--filter: {problem}")
    return options


def google_benchmark(program, options, scratch):
    """Rows of one of our programs, which tells as it goes, and whether all went well."""
    file = scratch / "rows.json"
    file.unlink(missing_ok=True)
    done = subprocess.run([program, "--filter", options.filter, "--min-time", str(options.min_time), "--json", file],
                          check=False)
    rows = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return rows, done.returncode == 0 or not rows


def tell(row):
    figures = row.get("problem") or f"{row['median_ns']:10.2f} {row['best_ns']:10.2f}"
    print(f"{row['name'] + '/' + row['impl'] + '/' + str(row['workers']):<32} {figures}", flush=True)


def row_in_time(program, full_name, options, scratch):
    """One row, by a process of its own that is ended when it takes too long."""
    file = scratch / "row.json"
    for repetitions in (5, 1):
        file.unlink(missing_ok=True)
        try:
            subprocess.run([program, "--filter", f"^{re.escape(full_name)}$", "--min-time", str(options.min_time),
                            "--repetitions", str(repetitions), "--json", file],
                           stdout=subprocess.DEVNULL, timeout=options.time_limit, check=False)
        except subprocess.TimeoutExpired:
            continue
        return (json.loads(file.read_text(encoding="utf-8")) or [None])[0] if file.exists() else None
    parts = full_name.split("/")
    workers = [part for part in parts[3:] if part.isdigit()][-1]
    return {"name": "/".join(parts[:2]), "impl": parts[2], "workers": int(workers),
            "problem": f"did not finish in {options.time_limit:g} s"}


def rows_in_time(program, options, scratch):
    """Rows of one of our programs, some of which may never end, and whether all others went well."""
    listed = subprocess.run([program, "--filter", options.filter, "--list"], capture_output=True, text=True, check=False)
    rows, good = [], listed.returncode == 0
    for full_name in listed.stdout.split():
        row = row_in_time(program, full_name, options, scratch)
        if row:
            rows.append(row)
            tell(row)
        else:
            good = False
    return rows, good


def lines_of_json(words):
    """Rows of a program that prints one in each line."""
    rows, program = [], subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True)
    for line in program.stdout:
        rows.append(json.loads(line))
        tell(rows[-1])
    return rows, program.wait() == 0


def column_of(row):
    return row["impl"] if row["impl"] == "loop" else f"{row['impl']} {row['workers']}"


def show(rows):
    """A table: who, by what; and how often kay with one worker goes into the others."""
    names, columns = [], []
    for row in rows:
        if row["name"] not in names:
            names.append(row["name"])
        if column_of(row) not in columns:
            columns.append(column_of(row))
    columns.sort(key=lambda c: (not c.startswith("kay"), c != "loop", c))
    best = {(row["name"], column_of(row)): f"{row['best_ns']:.2f}" if "best_ns" in row else "too long" for row in rows}
    width = max([len(name) for name in names])
    widths = [max(12, len(column)) for column in columns]
    print(f"\n{'best, ns':<{width}} " + " ".join(f"{c:>{w}}" for c, w in zip(columns, widths)))
    for name in names:
        print(f"{name:<{width}} " + " ".join(f"{best.get((name, c), ''):>{w}}" for c, w in zip(columns, widths)))
    for row in rows:
        if "problem" in row:
            print(f"{row['name']}, {column_of(row)}: {row['problem']}")


def main():
    options = read_options()
    rows, good = [], True
    with tempfile.TemporaryDirectory(prefix="kay-bench-") as scratch:
        def add(found):
            nonlocal good
            rows.extend(found[0])
            good = good and found[1]
        add(google_benchmark(BUILD / "kay_bench", options, pathlib.Path(scratch)))
        if options.peers:
            add(rows_in_time(BUILD / "peers/peer_bench", options, pathlib.Path(scratch)))
            add(lines_of_json([ROOT / "benchmarks/peers/erlang/run", options.filter]))
            add(lines_of_json([sys.executable, ROOT / "benchmarks/peers/city.py", options.filter]))
    if not rows:
        sys.exit(f"./bench: nothing matches {options.filter}")
    machine = next((row["machine"] for row in rows if "machine" in row), "")
    for row in rows:
        row.setdefault("machine", machine)
    show(rows)
    if options.json:
        try:
            options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        except OSError as problem:
            print(f"./bench: {options.json} cannot be written: {problem.strerror}", file=sys.stderr)
            sys.exit(2)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
