// SPDX-License-Identifier: MIT
//
// Which way of OpenStreetMap's a road is of.
#include "city/map/origin_index.hpp"

#include "city/map/grid.hpp"
#include "demand_town.hpp"

#include <cstdint>

namespace {

using city::road_map;
using city_test::crossing_of_two;
using city_test::road_of;
using city_test::town;

TEST(origins, each_road_knows_its_way_direction_and_part) {
    const road_map& map = town();
    ASSERT_EQ(map.origins.size(), map.roads.size());
    ASSERT_EQ(map.roads.size(), 10u);
    const auto starts_at = [&](std::uint32_t r, float x) {
        EXPECT_NEAR(map.course_of(map.roads[r]).front().x, x, 3);
    };
    starts_at(road_of(100, false, 0), -1000);
    starts_at(road_of(100, false, 1), 200);
    starts_at(road_of(100, true, 0), 200);
    starts_at(road_of(100, true, 1), 1000);
    const city::origin_index index(map);
    EXPECT_EQ(index.of(100, false).size(), 2u);
    EXPECT_EQ(index.of(100, true).size(), 2u);
    EXPECT_EQ(index.of(200, true).size(), 1u);
    EXPECT_TRUE(index.of(150, false).empty());
    EXPECT_EQ(index.last_part(100), 1);
}

TEST(origins, parts_within_a_crossing_leave_the_numbers_of_the_others) {
    const road_map map = crossing_of_two();
    ASSERT_EQ(map.roads.size(), 8u);
    const city::origin_index index(map);
    const auto parts = index.of(10, false);
    ASSERT_EQ(parts.size(), 3u);
    for (std::uint16_t i = 0; i < 3; ++i) EXPECT_EQ(parts[i].part, i);
    EXPECT_FALSE(parts[0].is_inner);
    EXPECT_TRUE(parts[1].is_inner);
    EXPECT_FALSE(parts[2].is_inner);
    EXPECT_EQ(map.roads[parts[1].road].from, map.roads[parts[0].road].to);
}

TEST(origins, a_generated_map_has_none) {
    EXPECT_TRUE(city::make_grid(4, 4, 200, 1).origins.empty());
}

} // namespace
