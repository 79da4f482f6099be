// SPDX-License-Identifier: MIT
//
// When the travel times are measured, and when everybody hears of them.
#include "city/travel_times.hpp"

#include "city/map/grid.hpp"
#include "city/streets.hpp"

#include <gtest/gtest.h>

namespace {

using city::customize;

TEST(travel_times, are_those_of_free_roads_and_half_a_minute_after_each_measurement_the_new_ones) {
    const city::road_map map = city::make_grid(4, 4, 120, 1);
    kay::actor_system system{{.places = 2}};
    system.add<city::Intersection, city::Lane, city::Person, city::TripLog>();
    const auto net = city::build_streets(system, map, {});
    city::travel_times times(system, net);
    times.found(map);
    const city::street_net& n = system[net];
    const auto costs = city::free_turn_costs(map);
    const auto free = city::free_travel_times(map);
    EXPECT_EQ(system[n.times].out, customize(system[n.order], free, costs).out);
    EXPECT_EQ(system[n.news].turn, 0u);
    EXPECT_EQ(system[n.news].roads[3].now_ms, free[3]);

    // Somebody who is not told where to go stands at the end of a road.
    system.send(n.lanes[n.roads[3].first_lane], city::Enter{});
    const auto before = system[n.times].out;
    const auto go_to = [&](std::uint64_t turn) {
        while (system.turn_number() < turn) {
            times.go_on();
            ASSERT_TRUE(system.turn());
        }
    };
    go_to(3299);
    EXPECT_EQ(system[n.news].turn, 0u);
    EXPECT_EQ(system[n.times].out, before);
    go_to(3300);
    EXPECT_EQ(system[n.news].turn, 2999u);
    EXPECT_EQ(system[n.news].roads[3].before_ms, free[3]);
    EXPECT_NEAR(system[n.news].roads[3].now_ms * n.roads[3].lanes, 299'900, 30'000);
    std::vector<std::uint32_t> measured;
    for (const city::road_time& t : system[n.news].roads) measured.push_back(t.now_ms);
    EXPECT_NE(system[n.times].out, before);
    EXPECT_EQ(system[n.times].out, customize(system[n.order], measured, costs).out);
    EXPECT_EQ(system[n.times].in_middles, customize(system[n.order], measured, costs).in_middles);
    go_to(6299);
    EXPECT_EQ(system[n.news].turn, 2999u);
    go_to(6300);
    EXPECT_EQ(system[n.news].turn, 5999u);
}

} // namespace
