// SPDX-License-Identifier: MIT
//
// The parts of random variables that need no generator's type.
#include <kay/core/distributions.hpp>

#include <kay/core/math.hpp>

#include <array>

namespace kay::detail {
namespace {

constexpr double two_pi = 0x1.921fb54442d18p+2;
constexpr double half_log_two_pi = 0x1.d67f1c864beb4p-1;

/// Below this mean the cumulative probabilities are added up, above it numbers are rejected.
constexpr double mean_small = 10;

/// ln(n!): small ones multiplied out, else Stirling's series, its next term below 1e-13.
double log_factorial(double n) {
    if (n < 16) {
        double product = 1;
        for (double i = 2; i <= n; ++i) product *= i;
        return math::log(product);
    }
    const double r = 1 / n, rr = r * r;
    const double series = r * (1.0 / 12 - rr * (1.0 / 360 - rr * (1.0 / 1260 - rr * (1.0 / 1680))));
    return (n + 0.5) * math::log(n) - n + half_log_two_pi + series;
}

} // namespace

double normal_from(std::uint64_t radius_bits, std::uint64_t angle_bits) {
    const double radius = math::sqrt(2 * exponential_from(radius_bits));
    return radius * math::cos(two_pi * unit(angle_bits));
}

double exponential_from(std::uint64_t bits) { return math::abs(math::log(1 - unit(bits))); }

/// Constants of the rejection: Hörmann: The Transformed Rejection Method for Generating Poisson
/// Random Variables (1993), algorithm PTRS.
poisson_rule::poisson_rule(double mean) : mean_(mean) {
    KAY_ASSERT(mean >= 0 && mean <= 1e9);
    if (mean < mean_small) {
        none_ = math::exp(-mean);
        return;
    }
    b_ = 0.931 + 2.53 * math::sqrt(mean);
    a_ = -0.059 + 0.02483 * b_;
    inverse_alpha_ = 1.1239 + 1.1328 / (b_ - 3.4);
    quick_ = 0.9277 - 3.6224 / (b_ - 2);
    log_mean_ = math::log(mean);
}

bool poisson_rule::accepts(std::uint64_t u_bits, std::uint64_t v_bits,
                           std::uint64_t& number) const {
    if (mean_ >= mean_small) return accepts_large(unit(u_bits) - 0.5, 1 - unit(v_bits), number);
    // The number at which the sum of the probabilities passes u; past 100 nothing is left of 2^-53.
    const double u = unit(u_bits);
    double probability = none_, passed = none_;
    number = 0;
    while (u >= passed && number < 100) {
        ++number;
        probability *= mean_ / static_cast<double>(number);
        passed += probability;
    }
    return true;
}

bool poisson_rule::accepts_large(double u, double v, std::uint64_t& number) const {
    const double edge = 0.5 - math::abs(u);
    const double k = math::floor((2 * a_ / edge + b_) * u + mean_ + 0.43);
    if (!(k >= 0 && k < 0x1p53)) return false;
    number = static_cast<std::uint64_t>(k);
    if (edge >= 0.07 && v <= quick_) return true;
    if (edge < 0.013 && v > edge) return false;
    return math::log(v * inverse_alpha_ / (a_ / (edge * edge) + b_)) <=
           k * log_mean_ - mean_ - log_factorial(k);
}

} // namespace kay::detail
