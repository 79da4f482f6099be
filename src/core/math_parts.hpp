// SPDX-License-Identifier: MIT
//
// What the elementary functions share: exact sums and products as pairs of doubles, scaling by
// powers of two, polynomials. A pair is the unevaluated sum hi + lo, lo at most about half an ulp
// of hi. Exactness needs -ffp-contract=off.
#pragma once

#include <kay/core/math.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace kay::math {

struct pair {
    double hi;
    double lo;
};

/// a + b exactly, where |a| >= |b| or a is 0 (Dekker: A Floating-Point Technique for Extending the
/// Available Precision, 1971).
constexpr pair sum_ordered(double a, double b) {
    const double s = a + b;
    return {s, b - (s - a)};
}

/// a + b exactly (Knuth: The Art of Computer Programming 2, 4.2.2).
constexpr pair sum(double a, double b) {
    const double s = a + b;
    const double b_part = s - a;
    return {s, (a - (s - b_part)) + (b - b_part)};
}

/// a * b exactly, by Veltkamp's splitting and Dekker's product. Requires |a|, |b| < 2^995 and a
/// product that is 0 or larger than 2^-960.
constexpr pair product(double a, double b) {
    constexpr double splitter = 0x1p27 + 1;
    const double ca = splitter * a;
    const double a_hi = ca - (ca - a), a_lo = a - a_hi;
    const double cb = splitter * b;
    const double b_hi = cb - (cb - b), b_lo = b - b_hi;
    const double p = a * b;
    return {p, ((a_hi * b_hi - p) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo};
}

/// a * b to about 2^-102 of itself.
constexpr pair product(pair a, pair b) {
    const pair p = product(a.hi, b.hi);
    return sum_ordered(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

/// a / b to about 2^-100 of itself. Requires b.hi != 0.
constexpr pair quotient(pair a, pair b) {
    const double q = a.hi / b.hi;
    const pair back = product(q, b.hi);
    return {q, (((a.hi - back.hi) - back.lo) + (a.lo - q * b.lo)) / b.hi};
}

/// Square root to about 2^-100 of itself. Requires a.hi >= 0.
inline pair root(pair a) {
    if (a.hi == 0) return {0, 0};
    const double s = __builtin_sqrt(a.hi);
    const pair back = product(s, s);
    return {s, (((a.hi - back.hi) - back.lo) + a.lo) / (2 * s)};
}

/// c[0] + c[1] x + c[2] x^2 + ... by Horner's rule.
template <std::size_t Count>
constexpr double polynomial(const std::array<double, Count>& c, double x) {
    double y = c[Count - 1];
    for (std::size_t i = Count - 1; i-- > 0;) y = y * x + c[i];
    return y;
}

/// Nearest whole number, halves to even. Requires |x| < 2^51.
constexpr double nearest(double x) { return (x + 0x1.8p52) - 0x1.8p52; }

/// 2^k. Requires -1022 <= k <= 1023.
constexpr double power_of_two(int k) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

/// x * 2^k, rounded once where 2^-500 < |x| < 2^500. Requires |k| <= 2000.
constexpr double scaled(double x, int k) {
    const int half = k / 2;
    return x * power_of_two(half) * power_of_two(k - half);
}

/// x = fraction * 2^exponent with 1 <= fraction < 2.
struct parts {
    double fraction;
    int exponent;
};

/// Requires x > 0 and finite.
constexpr parts split(double x) {
    int shift = 0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        shift = -54;
    }
    const auto bits = std::bit_cast<std::uint64_t>(x);
    return {std::bit_cast<double>((bits & 0xfffffffffffffu) | 0x3ff0000000000000u),
            static_cast<int>(bits >> 52) - 1023 + shift};
}

} // namespace kay::math
