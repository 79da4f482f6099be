// SPDX-License-Identifier: MIT
//
// Inverse trigonometric functions. All of them are the angle of a point in the first octant, added
// to or taken from a multiple of pi/2. Table and pairs of doubles as in Muller: Elementary
// Functions, 3rd ed. 2016, chapter 6.
#include "math_parts.hpp"

namespace kay::math {
namespace {

constexpr pair half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
constexpr pair pi = {0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53};

/// atan(i / 8)
constexpr std::array<pair, 9> eighths = {{
    {0, 0},
    {0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
    {0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
    {0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
    {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
    {0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
    {0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
    {0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
    {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
}};

/// With z = u^2, (atan u - u) / u^3 for |u| <= 0.0635, to 2^-62.
constexpr std::array atan_rest = {
    -0x1.5555555555555p-2, 0x1.9999999999941p-3,  -0x1.24924924535bbp-3,
    0x1.c71c6fbea224dp-4,  -0x1.745949e083fe7p-4, 0x1.37cbadc262325p-4,
};

/// atan(n / d) for 0 <= n <= d, d around 1, n 0 or above 2^-100.
pair octant_angle(pair n, pair d) {
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): either neighbour will do
    const auto i = static_cast<unsigned>(n.hi / d.hi * 8 + 0.5);
    const double c = i * 0.125;
    // atan(n / d) - atan(c) = atan(u) with u = (n - c d) / (d + c n)
    const pair cd = product(c, d.hi);
    const pair above = sum(n.hi, -cd.hi);
    const pair cn = product(c, n.hi);
    const pair below = sum(d.hi, cn.hi);
    const pair u = quotient({above.hi, above.lo + (n.lo - c * d.lo - cd.lo)},
                            {below.hi, below.lo + (d.lo + c * n.lo + cn.lo)});
    const double z = u.hi * u.hi;
    const pair head = sum_ordered(eighths[i].hi, u.hi);
    return {head.hi, head.lo + (eighths[i].lo + (u.lo + u.hi * z * polynomial(atan_rest, z)))};
}

/// base + angle or base - angle, rounded.
double from(pair base, pair angle) {
    const pair s = sum_ordered(base.hi, angle.hi);
    return s.hi + (s.lo + (base.lo + angle.lo));
}

pair minus(pair a) { return {-a.hi, -a.lo}; }

/// The other side of a triangle with hypotenuse 1: sqrt(1 - x^2). Requires 2^-400 < |x| <= 1.
pair other_side(double x) {
    const pair square = product(x, x);
    const pair rest = sum(1, -square.hi);
    return root(sum_ordered(rest.hi, rest.lo - square.lo));
}

} // namespace

double asin(double x) {
    const double size = abs(x);
    if (!(size <= 1)) return nan;
    if (size < 0x1p-27) return x;
    const pair a = {size, 0}, b = other_side(size);
    const pair zero = {0, 0};
    const double angle =
        a.hi <= b.hi ? from(zero, octant_angle(a, b)) : from(half_pi, minus(octant_angle(b, a)));
    return copysign(angle, x);
}

double acos(double x) {
    const double size = abs(x);
    if (!(size <= 1)) return nan;
    if (size < 0x1p-60) return half_pi.hi;
    const pair a = {size, 0}, b = other_side(size);
    if (a.hi <= b.hi) {
        const pair angle = octant_angle(a, b);
        return from(half_pi, x < 0 ? angle : minus(angle));
    }
    const pair angle = octant_angle(b, a);
    const pair zero = {0, 0};
    return x < 0 ? from(pi, minus(angle)) : from(zero, angle);
}

double atan2(double y, double x) {
    if (x != x || y != y) return nan;
    double n = abs(y), d = abs(x);
    if (n == infinity && d == infinity) n = d = 1;
    const bool steep = n > d;
    if (steep) {
        const double other = n;
        n = d;
        d = other;
    }
    const bool left = copysign(1, x) < 0;
    pair angle = {0, 0};
    if (n != 0 && d != infinity) {
        const int exponent = split(d).exponent;
        const int behind = exponent - split(n).exponent;
        if (behind < 80) {
            angle = octant_angle({scaled(n, -exponent), 0}, {scaled(d, -exponent), 0});
        } else if (!steep && !left) {
            return copysign(n / d, y); // the angle is its tangent; it may be subnormal
        }
    }
    const pair zero = {0, 0};
    const double size = steep  ? from(half_pi, left ? angle : minus(angle))
                         : left ? from(pi, minus(angle))
                               : from(zero, angle);
    return copysign(size, y);
}

double atan(double x) { return atan2(x, 1); }

} // namespace kay::math
