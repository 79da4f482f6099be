// SPDX-License-Identifier: MIT
//
// Random variables made of a generator's bits: the same on every platform, which those of the
// standard library are not. A generator gives all values of 32 or of 64 bits: kay's random_stream,
// std::mt19937, std::mt19937_64. Nothing else is shared: any thread may draw from its own
// generator.
#pragma once

#include <kay/core/assert.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

namespace kay {

/// Gives all values of 32 or of 64 bits.
template <class G>
concept bit_generator = requires(G& g) {
    { g() } -> std::unsigned_integral;
    requires G::min() == 0; // as in std::uniform_random_bit_generator, whose header is long
    requires G::max() == std::numeric_limits<std::uint64_t>::max() ||
                     G::max() == std::numeric_limits<std::uint32_t>::max();
};

namespace detail {

template <bit_generator G>
std::uint64_t bits_64(G& g) {
    if constexpr (G::max() == std::numeric_limits<std::uint64_t>::max()) {
        return g();
    } else {
        const std::uint64_t low = g();
        return low | std::uint64_t{g()} << 32;
    }
}

struct product_128 {
    std::uint64_t high;
    std::uint64_t low;
};

constexpr product_128 multiply(std::uint64_t a, std::uint64_t b) {
    __extension__ using uint128 = unsigned __int128;
    const uint128 p = static_cast<uint128>(a) * b;
    return {static_cast<std::uint64_t>(p >> 64), static_cast<std::uint64_t>(p)};
}

/// A double in [0, 1): 53 bits.
constexpr double unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

double normal_from(std::uint64_t radius_bits, std::uint64_t angle_bits);
double exponential_from(std::uint64_t bits);

/// Poisson numbers of a mean, from any source of pairs of random words.
class poisson_rule {
public:
    explicit poisson_rule(double mean);

    /// Whether these two words give a number, and which. Try with fresh ones until they do.
    bool accepts(std::uint64_t u_bits, std::uint64_t v_bits, std::uint64_t& number) const;

private:
    bool accepts_large(double u, double v, std::uint64_t& number) const;

    double mean_;
    double a_ = 0, b_ = 0, inverse_alpha_ = 0, quick_ = 0, log_mean_ = 0; // for large means
    double none_ = 0;                                                     // e^-mean, for small ones
};

} // namespace detail

/// Evenly in [0, 1), a multiple of 2^-53. Draws 64 bits.
template <bit_generator G>
double uniform01(G& g) {
    return detail::unit(detail::bits_64(g));
}

/// Evenly in [low, high); `high` itself may come where rounding leads there. Draws 64 bits.
/// Requires finite numbers, low <= high and a finite difference.
template <bit_generator G>
double uniform_real(G& g, double low, double high) {
    const double width = high - low;
    KAY_ASSERT(width >= 0 && width <= std::numeric_limits<double>::max());
    return low + width * uniform01(g);
}

/// Evenly in [low, high], both included, without bias. Draws 64 bits, rarely more (Lemire: Fast
/// Random Integer Generation in an Interval, 2019). Requires low <= high.
template <std::integral T, bit_generator G>
T uniform_int(G& g, T low, std::type_identity_t<T> high) {
    KAY_ASSERT(low <= high);
    const auto base = static_cast<std::uint64_t>(low);
    const std::uint64_t count = static_cast<std::uint64_t>(high) - base + 1; // 0 stands for 2^64
    if (count == 0) return static_cast<T>(detail::bits_64(g));
    auto scaled = detail::multiply(detail::bits_64(g), count);
    if (scaled.low < count) [[unlikely]] {
        const std::uint64_t surplus = (0 - count) % count; // 2^64 modulo count
        while (scaled.low < surplus) scaled = detail::multiply(detail::bits_64(g), count);
    }
    return static_cast<T>(base + scaled.high);
}

/// True with this probability. Draws 64 bits. Requires 0 <= probability <= 1.
template <bit_generator G>
bool bernoulli(G& g, double probability) {
    KAY_ASSERT(probability >= 0 && probability <= 1);
    return uniform01(g) < probability;
}

/// Normal (Gaussian). Draws 128 bits; never further than 8.6 deviations out (Box and Muller: A Note
/// on the Generation of Random Normal Deviates, 1958). Requires deviation >= 0.
template <bit_generator G>
double normal(G& g, double mean, double deviation) {
    KAY_ASSERT(deviation >= 0);
    const std::uint64_t radius = detail::bits_64(g);
    return mean + deviation * detail::normal_from(radius, detail::bits_64(g));
}

/// Exponential, of mean 1 / rate: the time to the next of events that come `rate` times a unit.
/// Draws 64 bits. Requires rate > 0.
template <bit_generator G>
double exponential(G& g, double rate) {
    KAY_ASSERT(rate > 0);
    return detail::exponential_from(detail::bits_64(g)) / rate;
}

/// Poisson: how many of independent events happen when `mean` are expected. Draws 128 bits, and
/// again at times. Requires 0 <= mean <= 1e9.
template <bit_generator G>
std::uint64_t poisson(G& g, double mean) {
    const detail::poisson_rule rule(mean);
    std::uint64_t number = 0;
    for (bool done = false; !done;) {
        const std::uint64_t u = detail::bits_64(g);
        done = rule.accepts(u, detail::bits_64(g), number);
    }
    return number;
}

/// An index, each with a probability in proportion to its weight. Draws 64 bits; cost linear.
/// Requires finite weights, none negative, and a finite sum above 0.
template <bit_generator G>
std::size_t weighted_index(G& g, std::span<const double> weights) {
    double total = 0;
    std::size_t last = 0; // of those that can come
    for (std::size_t i = 0; i < weights.size(); ++i) {
        KAY_ASSERT(weights[i] >= 0);
        total += weights[i];
        if (weights[i] > 0) last = i;
    }
    KAY_ASSERT(total > 0 && total <= std::numeric_limits<double>::max());
    const double at = uniform01(g) * total;
    double below = 0;
    for (std::size_t i = 0; i < last; ++i) {
        below += weights[i];
        if (at < below) return i;
    }
    return last;
}

/// Brings the elements of a span, array or vector into any order, all orders alike (Durstenfeld:
/// Algorithm 235, 1964).
template <bit_generator G, class Range>
    requires requires(Range& r) { std::span(r); }
void shuffle(G& g, Range&& range) {
    const std::span elements(range);
    using std::swap;
    for (std::size_t left = elements.size(); left > 1; --left)
        swap(elements[left - 1], elements[uniform_int<std::size_t>(g, 0, left - 1)]);
}

/// One of the elements of a span, array or vector, each as likely as the others. Requires that
/// there is one.
template <bit_generator G, class Range>
    requires requires(Range& r) { std::span(r); }
auto& pick(G& g, Range&& range) {
    const std::span elements(range);
    KAY_ASSERT(!elements.empty());
    return elements[uniform_int<std::size_t>(g, 0, elements.size() - 1)];
}

} // namespace kay
