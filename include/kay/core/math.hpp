// SPDX-License-Identifier: MIT
//
// Elementary functions that give the same bits with every compiler and on every platform, which
// those of libm do not. Made of + - * / and square roots, which IEEE 754 fixes, and of operations
// on bits. They need the default rounding mode, subnormal numbers switched on, and their sources
// compiled with -ffp-contract=off. Pure functions: any thread may call them.
//
// Errors are in units in the last place (ulp) of the true value, at most: 1 where no comment says
// less, and 0.5 more where a result is subnormal. The tests hold these bounds. All float versions
// compute in double and round once more: at most 0.51 ulp.
// Special arguments give what Annex F of the C standard says. Whatever is not a number comes back
// as one and the same quiet NaN.
#pragma once

#include <bit>
#include <cfloat>
#include <cstdint>
#include <limits>

#ifdef __FAST_MATH__
#error "kay: -ffast-math lets every compiler compute something else"
#endif
#if FLT_EVAL_METHOD != 0
#error "kay: needs arithmetic in the precision of its operands (on x86: SSE2)"
#endif

namespace kay::math {

double exp(double x);
double exp2(double x);
double log(double x);
double log2(double x);  ///< 0.51 ulp; powers of two give whole numbers
double log10(double x); ///< 0.51 ulp; powers of ten give whole numbers
double pow(double x, double y);
float pow(float x, float y); ///< much faster than that of doubles
double tanh(double x);

/// Finite arguments of any size are in order: below 2^20 they are reduced with pi/2 in four parts
/// (Cody and Waite), beyond with the digits of 2/pi that count (Payne and Hanek), which costs about
/// four times as much. An infinity gives NaN.
double sin(double x);
double cos(double x);
double tan(double x);

struct sin_and_cos {
    double sin;
    double cos;
};
/// Both, at little more than the cost of one.
sin_and_cos sin_cos(double x);

double asin(double x);            ///< 0.51 ulp
double acos(double x);            ///< 0.51 ulp
double atan(double x);            ///< 0.51 ulp
double atan2(double y, double x); ///< 0.51 ulp

double cbrt(double x);            ///< 0.67 ulp
double hypot(double x, double y); ///< 0.51 ulp; neither overflows nor underflows on the way
double fmod(double x, double y);  ///< exact; the sign of x

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// The value without its sign.
constexpr double abs(double x) {
    return x == x ? std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) << 1 >> 1) : nan;
}

/// The size of x with the sign of y. A NaN as size stays the one NaN.
constexpr double copysign(double x, double y) {
    if (x != x) return nan;
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    const auto bits =
        (std::bit_cast<std::uint64_t>(x) & ~sign) | (std::bit_cast<std::uint64_t>(y) & sign);
    return std::bit_cast<double>(bits);
}

/// Correctly rounded, as IEEE 754 demands.
inline double sqrt(double x) { return x >= 0 ? __builtin_sqrt(x) : x == 0 ? x : nan; }

/// Towards zero. Exact, as are the next three; all keep the sign of a zero.
constexpr double trunc(double x) {
    if (abs(x) < 0x1p52) return copysign(static_cast<double>(static_cast<std::int64_t>(x)), x);
    return x == x ? x : nan; // no number of this size has a fraction
}
constexpr double floor(double x) {
    const double whole = trunc(x);
    return whole > x ? whole - 1 : whole;
}
constexpr double ceil(double x) {
    const double whole = trunc(x);
    return whole < x ? whole + 1 : whole;
}
/// To the nearest, halves away from zero.
constexpr double round(double x) {
    const double whole = trunc(x);
    return abs(x - whole) >= 0.5 ? whole + copysign(1, x) : whole;
}

namespace detail {
constexpr float narrow(double x) {
    return x == x ? static_cast<float>(x) : std::numeric_limits<float>::quiet_NaN();
}
} // namespace detail

inline float exp(float x) { return detail::narrow(exp(double{x})); }
inline float exp2(float x) { return detail::narrow(exp2(double{x})); }
inline float log(float x) { return detail::narrow(log(double{x})); }
inline float log2(float x) { return detail::narrow(log2(double{x})); }
inline float log10(float x) { return detail::narrow(log10(double{x})); }
inline float tanh(float x) { return detail::narrow(tanh(double{x})); }
inline float sin(float x) { return detail::narrow(sin(double{x})); }
inline float cos(float x) { return detail::narrow(cos(double{x})); }
inline float tan(float x) { return detail::narrow(tan(double{x})); }
inline float asin(float x) { return detail::narrow(asin(double{x})); }
inline float acos(float x) { return detail::narrow(acos(double{x})); }
inline float atan(float x) { return detail::narrow(atan(double{x})); }
inline float atan2(float y, float x) { return detail::narrow(atan2(double{y}, double{x})); }
inline float cbrt(float x) { return detail::narrow(cbrt(double{x})); }
inline float hypot(float x, float y) { return detail::narrow(hypot(double{x}, double{y})); }
inline float fmod(float x, float y) { return detail::narrow(fmod(double{x}, double{y})); }
inline float sqrt(float x) { return detail::narrow(sqrt(double{x})); }
constexpr float abs(float x) { return detail::narrow(abs(double{x})); }
constexpr float copysign(float x, float y) {
    return detail::narrow(copysign(double{x}, double{y}));
}
constexpr float trunc(float x) { return detail::narrow(trunc(double{x})); }
constexpr float floor(float x) { return detail::narrow(floor(double{x})); }
constexpr float ceil(float x) { return detail::narrow(ceil(double{x})); }
constexpr float round(float x) { return detail::narrow(round(double{x})); }

} // namespace kay::math
