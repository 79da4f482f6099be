// SPDX-License-Identifier: MIT
//
// Shapes of the random variables, from fixed seeds. Limits are set where a right implementation
// would fail one seed in ten thousand or fewer.
#include <kay/core/distributions.hpp>
#include <kay/core/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

namespace {

kay::random_stream stream(std::uint64_t seed) { return {seed, 0, 0}; }

/// How many standard deviations chi-square lies above what chance gives; by Wilson and Hilferty.
double chi_square_excess(const std::vector<double>& seen, const std::vector<double>& expected) {
    double chi = 0, freedom = -1;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        chi += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
        ++freedom;
    }
    const double spread = 2 / (9 * freedom);
    return (std::cbrt(chi / freedom) - (1 - spread)) / std::sqrt(spread);
}

double excess_over_even(const std::vector<double>& seen) {
    double total = 0;
    for (double s : seen) total += s;
    return chi_square_excess(seen, std::vector<double>(seen.size(), total / double(seen.size())));
}

/// Kolmogorov and Smirnov: the largest distance of the samples from their distribution, times the
/// root of their number. Above 2.2 by chance once in 16,000.
template <class Distribution>
double distance(std::vector<double> samples, Distribution cumulative) {
    std::sort(samples.begin(), samples.end());
    const auto n = static_cast<double>(samples.size());
    double largest = 0, below = 0;
    for (double sample : samples) {
        const double p = cumulative(sample);
        largest = std::max({largest, p - below / n, (below + 1) / n - p});
        ++below;
    }
    return largest * std::sqrt(n);
}

template <class Draw>
std::vector<double> draw(std::size_t count, Draw next) {
    std::vector<double> samples(count);
    for (double& s : samples) s = next();
    return samples;
}

TEST(uniform01, is_even_in_all_its_53_bits) {
    auto random = stream(1);
    std::vector<double> high(256), low(256);
    for (int i = 0; i < 200000; ++i) {
        const double x = kay::uniform01(random);
        ASSERT_TRUE(0 <= x && x < 1);
        ++high[static_cast<std::size_t>(x * 256)];
        ++low[static_cast<std::uint64_t>(x * 0x1p53) & 255];
    }
    EXPECT_LT(excess_over_even(high), 3.7);
    EXPECT_LT(excess_over_even(low), 3.7);
}

TEST(uniform01, takes_standard_generators_of_32_and_64_bits) {
    std::mt19937 narrow(5), narrow_again(5);
    std::mt19937_64 wide(5), wide_again(5);
    const std::uint64_t low = narrow_again();
    const std::uint64_t both = low | std::uint64_t{narrow_again()} << 32;
    EXPECT_EQ(kay::uniform01(narrow), static_cast<double>(both >> 11) * 0x1p-53);
    EXPECT_EQ(kay::uniform01(wide), static_cast<double>(wide_again() >> 11) * 0x1p-53);
}

TEST(uniform_real, is_even_between_its_bounds) {
    auto random = stream(2);
    const auto samples = draw(100000, [&] { return kay::uniform_real(random, -3, 5); });
    EXPECT_LT(distance(samples, [](double x) { return (x + 3) / 8; }), 2.2);
}

TEST(uniform_int, is_even_over_small_ranges) {
    auto random = stream(3);
    for (int count : {2, 3, 10, 100}) {
        std::vector<double> seen(static_cast<std::size_t>(count));
        for (int i = 0; i < 100000; ++i) ++seen[kay::uniform_int(random, -7, count - 8) + 7];
        EXPECT_LT(excess_over_even(seen), 3.7) << count;
    }
}

TEST(uniform_int, has_no_bias_where_the_range_does_not_divide_the_words) {
    // Of 2^64 words, multiplied without rejection, half would fall on every third number of these.
    auto random = stream(4);
    std::vector<double> seen(3);
    for (int i = 0; i < 30000; ++i)
        ++seen[kay::uniform_int<std::uint64_t>(random, 0, 3 * (std::uint64_t{1} << 62) - 1) % 3];
    EXPECT_LT(excess_over_even(seen), 3.7);
}

TEST(uniform_int, covers_ranges_of_every_width) {
    auto random = stream(5);
    using limits = std::numeric_limits<std::int64_t>;
    int negative = 0;
    for (int i = 0; i < 10000; ++i) {
        negative += kay::uniform_int(random, limits::min(), limits::max()) < 0;
        ASSERT_EQ(kay::uniform_int(random, 42, 42), 42);
    }
    EXPECT_NEAR(negative, 5000, 200);
    std::map<std::int8_t, int> bytes;
    for (int i = 0; i < 10000; ++i) ++bytes[kay::uniform_int(random, std::int8_t{-128}, 127)];
    EXPECT_EQ(bytes.size(), 256u);
}

TEST(bernoulli, is_true_as_often_as_it_should) {
    auto random = stream(6);
    for (double p : {0.001, 0.3, 0.5, 0.97}) {
        int yes = 0;
        for (int i = 0; i < 100000; ++i) yes += kay::bernoulli(random, p);
        EXPECT_NEAR(yes, 100000 * p, 4 * std::sqrt(100000 * p * (1 - p))) << p;
    }
    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(kay::bernoulli(random, 1));
        ASSERT_FALSE(kay::bernoulli(random, 0));
    }
}

TEST(normal, has_the_shape_mean_and_deviation_asked_for) {
    auto random = stream(7);
    constexpr double count = 200000;
    const auto samples = draw(200000, [&] { return kay::normal(random, 10, 3); });
    const auto cumulative = [](double x) { return std::erfc((10 - x) / 3 / std::sqrt(2)) / 2; };
    EXPECT_LT(distance(samples, cumulative), 2.2);
    double mean = 0, square = 0, fourth = 0;
    for (double x : samples) mean += x / count;
    for (double x : samples) {
        square += (x - mean) * (x - mean) / count;
        fourth += std::pow(x - mean, 4) / count;
    }
    EXPECT_NEAR(mean, 10, 4 * 3 / std::sqrt(count));
    EXPECT_NEAR(square, 9, 4 * 9 * std::sqrt(2 / count));
    EXPECT_NEAR(fourth, 3 * 81, 4 * 81 * std::sqrt(96 / count)); // tails
}

TEST(normal, has_no_correlation_from_one_to_the_next) {
    auto random = stream(8);
    double before = kay::normal(random, 0, 1), products = 0, of_squares = 0;
    for (int i = 0; i < 100000; ++i) {
        const double x = kay::normal(random, 0, 1);
        products += x * before;
        of_squares += (x * x - 1) * (before * before - 1);
        before = x;
    }
    EXPECT_NEAR(products, 0, 4 * std::sqrt(100000.0));
    EXPECT_NEAR(of_squares, 0, 4 * 2 * std::sqrt(100000.0));
}

TEST(exponential, has_the_shape_and_rate_asked_for) {
    auto random = stream(9);
    const auto samples = draw(100000, [&] { return kay::exponential(random, 4); });
    EXPECT_GE(*std::min_element(samples.begin(), samples.end()), 0);
    EXPECT_LT(distance(samples, [](double x) { return -std::expm1(-4 * x); }), 2.2);
}

TEST(poisson, has_the_probabilities_of_every_number) {
    auto random = stream(10);
    for (double mean : {0.01, 0.7, 3.0, 9.99, 10.0, 12.5, 40.0, 300.0, 5000.0}) {
        constexpr double draws = 200000;
        std::map<std::uint64_t, double> counts;
        for (int i = 0; i < draws; ++i) ++counts[kay::poisson(random, mean)];
        std::vector<double> seen{0}, expected{0}; // neighbours together, until 20 are expected
        double rest_seen = draws, rest_expected = draws;
        for (std::uint64_t k = 0; rest_expected - expected.back() > 20; ++k) {
            if (expected.back() >= 20) {
                seen.push_back(0);
                expected.push_back(0);
            }
            const auto n = static_cast<double>(k);
            const double p = draws * std::exp(n * std::log(mean) - mean - std::lgamma(n + 1));
            expected.back() += p;
            rest_expected -= p;
            seen.back() += counts[k];
            rest_seen -= counts[k];
        }
        seen.back() += rest_seen;
        expected.back() += rest_expected;
        if (seen.size() > 1) {
            EXPECT_LT(chi_square_excess(seen, expected), 3.7) << mean;
        }
    }
}

TEST(poisson, has_the_mean_and_variance_of_large_means) {
    auto random = stream(11);
    for (double mean : {1e5, 1e9}) {
        const auto of = draw(100000, [&] {
            return (static_cast<double>(kay::poisson(random, mean)) - mean) / std::sqrt(mean);
        });
        EXPECT_LT(distance(of, [](double x) { return std::erfc(-x / std::sqrt(2)) / 2; }), 2.2);
    }
    EXPECT_EQ(kay::poisson(random, 0), 0u);
}

TEST(weighted_index, chooses_in_proportion) {
    auto random = stream(12);
    const std::array weights = {1.0, 0.0, 2.5, 0.5, 6.0, 0.0};
    std::vector<double> seen(6);
    for (int i = 0; i < 400000; ++i) ++seen[kay::weighted_index(random, weights)];
    EXPECT_EQ(seen[1] + seen[5], 0);
    const std::vector<double> chosen = {seen[0], seen[2], seen[3], seen[4]};
    EXPECT_LT(chi_square_excess(chosen, {40000, 100000, 20000, 240000}), 3.7);
}

TEST(shuffle, gives_all_orders_alike) {
    auto random = stream(13);
    std::map<std::vector<int>, double> orders;
    for (int i = 0; i < 48000; ++i) {
        std::vector<int> elements = {1, 2, 3, 4};
        kay::shuffle(random, elements);
        ++orders[elements];
    }
    std::vector<double> seen;
    for (const auto& [order, count] : orders) seen.push_back(count);
    ASSERT_EQ(seen.size(), 24u);
    EXPECT_LT(excess_over_even(seen), 3.7);
}

TEST(pick, gives_all_elements_alike) {
    auto random = stream(14);
    std::vector<double> seen(5);
    for (int i = 0; i < 50000; ++i) ++kay::pick(random, seen);
    EXPECT_LT(excess_over_even(seen), 3.7);
}

/// A generator that always gives the same word: the ends of what can come.
template <std::uint64_t Word>
struct always {
    using result_type = std::uint64_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
    result_type operator()() { return Word; }
};

TEST(distributions, keep_their_ranges_for_the_lowest_and_highest_words) {
    always<0> lowest;
    always<~std::uint64_t{0}> highest;
    EXPECT_EQ(kay::uniform01(lowest), 0);
    EXPECT_EQ(kay::uniform01(highest), 1 - 0x1p-53);
    EXPECT_FALSE(kay::bernoulli(lowest, 0));
    EXPECT_TRUE(kay::bernoulli(highest, 1));
    EXPECT_EQ(kay::uniform_int(highest, -5, 5), 5);
    EXPECT_EQ(kay::exponential(lowest, 1), 0);
    EXPECT_NEAR(kay::exponential(highest, 1), 36.7, 0.1);
    EXPECT_NEAR(kay::normal(highest, 0, 1), 8.57, 0.01);
    EXPECT_EQ(kay::poisson(lowest, 3), 0u);
    EXPECT_EQ(kay::weighted_index(lowest, std::array{0.0, 1.0, 1.0}), 1u);
    EXPECT_EQ(kay::weighted_index(highest, std::array{1.0, 1.0, 0.0}), 1u);
}

TEST(distributions, stop_at_arguments_that_make_no_sense) {
    auto random = stream(15);
    EXPECT_DEATH((void)kay::uniform_int(random, 2, 1), "low <= high");
    EXPECT_DEATH((void)kay::uniform_real(random, 2, 1), "width");
    EXPECT_DEATH((void)kay::bernoulli(random, 1.5), "probability");
    EXPECT_DEATH((void)kay::normal(random, 0, -1), "deviation");
    EXPECT_DEATH((void)kay::exponential(random, 0), "rate");
    EXPECT_DEATH((void)kay::poisson(random, 2e9), "mean");
    EXPECT_DEATH((void)kay::weighted_index(random, std::array{0.0, 0.0}), "total");
    EXPECT_DEATH((void)kay::pick(random, std::vector<int>{}), "empty");
}

} // namespace
