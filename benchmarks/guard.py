# SPDX-License-Identifier: MIT
"""Fails when kay has become much slower beside the hand-written loops:  guard.py KAY_BENCH

Only ratios of what ran side by side count, never a time. Limits leave room for noise and for builds with audits; a row that
is beyond its limit is measured again, twice.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

# Best of kay with one worker by best of the loop.
LIMITS = {"broadcast/1M": 1.5, "hop/100k": 9, "hop/1M": 2, "count/1": 4, "create/1M": 3, "churn/1M": 14,
          "pingpong/same": 20}
ATTEMPTS = 3


def ratio_of(program, name):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "rows.json"
        subprocess.run([program, "--filter", f"^{name}/(kay|loop)/", "--min-time", "0.05", "--json", file], check=True,
                       stdout=subprocess.DEVNULL)
        rows = json.loads(file.read_text(encoding="utf-8"))
    best = {(row["impl"], row["workers"]): row["best_ns"] for row in rows}
    return best["kay", 1] / best["loop", 1]


def main():
    failed = 0
    for name, limit in LIMITS.items():
        ratios = []
        while len(ratios) < ATTEMPTS and (not ratios or min(ratios) > limit):
            ratios.append(ratio_of(sys.argv[1], name))
        good = min(ratios) <= limit
        failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {name:<16} {min(ratios):6.2f} times the loop, at most {limit}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
