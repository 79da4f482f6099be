// SPDX-License-Identifier: MIT
//
// What holds for every stream of random numbers and every use of it.
#include <kay/core/distributions.hpp>
#include <kay/core/random.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace {

kay::random_stream any_stream() {
    const auto key = *rc::gen::arbitrary<std::uint64_t>();
    const auto a = *rc::gen::arbitrary<std::uint64_t>();
    return {key, a, *rc::gen::arbitrary<std::uint64_t>()};
}

/// Whole numbers of all sizes, the largest and smallest among them.
template <class T>
T any_number() {
    using limits = std::numeric_limits<T>;
    return *rc::gen::oneOf(rc::gen::arbitrary<T>(), rc::gen::inRange<T>(0, 10),
                           rc::gen::element<T>(limits::min(), limits::max(), T(-1), 0));
}

template <class T>
void check_bounds(kay::random_stream& random) {
    T low = any_number<T>(), high = any_number<T>();
    if (low > high) std::swap(low, high);
    for (int i = 0; i < 20; ++i) {
        const T x = kay::uniform_int(random, low, high);
        RC_ASSERT(low <= x && x <= high);
    }
}

TEST(random_stream, gives_the_same_words_however_they_are_drawn_or_skipped) {
    EXPECT_TRUE(rc::check("words depend on the position alone", [] {
        auto random = any_stream();
        const auto start =
            *rc::gen::oneOf(rc::gen::just(std::uint64_t{0}), rc::gen::arbitrary<std::uint64_t>());
        random.skip(start);
        std::uint64_t position = start;
        const auto word = [&, origin = random](std::uint64_t at) {
            const std::uint64_t block = at / 4;
            return kay::philox({static_cast<std::uint32_t>(block),
                                static_cast<std::uint32_t>(block >> 32),
                                static_cast<std::uint32_t>(origin.lane),
                                static_cast<std::uint32_t>(origin.lane >> 32)},
                               {static_cast<std::uint32_t>(origin.key),
                                static_cast<std::uint32_t>(origin.key >> 32)})[at % 4];
        };
        for (int kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3))) {
            if (kind == 0) {
                RC_ASSERT(random.u32() == word(position));
                position += 1;
            } else if (kind == 1) {
                const std::uint64_t high = word(position + 1);
                RC_ASSERT(random.u64() == (word(position) | high << 32));
                position += 2;
            } else {
                const auto words = *rc::gen::inRange<std::uint64_t>(0, 9);
                random.skip(words);
                position += words;
            }
            // The bytes of a stream tell nothing of how it came to its position.
            kay::random_stream fresh = random;
            fresh.position = fresh.ahead = 0;
            fresh.skip(position);
            RC_ASSERT(fresh == random);
        }
    }));
}

TEST(random_stream, shares_no_block_with_a_stream_of_the_same_key) {
    EXPECT_TRUE(rc::check("different (a, b), different (key, lane)", [] {
        const auto key = *rc::gen::arbitrary<std::uint64_t>();
        const auto a = *rc::gen::arbitrary<std::uint64_t>();
        const auto b = *rc::gen::arbitrary<std::uint64_t>();
        const auto c = *rc::gen::oneOf(rc::gen::just(a), rc::gen::arbitrary<std::uint64_t>());
        const auto d = *rc::gen::arbitrary<std::uint64_t>();
        RC_PRE(a != c || b != d);
        const kay::random_stream x(key, a, b), y(key, c, d);
        RC_ASSERT(x.key != y.key || x.lane != y.lane);
    }));
}

TEST(uniform_int, stays_within_its_bounds_for_every_type) {
    EXPECT_TRUE(rc::check("low <= x <= high", [] {
        auto random = any_stream();
        check_bounds<std::int8_t>(random);
        check_bounds<std::uint16_t>(random);
        check_bounds<std::int32_t>(random);
        check_bounds<std::int64_t>(random);
        check_bounds<std::uint64_t>(random);
    }));
}

TEST(uniform_real, stays_within_its_bounds) {
    EXPECT_TRUE(rc::check("low <= x <= high", [] {
        auto random = any_stream();
        double low = *rc::gen::arbitrary<double>(), high = *rc::gen::arbitrary<double>();
        if (low > high) std::swap(low, high);
        RC_PRE(high - low <= std::numeric_limits<double>::max());
        const double x = kay::uniform_real(random, low, high);
        RC_ASSERT(low <= x && x <= high);
    }));
}

TEST(shuffle, keeps_every_element) {
    EXPECT_TRUE(rc::check("a permutation", [](std::vector<int> elements) {
        auto random = any_stream();
        auto before = elements;
        kay::shuffle(random, elements);
        std::sort(before.begin(), before.end());
        std::sort(elements.begin(), elements.end());
        RC_ASSERT(before == elements);
    }));
}

TEST(weighted_index, never_chooses_a_weight_of_zero) {
    EXPECT_TRUE(rc::check("weights[i] > 0", [] {
        auto random = any_stream();
        const auto weight = rc::gen::element(0.0, 0.0, 0.25, 3.0, 1e300, 1e-300);
        auto weights = *rc::gen::container<std::vector<double>>(weight);
        const auto at = *rc::gen::inRange<std::size_t>(0, weights.size() + 1);
        weights.insert(weights.begin() + static_cast<std::ptrdiff_t>(at), 1e-10);
        for (int i = 0; i < 50; ++i) RC_ASSERT(weights[kay::weighted_index(random, weights)] > 0);
    }));
}

} // namespace
