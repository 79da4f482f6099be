// SPDX-License-Identifier: MIT
//
// Trips between random doors: where they begin and end, when, and that a seed gives the same again.
#include "city/demand/random_demand.hpp"
#include "city/map/grid.hpp"
#include "demand_town.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace {

using city::planned_trip;
using city::road_map;
using city_test::road_of;
using city_test::town;

TEST(random_demand, trips_lead_from_door_to_door_and_far_enough) {
    const road_map map = city::make_grid(12, 12, 200, 1);
    const auto trips = city::random_demand(map, 2000, 3600, 5);
    ASSERT_EQ(trips.size(), 2000u);
    double sum = 0, before = 0;
    for (const planned_trip& t : trips) {
        const auto is_door = [&](std::uint32_t r, float position) {
            const auto doors = map.doors_of(map.roads[r]);
            return std::any_of(doors.begin(), doors.end(),
                               [&](const city::door& d) { return d.position == position; });
        };
        ASSERT_TRUE(is_door(t.from_road, t.from_position));
        ASSERT_TRUE(is_door(t.to_road, t.to_position));
        const auto a = city::point_at(map, t.from_road, t.from_position),
                   b = city::point_at(map, t.to_road, t.to_position);
        ASSERT_GE(std::hypot(a.x - b.x, a.y - b.y), city::random_trip_min);
        ASSERT_GE(t.departure_s, before);
        ASSERT_LE(t.departure_s, 3600);
        before = t.departure_s;
        sum += t.departure_s;
    }
    EXPECT_NEAR(sum / 2000, 1800, 100); // four deviations
}

TEST(random_demand, long_roads_have_more_of_it) {
    const road_map& map = town(); // without motorways 2 * (1200 + 800 + 1000) metres
    const auto trips = city::random_demand(map, 6000, 3600, 5);
    std::map<std::uint32_t, int> count;
    for (const planned_trip& t : trips) ++count[t.from_road];
    EXPECT_EQ(count.size(), 6u);
    EXPECT_NEAR(count[road_of(100, false, 0)], 1200, 140);
    EXPECT_NEAR(count[road_of(100, false, 1)], 800, 140);
}

TEST(random_demand, depends_on_the_seed_alone_and_grows_with_its_number) {
    const road_map& map = town();
    const auto some = city::random_demand(map, 100, 3600, 5);
    EXPECT_EQ(city::random_demand(map, 100, 3600, 5), some);
    EXPECT_NE(city::random_demand(map, 100, 3600, 6), some);
    const auto more = city::random_demand(map, 300, 3600, 5);
    for (const planned_trip& t : some)
        EXPECT_NE(std::find(more.begin(), more.end(), t), more.end());
}

TEST(random_demand, a_small_map_or_none_is_no_obstacle) {
    const road_map small = city::make_grid(2, 2, 100, 1);
    EXPECT_EQ(city::random_demand(small, 50, 60, 1).size(), 50u);
    EXPECT_TRUE(city::random_demand(road_map{}, 50, 60, 1).empty());
}

} // namespace
