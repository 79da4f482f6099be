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

template <>
struct binding<0> {
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0;))
            return type_list<decltype(m0)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0] = object;
        return f(m0);
    }
};

template <>
struct binding<2> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1;))
            return type_list<decltype(m0), decltype(m1)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1] = object;
        return f(m0, m1);
    }
};

template <>
struct binding<3> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2;))
            return type_list<decltype(m0), decltype(m1), decltype(m2)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2] = object;
        return f(m0, m1, m2);
    }
};

template <>
struct binding<4> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3] = object;
        return f(m0, m1, m2, m3);
    }
};

template <>
struct binding<5> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3),
                decltype(m4)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4] = object;
        return f(m0, m1, m2, m3, m4);
    }
};

template <>
struct binding<6> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5] = object;
        return f(m0, m1, m2, m3, m4, m5);
    }
};

template <>
struct binding<7> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6] = object;
        return f(m0, m1, m2, m3, m4, m5, m6);
    }
};

template <>
struct binding<8> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, x};
        };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7);
    }
};

template <>
struct binding<9> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8);
    }
};

template <>
struct binding<10> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9);
    }
};

template <>
struct binding<11> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9),
                decltype(m10)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10);
    }
};

template <>
struct binding<12> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11);
    }
};

template <>
struct binding<13> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12);
    }
};

template <>
struct binding<14> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13);
    }
};

template <>
struct binding<15> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14);
    }
};

template <>
struct binding<16> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15);
    }
};

template <>
struct binding<17> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16);
    }
};

template <>
struct binding<18> {
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17] =
            object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18]
            = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23), decltype(m24)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
                decltype(m26)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
                decltype(m26), decltype(m27)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; &m28;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
                decltype(m26), decltype(m27), decltype(m28)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; &m28; &m29;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
                decltype(m26), decltype(m27), decltype(m28), decltype(m29)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, x};
        };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; &m28; &m29; &m30;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
                decltype(m26), decltype(m27), decltype(m28), decltype(m29), decltype(m30)>{};
        else
            return std::false_type{};
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
    template <class T, class X>
    static constexpr bool accepts_then = requires(const X x) { T{{}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        x}; };
    static constexpr auto types(auto& object) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31] = object;
        if constexpr (KAY_HAVE_ADDRESSES(&m0; &m1; &m2; &m3; &m4; &m5; &m6; &m7; &m8; &m9; &m10;
            &m11; &m12; &m13; &m14; &m15; &m16; &m17; &m18; &m19; &m20; &m21; &m22; &m23; &m24;
            &m25; &m26; &m27; &m28; &m29; &m30; &m31;))
            return type_list<decltype(m0), decltype(m1), decltype(m2), decltype(m3), decltype(m4),
                decltype(m5), decltype(m6), decltype(m7), decltype(m8), decltype(m9), decltype(m10),
                decltype(m11), decltype(m12), decltype(m13), decltype(m14), decltype(m15),
                decltype(m16), decltype(m17), decltype(m18), decltype(m19), decltype(m20),
                decltype(m21), decltype(m22), decltype(m23), decltype(m24), decltype(m25),
                decltype(m26), decltype(m27), decltype(m28), decltype(m29), decltype(m30),
                decltype(m31)>{};
        else
            return std::false_type{};
    }
    [[gnu::always_inline]]
    static constexpr decltype(auto) apply(auto& object, auto&& f) {
        auto& [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18,
            m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31] = object;
        return f(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17,
            m18, m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31);
    }
};

/// The number of empty braces that T takes; fields_max + 1 where there are more members than that.
/// Braces stand for a whole member each, an array too, so that no brace is ever left away. One
/// function: its branches cost a compiler much less than as many templates.
template <class T>
consteval std::size_t count_braces() {
    if constexpr (!requires { T{{}}; })
        return 0;
    else if constexpr (!requires { T{{}, {}}; })
        return 1;
    else if constexpr (!requires { T{{}, {}, {}}; })
        return 2;
    else if constexpr (!requires { T{{}, {}, {}, {}}; })
        return 3;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}}; })
        return 4;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}}; })
        return 5;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}}; })
        return 6;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}}; })
        return 7;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 8;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 9;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 10;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 11;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 12;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 13;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 14;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}}; })
        return 15;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}}; })
        return 16;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}}; })
        return 17;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}}; })
        return 18;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}}; })
        return 19;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}}; })
        return 20;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}}; })
        return 21;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}}; })
        return 22;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 23;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 24;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 25;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 26;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 27;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 28;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 29;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 30;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 31;
    else if constexpr (!requires { T{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {},
        {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}; })
        return 32;
    else
        return 33;
}

#undef KAY_HAVE_ADDRESSES

} // namespace kay::detail
// clang-format on
