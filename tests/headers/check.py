# SPDX-License-Identifier: MIT
"""Each public header compiles alone: check.py COMPILER INCLUDE_DIR."""
import concurrent.futures
import pathlib
import subprocess
import sys

FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-x", "c++", "-"]


def compiles(compiler, include, text):
    run = subprocess.run([compiler, "-I", str(include), *FLAGS], input=text, text=True,
                         capture_output=True, check=False)
    return run.returncode == 0, run.stderr


def main():
    compiler, include = sys.argv[1], pathlib.Path(sys.argv[2])
    headers = sorted(h.relative_to(include) for h in include.rglob("*.hpp"))
    if len(headers) < 20:
        sys.exit(f"only {len(headers)} headers below {include}")
    if compiles(compiler, include, "#include <kay/no_such_header.hpp>\n")[0]:
        sys.exit("the check is blind: a missing header compiles")
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        texts = [f"#include <{h}>\n#include <{h}>\n" for h in headers]
        for header, (good, said) in zip(headers, pool.map(
                lambda t: compiles(compiler, include, t), texts)):
            if not good:
                bad += 1
                print(f"{header} does not compile alone:\n{said[:2000]}")
    print(f"{len(headers)} headers, {bad} that do not compile alone")
    sys.exit(1 if bad else 0)


main()
