// SPDX-License-Identifier: MIT
//
// Errors of the elementary functions against libm's long double, and their special values.
#include <kay/core/distributions.hpp>
#include <kay/core/math.hpp>
#include <kay/core/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace math = kay::math;
using extended = long double;
using numbers = std::function<double(kay::random_stream&)>;

/// What the reference itself may be wrong by, in ulp of double or float.
constexpr double slack = LDBL_MANT_DIG >= 64 ? 0.002 : 1.1;

/// Error of `got` in ulp of T at `truth`; an infinity counts as the number after the largest. Of
/// subnormal doubles the half that is allowed in addition is left out.
template <class T>
double error_of(T got, extended truth) {
    using limits = std::numeric_limits<T>;
    if (got != got || truth != truth) return (got != got) == (truth != truth) ? 0 : 1e30;
    const extended end = std::ldexp(extended{1}, limits::max_exponent);
    const auto number = [&](extended x) { return std::clamp(x, -end, end); };
    int exponent = 0;
    (void)std::frexp(number(truth), &exponent);
    exponent = std::max(exponent - limits::digits, limits::min_exponent - limits::digits);
    exponent = std::min(exponent, limits::max_exponent - limits::digits);
    const extended ulp = std::ldexp(extended{1}, exponent);
    const auto error = static_cast<double>(std::abs(number(got) - number(truth)) / ulp);
    const bool subnormal = sizeof(T) == 8 && std::abs(truth) < limits::min();
    return subnormal ? std::max(0.0, error - 0.5) : error;
}

numbers between(double low, double high) {
    return [=](auto& random) { return kay::uniform_real(random, low, high); };
}

/// Of both signs, with exponents evenly between these.
numbers sizes(double low, double high) {
    return [=](auto& random) {
        const double size = std::exp2(kay::uniform_real(random, low, high));
        return kay::bernoulli(random, 0.5) ? size : -size;
    };
}

numbers positive(double low, double high) {
    return [=](auto& random) { return std::abs(sizes(low, high)(random)); };
}

/// 1 and what lies around it, ever closer.
numbers near_1() {
    return [](auto& random) { return 1 + sizes(-54, -1)(random); };
}

/// The doubles around multiples of pi/2, up to 2^20 and beyond.
numbers near_quarters(double quarters) {
    return [=](auto& random) {
        const double k = math::floor(kay::uniform_real(random, 1, quarters));
        double x = static_cast<double>(k * 1.57079632679489661923132169163975144L);
        for (int i = kay::uniform_int(random, -2, 2); i != 0; i += i < 0 ? 1 : -1)
            x = std::nextafter(x, i < 0 ? -1e300 : 1e300);
        return x;
    };
}

struct one_argument {
    const char* name;
    double (*function)(double);
    float (*narrow)(float);
    extended (*reference)(extended);
    double ulp_max;
    std::vector<numbers> arguments;
};

struct two_arguments {
    const char* name;
    double (*function)(double, double);
    float (*narrow)(float, float);
    extended (*reference)(extended, extended);
    double ulp_max;
    std::vector<std::pair<numbers, numbers>> arguments;
};

const std::vector<numbers> angles = {
    between(-1, 1),     between(-10, 10),    sizes(-1074, 1), between(-1.1e6, 1.1e6),
    near_quarters(6e5), near_quarters(1e15), sizes(20, 1024),
};
const std::vector<numbers> within_1 = {between(-1, 1), sizes(-1074, 0), near_1()};
const std::vector<numbers> any_positive = {between(0.5, 2), positive(-1074, 1024), near_1()};
const std::vector<std::pair<numbers, numbers>> points = {
    {between(-1, 1), between(-1, 1)},
    {sizes(-20, 20), sizes(-20, 20)},
    {sizes(-1074, 1024), sizes(-1074, 1024)},
    {sizes(-1074, -1000), sizes(-1074, -1000)},
};

const std::vector<numbers> exponents = {between(-1, 1), between(-746, 710), sizes(-80, 0)};
const std::vector<numbers> binary_exponents = {between(-1, 1), between(-1076, 1025), sizes(-80, 0)};
const std::vector<numbers> tanh_arguments = {between(-1, 1), between(-25, 25), sizes(-1074, 0)};
const std::vector<numbers> slopes = {between(-2, 2), sizes(-30, 30), sizes(-1074, 1024)};
const std::vector<numbers> cubes = {between(1, 8), sizes(-1074, 1024)};
const std::vector<numbers> fractions = {between(-9, 9), sizes(-2, 60), sizes(-1074, 1024)};

const std::vector<one_argument> of_one = {
    {"exp", math::exp, math::exp, std::exp, 1, exponents},
    {"exp2", math::exp2, math::exp2, std::exp2, 1, binary_exponents},
    {"log", math::log, math::log, std::log, 1, any_positive},
    {"log2", math::log2, math::log2, std::log2, 0.51, any_positive},
    {"log10", math::log10, math::log10, std::log10, 0.51, any_positive},
    {"tanh", math::tanh, math::tanh, std::tanh, 1, tanh_arguments},
    {"sin", math::sin, math::sin, std::sin, 1, angles},
    {"cos", math::cos, math::cos, std::cos, 1, angles},
    {"tan", math::tan, math::tan, std::tan, 1, angles},
    {"asin", math::asin, math::asin, std::asin, 0.51, within_1},
    {"acos", math::acos, math::acos, std::acos, 0.51, within_1},
    {"atan", math::atan, math::atan, std::atan, 0.51, slopes},
    {"cbrt", math::cbrt, math::cbrt, std::cbrt, 0.67, cubes},
    {"sqrt", math::sqrt, math::sqrt, std::sqrt, 0.5, any_positive},
    {"floor", math::floor, math::floor, std::floor, 0, fractions},
    {"ceil", math::ceil, math::ceil, std::ceil, 0, fractions},
    {"round", math::round, math::round, std::round, 0, fractions},
    {"trunc", math::trunc, math::trunc, std::trunc, 0, fractions},
};

const std::vector<std::pair<numbers, numbers>> powers = {
    {between(0, 10), between(-10, 10)},
    {between(0.5, 2), between(-1100, 1100)},
    {positive(-1074, 1024), between(-3, 3)},
    {near_1(), sizes(0, 60)},
    {between(-9, 9), [](auto& random) { return math::floor(between(-99, 99)(random)); }},
};

const std::vector<two_arguments> of_two = {
    {"atan2", math::atan2, math::atan2, std::atan2, 0.51, points},
    {"hypot", math::hypot, math::hypot, std::hypot, 0.51, points},
    {"fmod", math::fmod, math::fmod, std::fmod, 0, points},
    {"pow", math::pow, math::pow, std::pow, 1, powers},
};

constexpr int draws = 20000;

TEST(math, keeps_its_bounds_of_error_for_one_argument) {
    for (const auto& f : of_one) {
        SCOPED_TRACE(f.name);
        for (std::size_t set = 0; set < f.arguments.size(); ++set) {
            kay::random_stream random(1, set, 0);
            for (int i = 0; i < draws; ++i) {
                const double x = f.arguments[set](random);
                ASSERT_LE(error_of(f.function(x), f.reference(x)), f.ulp_max + slack) << x;
                const auto y = static_cast<float>(x);
                ASSERT_LE(error_of(f.narrow(y), f.reference(y)), 0.51) << y;
            }
        }
    }
}

TEST(math, keeps_its_bounds_of_error_for_two_arguments) {
    for (const auto& f : of_two) {
        SCOPED_TRACE(f.name);
        for (std::size_t set = 0; set < f.arguments.size(); ++set) {
            kay::random_stream random(2, set, 0);
            for (int i = 0; i < draws; ++i) {
                const double x = f.arguments[set].first(random);
                const double y = f.arguments[set].second(random);
                ASSERT_LE(error_of(f.function(x, y), f.reference(x, y)), f.ulp_max + slack)
                    << x << ' ' << y;
                const auto u = static_cast<float>(x), v = static_cast<float>(y);
                ASSERT_LE(error_of(f.narrow(u, v), f.reference(u, v)), 0.51) << u << ' ' << v;
            }
        }
    }
}

TEST(math, reduces_the_angle_that_is_closest_to_a_quarter_turn) {
    // Muller: Elementary Functions, 3rd ed. 2016, section 11.3: the worst of all doubles.
    EXPECT_EQ(math::cos(6381956970095103 * 0x1p797), -4.68716592425462761112e-19);
}

TEST(math, gives_sine_and_cosine_at_once_as_it_does_one_by_one) {
    for (const auto& arguments : angles) {
        kay::random_stream random(3, 0, 0);
        for (int i = 0; i < 2000; ++i) {
            const double x = arguments(random);
            const auto [s, c] = math::sin_cos(x);
            ASSERT_EQ(s, math::sin(x)) << x;
            ASSERT_EQ(c, math::cos(x)) << x;
        }
    }
}

const double specials[] = {
    0.0,    -0.0,   1.0,       -1.0,    0.5,      -0.5,     1.5,       2.0,   -2.0,
    3.0,    -3.0,   2.5,       -2.5,    4.0,      1e300,    -1e300,    1e308, -1e308,
    0x1p53, 0x1p52, -0x1p53,   1e-300,  -1e-300,  5e-324,   -5e-324,   710,   -746,
    1024,   -1075,  0x1p-1022, DBL_MAX, -DBL_MAX, INFINITY, -INFINITY, NAN,   0x1p53 + 2,
};

/// The same class and sign as libm's: which of zero, infinity, NaN, number; numbers within a bound.
void expect_like(double got, double libm, double ulp_max, double x, double y = 0) {
    if (libm != libm) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(got), 0x7ff8000000000000u) << x << ' ' << y;
        return;
    }
    EXPECT_EQ(std::signbit(got), std::signbit(libm)) << x << ' ' << y;
    if (std::isinf(libm) || libm == 0) {
        EXPECT_EQ(got, libm) << x << ' ' << y;
    } else {
        EXPECT_LE(error_of(got, libm), ulp_max + 1) << x << ' ' << y;
    }
}

TEST(math, gives_the_special_values_of_the_c_standard) {
    for (const auto& f : of_one) {
        SCOPED_TRACE(f.name);
        for (double x : specials)
            expect_like(f.function(x), static_cast<double>(f.reference(x)), f.ulp_max, x);
    }
    for (const auto& f : of_two) {
        SCOPED_TRACE(f.name);
        for (double x : specials)
            for (double y : specials)
                expect_like(f.function(x, y), static_cast<double>(f.reference(x, y)), f.ulp_max, x,
                            y);
    }
}

TEST(math, gives_one_nan_for_floats_too) {
    for (const auto& f : of_one)
        EXPECT_EQ(std::bit_cast<std::uint32_t>(f.narrow(std::bit_cast<float>(0xffc01234u))),
                  0x7fc00000u)
            << f.name;
    EXPECT_EQ(std::bit_cast<std::uint32_t>(math::sqrt(-1.0f)), 0x7fc00000u);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(math::pow(-2.0f, 0.5f)), 0x7fc00000u);
}

TEST(math, is_exact_where_the_result_is_a_whole_number) {
    for (int k = -300; k <= 300; ++k)
        EXPECT_EQ(math::log10(std::stod("1e" + std::to_string(k))), k);
    for (int k = -1074; k < 1024; ++k) {
        EXPECT_EQ(math::log2(std::ldexp(1.0, k)), k);
        EXPECT_EQ(math::exp2(double(k)), std::ldexp(1.0, k));
        EXPECT_EQ(math::pow(2.0, double(k)), std::ldexp(1.0, k));
    }
    for (int k = 0; k <= 22; ++k) EXPECT_EQ(math::pow(10.0, double(k)), std::pow(10.0, double(k)));
    for (int k = -100; k <= 100; ++k) EXPECT_EQ(math::cbrt(double(k * k * k)), k);
    EXPECT_EQ(math::hypot(3.0, 4.0), 5);
    EXPECT_EQ(math::pow(10.0f, 2.0f), 100);
}

TEST(math, copies_signs_and_takes_them_away) {
    EXPECT_EQ(math::abs(-2.5), 2.5);
    EXPECT_EQ(math::abs(-2.5f), 2.5f);
    EXPECT_EQ(math::copysign(2.0, -0.0), -2);
    EXPECT_EQ(math::copysign(-2.0f, 3.0f), 2);
    EXPECT_FALSE(std::signbit(math::abs(-0.0)));
}

} // namespace
