// SPDX-License-Identifier: MIT
//
// Which ways over a crossing cut each other, on one of four streets with two directions each. East
// is at 0 and 1 on the dial, north at 2 and 3, west at 4 and 5, south at 6 and 7; one comes in at
// the odd numbers.
#include "city/traffic/crossing.hpp"

#include <gtest/gtest.h>

namespace {

using city::comes_from_right;
using city::cross;
using city::movement;

constexpr std::uint16_t to_east = 0, from_east = 1, to_north = 2, from_north = 3, to_west = 4,
                        from_west = 5, to_south = 6, from_south = 7;

void expect_cross(movement a, movement b, bool expected) {
    EXPECT_EQ(cross(a, b), expected)
        << a.from << " to " << a.to << ", " << b.from << " to " << b.to;
    EXPECT_EQ(cross(b, a), expected)
        << b.from << " to " << b.to << ", " << a.from << " to " << a.to;
}

TEST(crossing, straight_ways_of_two_streets_cut_each_other) {
    expect_cross({from_east, to_west}, {from_north, to_south}, true);
    expect_cross({from_east, to_west}, {from_south, to_north}, true);
    expect_cross({from_west, to_east}, {from_south, to_north}, true);
}

TEST(crossing, the_two_directions_of_a_street_pass_each_other) {
    expect_cross({from_east, to_west}, {from_west, to_east}, false);
    expect_cross({from_north, to_south}, {from_south, to_north}, false);
}

TEST(crossing, who_turns_left_cuts_the_way_of_those_who_come_towards_him) {
    expect_cross({from_south, to_west}, {from_north, to_south}, true);
    expect_cross({from_south, to_west}, {from_east, to_west}, false);  // they merge
    expect_cross({from_south, to_west}, {from_north, to_east}, false); // left past left
}

TEST(crossing, who_turns_right_cuts_nobodys_way) {
    for (const movement right : {movement{from_south, to_east}, movement{from_east, to_north}})
        for (const std::uint16_t from : {from_east, from_north, from_west, from_south})
            for (const std::uint16_t to : {to_east, to_north, to_west, to_south})
                if (from != right.from && to != right.to) expect_cross(right, {from, to}, false);
}

TEST(crossing, those_of_one_road_do_not_cut_each_other) {
    expect_cross({from_south, to_west}, {from_south, to_east}, false);
    expect_cross({from_south, to_north}, {from_south, to_north}, false);
}

TEST(crossing, from_the_right_is_who_cuts_ones_way_or_goes_where_one_goes) {
    constexpr movement on{from_south, to_north}, left{from_south, to_west},
        right{from_south, to_east};
    EXPECT_TRUE(comes_from_right(on, {from_east, to_west}));
    EXPECT_TRUE(comes_from_right(on, {from_east, to_north}));  // they merge
    EXPECT_FALSE(comes_from_right(on, {from_west, to_east}));  // from the left
    EXPECT_FALSE(comes_from_right(on, {from_west, to_north})); // from the left, too
    EXPECT_FALSE(comes_from_right(on, {from_north, to_east})); // he turns left
    EXPECT_TRUE(comes_from_right({from_north, to_east}, on));  // and lets pass
    EXPECT_TRUE(comes_from_right(left, {from_north, to_south}));
    EXPECT_FALSE(comes_from_right(right, {from_west, to_east}));
    EXPECT_FALSE(comes_from_right(on, right));
}

} // namespace
