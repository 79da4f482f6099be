#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes include/kay/core/bindings.hpp to standard output."""
import textwrap

FIELDS_MAX = 32

HEAD = """\
// SPDX-License-Identifier: MIT
//
// Structured bindings for aggregates of 0 to %d members: the language has no bindings of a variable
// number, so they are written out, one specialisation a number. Written by tools/make_bindings.py;
// change that, not this. Only reflect.hpp uses it, and only after it knows the number to be right.
// clang-format off
#pragma once

#include <cstddef>
#include <type_traits>

namespace kay::detail {

inline constexpr std::size_t fields_max = %d;

template <class... Types>
struct type_list {};

// Only bit-fields have no address. Clang before 16 takes no bindings in a requires expression.
#if !defined(__clang__) || __clang_major__ >= 16
#define KAY_HAVE_ADDRESSES(...) requires { __VA_ARGS__ }
#else
#define KAY_HAVE_ADDRESSES(...) true
#endif

/// For aggregates of Count members:
///   accepts_then<T, X> T can be made from Count empty pairs of braces and then an X
///   types(object)      type_list of the declared types; false_type for a bit-field among them
///   apply(object, f)   f(member...) by reference
template <std::size_t Count>
struct binding;
""" % (FIELDS_MAX, FIELDS_MAX)

COUNT_HEAD = """\
/// The number of empty braces that T takes; fields_max + 1 where there are more members than that.
/// Braces stand for a whole member each, an array too, so that no brace is ever left away. One
/// function: its branches cost a compiler much less than as many templates.
template <class T>
consteval std::size_t count_braces() {
"""

TAIL = """\
#undef KAY_HAVE_ADDRESSES

} // namespace kay::detail
// clang-format on
"""


def line(indent, text):
    """The text at an indentation of so many steps, wrapped at 100 columns."""
    return textwrap.wrap(text, 100, initial_indent="    " * indent,
                         subsequent_indent="    " * (indent + 1),
                         break_long_words=False, break_on_hyphens=False)


def binding(count):
    members = [f"m{i}" for i in range(count)]
    braces = ["{}"] * count
    out = ["template <>", f"struct binding<{count}> {{", "    template <class T, class X>"]
    out += line(1, "static constexpr bool accepts_then = requires(const X x) { "
                   f"T{{{', '.join(braces + ['x'])}}}; }};")
    return out + types_and_apply(members) + ["};", ""]


def types_and_apply(members):
    bound = line(2, f"auto& [{', '.join(members)}] = object;") if members else []
    given = "auto& object" if members else "auto&"
    out = [f"    static constexpr auto types({given}) {{"] + bound
    listed = f"return type_list<{', '.join(f'decltype({m})' for m in members)}>{{}};"
    if members:
        out += line(2, f"if constexpr (KAY_HAVE_ADDRESSES({' '.join(f'&{m};' for m in members)}))")
        out += line(3, listed) + ["        else", "            return std::false_type{};"]
    else:
        out += line(2, listed)
    out += ["    }", "    [[gnu::always_inline]]",
            f"    static constexpr decltype(auto) apply({given}, auto&& f) {{"] + bound
    out += line(2, f"return f({', '.join(members)});")
    return out + ["    }"]


def count_braces():
    out = []
    for count in range(1, FIELDS_MAX + 2):
        start = "if" if count == 1 else "else if"
        braces = ', '.join(["{}"] * count)
        out += line(1, f"{start} constexpr (!requires {{ T{{{braces}}}; }})") + [f"        return {count - 1};"]
    return out + ["    else", f"        return {FIELDS_MAX + 1};", "}", ""]


def main():
    print(HEAD)
    for count in range(FIELDS_MAX + 1):
        print("\n".join(binding(count)))
    print(COUNT_HEAD, end="")
    print("\n".join(count_braces()))
    print(TAIL, end="")


if __name__ == "__main__":
    main()
