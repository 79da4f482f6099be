// SPDX-License-Identifier: MIT
//
// What an importer makes of the rules of the road: restrictions, access, signs, signals, lanes and
// sides, each on a crossing of four streets of which the answer is known.
#include "osm_text.hpp"

#include "city/map/driving_side.hpp"
#include "city/map/street_tags.hpp"

#include <algorithm>
#include <string>

namespace {

using city::right_of_way;
using city::road_map;
using city::turn_kind;
using city_test::compass;
using city_test::osm_text;
using city_test::tag_list;

/// Node 1 in the middle; ways 10 from the north, 20 from the east, 30 from the south, 40 from the
/// west, each drawn towards the middle. All further nodes lie on a ring of streets (way 50), so
/// that nothing is a dead end.
osm_text four_streets(tag_list north = {{"highway", "residential"}},
                      tag_list east = {{"highway", "residential"}},
                      tag_list south = {{"highway", "residential"}},
                      tag_list west = {{"highway", "residential"}}, tag_list middle = {},
                      double latitude = 0, double longitude = -20) {
    osm_text t(latitude, longitude);
    t.node(1, 0, 0, middle);
    t.node(2, 0, 300);
    t.node(3, 300, 0);
    t.node(4, 0, -300);
    t.node(5, -300, 0);
    t.way(10, {2, 1}, north);
    t.way(20, {3, 1}, east);
    t.way(30, {4, 1}, south);
    t.way(40, {5, 1}, west);
    t.way(50, {2, 3, 4, 5, 2}, {{"highway", "residential"}});
    return t;
}

bool has_line(const city::imported_map& made, const std::string& part) {
    return std::any_of(made.lines.begin(), made.lines.end(), [&](const std::string& line) {
        return line.find(part) != std::string::npos;
    });
}

TEST(osm_rules, without_rules_one_may_go_anywhere_but_back) {
    const auto made = four_streets().read();
    const compass c(made.map);
    EXPECT_EQ(c.ways_from('s'), "new");
    EXPECT_EQ(c.turn('s', 'w')->kind, turn_kind::left);
    EXPECT_EQ(c.turn('s', 'n')->kind, turn_kind::through);
    EXPECT_EQ(c.turn('s', 'e')->kind, turn_kind::right);
    EXPECT_NEAR(c.turn('s', 'w')->angle, 90, 1);
    EXPECT_NEAR(c.turn('s', 'e')->angle, -90, 1);
    for (const char side : {'n', 'e', 's', 'w'}) {
        EXPECT_EQ(c.from(side)->at_end, right_of_way::equal);
        EXPECT_EQ(c.turn(side, side == 'n' ? 's' : 'n')->rank, 0);
    }
}

TEST(osm_rules, a_ban_takes_away_one_turn_and_an_order_all_others) {
    struct {
        const char* value;
        const char* to;
        const char* left;
    } const cases[] = {
        {"no_left_turn", "way 40 to", "ne"},     {"no_right_turn", "way 20 to", "nw"},
        {"no_straight_on", "way 10 to", "ew"},   {"only_left_turn", "way 40 to", "w"},
        {"only_straight_on", "way 10 to", "n"},  {"only_right_turn", "way 20 to", "e"},
        {"maybe_left_turn", "way 40 to", "new"},
    };
    for (const auto& c : cases) {
        osm_text t = four_streets();
        t.relation(1, {"way 30 from", "node 1 via", c.to},
                   {{"type", "restriction"}, {"restriction", c.value}});
        const auto made = t.read();
        EXPECT_EQ(compass(made.map).ways_from('s'), c.left) << c.value;
        EXPECT_EQ(compass(made.map).ways_from('n'), "esw") << c.value;
    }
}

TEST(osm_rules, bans_for_others_and_at_some_hours_are_left_out_and_counted) {
    const struct {
        tag_list tags;
        const char* left;
        const char* told;
    } cases[] = {
        {{{"type", "restriction"}, {"restriction", "no_left_turn"}, {"except", "psv;motorcar"}},
         "new",
         "1 not for cars"},
        {{{"type", "restriction"}, {"restriction", "no_left_turn"}, {"except", "psv;bicycle"}},
         "ne",
         "1 of 1 turn restrictions are for cars"},
        {{{"type", "restriction"}, {"restriction:hgv", "no_left_turn"}}, "new", "1 not for cars"},
        {{{"type", "restriction"}, {"restriction:motorcar", "no_left_turn"}},
         "ne",
         "1 of 1 turn restrictions are for cars"},
        {{{"type", "restriction"},
          {"restriction:conditional", "no_left_turn @ (Mo-Fr 07:00-09:00)"}},
         "new",
         "1 conditional"},
        {{{"type", "restriction"}, {"restriction", "left"}}, "new", "1 not understood"},
    };
    for (const auto& c : cases) {
        osm_text t = four_streets();
        t.relation(1, {"way 30 from", "node 1 via", "way 40 to"}, c.tags);
        const auto made = t.read();
        EXPECT_EQ(compass(made.map).ways_from('s'), c.left) << c.told;
        EXPECT_TRUE(has_line(made, c.told)) << c.told;
    }
}

TEST(osm_rules, a_ban_without_its_members_bans_nothing) {
    for (const auto& members : {std::initializer_list<const char*>{"way 30 from", "way 40 to"},
                                {"way 30 from", "node 1 via"},
                                {"way 30 from", "node 77 via", "way 40 to"},
                                {"way 99 from", "node 1 via", "way 40 to"},
                                {"node 1 from", "node 1 via", "way 40 to"}}) {
        osm_text t = four_streets();
        t.relation(1, members, {{"type", "restriction"}, {"restriction", "no_left_turn"}});
        const auto made = t.read();
        EXPECT_EQ(compass(made.map).ways_from('s'), "new");
    }
}

TEST(osm_rules, no_exit_and_no_entry_may_name_several_ways) {
    osm_text t = four_streets();
    t.relation(1, {"way 30 from", "node 1 via", "way 40 to", "way 10 to"},
               {{"type", "restriction"}, {"restriction", "no_exit"}});
    t.relation(2, {"way 10 from", "way 40 from", "node 1 via", "way 20 to"},
               {{"type", "restriction"}, {"restriction", "no_entry"}});
    const auto made = t.read();
    const compass c(made.map);
    EXPECT_EQ(c.ways_from('s'), "e");
    EXPECT_EQ(c.ways_from('n'), "sw");
    EXPECT_EQ(c.ways_from('w'), "ns");
}

/// A street with two carriageways, 12 metres apart, from west to east, crossed by a street.
osm_text two_carriageways() {
    osm_text t;
    t.node(1, 0, 6);
    t.node(2, 0, -6);
    t.node(3, 300, 0);
    t.node(4, -300, 0);
    t.node(5, 0, 300);
    t.node(6, 0, -300);
    t.way(10, {3, 1}, {{"highway", "primary"}, {"oneway", "yes"}});
    t.way(11, {1, 4}, {{"highway", "primary"}, {"oneway", "yes"}});
    t.way(20, {4, 2}, {{"highway", "primary"}, {"oneway", "yes"}});
    t.way(21, {2, 3}, {{"highway", "primary"}, {"oneway", "yes"}});
    t.way(30, {5, 1}, {{"highway", "tertiary"}});
    t.way(31, {1, 2}, {{"highway", "tertiary"}});
    t.way(32, {2, 6}, {{"highway", "tertiary"}});
    t.way(50, {3, 5, 4, 6, 3}, {{"highway", "residential"}});
    return t;
}

TEST(osm_rules, a_crossing_drawn_as_two_has_the_turns_that_it_had) {
    const auto made = two_carriageways().read();
    const compass c(made.map);
    EXPECT_EQ(c.ways_from('s'), "new");
    EXPECT_EQ(c.ways_from('w'), "nesw"); // back on the other carriageway, over the link
    EXPECT_EQ(c.turn('w', 'w')->kind, turn_kind::back);
}

TEST(osm_rules, a_ban_over_a_way_between_holds) {
    osm_text t = two_carriageways();
    t.relation(1, {"way 20 from", "way 31 via", "way 11 to"},
               {{"type", "restriction"}, {"restriction", "no_u_turn"}});
    t.relation(2, {"way 32 from", "way 31 via", "way 11 to"},
               {{"type", "restriction"}, {"restriction", "no_left_turn"}});
    const auto made = t.read();
    const compass c(made.map);
    EXPECT_EQ(c.ways_from('w'), "nes");
    EXPECT_EQ(c.ways_from('s'), "ne");
    EXPECT_EQ(c.ways_from('e'), "nesw");
}

TEST(osm_rules, a_ban_at_a_node_that_is_joined_to_another_holds) {
    osm_text t = two_carriageways();
    // Nobody may turn left from the link, wherever he came from.
    t.relation(1, {"way 31 from", "node 1 via", "way 11 to"},
               {{"type", "restriction"}, {"restriction", "no_left_turn"}});
    const auto made = t.read();
    const compass c(made.map);
    EXPECT_EQ(c.ways_from('w'), "nes");
    EXPECT_EQ(c.ways_from('s'), "ne");
}

TEST(osm_rules, what_bans_leave_without_a_way_out_is_no_part_of_the_map) {
    osm_text t = four_streets();
    t.node(6, 0, 600);
    t.way(60, {2, 6}, {{"highway", "residential"}});
    t.relation(1, {"way 60 from", "node 2 via", "way 10 to"},
               {{"type", "restriction"}, {"restriction", "no_exit"}});
    t.relation(2, {"way 60 from", "node 2 via", "way 50 to"},
               {{"type", "restriction"}, {"restriction", "no_straight_on"}});
    const auto made = t.read();
    for (const city::road& r : made.map.roads) EXPECT_GE(r.turns, 1u);
}

TEST(osm_rules, access_follows_its_hierarchy) {
    const struct {
        tag_list tags;
        char answer; // open, destination, closed
    } cases[] = {
        {{{"access", "private"}}, 'c'},
        {{{"access", "no"}, {"motor_vehicle", "yes"}}, 'o'},
        {{{"access", "yes"}, {"vehicle", "no"}}, 'c'},
        {{{"vehicle", "no"}, {"motor_vehicle", "permissive"}}, 'o'},
        {{{"motor_vehicle", "yes"}, {"motorcar", "no"}}, 'c'},
        {{{"access", "destination"}}, 'd'},
        {{{"motor_vehicle", "customers"}}, 'd'},
        {{{"motor_vehicle", "agricultural;forestry"}}, 'c'},
        {{{"motor_vehicle", "delivery;destination"}}, 'd'},
        {{{"bicycle", "no"}}, 'o'},
        {{{"access", "unknown"}}, 'o'},
        {{}, 'o'},
    };
    for (const auto& c : cases) {
        std::vector<std::pair<const char*, const char*>> tags(c.tags);
        city::tags t;
        t.all.push_back({"highway", "residential"});
        std::string what;
        for (const auto& [key, value] : tags) {
            t.all.push_back({key, value});
            what += std::string(key) + "=" + value + " ";
        }
        const auto access = city::access_of(t);
        EXPECT_EQ(access == city::car_access::closed        ? 'c'
                  : access == city::car_access::destination ? 'd'
                                                            : 'o',
                  c.answer)
            << what;
    }
    const auto made = four_streets({{"highway", "residential"}, {"access", "destination"}}).read();
    EXPECT_TRUE(compass(made.map).from('n')->destination_only);
    EXPECT_FALSE(compass(made.map).from('s')->destination_only);
}

TEST(osm_rules, ferries_service_ways_and_reversible_lanes_are_no_streets_and_are_told) {
    osm_text t = four_streets();
    t.way(60, {2, 4}, {{"route", "ferry"}});
    t.way(61, {2, 4}, {{"highway", "service"}, {"service", "driveway"}});
    t.way(62, {2, 4}, {{"highway", "primary"}, {"oneway", "reversible"}});
    t.way(63, {2, 4}, {{"highway", "footway"}});
    const auto made = t.read();
    EXPECT_EQ(made.map.roads.size(), 16u);
    EXPECT_EQ(made.lines[0],
              "5 of 9 ways are roads for cars; left out: 1 service ways, 1 paths and "
              "the like, 1 reversible, 1 ferries");
}

TEST(osm_rules, ways_over_each_other_do_not_meet) {
    osm_text t = four_streets();
    t.node(7, 50, 290);
    t.node(8, -50, -290);
    t.way(60, {2, 7, 8, 4}, {{"highway", "primary"}, {"bridge", "yes"}, {"oneway", "yes"}});
    EXPECT_EQ(compass(t.read().map).ways_from('s'), "new");
}

TEST(osm_rules, signals_rule_and_who_turns_left_gives_way) {
    const auto made = four_streets({{"highway", "residential"}}, {{"highway", "primary"}},
                                   {{"highway", "residential"}}, {{"highway", "primary"}},
                                   {{"highway", "traffic_signals"}})
                          .read();
    const compass c(made.map);
    EXPECT_TRUE(made.map.intersections[c.middle()].signals);
    for (const char side : {'n', 'e', 's', 'w'})
        EXPECT_EQ(c.from(side)->at_end, right_of_way::signals);
    EXPECT_EQ(c.turn('s', 'n')->rank, 1);
    EXPECT_EQ(c.turn('s', 'e')->rank, 1);
    EXPECT_EQ(c.turn('s', 'w')->rank, 2);
}

TEST(osm_rules, lights_of_a_footway_are_no_signals_and_a_stop_line_may_name_its_direction) {
    osm_text t;
    t.node(1, 0, 0);
    t.node(2, 0, 300);
    t.node(3, 300, 0);
    t.node(4, 0, -300);
    t.node(5, -300, 0);
    t.node(6, 0, 150, {{"highway", "traffic_signals"}}); // far from anything
    t.node(7, 12, 0, {{"highway", "crossing"}, {"crossing", "traffic_signals"}});
    t.node(8, -40, 0, {{"highway", "traffic_signals"}, {"traffic_signals:direction", "backward"}});
    t.way(10, {2, 6, 1}, {{"highway", "residential"}});
    t.way(20, {3, 7, 1}, {{"highway", "residential"}});
    t.way(30, {4, 1}, {{"highway", "residential"}});
    t.way(40, {5, 8, 1}, {{"highway", "residential"}});
    t.way(50, {2, 3, 4, 5, 2}, {{"highway", "residential"}});
    const auto made = t.read();
    EXPECT_FALSE(made.map.intersections[compass(made.map).middle()].signals);
    EXPECT_TRUE(has_line(made, "2 signals of footways left out"));
}

TEST(osm_rules, signs_make_a_main_road) {
    osm_text t;
    t.node(1, 0, 0);
    t.node(2, 0, 300);
    t.node(3, 300, 0);
    t.node(4, 0, -300);
    t.node(5, -300, 0);
    t.node(6, 0, 15, {{"highway", "stop"}});
    t.node(7, 0, -15, {{"highway", "give_way"}, {"direction", "forward"}});
    t.way(10, {2, 6, 1}, {{"highway", "residential"}});
    t.way(20, {3, 1}, {{"highway", "residential"}});
    t.way(30, {4, 7, 1}, {{"highway", "residential"}});
    t.way(40, {5, 1}, {{"highway", "residential"}});
    t.way(50, {2, 3, 4, 5, 2}, {{"highway", "residential"}});
    const auto made = t.read();
    const compass c(made.map);
    EXPECT_EQ(c.from('n')->at_end, right_of_way::stop);
    EXPECT_EQ(c.from('s')->at_end, right_of_way::give_way);
    EXPECT_EQ(c.from('e')->at_end, right_of_way::priority);
    EXPECT_EQ(c.from('w')->at_end, right_of_way::priority);
    EXPECT_EQ(c.turn('e', 'w')->rank, 1);
    EXPECT_EQ(c.turn('e', 's')->rank, 2);
    EXPECT_EQ(c.turn('n', 'w')->rank, 2); // to the right
    EXPECT_EQ(c.turn('n', 's')->rank, 3);
    EXPECT_EQ(c.turn('n', 'e')->rank, 4);
}

TEST(osm_rules, the_wider_road_goes_first_and_of_equal_ones_that_which_goes_straight_on) {
    const auto by_class = four_streets({{"highway", "residential"}}, {{"highway", "secondary"}},
                                       {{"highway", "residential"}}, {{"highway", "secondary"}})
                              .read();
    const compass c(by_class.map);
    EXPECT_EQ(c.from('n')->at_end, right_of_way::give_way);
    EXPECT_EQ(c.from('e')->at_end, right_of_way::priority);

    const auto t = four_streets({{"highway", "residential"}}, {{"highway", "secondary"}},
                                {{"highway", "secondary"}}, {{"highway", "secondary"}})
                       .read();
    const compass d(t.map);
    EXPECT_EQ(d.from('e')->at_end, right_of_way::priority);
    EXPECT_EQ(d.from('w')->at_end, right_of_way::priority);
    EXPECT_EQ(d.from('s')->at_end, right_of_way::give_way);
}

TEST(osm_rules, the_ring_of_a_roundabout_goes_first) {
    osm_text t;
    const int at[4][2] = {{0, 30}, {-30, 0}, {0, -30}, {30, 0}};
    for (int i = 0; i < 4; ++i) {
        t.node(1 + i, at[i][0], at[i][1]);
        t.node(11 + i, at[i][0] * 10, at[i][1] * 10);
    }
    t.way(10, {1, 2, 3, 4, 1}, {{"highway", "residential"}, {"junction", "roundabout"}});
    for (int i = 0; i < 4; ++i) t.way(20 + i, {11 + i, 1 + i}, {{"highway", "primary"}});
    const auto made = t.read();
    std::size_t ring = 0, arms = 0;
    for (const city::road& r : made.map.roads) {
        if (r.ring) {
            ++ring;
            EXPECT_EQ(r.at_end, right_of_way::priority);
        } else if (made.map.roads[made.map.turns_of(r)[0].to].ring) {
            ++arms;
            EXPECT_EQ(r.at_end, right_of_way::give_way);
            EXPECT_EQ(r.turns, 1u);
        }
    }
    EXPECT_EQ(ring, 4u);
    EXPECT_EQ(arms, 4u);
}

TEST(osm_rules, arrows_say_which_lanes_may_turn) {
    const auto made = four_streets({{"highway", "primary"}}, {{"highway", "primary"}},
                                   {{"highway", "primary"},
                                    {"lanes", "5"},
                                    {"lanes:forward", "4"},
                                    {"turn:lanes:forward", "left|left;through|through|right"}},
                                   {{"highway", "primary"}, {"lanes", "4"}})
                          .read();
    const compass c(made.map);
    ASSERT_EQ(c.from('s')->lanes, 4u);
    EXPECT_EQ(c.turn('s', 'w')->from_lanes, 0b0011);
    EXPECT_EQ(c.turn('s', 'n')->from_lanes, 0b0110);
    EXPECT_EQ(c.turn('s', 'e')->from_lanes, 0b1000);
    EXPECT_EQ(c.turn('s', 'w')->to_lanes, 0b11); // of two
    EXPECT_EQ(c.turn('s', 'n')->to_lanes, 0b1);
    EXPECT_EQ(city::lanes_into(*c.turn('s', 'w'), 0), 0b01);
    EXPECT_EQ(city::lanes_into(*c.turn('s', 'w'), 1), 0b10);
    EXPECT_EQ(city::lanes_into(*c.turn('s', 'n'), 2), 0b1);
    EXPECT_TRUE(has_line(made, "1 ways with arrows"));
}

TEST(osm_rules, without_arrows_left_turns_keep_left_and_right_ones_right) {
    const auto lanes = [](const char* south, const char* north) {
        return four_streets({{"highway", "primary"}, {"lanes", north}}, {{"highway", "primary"}},
                            {{"highway", "primary"}, {"lanes", south}}, {{"highway", "primary"}})
            .read();
    };
    const auto two = lanes("4", "4");
    const compass c(two.map);
    EXPECT_EQ(c.turn('s', 'w')->from_lanes, 0b01);
    EXPECT_EQ(c.turn('s', 'n')->from_lanes, 0b11);
    EXPECT_EQ(c.turn('s', 'e')->from_lanes, 0b10);
    const auto three = lanes("6", "4");
    const compass d(three.map);
    EXPECT_EQ(d.turn('s', 'w')->from_lanes, 0b001); // the one that does not go on
    EXPECT_EQ(d.turn('s', 'n')->from_lanes, 0b110);
    EXPECT_EQ(d.turn('s', 'e')->from_lanes, 0b100);
    EXPECT_EQ(city::lanes_into(*d.turn('s', 'n'), 1), 0b01);
    EXPECT_EQ(city::lanes_into(*d.turn('s', 'n'), 2), 0b10);
}

TEST(osm_rules, one_keeps_left_where_the_country_or_the_map_says_so) {
    EXPECT_TRUE(city::drives_left_at(51.5, -0.12));  // London
    EXPECT_TRUE(city::drives_left_at(53.35, -6.26)); // Dublin
    EXPECT_TRUE(city::drives_left_at(-33.9, 151.2)); // Sydney
    EXPECT_TRUE(city::drives_left_at(-36.8, 174.8)); // Auckland
    EXPECT_TRUE(city::drives_left_at(35.7, 139.7));  // Tokyo
    EXPECT_TRUE(city::drives_left_at(28.6, 77.2));   // Delhi
    EXPECT_TRUE(city::drives_left_at(-26.2, 28.0));  // Johannesburg
    EXPECT_TRUE(city::drives_left_at(13.75, 100.5)); // Bangkok
    EXPECT_TRUE(city::drives_left_at(3.14, 101.7));  // Kuala Lumpur
    EXPECT_TRUE(city::drives_left_at(1.3, 103.8));   // Singapore
    EXPECT_TRUE(city::drives_left_at(-6.2, 106.8));  // Jakarta
    EXPECT_TRUE(city::drives_left_at(-1.29, 36.8));  // Nairobi
    EXPECT_TRUE(city::drives_left_at(22.3, 114.2));  // Hong Kong
    EXPECT_TRUE(city::drives_left_at(35.17, 33.36)); // Nicosia
    EXPECT_TRUE(city::drives_left_at(35.9, 14.5));   // Valletta
    for (const auto& [latitude, longitude] : {std::pair{48.86, 2.35},
                                              {40.7, -74.0},
                                              {52.5, 13.4},
                                              {43.73, 7.42},
                                              {40.27, -76.88},
                                              {39.9, 116.4},
                                              {22.54, 114.06},
                                              {37.57, 126.98},
                                              {14.6, 121.0},
                                              {11.55, 104.9},
                                              {16.8, 96.15},
                                              {-1.95, 30.06},
                                              {50.95, 1.86},
                                              {0.0, -20.0}})
        EXPECT_FALSE(city::drives_left_at(latitude, longitude)) << latitude << "," << longitude;

    const tag_list street{{"highway", "residential"}};
    const tag_list said{{"highway", "residential"}, {"driving_side", "left"}};
    const auto london = four_streets(street, street, street, street, {}, 51.5, -0.12).read();
    EXPECT_TRUE(london.map.drives_left);
    EXPECT_TRUE(has_line(london, "one drives on the left"));
    const auto tagged = four_streets(said, street, street, street).read();
    EXPECT_TRUE(tagged.map.drives_left);
    const auto lit =
        four_streets(street, street, street, street, {{"highway", "traffic_signals"}}, 51.5, -0.12)
            .read();
    const compass c(lit.map);
    EXPECT_EQ(c.turn('s', 'w')->rank, 1); // the near side
    EXPECT_EQ(c.turn('s', 'e')->rank, 2);
}

TEST(osm_rules, the_order_of_a_file_makes_no_difference_nor_does_a_way_that_is_there_twice) {
    osm_text t = four_streets();
    t.relation(1, {"way 30 from", "node 1 via", "way 40 to"},
               {{"type", "restriction"}, {"restriction", "no_left_turn"}});
    const auto there = city::read_osm_bytes(t.text(), "osm");
    const auto down = city::read_osm_bytes(t.upside_down(), "osm");
    ASSERT_TRUE(there && down);
    EXPECT_EQ(there->lines, down->lines);
    EXPECT_EQ(compass(down->map).ways_from('s'), "ne");
    osm_text twice = four_streets();
    twice.way(30, {4, 1}, {{"highway", "residential"}});
    EXPECT_EQ(twice.read().map.roads.size(), 16u);
}

TEST(osm_rules, speeds_may_differ_by_direction_and_country) {
    const struct {
        const char* value;
        double km_in_hour;
    } cases[] = {{"50", 50},
                 {"30 mph", 48.28},
                 {"walk", 7},
                 {"DE:zone:30", 30},
                 {"FR:zone30", 30},
                 {"GB:nsl_single", 96.56},
                 {"GB:motorway", 112.65},
                 {"IT:urban", 50},
                 {"DE:living_street", 7},
                 {"none", 130}};
    for (const auto& c : cases) {
        const auto speed = city::read_speed(c.value);
        ASSERT_TRUE(speed) << c.value;
        EXPECT_NEAR(*speed * 3.6f, c.km_in_hour, 0.1) << c.value;
    }
    for (const char* nonsense : {"signals", "variable", "", "0", "300", "fast", "5 knots"})
        EXPECT_FALSE(city::read_speed(nonsense)) << nonsense;
    const auto made =
        four_streets({{"highway", "residential"}, {"maxspeed:forward", "20"}, {"maxspeed", "40"}})
            .read();
    EXPECT_NEAR(compass(made.map).from('n')->speed_limit, 20 / 3.6, 0.01);
}

TEST(osm_rules, lanes_of_buses_and_for_both_ways_are_not_shared_out) {
    const struct {
        tag_list tags;
        unsigned lanes;
    } cases[] = {{{{"highway", "primary"}, {"lanes", "3"}, {"lanes:both_ways", "1"}}, 1},
                 {{{"highway", "primary"}, {"lanes", "5"}, {"lanes:backward", "2"}}, 3},
                 {{{"highway", "primary"}, {"lanes", "6"}, {"lanes:bus:forward", "1"}}, 2},
                 {{{"highway", "primary"}, {"lanes", "2"}, {"lanes:both_ways", "9"}}, 1}};
    for (const auto& c : cases) {
        const auto made = four_streets(c.tags).read();
        EXPECT_EQ(compass(made.map).from('n')->lanes, c.lanes);
    }
}

} // namespace
