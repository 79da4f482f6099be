// SPDX-License-Identifier: MIT
#include "../../../src/persist/content_plan.hpp"

#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace content_plan_test {

struct inner {
    std::uint8_t a = 0; // three bytes of nothing follow
    std::uint32_t b = 0;
    friend bool operator==(const inner&, const inner&) = default;
};
struct plain {
    float x = 0;
    std::uint32_t y = 0;
};
struct rich {
    std::uint8_t first = 0;
    double second = 0;
    kay::vector<inner> inners;
    kay::map<std::uint8_t, kay::string> names;
    kay::optional<kay::vector<std::uint16_t>> maybe;
    kay::vector<kay::vector<std::uint32_t>> nested;
    kay::external<int> cache;
    bool flag = false;
};

template <class T>
struct owner {
    kay::vector<T> all;
};

} // namespace content_plan_test

namespace {

using namespace content_plan_test;
using namespace kay::detail;

template <class T>
content_plan plan_for() {
    schema types;
    const std::uint32_t type = types.add(schema_of<T>);
    return content_plan(types, type);
}

rich make_rich() {
    rich r;
    r.first = 1;
    r.second = 2;
    for (std::uint8_t i = 0; i < 5; ++i) r.inners.push_back({i, i * 10u});
    r.names[3] = "three";
    r.names[4] = "four, which is longer";
    r.maybe = kay::vector<std::uint16_t>{7, 8};
    r.nested.push_back({1, 2, 3});
    r.nested.push_back({});
    r.flag = true;
    r.cache.emplace(5);
    return r;
}

/// A block with an actor in it, on bytes that mean nothing.
std::vector<std::byte> block_of(rich r, std::byte garbage) {
    const std::size_t bytes = packed_bytes(r) + 64;
    std::vector<std::byte> block(bytes, garbage);
    for (std::byte& b : block) b = garbage;
    r.cache.reset();
    pack_move(r, block.data(), bytes);
    // What memcpy of a struct leaves between its fields.
    std::memset(block.data() + 1, std::to_integer<int>(garbage), 7);
    return block;
}

TEST(content_plan, what_means_nothing_is_left_out) {
    const content_plan plan = plan_for<rich>();
    EXPECT_FALSE(plan.is_plain());
    EXPECT_TRUE(plan_for<plain>().is_plain());
    EXPECT_FALSE(plan_for<inner>().is_plain());
    std::vector<std::byte> copies[2];
    int i = 0;
    for (const std::byte garbage : {std::byte{0x11}, std::byte{0xee}}) {
        auto block = block_of(make_rich(), garbage);
        for (inner& one : reinterpret_cast<rich*>(block.data())->inners)
            std::memset(reinterpret_cast<std::byte*>(&one) + 1, std::to_integer<int>(garbage), 3);
        copies[i].resize(block.size());
        plan.copy(block.data(), copies[i].data());
        const rich& copy = *reinterpret_cast<const rich*>(copies[i].data());
        const rich expected = make_rich();
        EXPECT_EQ(copy.inners, expected.inners);
        EXPECT_EQ(copy.names, expected.names);
        EXPECT_EQ(copy.maybe, expected.maybe);
        EXPECT_EQ(copy.nested, expected.nested);
        EXPECT_TRUE(copy.flag);
        EXPECT_EQ(copy.cache.get(), nullptr);
        EXPECT_TRUE(
            plan.is_sound(copies[i].data(), copies[i].data(), copies[i].data() + copies[i].size()));
        ++i;
    }
    EXPECT_EQ(copies[0], copies[1]);
}

TEST(content_plan, no_flipped_bit_leads_out_of_the_block) {
    const content_plan plan = plan_for<rich>();
    const auto block = block_of(make_rich(), std::byte{0});
    // In memory of exactly its size, for a sanitizer to see every byte beyond.
    int refused = 0;
    for (std::size_t bit = 0; bit < block.size() * 8; ++bit) {
        std::vector<std::byte> flipped(block.begin(), block.end());
        flipped[bit / 8] ^= std::byte{1} << bit % 8;
        if (!plan.is_sound(flipped.data(), flipped.data(), flipped.data() + flipped.size())) {
            ++refused;
            continue;
        }
        std::vector<std::byte> copy(flipped.size());
        plan.copy(flipped.data(), copy.data());
    }
    EXPECT_GT(refused, 500);
}

template <class T>
void expect_only_aligned() {
    const content_plan plan = plan_for<owner<T>>();
    owner<T> one;
    one.all.resize(3);
    const std::size_t packed = packed_bytes(one);
    std::vector<std::byte> block(packed + 64); // there is room to lie elsewhere
    pack_move(one, block.data(), packed);
    const auto* const bytes = block.data();
    const auto first =
        reinterpret_cast<std::byte*>(reinterpret_cast<owner<T>*>(block.data())->all.data()) - bytes;
    for (std::int64_t offset = first; offset < first + 16; ++offset) {
        std::memcpy(block.data(), &offset, sizeof offset);
        EXPECT_EQ(plan.is_sound(bytes, bytes, bytes + block.size()),
                  static_cast<std::size_t>(offset) % alignof(T) == 0)
            << alignof(T) << ", " << offset;
    }
}

TEST(content_plan, elements_that_lie_askew_are_refused) {
    expect_only_aligned<std::uint8_t>();
    expect_only_aligned<std::uint16_t>();
    expect_only_aligned<inner>();
    expect_only_aligned<double>();
    expect_only_aligned<kay::string>();
}

} // namespace
