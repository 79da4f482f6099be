// SPDX-License-Identifier: MIT
//
// Cube root, hypotenuse, remainder.
#include "math_parts.hpp"

#include <algorithm>

namespace kay::math {
namespace {

/// The cube root of 1 <= m < 8 to 2^-8, by a Chebyshev expansion.
constexpr std::array cbrt_guess = {
    0x1.4ecb7ee28e2bbp-1, 0x1.a612e6bf7887cp-2,   -0x1.166aa5a8ad33cp-4,
    0x1.ca0ace5bab84ep-8, -0x1.2e387317adddep-12,
};

} // namespace

/// Two steps of Halley's method, each of which triples the digits. Before the second the guess is
/// cut to 26 bits, so that its square is exact and the last step adds almost no error (Kahan:
/// Computing a Real Cube Root, 1991).
double cbrt(double x) {
    if (x != x) return nan;
    const double size = abs(x);
    if (size == 0 || size == infinity) return x;
    auto [m, exponent] = split(size);
    const int third = (exponent + 3 * 400) / 3 - 400; // rounded down
    m = m * power_of_two(exponent - 3 * third);       // 1 <= m < 8
    double t = polynomial(cbrt_guess, m);
    const double cube = t * t * t;
    t = t * ((cube + 2 * m) / (2 * cube + m));
    t = std::bit_cast<double>(std::bit_cast<std::uint64_t>(t) & ~std::uint64_t{0x7ffffff});
    const double r = m / (t * t);
    t = t + t * ((r - t) / (2 * t + r));
    return copysign(scaled(t, third), x);
}

/// The sum of squares as a pair, its root, and one correction (Borges: An Improved Algorithm for
/// hypot(a, b), 2019).
double hypot(double x, double y) {
    x = abs(x);
    y = abs(y);
    if (x == infinity || y == infinity) return infinity;
    if (x != x || y != y) return nan;
    if (x < y) std::swap(x, y);
    if (y == 0) return x;
    const int exponent = split(x).exponent;
    if (exponent - split(y).exponent > 60) return x + y;
    x = scaled(x, -exponent);
    y = scaled(y, -exponent);
    const pair xx = product(x, x), yy = product(y, y);
    const pair s = sum_ordered(xx.hi, yy.hi);
    const pair h = root({s.hi, s.lo + (xx.lo + yy.lo)});
    return scaled(h.hi + h.lo, exponent);
}

/// Long division of the whole numbers that the fractions are, eleven binary digits at a time.
double fmod(double x, double y) {
    const double size = abs(x), divisor = abs(y);
    if (!(size < infinity) || divisor == 0 || y != y) return nan;
    if (size < divisor) return x;
    const auto [x_fraction, x_exponent] = split(size);
    const auto [y_fraction, y_exponent] = split(divisor);
    auto rest = static_cast<std::uint64_t>(x_fraction * 0x1p52);
    const auto by = static_cast<std::uint64_t>(y_fraction * 0x1p52);
    rest %= by;
    for (int digits = x_exponent - y_exponent; digits > 0 && rest != 0;) {
        const int step = std::min(digits, 11);
        rest = (rest << step) % by;
        digits -= step;
    }
    return copysign(scaled(static_cast<double>(rest), y_exponent - 52), x);
}

} // namespace kay::math
