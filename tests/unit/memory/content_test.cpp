// SPDX-License-Identifier: MIT
#include <kay/memory/content.hpp>

#include <kay/core/duration.hpp>
#include <kay/core/hash.hpp>
#include <kay/core/id.hpp>
#include <kay/core/random.hpp>
#include <kay/memory/block.hpp>
#include <kay/memory/external.hpp>
#include <kay/memory/optional.hpp>
#include <kay/memory/string.hpp>
#include <kay/memory/vector.hpp>

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <limits>

namespace content_test {

using kay::detail::content_kind;
using kay::detail::content_parts;
using kay::detail::is_flat;

struct Somebody;
enum class color : std::uint8_t { red, green };

struct Inner {
    std::uint8_t small;
    float weight; ///< after three bytes of padding
};
struct Mixed {
    color first;
    std::uint16_t second;
    std::array<Inner, 3> inner;
    double at[2];
    kay::id<Somebody> who;
    std::chrono::milliseconds took;
    bool last;
};
struct Empty {};
struct Listed {
    kay::vector<std::uint32_t> all;
};
struct Perhaps {
    kay::optional<std::uint32_t> one;
};
struct Kept {
    kay::external<std::uint64_t> outside;
};

template <class T>
std::uint64_t by_visit(const T& object, std::uint64_t seed) {
    kay::hasher sink(seed);
    kay::detail::visit_content(object, [&](const auto& leaf) { sink.add(leaf); });
    return sink.value();
}
template <class T>
std::uint64_t by_parts(const T& object, std::uint64_t seed) {
    return kay::detail::hash_content(reinterpret_cast<const std::byte*>(&object), sizeof object, 1,
                                     content_parts<T>(), seed);
}

template <class T>
std::uint64_t by_elements(const kay::vector<T>& v) {
    kay::hasher sink(3);
    sink.add(std::uint64_t{v.size()});
    for (const T& element : v)
        kay::detail::visit_content(element, [&](const auto& leaf) { sink.add(leaf); });
    return sink.value();
}
template <class T>
std::uint64_t by_rows(const kay::vector<T>& v) {
    kay::hasher sink(3);
    kay::detail::visit_content(v, kay::detail::hash_sink{sink});
    return sink.value();
}

Mixed example() {
    Mixed m;
    std::memset(static_cast<void*>(&m), 0x5a, sizeof m); // padding holds something, too
    m = {.first = color::green,
         .second = 777,
         .inner = {Inner{1, 0.5f}, Inner{2, -0.0f}, Inner{3, 1e30f}},
         .at = {0.25, -1e300},
         .who = kay::id<Somebody>{kay::raw_id{3, 2, 1}},
         .took = std::chrono::milliseconds{-12},
         .last = true};
    return m;
}

TEST(content, flat_is_what_holds_numbers_alone) {
    static_assert(is_flat<Mixed> && is_flat<Inner> && is_flat<Empty> && is_flat<color>);
    static_assert(is_flat<kay::random_stream> && is_flat<kay::id<Somebody>>);
    static_assert(!is_flat<Listed> && !is_flat<Perhaps> && !is_flat<Kept> && !is_flat<kay::string>);
    static_assert(!is_flat<std::array<Listed, 2>>);
}

TEST(content, neighbours_of_one_kind_are_one_part) {
    struct parts_of {
        std::uint32_t offset, count;
        content_kind kind;
    };
    const auto found = content_parts<Mixed>();
    const std::array<parts_of, 9> expected{{{0, 1, content_kind::bytes},
                                            {2, 3, content_kind::bytes}, // second, inner[0].small
                                            {8, 1, content_kind::float32},
                                            {12, 1, content_kind::bytes},
                                            {16, 1, content_kind::float32},
                                            {20, 1, content_kind::bytes},
                                            {24, 1, content_kind::float32},
                                            {32, 2, content_kind::float64},
                                            {48, 17, content_kind::bytes}}}; // who, took, last
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].offset, expected[i].offset) << i;
        EXPECT_EQ(found[i].count, expected[i].count) << i;
        EXPECT_EQ(found[i].kind, expected[i].kind) << i;
    }
    EXPECT_TRUE(content_parts<Empty>().empty());
}

TEST(content, the_hash_is_that_of_a_visit) {
    Mixed m = example();
    EXPECT_EQ(by_parts(m, 7), by_visit(m, 7));
    EXPECT_NE(by_parts(m, 7), by_parts(m, 8));
    EXPECT_EQ(by_parts(Empty{}, 1), by_visit(Empty{}, 1));
    m.inner[2].weight = std::bit_cast<float>(0x7fc12345u); // some NaN
    m.at[1] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(by_parts(m, 7), by_visit(m, 7));
}

TEST(content, rows_in_a_vector_hash_like_their_elements) {
    kay::vector<std::uint32_t> numbers;
    kay::vector<Mixed> mixed;
    kay::vector<Inner> inner;
    for (std::uint32_t i = 0; i < 300; ++i) {
        numbers.push_back(i * i);
        mixed.push_back(example());
        mixed.back().second = static_cast<std::uint16_t>(i);
        inner.push_back({static_cast<std::uint8_t>(i), static_cast<float>(i)});
        EXPECT_EQ(by_rows(numbers), by_elements(numbers));
        EXPECT_EQ(by_rows(mixed), by_elements(mixed));
        EXPECT_EQ(by_rows(inner), by_elements(inner));
    }
}

TEST(content, every_number_counts_and_padding_does_not) {
    const Mixed m = example();
    const std::uint64_t whole = by_parts(m, 0);
    std::size_t count = 0;
    for (std::size_t i = 0; i < sizeof m; ++i) {
        Mixed changed = m;
        reinterpret_cast<std::byte*>(&changed)[i] ^= std::byte{1};
        count += by_parts(changed, 0) != whole;
    }
    EXPECT_EQ(count, sizeof(color) + 2 + 3 * (1 + 4) + 2 * 8 + 8 + 8 + 1);
}

} // namespace content_test
