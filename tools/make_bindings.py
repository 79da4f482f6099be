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

/// For aggregates of Count members:
///   accepts<T>         T can be made from Count empty pairs of braces
///   accepts_then<T, X> T can be made from Count empty pairs of braces and then an X
///   types(object)      type_list of the declared types
///   apply(object, f)   f(member...) by reference
template <std::size_t Count>
struct binding;
""" % (FIELDS_MAX, FIELDS_MAX)

ADDRESS_HEAD = """\
/// addressable(object): std::true_type where no member is a bit-field. Compilers that cannot tell
/// (clang before 16 takes no bindings in a requires expression) say yes.
template <std::size_t Count>
struct address_check {
    static constexpr std::true_type addressable(const auto&);
};

#if !defined(__clang__) || __clang_major__ >= 16
"""

TAIL = """\
#endif

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
    out = ["template <>", f"struct binding<{count}> {{", "    template <class T>"]
    out += line(1, f"static constexpr bool accepts = requires {{ T{{{', '.join(braces)}}}; }};")
    if count <= FIELDS_MAX:
        out += ["    template <class T, class X>"]
        out += line(1, "static constexpr bool accepts_then = requires(const X x) { "
                       f"T{{{', '.join(braces + ['x'])}}}; }};")
        out += types_and_apply(members)
    return out + ["};", ""]


def types_and_apply(members):
    bound = line(2, f"auto& [{', '.join(members)}] = object;") if members else []
    given = "auto& object" if members else "auto&"
    out = [f"    static constexpr auto types({given}) {{"] + bound
    out += line(2, f"return type_list<{', '.join(f'decltype({m})' for m in members)}>{{}};")
    out += ["    }", "    [[gnu::always_inline]]",
            f"    static constexpr decltype(auto) apply({given}, auto&& f) {{"] + bound
    out += line(2, f"return f({', '.join(members)});")
    return out + ["    }"]


def address_check(count):
    members = [f"m{i}" for i in range(count)]
    out = ["template <>", f"struct address_check<{count}> {{",
           "    static constexpr auto addressable(auto& object) {"]
    out += line(2, f"auto& [{', '.join(members)}] = object;")
    out += line(2, "return std::bool_constant<requires { "
                   f"{' '.join(f'&{m};' for m in members)} }}>{{}};")
    return out + ["    }", "};", ""]


def main():
    print(HEAD)
    for count in range(FIELDS_MAX + 2):
        print("\n".join(binding(count)))
    print(ADDRESS_HEAD)
    for count in range(1, FIELDS_MAX + 1):
        print("\n".join(address_check(count)))
    print(TAIL, end="")


if __name__ == "__main__":
    main()
