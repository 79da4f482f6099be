#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program in README is a program: check.py README INCLUDE_DIR LIBRARY COMPILER WORK_DIR [FLAG...]

Takes the first block of C++, builds it and runs it; what it prints stands in its comment.
"""
import pathlib
import re
import subprocess
import sys

readme, include, library, compiler, work, *flags = sys.argv[1:]
work = pathlib.Path(work)
work.mkdir(parents=True, exist_ok=True)
block = re.search(r"```cpp\n(.*?)```", pathlib.Path(readme).read_text(), re.S)
if not block:
    sys.exit("there is no C++ in it")
program = block[1]
promised = re.search(r"printf\(.*//\s*(\S+)", program)
if not promised:
    sys.exit("its program does not say what it prints")
(work / "readme.cpp").write_text(program)
subprocess.run([compiler, "-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", *flags, "-I", include,
                work / "readme.cpp", library, "-pthread", "-o", work / "readme"], check=True)
printed = subprocess.run([work / "readme"], check=True, capture_output=True, text=True).stdout
if printed.split() != [promised[1]]:
    sys.exit(f"it prints {printed!r}, and says {promised[1]!r}")
print("it prints", printed.strip())
