// SPDX-License-Identifier: MIT
#include "layout_hashes.hpp"

#include <kay/core/layout.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace layout_test {

struct empty {};
struct alignas(8) aligned_empty {};
struct dense {
    std::uint32_t a;
    std::uint16_t b;
    std::uint16_t c;
};
struct gap_inside {
    std::uint8_t a;
    std::uint32_t b;
};
struct gap_at_the_end {
    std::uint32_t a;
    std::uint8_t b;
};
struct dense_nested {
    dense a[2];
    std::array<dense, 3> b;
};
struct gap_nested {
    std::uint64_t a;
    gap_at_the_end b;
};
struct gap_in_array {
    gap_at_the_end a[2];
};
struct gap_in_std_array {
    std::array<gap_at_the_end, 2> a;
};
struct gap_of_empty {
    empty a;
};
struct of_empties {
    std::uint8_t a;
    empty b;
    empty c;
    std::uint64_t d;
};
struct alignas(16) aligned {
    double a;
};
struct holds_aligned {
    char a;
    aligned b;
    char c;
};
struct mixed {
    bool flag;
    double wide;
    char name[5];
    std::uint16_t count;
    dense inner;
    std::array<std::uint8_t, 3> tail;
};
/// The size is what the layout rule says, the offsets are not.
struct moved_by_attribute {
    char a;
    alignas(8) char b;
    char c[7];
};
struct underscored_ {
    int _a;
    int b_2;
    int C;
    int x[2];
};

// The same bytes under other names.
struct first {
    std::uint32_t count;
};
struct same_as_first {
    std::uint32_t count;
};
struct other_field_name {
    std::uint32_t amount;
};
struct other_kind {
    std::int32_t count;
};
struct holds_first {
    first a;
};
struct holds_same {
    same_as_first a;
};
struct holds_other {
    other_field_name a;
};
struct swapped {
    std::uint16_t a;
    std::uint32_t b;
};
struct swapped_back {
    std::uint32_t a;
    std::uint16_t b;
};
struct c_array {
    int a[3];
};
struct std_array {
    std::array<int, 3> a;
};
struct longer_array {
    int a[4];
};
enum class e1 : std::uint8_t { a };
enum class e2 : std::uint8_t { b };
enum class e3 : std::uint16_t { a };

} // namespace layout_test

namespace {

using namespace layout_test;
using kay::fields;
using kay::has_padding;
using kay::layout_hash;

TEST(layout, fields_tell_name_type_offset_and_size) {
    const auto all = fields<mixed>();
    ASSERT_EQ(all.size(), 6u);
    const struct {
        std::string_view name, type;
        std::size_t offset, size;
    } expected[] = {
        {"flag", "bool", offsetof(mixed, flag), 1},
        {"wide", "f8", offsetof(mixed, wide), 8},
        {"name", "char[5]", offsetof(mixed, name), 5},
        {"count", "u2", offsetof(mixed, count), 2},
        {"inner", "layout_test::dense", offsetof(mixed, inner), sizeof(dense)},
        {"tail", "array<u1,3>", offsetof(mixed, tail), 3},
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].name, expected[i].name);
        EXPECT_EQ(all[i].type, expected[i].type);
        EXPECT_EQ(all[i].offset, expected[i].offset) << all[i].name;
        EXPECT_EQ(all[i].size, expected[i].size) << all[i].name;
    }
}

TEST(layout, names_keep_underscores_digits_and_case) {
    const auto all = fields<underscored_>();
    EXPECT_EQ(all[0].name, "_a");
    EXPECT_EQ(all[1].name, "b_2");
    EXPECT_EQ(all[2].name, "C");
    EXPECT_EQ(all[3].name, "x");
}

TEST(layout, an_empty_struct_has_no_fields_and_one_byte_of_padding) {
    EXPECT_TRUE(fields<empty>().empty());
    EXPECT_TRUE(has_padding<empty>);
    EXPECT_TRUE(kay::offsets_match<empty>());
    EXPECT_TRUE(kay::detail::has_plain_layout<aligned_empty>);
}

TEST(layout, empty_members_take_a_byte_each) {
    EXPECT_EQ(fields<of_empties>()[1].offset, 1u);
    EXPECT_EQ(fields<of_empties>()[2].offset, 2u);
    EXPECT_EQ(fields<of_empties>()[2].name, "c");
    EXPECT_EQ(fields<of_empties>()[3].offset, offsetof(of_empties, d));
}

TEST(layout, computed_offsets_are_the_real_ones) {
    EXPECT_TRUE(kay::offsets_match<mixed>());
    EXPECT_TRUE(kay::offsets_match<gap_inside>());
    EXPECT_TRUE(kay::offsets_match<gap_nested>());
    EXPECT_TRUE(kay::offsets_match<of_empties>());
    EXPECT_TRUE(kay::offsets_match<aligned>());
    EXPECT_TRUE(kay::offsets_match<holds_aligned>());
    EXPECT_TRUE(kay::offsets_match<dense_nested>());
}

TEST(layout, a_member_moved_by_an_attribute_is_found_at_run_time) {
    ASSERT_TRUE(kay::detail::has_plain_layout<moved_by_attribute>) << "its size does not show it";
    EXPECT_FALSE(kay::offsets_match<moved_by_attribute>());
}

TEST(layout, padding_is_found_wherever_it_is) {
    EXPECT_FALSE(has_padding<dense>);
    EXPECT_FALSE(has_padding<dense_nested>);
    EXPECT_FALSE(has_padding<std::uint32_t>);
    EXPECT_FALSE(has_padding<double[2]>);
    EXPECT_FALSE((has_padding<std::array<std::uint8_t, 3>>));
    EXPECT_TRUE(has_padding<gap_inside>);
    EXPECT_TRUE(has_padding<gap_at_the_end>);
    EXPECT_TRUE(has_padding<gap_nested>);
    EXPECT_TRUE(has_padding<gap_in_array>);
    EXPECT_TRUE(has_padding<gap_in_std_array>);
    EXPECT_TRUE(has_padding<gap_of_empty>);
    EXPECT_TRUE(has_padding<aligned>);
    EXPECT_TRUE(has_padding<const gap_inside>);
}

TEST(layout, the_hash_is_of_fields_and_not_of_names_of_types) {
    EXPECT_EQ(layout_hash<first>, layout_hash<same_as_first>);
    EXPECT_EQ(layout_hash<holds_first>, layout_hash<holds_same>);
    EXPECT_EQ(layout_hash<const first>, layout_hash<first>);
    EXPECT_EQ(layout_hash<long long>, layout_hash<std::int64_t>);
    EXPECT_EQ(layout_hash<c_array>, layout_hash<std_array>);
    EXPECT_EQ(layout_hash<e1>, layout_hash<e2>);
}

TEST(layout, the_hash_changes_with_whatever_changes_the_bytes_or_their_meaning) {
    EXPECT_NE(layout_hash<first>, layout_hash<other_field_name>);
    EXPECT_NE(layout_hash<first>, layout_hash<other_kind>);
    EXPECT_NE(layout_hash<first>, layout_hash<std::uint32_t>);
    EXPECT_NE(layout_hash<holds_first>, layout_hash<holds_other>);
    EXPECT_NE(layout_hash<holds_first>, layout_hash<first>);
    EXPECT_NE(layout_hash<swapped>, layout_hash<swapped_back>);
    EXPECT_NE(layout_hash<c_array>, layout_hash<longer_array>);
    EXPECT_NE(layout_hash<int[2][3]>, layout_hash<int[3][2]>);
    EXPECT_NE(layout_hash<int[1]>, layout_hash<int>);
    EXPECT_NE(layout_hash<e1>, layout_hash<e3>);
    EXPECT_NE(layout_hash<e1>, layout_hash<std::uint8_t>);
    EXPECT_NE(layout_hash<float>, layout_hash<std::uint32_t>);
    EXPECT_NE(layout_hash<bool>, layout_hash<std::uint8_t>);
    EXPECT_NE(layout_hash<char>, layout_hash<std::int8_t>);
}

TEST(layout, every_number_type_has_a_hash_of_its_own) {
    const std::uint64_t hashes[] = {
        layout_hash<std::uint8_t>,  layout_hash<std::uint16_t>, layout_hash<std::uint32_t>,
        layout_hash<std::uint64_t>, layout_hash<std::int8_t>,   layout_hash<std::int16_t>,
        layout_hash<std::int32_t>,  layout_hash<std::int64_t>,  layout_hash<float>,
        layout_hash<double>,        layout_hash<bool>,          layout_hash<char>};
    for (const auto& a : hashes)
        for (const auto& b : hashes) EXPECT_EQ(&a == &b, a == b);
}

} // namespace
