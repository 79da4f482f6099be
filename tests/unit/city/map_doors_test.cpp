// SPDX-License-Identifier: MIT
//
// Doors: what buildings and grounds become, and where they open to.
#include "city/map/building_tags.hpp"
#include "city/map/doors.hpp"
#include "city/map/grounds.hpp"
#include "osm_text.hpp"

#include <vector>

namespace {

using city::door;
using city::door_kind;
using city_test::osm_text;

/// A street of 1,000 metres from west to east, with a loop at either end.
osm_text long_street() {
    osm_text t;
    t.node(1, -500, 0);
    t.node(2, 500, 0);
    t.node(3, -500, 3000);
    t.node(4, 500, 3000);
    t.way(10, {1, 2}, {{"highway", "residential"}});
    t.way(11, {1, 3, 4, 2}, {{"highway", "trunk"}});
    return t;
}

void square(osm_text& t, int id, double x, double y, double side, city_test::tag_list tags) {
    t.node(id * 10, x, y);
    t.node(id * 10 + 1, x + side, y);
    t.node(id * 10 + 2, x + side, y + side);
    t.node(id * 10 + 3, x, y + side);
    t.way(id, {id * 10, id * 10 + 1, id * 10 + 2, id * 10 + 3, id * 10}, tags);
}

/// The only door of a kind whose weight is known.
const door* find(const city::road_map& map, door_kind kind, double weight) {
    const door* found = nullptr;
    for (const door& d : map.doors)
        if (d.kind == kind && std::abs(d.weight - weight) < weight / 50) {
            EXPECT_FALSE(found) << "two of them";
            found = &d;
        }
    return found;
}

TEST(map_doors, a_house_opens_to_the_side_of_the_street_on_which_it_stands) {
    osm_text t = long_street();
    square(t, 30, -210, 20, 20, {{"building", "apartments"}, {"building:levels", "9"}});
    square(t, 31, 190, -50, 30, {{"building", "industrial"}, {"building:levels", "2"}});
    const auto made = t.read();
    const door* home = find(made.map, door_kind::home, 400.0 * 9 / 45);
    const door* work = find(made.map, door_kind::work, 900.0 * 2 / 60);
    ASSERT_TRUE(home && work);
    const city::road &north = made.map.roads[home->road], &south = made.map.roads[work->road];
    // One keeps to the right: those who drive to the west have the north on that side.
    EXPECT_LT(made.map.course_of(north).back().x, made.map.course_of(north).front().x);
    EXPECT_NEAR(home->position, 700, 2);
    EXPECT_GT(made.map.course_of(south).back().x, made.map.course_of(south).front().x);
    EXPECT_NEAR(work->position, 705, 2);
    EXPECT_EQ(north.kind, city::road_class::residential) << "nobody lives at a trunk road";
}

TEST(map_doors, a_building_that_says_nothing_is_what_its_ground_is_for) {
    osm_text t = long_street();
    square(t, 30, -400, 10, 300, {{"landuse", "industrial"}});
    square(t, 31, -300, 20, 60, {{"building", "yes"}, {"building:levels", "1"}});
    square(t, 32, 100, 20, 12, {{"building", "yes"}, {"building:levels", "2"}});
    square(t, 33, 200, 20, 5, {{"building", "yes"}});
    square(t, 34, 300, 20, 10, {{"building", "garage"}});
    const auto made = t.read();
    EXPECT_TRUE(find(made.map, door_kind::work, 3600 / 60.0));
    EXPECT_TRUE(find(made.map, door_kind::home, 144 * 2 / 45.0));
    EXPECT_NE(made.lines.back().find("2 doors from buildings"), std::string::npos)
        << made.lines.back();
}

TEST(map_doors, shops_and_schools_have_visitors_and_jobs) {
    osm_text t = long_street();
    square(t, 30, -300, 20, 40, {{"building", "yes"}, {"shop", "supermarket"}});
    square(t, 31, 100, 20, 50, {{"building", "school"}, {"building:levels", "3"}});
    t.node(900, 300, 15, {{"shop", "bakery"}});
    const auto made = t.read();
    EXPECT_TRUE(find(made.map, door_kind::shop, 1600 / 2.0));
    EXPECT_TRUE(find(made.map, door_kind::work, 1600 / 24.0));
    EXPECT_TRUE(find(made.map, door_kind::school, 7500 / 10.0));
    EXPECT_TRUE(find(made.map, door_kind::shop, 100 / 2.0));
}

TEST(map_doors, a_multipolygon_is_a_building_by_its_outer_way) {
    osm_text t = long_street();
    square(t, 30, -300, 20, 30, {});
    t.relation(1, {"way 30 outer"},
               {{"type", "multipolygon"}, {"building", "office"}, {"building:levels", "4"}});
    EXPECT_TRUE(find(t.read().map, door_kind::work, 900 * 4 / 15.0));
}

TEST(map_doors, where_there_are_no_buildings_streets_and_their_ground_decide) {
    osm_text t = long_street();
    const auto bare = t.read();
    double people[4] = {};
    for (const door& d : bare.map.doors)
        people[static_cast<std::size_t>(d.kind)] += static_cast<double>(d.weight);
    for (const double sum : people) EXPECT_GT(sum, 0);
    square(t, 30, -600, -100, 1200, {{"landuse", "commercial"}});
    const auto made = t.read();
    double jobs = 0;
    for (const door& d : made.map.doors)
        if (d.kind == door_kind::work) jobs += static_cast<double>(d.weight);
    EXPECT_NEAR(jobs, 2000 * 4 * 0.06, 5);
}

TEST(map_doors, doors_are_sorted_by_road_and_position) {
    osm_text t = long_street();
    for (int i = 0; i < 30; ++i)
        square(t, 100 + i, -450 + 29 * ((i * 7) % 30), i % 2 ? 20 : -40, 12,
               {{"building", "house"}});
    const auto made = t.read();
    std::size_t all = 0;
    for (const city::road& r : made.map.roads) {
        float last = 0;
        for (const door& d : made.map.doors_of(r)) {
            ++all;
            EXPECT_EQ(&made.map.roads[d.road], &r);
            EXPECT_GE(d.position, last);
            EXPECT_LE(d.position, r.length);
            last = d.position;
        }
    }
    EXPECT_EQ(all, made.map.doors.size());
    EXPECT_GE(all, 30u);
}

TEST(map_doors, grounds_are_found_the_smallest_first) {
    city::grounds land;
    land.add({{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}}, city::use_kind::home);
    land.add({{400, 400}, {600, 400}, {600, 600}, {400, 600}}, city::use_kind::school);
    land.add({{-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {-1e6, 1e6}}, city::use_kind::industry);
    land.seal();
    EXPECT_EQ(land.use_at({500, 500}), city::use_kind::school);
    EXPECT_EQ(land.use_at({100, 500}), city::use_kind::home);
    EXPECT_EQ(land.use_at({-100, 500}), city::use_kind::industry);
    EXPECT_EQ(land.use_at({2e6, 0}), city::use_kind::none);
    EXPECT_DOUBLE_EQ(city::area_of(std::vector<city::point>{{0, 0}, {10, 0}, {10, 10}, {0, 10}}),
                     100);
}

} // namespace
