// SPDX-License-Identifier: MIT
//
// Structured bindings for aggregates of 0 to 32 members: the language has no bindings of a variable
// number, so they are written out, one specialisation a number. Written by tools/make_bindings.py;
// change that, not this. Only reflect.hpp uses it, and only after it knows the number to be right.
// clang-format off
#pragma once

#include <cstddef>
#include <type_traits>

namespace kay::detail {

inline constexpr std::size_t fields_max = 32;

template <class... Types>
struct type_list {};

/// For aggregates of Count members:
///   accepts<T>         T can be made from Count empty pairs of braces
///   accepts_then<T, X> T can be made from Count empty pairs of braces and then an X
///   types(object)      type_list of the declared types
///   apply(object, f)   f(member...) by reference
template <std::size_t Count>
struct binding;

template <>
struct binding<0> {
    template <class T>
    static constexpr bool accepts = requires { T{}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{x}; };
    static constexpr auto types(auto&) {
        return type_list<>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto&, auto&& f) {
        return f();
    }
};

template <>
struct binding<1> {
    template <class T>
    static constexpr bool accepts = requires { T{{}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0] = object;
        return type_list<decltype(m0)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0] = object;
        return f(m0);
    }
};

template <>
struct binding<2> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1] = object;
        return type_list<decltype(m0), decltype(m1)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1] = object;
        return f(m0, m1);
    }
};

template <>
struct binding<3> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2] = object;
        return f(m0, m1, m2);
    }
};

template <>
struct binding<4> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3] = object;
        return f(m0, m1, m2, m3);
    }
};

template <>
struct binding<5> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4] = object;
        return f(m0, m1, m2, m3, m4);
    }
};

template <>
struct binding<6> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5] = object;
        return f(m0, m1, m2, m3, m4, m5);
    }
};

template <>
struct binding<7> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6] = object;
        return f(m0, m1, m2, m3, m4, m5, m6);
    }
};

template <>
struct binding<8> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, x};
        };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7);
    }
};

template <>
struct binding<9> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8);
    }
};

template <>
struct binding<10> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9);
    }
};

template <>
struct binding<11> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10);
    }
};

template <>
struct binding<12> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11);
    }
};

template <>
struct binding<13> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12);
    }
};

template <>
struct binding<14> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13);
    }
};

template <>
struct binding<15> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14);
    }
};

template <>
struct binding<16> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15);
    }
};

template <>
struct binding<17> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16);
    }
};

template <>
struct binding<18> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17] =
            object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17] =
            object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17);
    }
};

template <>
struct binding<19> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18]
            = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18]
            = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18);
    }
};

template <>
struct binding<20> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19);
    }
};

template <>
struct binding<21> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20);
    }
};

template <>
struct binding<22> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21);
    }
};

template <>
struct binding<23> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22);
    }
};

template <>
struct binding<24> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23);
    }
};

template <>
struct binding<25> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23), decltype(m24)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24);
    }
};

template <>
struct binding<26> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24, m25);
    }
};

template <>
struct binding<27> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
            decltype(m26)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24, m25, m26);
    }
};

template <>
struct binding<28> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
            decltype(m26), decltype(m27)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24, m25, m26, m27);
    }
};

template <>
struct binding<29> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
            decltype(m26), decltype(m27), decltype(m28)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24, m25, m26, m27, m28);
    }
};

template <>
struct binding<30> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
            decltype(m26), decltype(m27), decltype(m28), decltype(m29)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29);
    }
};

template <>
struct binding<31> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x};
        };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
            decltype(m26), decltype(m27), decltype(m28), decltype(m29), decltype(m30)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30);
    }
};

template <>
struct binding<32> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31] = object;
        return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
            decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
            decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
            decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
            decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
            decltype(m26), decltype(m27), decltype(m28), decltype(m29), decltype(m30),
            decltype(m31)>{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31);
    }
};

template <>
struct binding<33> {
    template <class T>
    static constexpr bool accepts = requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; };
};

/// addressable(object): std::true_type where no member is a bit-field. Compilers that cannot tell
/// (clang before 16 takes no bindings in a requires expression) say yes.
template <std::size_t Count>
struct address_check {
    static constexpr std::true_type addressable(const auto&);
};

#if !defined(__clang__) || __clang_major__ >= 16

template <>
struct address_check<1> {
    static constexpr auto addressable(auto& object) {
        auto& [m0] = object;
        return std::bool_constant<requires { &m0; }>{};
    }
};

template <>
struct address_check<2> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1] = object;
        return std::bool_constant<requires { &m0; &m1; }>{};
    }
};

template <>
struct address_check<3> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; }>{};
    }
};

template <>
struct address_check<4> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; }>{};
    }
};

template <>
struct address_check<5> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; }>{};
    }
};

template <>
struct address_check<6> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; }>{};
    }
};

template <>
struct address_check<7> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; }>{};
    }
};

template <>
struct address_check<8> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; }>{};
    }
};

template <>
struct address_check<9> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; }>{};
    }
};

template <>
struct address_check<10> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; }>{};
    }
};

template <>
struct address_check<11> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            }>{};
    }
};

template <>
struct address_check<12> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; }>{};
    }
};

template <>
struct address_check<13> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; }>{};
    }
};

template <>
struct address_check<14> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; }>{};
    }
};

template <>
struct address_check<15> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; }>{};
    }
};

template <>
struct address_check<16> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; }>{};
    }
};

template <>
struct address_check<17> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; }>{};
    }
};

template <>
struct address_check<18> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17] =
            object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; }>{};
    }
};

template <>
struct address_check<19> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18]
            = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; }>{};
    }
};

template <>
struct address_check<20> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; }>{};
    }
};

template <>
struct address_check<21> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; }>{};
    }
};

template <>
struct address_check<22> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; }>{};
    }
};

template <>
struct address_check<23> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; }>{};
    }
};

template <>
struct address_check<24> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; }>{};
    }
};

template <>
struct address_check<25> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            }>{};
    }
};

template <>
struct address_check<26> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; }>{};
    }
};

template <>
struct address_check<27> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; }>{};
    }
};

template <>
struct address_check<28> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; }>{};
    }
};

template <>
struct address_check<29> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; &m28; }>{};
    }
};

template <>
struct address_check<30> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; &m28; &m29; }>{};
    }
};

template <>
struct address_check<31> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; &m28; &m29; &m30; }>{};
    }
};

template <>
struct address_check<32> {
    static constexpr auto addressable(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31] = object;
        return std::bool_constant<requires { &m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; &m28; &m29; &m30; &m31; }>{};
    }
};

#endif

} // namespace kay::detail
// clang-format on
