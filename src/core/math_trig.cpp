// SPDX-License-Identifier: MIT
//
// Sine, cosine, tangent. The argument is brought to [-pi/4, pi/4] as a pair of doubles, then to
// polynomials near the best ones (Chebyshev expansions computed with 400 bits).
#include "math_parts.hpp"

#include <initializer_list>

namespace kay::math {
namespace {

constexpr pair half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};

/// With z = r^2, (sin r - r) / r^3 for |r| <= pi/4, to 2^-66.
constexpr std::array sin_rest = {
    -0x1.5555555555555p-3,  0x1.1111111111110p-7,  -0x1.a01a01a019937p-13, 0x1.71de3a54607a5p-19,
    -0x1.ae64541295cdfp-26, 0x1.61217ee5cca1bp-33, -0x1.ab17bdcbd3414p-41,
};

/// With z = r^2, (cos r - 1 + z/2) / r^4 for |r| <= pi/4, to 2^-59.
constexpr std::array cos_rest = {
    0x1.5555555555555p-5,   -0x1.6c16c16c16967p-10, 0x1.a01a019f4e9b4p-16,
    -0x1.27e4fa17bf139p-22, 0x1.1eeb68cd22f56p-29,  -0x1.907d8f29fe831p-37,
};

/// 2/pi: 64 zeros, then its binary digits, the first in the topmost bit.
constexpr std::array<std::uint64_t, 20> two_over_pi = {
    0,
    0xa2f9836e4e441529u,
    0xfc2757d1f534ddc0u,
    0xdb6295993c439041u,
    0xfe5163abdebbc561u,
    0xb7246e3a424dd2e0u,
    0x06492eea09d1921cu,
    0xfe1deb1cb129a73eu,
    0xe88235f52ebb4484u,
    0xe99c7026b45f7e41u,
    0x3991d639835339f4u,
    0x9c845f8bbdf9283bu,
    0x1ff897ffde05980fu,
    0xef2f118b5a0a6d1fu,
    0x6d367ecf27cb09b7u,
    0x4f463f669e5fea2du,
    0x7527bac7ebe5f17bu,
    0x3d0739f78a5292eau,
    0x6bfb5fb11f8d5d08u,
    0x56033046fc7b6babu,
};

/// x - quarters * pi/2, at most pi/4 in size; only the last two bits of `quarters` count.
struct reduced {
    pair rest;
    unsigned quarters;
};

/// Cody and Waite: Software Manual for the Elementary Functions (1980). The parts of pi/2 have 33
/// bits, so that the products of the first three are exact. Requires |x| <= 2^20.
reduced reduce_small(double x) {
    const double k = nearest(x * 0x1.45f306dc9c883p-1);
    const double a = x - k * 0x1.921fb544p+0; // exact
    const pair b = sum(a, -(k * 0x1.0b4611a6p-34));
    const pair c = sum(b.hi, -(k * 0x1.3198a2ep-69));
    const double lo = (b.lo + c.lo) - k * 0x1.b839a252049c1p-104;
    return {sum_ordered(c.hi, lo), static_cast<unsigned>(static_cast<int>(k))};
}

__extension__ using uint128 = unsigned __int128;

/// Payne and Hanek: Radian Reduction for Trigonometric Functions (1983): the digits of 2/pi that
/// give whole turns are left out, of the others 192 are multiplied. Requires |x| >= 2^20, finite.
reduced reduce_large(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const std::uint64_t m = (bits & 0xfffffffffffffu) | 0x10000000000000u;
    const int exponent = static_cast<int>(bits >> 52 & 0x7ff) - 1075; // |x| = m * 2^exponent
    const auto first = static_cast<unsigned>(exponent + 62);          // m times it: 2 m quarters
    const unsigned word = first / 64, shift = first % 64;
    const auto digits = [&](unsigned i) {
        const std::uint64_t high = two_over_pi[word + i] << shift;
        return shift ? high | two_over_pi[word + i + 1] >> (64 - shift) : high;
    };
    // The product modulo 4 quarters, in units of 2^-190 quarters: 192 bits, w2 the highest.
    const uint128 p0 = static_cast<uint128>(m) * digits(2);
    const uint128 p1 = static_cast<uint128>(m) * digits(1) + static_cast<std::uint64_t>(p0 >> 64);
    auto w0 = static_cast<std::uint64_t>(p0);
    auto w1 = static_cast<std::uint64_t>(p1);
    auto w2 = m * digits(0) + static_cast<std::uint64_t>(p1 >> 64);
    const auto quarters = static_cast<unsigned>((w2 + (std::uint64_t{1} << 61)) >> 62);
    w2 -= std::uint64_t{quarters} << 62;
    bool negative = w2 >> 63;
    if (negative) { // two's complement
        w0 = ~w0 + 1;
        w1 = ~w1 + (w0 == 0);
        w2 = ~w2 + (w0 == 0 && w1 == 0);
    }
    pair fraction = {0, 0};
    double unit = 0x1p-30; // of the upper half of w2
    for (const std::uint64_t w : {w2, w1, w0})
        for (const std::uint64_t half : {w >> 32, w & 0xffffffffu}) {
            const pair s = sum(fraction.hi, static_cast<double>(half) * unit);
            fraction = sum_ordered(s.hi, fraction.lo + s.lo);
            unit *= 0x1p-32;
        }
    pair rest = product(fraction, half_pi);
    const bool flip = negative != (x < 0);
    if (flip) rest = {-rest.hi, -rest.lo};
    return {rest, x < 0 ? 0u - quarters : quarters};
}

/// Requires a finite x.
reduced reduce(double x) {
    if (abs(x) <= 0.785) return {{x, 0}, 0};
    return abs(x) <= 0x1p20 ? reduce_small(x) : reduce_large(x);
}

/// The small term of sin r = r.hi + it.
double sin_tail(pair r) {
    const double z = r.hi * r.hi;
    return r.hi * z * polynomial(sin_rest, z) + (r.lo - 0.5 * z * r.lo);
}

double sin_of(pair r) { return r.hi + sin_tail(r); }

/// The cosine before its last rounding. `z` is r.hi^2 rounded, `z_error` what that lost.
pair cos_pair(pair r, double z, double z_error) {
    const pair head = sum_ordered(1, -0.5 * z);
    const double tail = z * z * polynomial(cos_rest, z) - (r.hi * r.lo + 0.5 * z_error);
    return sum_ordered(head.hi, head.lo + tail);
}

double cos_of(pair r) { return cos_pair(r, r.hi * r.hi, 0).hi; }

bool finite(double x) { return abs(x) < infinity; }

} // namespace

double sin(double x) {
    if (!finite(x)) return nan;
    if (abs(x) < 0x1p-27) return x;
    const auto [r, quarters] = reduce(x);
    const double y = quarters & 1 ? cos_of(r) : sin_of(r);
    return quarters & 2 ? -y : y;
}

double cos(double x) {
    if (!finite(x)) return nan;
    const auto [r, quarters] = reduce(x);
    const double y = quarters & 1 ? sin_of(r) : cos_of(r);
    return (quarters + 1) & 2 ? -y : y;
}

sin_and_cos sin_cos(double x) {
    if (!finite(x)) return {nan, nan};
    const auto [r, quarters] = reduce(x);
    const double s = abs(x) < 0x1p-27 ? x : sin_of(r), c = cos_of(r);
    const double y_sin = quarters & 1 ? c : s, y_cos = quarters & 1 ? s : c;
    return {quarters & 2 ? -y_sin : y_sin, (quarters + 1) & 2 ? -y_cos : y_cos};
}

double tan(double x) {
    if (!finite(x)) return nan;
    if (abs(x) < 0x1p-27) return x;
    const auto [r, quarters] = reduce(x);
    const pair z = product(r.hi, r.hi);
    const pair s = sum_ordered(r.hi, sin_tail(r));
    const pair c = cos_pair(r, z.hi, z.lo);
    const pair q = quarters & 1 ? quotient({-c.hi, -c.lo}, s) : quotient(s, c);
    return q.hi + q.lo;
}

} // namespace kay::math
