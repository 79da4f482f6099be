// SPDX-License-Identifier: MIT
//
// Hashes: published values, independence of how bytes are cut, spread.
#include <kay/core/hash.hpp>
#include <kay/core/id.hpp>
#include <kay/core/random.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

std::vector<std::byte> random_bytes(std::size_t count) {
    kay::random_stream random(1, 2, 3);
    std::vector<std::byte> bytes(count);
    for (auto& b : bytes) b = static_cast<std::byte>(random.u32());
    return bytes;
}

TEST(mix, gives_the_published_output_of_splitmix64) {
    // It mixes the sums of its seed and the multiples of this number.
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15u;
    static_assert(kay::mix(golden) == 0xe220a8397b1dcdafu);
    EXPECT_EQ(kay::mix(1234567 + golden), 6457827717110365317u);
    EXPECT_EQ(kay::mix(1234567 + 2 * golden), 3203168211198807973u);
    EXPECT_EQ(kay::mix(1234567 + 3 * golden), 9817491932198370423u);
}

TEST(mix, lets_each_bit_change_each_bit_half_of_the_time) {
    constexpr int samples = 4096;
    std::vector<int> changes(64 * 64);
    kay::random_stream random(4, 5, 6);
    for (int i = 0; i < samples; ++i) {
        const std::uint64_t x = random.u64();
        for (int in = 0; in < 64; ++in) {
            const std::uint64_t changed = kay::mix(x) ^ kay::mix(x ^ std::uint64_t{1} << in);
            for (int out = 0; out < 64; ++out)
                changes[in * 64 + out] += static_cast<int>(changed >> out & 1);
        }
    }
    for (int count : changes) EXPECT_NEAR(count, samples / 2, 5.5 * std::sqrt(samples / 4.0));
}

TEST(combine, tells_the_order_of_its_arguments_and_small_numbers_apart) {
    std::set<std::uint64_t> seen;
    for (std::uint64_t a = 0; a < 300; ++a)
        for (std::uint64_t b = 0; b < 300; ++b) seen.insert(kay::combine(a, b));
    EXPECT_EQ(seen.size(), 300u * 300u);
    EXPECT_NE(kay::combine(0, 0), 0u);
}

TEST(hash_bytes, gives_the_published_values_of_xxh3) {
    EXPECT_EQ(kay::hash_bytes({}), 0x2d06800538d394c2u);
    EXPECT_EQ(kay::hash_bytes(bytes_of("abc")), 0x78af5f94892f3950u);
    EXPECT_EQ(kay::hash_bytes128({}), (kay::hash128{0x6001c324468d497fu, 0x99aa06d3014798d8u}));
    EXPECT_EQ(kay::hash_bytes128(bytes_of("abc")),
              (kay::hash128{0x78af5f94892f3950u, 0x06b05ab6733a6185u}));
}

TEST(hash_bytes, depends_on_the_seed) {
    EXPECT_NE(kay::hash_bytes(bytes_of("abc"), 1), kay::hash_bytes(bytes_of("abc")));
    EXPECT_NE(kay::hash_bytes128(bytes_of("abc"), 1), kay::hash_bytes128(bytes_of("abc")));
}

TEST(hasher, gives_the_value_of_the_whole_however_it_is_cut) {
    kay::random_stream random(7, 8, 9);
    const auto all = random_bytes(5000);
    for (std::uint64_t seed : {0u, 1u, 77u})
        for (int trial = 0; trial < 300; ++trial) {
            const std::span whole(all.data(), random.u32() % (trial % 2 ? 600 : 5000));
            const std::size_t longest = trial % 3 ? 40 : 1000;
            kay::hasher sink(seed);
            for (auto rest = whole; !rest.empty();) {
                const auto cut = std::min<std::size_t>(rest.size(), random.u32() % longest);
                sink.add(rest.first(cut));
                rest = rest.subspan(cut);
                if (trial % 50 == 0) (void)sink.value(); // a look on the way changes nothing
            }
            ASSERT_EQ(sink.value(), kay::hash_bytes(whole, seed)) << whole.size();
            ASSERT_EQ(sink.value128(), kay::hash_bytes128(whole, seed)) << whole.size();
        }
}

TEST(hasher, adds_numbers_as_their_bytes_with_the_lowest_first) {
    kay::hasher numbers(5), bytes(5);
    for (std::uint32_t i = 0; i < 200; ++i) {
        numbers.add(static_cast<std::uint16_t>(0x0201 + i));
        numbers.add(std::uint64_t{0x0807060504030201u});
        const char raw[] = {
            static_cast<char>(1 + i), static_cast<char>((0x0201 + i) >> 8), 1, 2, 3, 4, 5, 6, 7, 8};
        bytes.add(bytes_of({raw, sizeof raw}));
    }
    EXPECT_EQ(numbers.value(), bytes.value());
}

TEST(hasher, knows_one_nan_and_two_zeros) {
    const auto of = [](auto number) {
        kay::hasher sink;
        sink.add(number);
        return sink.value();
    };
    EXPECT_EQ(of(std::bit_cast<double>(0xfff8000000000123u)),
              of(std::numeric_limits<double>::quiet_NaN()));
    EXPECT_EQ(of(std::bit_cast<float>(0xffc00123u)), of(std::numeric_limits<float>::quiet_NaN()));
    EXPECT_NE(of(0.0), of(-0.0));
    EXPECT_NE(of(1.0), of(1.0f));
}

TEST(hasher, is_a_value_whose_copies_go_on_by_themselves) {
    const auto all = random_bytes(1000);
    const std::span whole(all);
    kay::hasher first(3);
    first.add(whole.first(700));
    kay::hasher second = first;
    first.add(whole.subspan(700));
    second.add(whole.first(10));
    EXPECT_EQ(first.value(), kay::hash_bytes(whole, 3));
    EXPECT_NE(second.value(), first.value());
}

struct car;

TEST(hash, of_equal_values_is_equal) {
    const kay::id<car> one{kay::raw_id{1, 2, 3}}, other{kay::raw_id{1, 2, 4}};
    EXPECT_EQ(kay::hash<kay::id<car>>{}(one), kay::mix(one.bits));
    EXPECT_NE(kay::hash<kay::id<car>>{}(one), kay::hash<kay::id<car>>{}(other));
    EXPECT_EQ(kay::hash<double>{}(0.0), kay::hash<double>{}(-0.0));
    EXPECT_NE(kay::hash<double>{}(1.0), kay::hash<double>{}(2.0));
    EXPECT_EQ(kay::hash<int>{}(-5), kay::hash<long long>{}(-5));
    EXPECT_EQ(kay::hash<std::string>{}("abc"), kay::hash<std::string_view>{}("abc"));
    EXPECT_EQ(kay::hash<std::string>{}("abc"), 0x78af5f94892f3950u);
}

TEST(hasher, adds_ids_as_their_bits) {
    const kay::id<car> actor{kay::raw_id{1, 2, 3}};
    kay::hasher as_id, as_number;
    as_id.add(actor);
    as_number.add(actor.bits);
    EXPECT_EQ(as_id.value(), as_number.value());
}

} // namespace
