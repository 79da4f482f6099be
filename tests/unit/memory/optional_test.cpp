// SPDX-License-Identifier: MIT
//
// kay::optional where it might differ from std::optional: braces, emplacing, padding.
#include <kay/memory/optional.hpp>
#include <kay/memory/string.hpp>
#include <kay/memory/vector.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace optional_test {

struct Padded {
    std::uint8_t small = 1;
    double number = 2.5;
};

struct Point {
    std::int32_t x = 1, y = 2;

    friend bool operator==(const Point&, const Point&) = default;
};

TEST(optional, braces_are_a_value_where_they_are_not_empty) {
    kay::optional<Point> point;
    point = {3, 4};
    EXPECT_EQ(point, (Point{3, 4}));
    point = {};
    EXPECT_FALSE(point);
    kay::optional<kay::vector<std::int32_t>> row;
    row = {1, 2};
    EXPECT_EQ(row->size(), 2u);
    row = {};
    EXPECT_FALSE(row);
    row.emplace(3u); // as of std: by the constructor, where there is one
    EXPECT_EQ(row->size(), 3u);
    kay::optional<kay::string> text;
    text = "text";
    EXPECT_EQ(*text, "text");
    text = {};
    EXPECT_FALSE(text);
    kay::optional<kay::optional<std::int32_t>> two;
    two = kay::optional<std::int32_t>();
    ASSERT_TRUE(two);
    EXPECT_FALSE(*two);
    two = {};
    EXPECT_FALSE(two);
}

TEST(optional, has_the_padding_of_its_value) {
    EXPECT_TRUE(kay::has_padding<kay::optional<Padded>>);
    EXPECT_FALSE(kay::has_padding<kay::optional<Point>>);
    EXPECT_FALSE(kay::has_padding<kay::optional<kay::string>>);
}

} // namespace optional_test
