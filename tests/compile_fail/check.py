#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that wrong programs are refused readably.

    check.py COMPILER INCLUDE_DIR [FILE...]

Without files, all programs beside this script, and the check itself. The first line of a program
says what is to come of it:
    // compiles           no error at all
    // expect: REGEX      exactly one line with `error:`, which matches
A second line `// names: REGEX` must match a line of everything that the compiler says.
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


FLAGS = ["-std=c++20", "-fdiagnostics-color=never"]


def precompile(compiler, include, folder):
    """Compiles kay's headers once; the compilers look for the result beside the header."""
    header = pathlib.Path(folder) / "all.hpp"
    header.write_text("#include <kay/kay.hpp>\n")
    subprocess.run([compiler, *FLAGS, "-I", str(include), "-x", "c++-header", str(header),
                    "-o", f"{header}.gch"], check=True, timeout=120)
    return header


def complaint(compiler, include, program, header=None):
    """What is wrong with the outcome, or None."""
    lines = program.read_text().splitlines()
    wrong = re.fullmatch(r"// expect: (.+)", lines[0])
    names = re.fullmatch(r"// names: (.+)", lines[1]) if len(lines) > 1 else None
    if not wrong and lines[0] != "// compiles":
        return "first line says neither what to expect nor that it compiles"
    run = subprocess.run(
        [compiler, *FLAGS, "-fsyntax-only", *(["-include", str(header)] if header else []),
         "-I", str(include), "-I", str(HERE), str(program)],
        capture_output=True, text=True, timeout=120, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    errors = [line for line in run.stderr.splitlines() if "error:" in line]
    if not wrong:
        return None if run.returncode == 0 else "does not compile:\n" + run.stderr
    if run.returncode == 0:
        return "compiles, but should not"
    if len(errors) != 1:
        return f"{len(errors)} errors instead of one:\n" + run.stderr
    if not re.search(wrong[1], errors[0]):
        return f"the error does not match {wrong[1]!r}:\n{errors[0]}"
    if names and not re.search(names[1], run.stderr):
        return f"nothing matches {names[1]!r}:\n{run.stderr}"
    return None


def self_complaints(compiler, include):
    """The check must see programs that are not what they say."""
    lies = {
        "says it is wrong, but compiles": "// expect: anything\nint main() {}\n",
        "has two errors": "// expect: wrong\nstatic_assert(false, \"wrong\");\n"
                          "static_assert(false, \"wrong\");\n",
        "has another error": "// expect: wrong\nstatic_assert(false, \"odd\");\n",
        "names something else": "// expect: wrong\n// names: Car\n"
                                "static_assert(false, \"wrong\");\n",
        "says it compiles, but is wrong": "// compiles\nstatic_assert(false, \"wrong\");\n",
        "says nothing": "int main() {}\n",
    }
    with tempfile.TemporaryDirectory() as folder:
        for what, code in lies.items():
            program = pathlib.Path(folder) / "lie.cpp"
            program.write_text(code)
            if complaint(compiler, include, program) is None:
                yield f"the check accepts a program that {what}"


def main(compiler, include, *files):
    programs = [pathlib.Path(f) for f in files] or sorted(HERE.glob("*.cpp"))
    failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        header = precompile(compiler, include, folder)
        complaints = pool.map(lambda p: complaint(compiler, include, p, header), programs)
        for program, said in zip(programs, complaints):
            failed += said is not None
            if said:
                print(f"{program.name}: {said}")
    if not files:
        for said in self_complaints(compiler, include):
            failed += 1
            print(said)
    print(f"{len(programs)} programs, {failed} failed")
    return 1 if failed or not programs else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
