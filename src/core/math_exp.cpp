// SPDX-License-Identifier: MIT
//
// Exponentials, logarithms, powers. Arguments are reduced as in Cody and Waite: Software Manual for
// the Elementary Functions (1980); what is left is a polynomial near the best one, from a Chebyshev
// expansion computed with 400 bits. Powers carry the logarithm as a pair of doubles (Muller et al.:
// Handbook of Floating-Point Arithmetic, 2nd ed. 2018).
#include "math_parts.hpp"

namespace kay::math {
namespace {

constexpr pair ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
constexpr pair log2_e = {0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56};
constexpr pair log10_e = {0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57};

// The same with few bits in the upper part, so that whole multiples of that are exact.
constexpr pair ln2_cut = {0x1.62e42fefap-1, 0x1.cf79abc9e3b3ap-40};
constexpr pair log10_2_cut = {0x1.34413509f6p-2, 0x1.9fef311f12b36p-42};

/// (e^r - 1 - r) / r^2 for |r| <= 0.347, to 2^-59.
constexpr std::array exp_rest = {
    0x1p-1,
    0x1.5555555555557p-3,
    0x1.5555555555556p-5,
    0x1.11111111100bep-7,
    0x1.6c16c16c162c3p-10,
    0x1.a01a01abf85abp-13,
    0x1.a01a01a6e1e2ap-16,
    0x1.71de01fdbf9cap-19,
    0x1.27e4db46cddd1p-22,
    0x1.af4e554377204p-26,
    0x1.1f7340dbc337ep-29,
};

/// With z = s^2, (2 artanh(s) - 2 s) / s^3 for |s| <= 0.172, to 2^-58.
constexpr std::array log_rest = {
    0x1.5555555555555p-1, 0x1.9999999999a39p-2, 0x1.2492492476a1ap-2, 0x1.c71c7201a55d7p-3,
    0x1.745cf8e4bba1bp-3, 0x1.3b1c3c1c81c8fp-3, 0x1.0fbde0f4ad17bp-3, 0x1.0c0aff044a970p-3,
};

/// With z = s^2, (2 artanh(s) - 2 s - 2/3 s^3) / s^5 for |s| <= 0.172, to 2^-58.
constexpr std::array log_rest_2 = {
    0x1.999999999999ap-2, 0x1.2492492492522p-2, 0x1.c71c71c6ea5acp-3, 0x1.745d177ad436ap-3,
    0x1.3b1395b82701ep-3, 0x1.1118cd67251c5p-3, 0x1.df7ba1f4809c3p-4, 0x1.e03a7acf07f85p-4,
};

/// e^r - 1 for |r| <= 0.347.
pair exp_minus_1(pair r) {
    return sum_ordered(r.hi, r.lo + r.hi * r.hi * polynomial(exp_rest, r.hi));
}

/// e^r * 2^k for |r| <= 0.347.
double exp_scaled(pair r, int k) {
    const pair one_and_r = sum_ordered(1, r.hi);
    const double rest = r.lo + r.hi * r.hi * polynomial(exp_rest, r.hi);
    return scaled(one_and_r.hi + (one_and_r.lo + rest), k);
}

/// x - k ln 2, with k the whole number that makes it smallest.
struct reduced {
    pair rest;
    int k;
};

reduced reduce(double x) {
    const double k = nearest(x * log2_e.hi);
    const double hi = x - k * ln2_cut.hi; // exact
    return {sum(hi, -(k * ln2_cut.lo)), static_cast<int>(k)};
}

/// x = fraction * 2^exponent with sqrt(1/2) < fraction <= sqrt(2), about.
parts split_around_1(double x) {
    const parts p = split(x);
    return p.fraction > 0x1.6a09e667f3bcdp+0 ? parts{p.fraction / 2, p.exponent + 1} : p;
}

/// ln m to about 2^-65 of itself, for m around 1: 2 artanh(s) with s = (m - 1) / (m + 1).
pair log_near_1(double m) {
    const pair s = quotient({m - 1, 0}, sum(m, 1));
    const pair z = product(s, s);
    const pair cube = product(s, z);
    const pair second = product(cube, {0x1.5555555555555p-1, 0x1.5555555555555p-55}); // 2/3
    const double tail = cube.hi * z.hi * polynomial(log_rest_2, z.hi);
    const pair head = sum_ordered(2 * s.hi, second.hi);
    return sum_ordered(head.hi, head.lo + (2 * s.lo + (second.lo + tail)));
}

/// What a logarithm gives where its argument is not a positive, finite number.
double log_special(double x) {
    if (x == 0) return -infinity;
    return x > 0 ? infinity : nan;
}

bool positive_and_finite(double x) { return x > 0 && x < infinity; }

pair log2_pair(double x) {
    const auto [m, k] = split_around_1(x);
    const pair l = product(log_near_1(m), log2_e);
    const pair whole = sum_ordered(k, l.hi);
    return k == 0 ? l : sum_ordered(whole.hi, whole.lo + l.lo);
}

enum class parity { fraction, odd, even };

parity parity_of(double y) {
    y = abs(y);
    if (y >= 0x1p53) return parity::even;
    const auto whole = static_cast<std::uint64_t>(y);
    if (static_cast<double>(whole) != y) return parity::fraction;
    return whole & 1 ? parity::odd : parity::even;
}

/// x^y for x > 0 and finite, y finite and not 0.
double pow_positive(double x, double y) {
    const pair l = log2_pair(x);
    const double about = y * l.hi;
    if (about > 1100) return infinity;
    if (about < -1100) return 0;
    if (abs(about) < 0x1p-60) return 1;
    const pair exponent = product({y, 0}, l);
    const double k = nearest(exponent.hi);
    const pair rest = sum(exponent.hi - k, exponent.lo);
    return exp_scaled(product(rest, ln2), static_cast<int>(k));
}

/// The cases of pow that need no computation; `compute`, a function like pow_positive, for the
/// rest.
template <class Function>
double pow_by(double x, double y, Function compute) {
    if (y == 0 || x == 1) return 1;
    if (x != x || y != y) return nan;
    const double size = abs(x);
    if (abs(y) == infinity) {
        if (size == 1) return 1;
        return (size > 1) == (y > 0) ? infinity : 0;
    }
    const bool ends = size == 0 || size == infinity;
    const parity p = parity_of(y);
    if (x < 0 && p == parity::fraction && !ends) return nan;
    double result = 0;
    if (!ends) {
        result = compute(size, y);
    } else if ((size == 0) == (y < 0)) {
        result = infinity;
    }
    return p == parity::odd ? copysign(result, x) : result;
}

} // namespace

double exp(double x) {
    if (x != x) return nan;
    if (x > 710) return infinity;
    if (x < -746) return 0;
    const auto [rest, k] = reduce(x);
    return exp_scaled(rest, k);
}

double exp2(double x) {
    if (x != x) return nan;
    if (x >= 1024) return infinity;
    if (x < -1076) return 0;
    const double k = nearest(x);
    if (abs(x - k) < 0x1p-60) return scaled(1.0, static_cast<int>(k));
    return exp_scaled(product({x - k, 0}, ln2), static_cast<int>(k));
}

double log(double x) {
    if (!positive_and_finite(x)) return log_special(x);
    const auto [m, k] = split_around_1(x);
    const double f = m - 1;
    const double s = f / (2 + f);
    const double z = s * s;
    // 2 s = f - (h - s h) with h = f^2 / 2, which keeps the exact f as the leading term.
    const double h = 0.5 * f * f;
    const double rest = s * (h + z * polynomial(log_rest, z)) + k * ln2_cut.lo;
    return k * ln2_cut.hi - ((h - rest) - f);
}

double log2(double x) {
    if (!positive_and_finite(x)) return log_special(x);
    return log2_pair(x).hi;
}

double log10(double x) {
    if (!positive_and_finite(x)) return log_special(x);
    const auto [m, k] = split_around_1(x);
    const pair l = product(log_near_1(m), log10_e);
    const pair whole = sum(k * log10_2_cut.hi, l.hi);
    return whole.hi + (whole.lo + (l.lo + k * log10_2_cut.lo));
}

double pow(double x, double y) { return pow_by(x, y, pow_positive); }

/// A logarithm in double has bits enough for this.
float pow(float x, float y) {
    const auto compute = [](double size, double exponent) { return exp(exponent * log(size)); };
    return detail::narrow(pow_by(x, y, compute));
}

double tanh(double x) {
    if (x != x) return nan;
    const double size = abs(x);
    if (size < 0x1p-28) return x;
    if (size > 22) return copysign(1, x);
    // (E - 1) / (E + 1) with E = e^(2 |x|) = 2^k (1 + p)
    const auto [rest, k] = reduce(2 * size);
    const pair p = exp_minus_1(rest);
    const double scale = power_of_two(k);
    const auto plus = [&](double one) {
        const pair whole = sum(scale, one);
        const pair all = sum(whole.hi, scale * p.hi);
        return pair{all.hi, all.lo + (whole.lo + scale * p.lo)};
    };
    const pair q = quotient(plus(-1), plus(1));
    return copysign(q.hi + q.lo, x);
}

} // namespace kay::math
