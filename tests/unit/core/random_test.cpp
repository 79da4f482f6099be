// SPDX-License-Identifier: MIT
//
// Philox against the vectors that Random123 publishes, and what a stream makes of it.
#include <kay/core/hash.hpp>
#include <kay/core/random.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <type_traits>

namespace {

using kay::philox;
using kay::philox_counter;

TEST(philox, gives_the_known_answers_of_random123) {
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
              (philox_counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
              (philox_counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    // digits of pi
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (philox_counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
    // one word at a time: neither words of the counter nor of the key are mistaken for each other
    EXPECT_EQ(philox({1, 0, 0, 0}, {1, 0}),
              (philox_counter{0xac08141b, 0xdfc5ccbe, 0x79c07a47, 0xa7f66093}));
    EXPECT_EQ(philox({0, 1, 0, 0}, {1, 0}),
              (philox_counter{0x833ff8dc, 0x225c963c, 0x232b88b3, 0x0b334b07}));
    EXPECT_EQ(philox({0, 0, 1, 0}, {0, 1}),
              (philox_counter{0x7f6c13ff, 0x114b2447, 0x0550eced, 0xea1fc805}));
    EXPECT_EQ(philox({0, 0, 0, 1}, {0, 1}),
              (philox_counter{0x96b27e8c, 0x28826d0f, 0x66d958ef, 0x081509dc}));
}

TEST(random_stream, is_a_plain_value_of_32_bytes_and_a_standard_generator) {
    static_assert(sizeof(kay::random_stream) == 32);
    static_assert(std::is_trivially_copyable_v<kay::random_stream>);
    static_assert(std::is_standard_layout_v<kay::random_stream>);
    static_assert(std::has_unique_object_representations_v<kay::random_stream>);
    static_assert(std::uniform_random_bit_generator<kay::random_stream>);
    static_assert(kay::detail::is_described<kay::random_stream>);
    constexpr std::uint64_t first = kay::random_stream(1, 2, 3).u64(); // usable in constants
    kay::random_stream random(1, 2, 3);
    EXPECT_EQ(random(), first);
}

TEST(random_stream, gives_the_words_of_philox_in_their_order) {
    kay::random_stream random;
    random.key = 0x299f31d0a4093822u;
    random.lane = 0x0370734413198a2eu;
    random.skip(4 * 0x05a308d3243f6a88u);
    EXPECT_EQ(random.u32(), philox({0x243f6a88, 0x05a308d3, 0x13198a2e, 0x03707344},
                                   {0xa4093822, 0x299f31d0})[0]);

    kay::random_stream zero;
    EXPECT_EQ(zero.u32(), 0x6627e8d5u);
    EXPECT_EQ(zero.u32(), 0xe169c58du);
    EXPECT_EQ(zero.u32(), 0xbc57ac4cu);
    EXPECT_EQ(zero.u32(), 0x9b00dbd8u);
    EXPECT_EQ(zero.u32(), philox({1, 0, 0, 0}, {0, 0})[0]);
}

TEST(random_stream, makes_64_bits_of_two_words_at_any_position) {
    for (unsigned start = 0; start < 8; ++start) {
        kay::random_stream wide(1, 2, 3), narrow(1, 2, 3);
        for (unsigned i = 0; i < start; ++i) {
            (void)wide.u32();
            (void)narrow.u32();
        }
        for (int i = 0; i < 10; ++i) {
            const std::uint64_t low = narrow.u32();
            ASSERT_EQ(wide.u64(), low | std::uint64_t{narrow.u32()} << 32);
            ASSERT_EQ(wide, narrow);
        }
    }
}

TEST(random_stream, keeps_its_streams_apart) {
    EXPECT_NE(kay::random_stream(1, 2, 3).u64(), kay::random_stream(1, 3, 2).u64());
    EXPECT_NE(kay::random_stream(1, 2, 3).u64(), kay::random_stream(2, 1, 3).u64());
    for (int bit = 0; bit < 64; ++bit) {
        const std::uint64_t other = std::uint64_t{1} << bit;
        EXPECT_NE(kay::random_stream(1, 2, 3).u64(), kay::random_stream(1 ^ other, 2, 3).u64());
        EXPECT_NE(kay::random_stream(1, 2, 3).u64(), kay::random_stream(1, 2 ^ other, 3).u64());
        EXPECT_NE(kay::random_stream(1, 2, 3).u64(), kay::random_stream(1, 2, 3 ^ other).u64());
    }
}

/// How many of 64 bits differ between a stream and its neighbour, on the average: of independent
/// words 32, with a deviation of 4 for each. (A lambda would be a constant to g++, in half a
/// minute.)
template <class Make>
double difference(Make make) {
    double sum = 0;
    for (std::uint64_t i = 0; i < 10000; ++i) {
        kay::random_stream x = make(i), y = make(i + 1);
        sum += std::popcount(x.u64() ^ y.u64());
    }
    return sum / 10000;
}

TEST(random_stream, has_no_correlation_between_neighbouring_streams) {
    EXPECT_NEAR(difference([](std::uint64_t i) { return kay::random_stream(i, 0, 0); }), 32, 0.2);
    EXPECT_NEAR(difference([](std::uint64_t i) { return kay::random_stream(0, i, 0); }), 32, 0.2);
    EXPECT_NEAR(difference([](std::uint64_t i) { return kay::random_stream(0, 0, i); }), 32, 0.2);
}

TEST(random_stream, gives_each_bit_half_of_the_time) {
    kay::random_stream random(11, 12, 13);
    int ones[64] = {};
    for (int i = 0; i < 40000; ++i) {
        const std::uint64_t word = random.u64();
        for (int bit = 0; bit < 64; ++bit) ones[bit] += static_cast<int>(word >> bit & 1);
    }
    for (int count : ones) EXPECT_NEAR(count, 20000, 450); // 4.5 deviations
}

} // namespace
