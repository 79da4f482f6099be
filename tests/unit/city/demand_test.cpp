// SPDX-License-Identifier: MIT
//
// Reading demand: tables and files of SUMO's, what they mean on a map, and files that are no
// demand.
#include "city/demand/demand.hpp"
#include "city/demand/random_demand.hpp"
#include "city/map/grid.hpp"
#include "demand_town.hpp"
#include "map_files.hpp"
#include "osm_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace {

using city::planned_trip;
using city::purpose;
using city::road_map;
using city_test::crossing_of_two;
using city_test::road_of;
using city_test::scratch_folder;
using city_test::town;

city::demand read(const std::string& text, const road_map& map = town()) {
    auto made = city::read_demand_bytes(text, "demand", map);
    if (made) return std::move(*made);
    ADD_FAILURE() << made.error().text;
    return {};
}
/// The only trip of a file.
planned_trip trip_of(const std::string& text) {
    const auto made = read(text);
    EXPECT_EQ(made.trips.size(), 1u) << text;
    return made.trips.empty() ? planned_trip{} : made.trips[0];
}
std::string table(const std::string& rows) { return "depart_s,from_road,to_road\n" + rows; }
std::string routes(const std::string& inside) { return "<routes>\n" + inside + "\n</routes>\n"; }
planned_trip trip_of_sumo(const std::string& element) { return trip_of(routes(element)); }

void expect_refused(const std::string& text, const std::string& why,
                    const city::demand_limits& limits = {}, const road_map& map = town()) {
    const auto made = city::read_demand_bytes(text, "demand", map, limits);
    ASSERT_FALSE(made) << text.substr(0, 200);
    const std::string& said = made.error().text;
    EXPECT_EQ(made.error().code, kay::error_code::bad_data) << said;
    EXPECT_NE(said.find(why), std::string::npos) << said << "\nof " << text.substr(0, 200);
    EXPECT_TRUE(said.starts_with("demand: ")) << said;
    for (const char c : said) EXPECT_GE(static_cast<unsigned char>(c), ' ') << said;
    EXPECT_LT(said.size(), 500u) << said;
}

bool has_line(const city::demand& made, const std::string& what) {
    return std::any_of(made.lines.begin(), made.lines.end(), [&](const std::string& line) {
        return line.find(what) != std::string::npos;
    });
}
std::string all_lines(const city::demand& made) {
    std::string all;
    for (const auto& line : made.lines) all += line + "\n";
    return all;
}

/// As gzip would pack it, if it found nothing to save.
std::string packed(const std::string& text) {
    const auto number = [](std::uint32_t n, int bytes) {
        std::string made;
        for (int i = 0; i < bytes; ++i) made += static_cast<char>(n >> (8 * i) & 0xff);
        return made;
    };
    std::uint32_t crc = ~0u;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    const auto size = static_cast<std::uint32_t>(text.size());
    return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03\x01", 11) + number(size, 2) +
           number(~size, 2) + text + number(~crc, 4) + number(size, 4);
}

// Tables

TEST(demand, places_belong_to_the_street_and_the_side_next_to_them) {
    // 500 m north of the street's middle is the origin.
    const auto t = trip_of("depart_s,from_x,from_y,to_x,to_y\n60,-400,-510,210,100\n");
    EXPECT_EQ(t.departure_s, 60);
    EXPECT_EQ(t.from_road, road_of(100, false, 0)); // south of it one drives to the east
    EXPECT_NEAR(t.from_position, 600, 2);
    EXPECT_EQ(t.to_road, road_of(200)); // east of it to the north
    EXPECT_NEAR(t.to_position, 600, 2);
    EXPECT_EQ(t.what, purpose::other);
}

TEST(demand, places_on_earth_are_the_same_as_in_the_plane) {
    const auto earth = trip_of("depart_s,from_lon,from_lat,to_lon,to_lat\n"
                               "60,7.994405,49.999910,8.002937,50.005396\n");
    const auto plane = trip_of("depart_s,from_x,from_y,to_x,to_y\n60,-400,-510,210,100\n");
    EXPECT_EQ(earth.from_road, plane.from_road);
    EXPECT_EQ(earth.to_road, plane.to_road);
    EXPECT_NEAR(earth.from_position, plane.from_position, 2);
    EXPECT_NEAR(earth.to_position, plane.to_position, 2);
}

TEST(demand, columns_come_in_any_order_among_others) {
    const auto t = trip_of("To_Road,id,purpose, from_position ,DEPART_S,from_road\n"
                           "2,\"Smith, \"\"Jo\"\"\",work,12.5,\"3600\",1\n");
    EXPECT_EQ(t.departure_s, 3600);
    EXPECT_EQ(t.from_road, 1u);
    EXPECT_EQ(t.from_position, 12.5f);
    EXPECT_EQ(t.to_road, 2u);
    EXPECT_EQ(t.to_position, town().roads[2].length / 2);
    EXPECT_EQ(t.what, purpose::work);
}

TEST(demand, tables_are_as_programs_write_them) {
    const planned_trip plain = trip_of(table("5,1,2\n"));
    for (const std::string text :
         {"depart_s;from_road;to_road\r\n5;1;2\r\n", "depart_s\tfrom_road\tto_road\n5\t1\t2",
          "\xef\xbb\xbf"
          "depart_s,from_road,to_road\n\n5,1,2\n\n",
          "# made by hand\ndepart_s,from_road,to_road\n# the first\n 5 , r1 , r2 \n",
          "depart_s,\"from_road\",to_road\n\"5\",1,\"2\"", "depart_s,from_road,to_road\r\n5,1,2"})
        EXPECT_EQ(trip_of(text), plain) << text;
}

TEST(demand, fields_in_quotes_may_hold_quotes_and_line_ends) {
    const auto made = read("depart_s,from_road,to_road,purpose\n1,1,2,\"a \"\"b\"\"\"\n"
                           "2,1,2,\"home\"\n3,\"1\n\",2,shop\n4,1,99,\n");
    EXPECT_EQ(made.trips.size(), 3u);
    EXPECT_TRUE(has_line(made, "line 2: 'a \"b\"'")) << all_lines(made);
    EXPECT_TRUE(has_line(made, "line 6: 'r99'")) << all_lines(made);
}

TEST(demand, times_are_seconds_or_clock_times) {
    const std::map<std::string, double> times{{"0", 0},
                                              {"3600.25", 3600.25},
                                              {"1e3", 1000},
                                              {"07:30", 27'000},
                                              {"7:30:05", 27'005},
                                              {"7:30:05.5", 27'005.5},
                                              {"25:00:00", 90'000},
                                              {"1:00:00:01", 86'401}};
    for (const auto& [text, seconds] : times)
        EXPECT_EQ(trip_of(table(text + ",1,2\n")).departure_s, seconds) << text;
    for (const std::string text : {"", "x", "nan", "inf", "1e999", "7:60", "7:30:60",
                                   "7:30:", ":30", "7:-3", "1:2:3:4:5", "12 s", "0x10", "--1"})
        expect_refused(table(text + ",1,2\n"), "line 2: depart_s is '" + text + "'");
    expect_refused(table("1,1,2\n-1,1,2\n"), "line 3: a departure before midnight");
    expect_refused(table("1e8,1,2\n"), "line 2: a departure after more than a year");
}

TEST(demand, trips_are_sorted_and_equal_times_stay_in_order) {
    const auto made = read(table("9,1,2\n3,2,3\n9,3,4\n3,4,5\n1,5,6\n"));
    std::vector<std::uint32_t> from;
    for (const auto& t : made.trips) from.push_back(t.from_road);
    EXPECT_EQ(from, (std::vector<std::uint32_t>{5, 2, 4, 1, 3}));
    EXPECT_TRUE(has_line(made, "5 trips, from 00:00:01 to 00:00:09")) << all_lines(made);
}

TEST(demand, purposes_have_names) {
    for (const char* name : {"home", "work", "school", "shop", "errand", "other"})
        EXPECT_EQ(city::name_of(*city::purpose_of(name)), name);
    EXPECT_FALSE(city::purpose_of("gym"));
    const auto made =
        read("depart_s,from_road,to_road,purpose\n1,1,2,gym\n2,1,2,shop\n3,1,2,\n4,1,2,gym\n");
    ASSERT_EQ(made.trips.size(), 4u);
    EXPECT_EQ(made.trips[0].what, purpose::other);
    EXPECT_EQ(made.trips[1].what, purpose::shop);
    EXPECT_EQ(made.trips[2].what, purpose::other);
    EXPECT_TRUE(has_line(made, "2 trips have purposes")) << all_lines(made);
    EXPECT_TRUE(has_line(made, "line 2: 'gym'")) << all_lines(made);
}

TEST(demand, what_is_off_the_map_is_left_out_and_told) {
    const std::string head = "depart_s,from_x,from_y,to_x,to_y\n";
    const std::string good = "1,0,-510,200,0\n";
    // 490 m south of the street, and 510 m.
    EXPECT_EQ(read(head + good + "1,0,-990,200,0\n").trips.size(), 2u);
    const auto made = read(head + good + "1,0,-1010,200,0\n2,0,0,1e30,0\n");
    EXPECT_EQ(made.trips.size(), 1u);
    EXPECT_TRUE(has_line(made, "2 trips left out that begin or end more than 500 m"))
        << all_lines(made);
    EXPECT_TRUE(has_line(made, "line 3")) << all_lines(made);
    expect_refused(head + "1,0,-1010,200,0\n",
                   "none of its trips can be made on this map: 1 begin");
    const auto roads = read(table("1,1,2\n1,1,10\n1,99,2\n"));
    EXPECT_EQ(roads.trips.size(), 1u);
    EXPECT_TRUE(has_line(roads, "2 trips left out on edges")) << all_lines(roads);
    EXPECT_TRUE(has_line(roads, "line 3: 'r10'")) << all_lines(roads);
    expect_refused(table("1,10,2\n"), "1 on edges that the map does not have");
}

TEST(demand, positions_stay_on_their_road) {
    const auto made = read("depart_s,from_road,to_road,from_position,to_position\n"
                           "1,1,2,1e9,-10\n");
    EXPECT_EQ(made.trips.at(0).from_position, town().roads[1].length);
    EXPECT_EQ(made.trips.at(0).to_position, town().roads[2].length - 10);
}

TEST(demand, tables_that_are_none_are_refused) {
    expect_refused("", "is empty");
    expect_refused("\n\n# nothing\n", "is empty");
    expect_refused("Dear diary,\n", "line 1: has no column called depart_s");
    expect_refused("depart_s\n1\n", "line 1: has no columns for where trips begin");
    expect_refused("depart_s,from_road\n1,1\n", "line 1: has no columns for where trips end");
    expect_refused("depart_s,from_x,to_road\n1,1,2\n", "where trips begin");
    expect_refused("depart_s,from_road,to_road,from_road\n", "two columns called 'from_road'");
    expect_refused("depart_s,from_road,to_road\n", "has no trips");
    expect_refused(table("1,1\n"), "line 2: has 2 fields only");
    expect_refused(table("1,1,2\n1,one,2\n"), "line 3: 'one' is no number of a road");
    expect_refused(table("1,-1,2\n"), "'-1' is no number of a road");
    expect_refused(table("1,99999999999999999999,2\n"), "is no number of a road");
    expect_refused(table("1,\"1,2\n"), "line 2: has a quote without end");
    expect_refused("depart_s,from_x,from_y,to_x,to_y\n1,nan,0,0,0\n", "'nan' is no number");
    expect_refused("depart_s,from_x,from_y,to_x,to_y\n1,inf,0,0,0\n", "'inf' is no number");
    const std::string earth = "depart_s,from_lon,from_lat,to_lon,to_lat\n";
    expect_refused(earth + "1,8,91,8,50\n", "line 2: longitude 8.000000, latitude 91.000000");
    expect_refused(earth + "1,181,50,8,50\n", "is no place on earth");
    expect_refused(earth + "1,8,50,8,50\n", "generated map", {}, city::make_grid(4, 4, 200, 1));
    expect_refused(std::string("depart_s,from_road,to_road\n1,1,\0\n", 33), "zero byte");
    expect_refused(table(std::string(100'000, '1')), "line 2: is longer than 65536 bytes");
    expect_refused("a" + std::string(2000, ','), "more than 1000 columns");
    expect_refused(table("1,\x1b[31m\n,2\n"), "is no number of a road");
}

TEST(demand, limits_hold) {
    const std::string three = table("1,1,2\n1,1,2\n1,1,2\n");
    EXPECT_TRUE(city::read_demand_bytes(three, "demand", town(), {.trips_max = 3}));
    expect_refused(three, "line 4: is one trip more than the 2 that are allowed", {.trips_max = 2});
    expect_refused(three, "longer than", {.bytes_max = three.size() - 1});
    expect_refused(packed(three), "longer than", {.bytes_max = three.size() - 1});
    const std::string flow = "<flow number=\"3\" from=\"100\" to=\"200\"/>";
    EXPECT_TRUE(city::read_demand_bytes(routes(flow), "demand", town(), {.trips_max = 3}));
    expect_refused(routes(flow), "line 2: is more than the 2 trips", {.trips_max = 2});
}

// Files of SUMO's

TEST(demand, trips_lead_from_edge_to_edge) {
    const auto t = trip_of_sumo("<trip id=\"a\" depart=\"12.5\" from=\"100#1\" to=\"-200\" "
                                "departPos=\"33\" arrivalPos=\"-44\"/>");
    EXPECT_EQ(t.departure_s, 12.5);
    EXPECT_EQ(t.from_road, road_of(100, false, 1));
    EXPECT_EQ(t.from_position, 33);
    EXPECT_EQ(t.to_road, road_of(200, true));
    EXPECT_NEAR(t.to_position, 1000 - 44, 2);
}

TEST(demand, without_positions_one_goes_from_start_to_end) {
    const auto t = trip_of_sumo("<trip depart=\"1:00:00\" from=\"-100#0\" to=\"200\" "
                                "departPos=\"random\" arrivalPos=\"max\"/>");
    EXPECT_EQ(t.departure_s, 3600);
    EXPECT_EQ(t.from_road, road_of(100, true, 0));
    EXPECT_EQ(t.from_position, 6);
    EXPECT_NEAR(t.to_position, 1000 - 6, 2);
}

TEST(demand, trips_lead_from_place_to_place) {
    const auto plane = trip_of_sumo("<trip depart=\"0\" fromXY=\"-400,-510\" toXY=\"210, 100\"/>");
    EXPECT_EQ(plane.from_road, road_of(100, false, 0));
    EXPECT_EQ(plane.to_road, road_of(200));
    const auto earth = trip_of_sumo("<trip depart=\"0\" fromLonLat=\"7.994405,49.999910\" "
                                    "toLonLat=\"8.002937,50.005396\"/>");
    EXPECT_EQ(earth.from_road, plane.from_road);
    EXPECT_NEAR(earth.from_position, plane.from_position, 2);
    EXPECT_EQ(earth.to_road, plane.to_road);
}

TEST(demand, an_edge_may_be_several_roads_in_a_row) {
    const auto at = [](const std::string& edge, const std::string& position) {
        return trip_of_sumo("<trip depart=\"0\" from=\"" + edge + "\" to=\"200\" departPos=\"" +
                            position + "\"/>");
    };
    EXPECT_EQ(at("100", "0").from_road, road_of(100, false, 0));
    EXPECT_EQ(at("100", "1199").from_road, road_of(100, false, 0));
    EXPECT_EQ(at("100", "1300").from_road, road_of(100, false, 1));
    EXPECT_NEAR(at("100", "1300").from_position, 100, 2);
    EXPECT_EQ(at("-100", "700").from_road, road_of(100, true, 1));
    EXPECT_EQ(at("-100", "900").from_road, road_of(100, true, 0));
    EXPECT_NEAR(at("-100", "900").from_position, 100, 2);
    const auto to = trip_of_sumo("<trip depart=\"0\" from=\"200\" to=\"100\"/>");
    EXPECT_EQ(to.to_road, road_of(100, false, 1));
    EXPECT_NEAR(to.to_position, 800 - 6, 2);
}

TEST(demand, what_lies_within_a_crossing_is_at_the_road_that_begins_there) {
    const road_map map = crossing_of_two();
    const std::uint32_t middle = map.roads[road_of(map, 10, false, 0)].to;
    for (const std::string name : {"13", "13#0", "10#1"}) {
        const auto made = read(routes("<trip depart=\"0\" from=\"" + name + "\" to=\"" + name +
                                      "\" departPos=\"9\" arrivalPos=\"9\"/>"),
                               map);
        ASSERT_EQ(made.trips.size(), 1u) << name;
        EXPECT_EQ(map.roads[made.trips[0].from_road].from, middle) << name;
        EXPECT_EQ(made.trips[0].from_position, 6) << name;
        EXPECT_EQ(made.trips[0].to_position, 6) << name;
    }
    // All of way 10 is its two roads.
    const auto whole = read(routes("<trip depart=\"0\" from=\"10\" to=\"10\"/>"), map);
    EXPECT_EQ(whole.trips.at(0).from_road, road_of(map, 10, false, 0));
    EXPECT_EQ(whole.trips.at(0).to_road, road_of(map, 10, false, 2));
    expect_refused(routes("<trip depart=\"0\" from=\"-13\" to=\"10\"/>"), "'-13'", {}, map);
}

TEST(demand, where_a_way_has_more_parts_in_the_file_the_place_is_about_the_same) {
    // Eight parts there, two here.
    const auto made = read(routes("<trip depart=\"0\" from=\"100#1\" to=\"100#7\"/>"
                                  "<trip depart=\"1\" from=\"-100#3\" to=\"-100#4\"/>"));
    ASSERT_EQ(made.trips.size(), 2u);
    EXPECT_EQ(made.trips[0].from_road, road_of(100, false, 0));
    EXPECT_EQ(made.trips[0].to_road, road_of(100, false, 1));
    EXPECT_EQ(made.trips[1].from_road, road_of(100, true, 0));
    EXPECT_EQ(made.trips[1].to_road, road_of(100, true, 1));
    EXPECT_TRUE(has_line(made, "4 ends are on ways that are cut into more parts"))
        << all_lines(made);
    EXPECT_FALSE(has_line(read(routes("<trip depart=\"0\" from=\"100#0\" to=\"100#1\"/>")), "cut"));
}

TEST(demand, what_netconvert_adds_to_names_makes_no_difference) {
    for (const char* name : {"100#1-AddedOnRampEdge", "100#1.34"})
        EXPECT_EQ(trip_of_sumo("<trip depart=\"0\" from=\"" + std::string(name) + "\" to=\"200\"/>")
                      .from_road,
                  road_of(100, false, 1));
}

TEST(demand, roads_have_names_of_their_own) {
    const auto t = trip_of_sumo("<trip depart=\"0\" from=\"r3\" to=\"r4\" departPos=\"7\"/>");
    EXPECT_EQ(t.from_road, 3u);
    EXPECT_EQ(t.from_position, 7);
    EXPECT_EQ(t.to_road, 4u);
    expect_refused(routes("<trip depart=\"0\" from=\"r3.2\" to=\"r4\"/>"), "'r3.2'");
    // Where there are no ways, numbers are roads.
    const auto grid = city::make_grid(4, 4, 200, 1);
    const auto made = read(routes("<trip depart=\"0\" from=\"3\" to=\"4\"/>"), grid);
    EXPECT_EQ(made.trips.at(0).from_road, 3u);
}

TEST(demand, vehicles_have_routes) {
    const std::string there = "\"100#0 200 -300#1\"";
    const auto inside =
        trip_of_sumo("<vehicle id=\"a\" depart=\"5\" arrivalPos=\"10\"><route edges=" + there +
                     "/><stop lane=\"100#0_0\"/></vehicle>");
    EXPECT_EQ(inside.departure_s, 5);
    EXPECT_EQ(inside.from_road, road_of(100, false, 0));
    EXPECT_EQ(inside.to_road, road_of(300, true, 1));
    EXPECT_EQ(inside.to_position, 10);
    EXPECT_EQ(trip_of_sumo("<route id=\"r\" edges=" + there +
                           "/>"
                           "<vehicle id=\"a\" depart=\"5\" arrivalPos=\"10\" route=\"r\"/>"),
              inside);
    EXPECT_EQ(trip_of_sumo("<routeDistribution id=\"d\"><route probability=\"1\" edges=" + there +
                           "/><route edges=\"200\"/></routeDistribution>"
                           "<vehicle id=\"a\" depart=\"5\" arrivalPos=\"10\" route=\"d\"/>"),
              inside);
    EXPECT_EQ(trip_of_sumo("<vehicle id=\"a\" depart=\"5\" arrivalPos=\"10\">"
                           "<routeDistribution last=\"1\"><route edges=\"200\"/><route edges=" +
                           there + "/><route edges=\"300\"/></routeDistribution></vehicle>"),
              inside);
}

TEST(demand, flows_are_many_trips) {
    const auto departures = [](const std::string& what) {
        std::vector<double> all;
        for (const auto& t :
             read(routes("<flow id=\"f\" from=\"100\" to=\"200\" " + what + "/>")).trips)
            all.push_back(t.departure_s);
        return all;
    };
    using times = std::vector<double>;
    EXPECT_EQ(departures("begin=\"10\" end=\"40\" number=\"3\""), (times{10, 20, 30}));
    EXPECT_EQ(departures("begin=\"10\" end=\"40\" period=\"12\""), (times{10, 22, 34}));
    EXPECT_EQ(departures("begin=\"0\" end=\"60\" vehsPerHour=\"180\""), (times{0, 20, 40}));
    EXPECT_EQ(departures("begin=\"0\" end=\"60\" perHour=\"180\""), (times{0, 20, 40}));
    EXPECT_EQ(departures("begin=\"5\" period=\"100\" number=\"2\""), (times{5, 105}));
    EXPECT_EQ(departures("begin=\"0\" end=\"1000\" period=\"100\" number=\"2\""), (times{0, 100}));
    EXPECT_EQ(departures("begin=\"5\" end=\"5\" number=\"2\""), (times{5, 5}));
    EXPECT_EQ(departures("number=\"2\""), (times{0, 43'200}));
    const auto routed = read(routes("<flow begin=\"0\" end=\"9\" number=\"2\">"
                                    "<route edges=\"100#0 200\"/></flow>"));
    EXPECT_EQ(routed.trips.size(), 2u);
}

TEST(demand, what_is_no_car_or_waits_is_left_out_and_told) {
    const auto made = read(routes("<vType id=\"bike\" vClass=\"bicycle\"/>"
                                  "<vType id=\"van\" vClass=\"delivery\"/>"
                                  "<trip depart=\"0\" type=\"van\" from=\"100\" to=\"200\"/>"
                                  "<trip depart=\"0\" type=\"bike\" from=\"100\" to=\"200\"/>"
                                  "<trip depart=\"triggered\" from=\"100\" to=\"200\"/>"
                                  "<flow probability=\"0.1\" from=\"100\" to=\"200\"/>"
                                  "<flow period=\"exp(1)\" from=\"100\" to=\"200\"/>"
                                  "<trip depart=\"0\" fromTaz=\"1\" toTaz=\"2\"/>"
                                  "<trip depart=\"0\" from=\"100\"/>"
                                  "<trip depart=\"0\" from=\"gneE1\" to=\"200\"/>"
                                  "<vehicle depart=\"0\" route=\"nowhere\"/>"
                                  "<person id=\"p\" depart=\"0\"><walk from=\"100\" to=\"200\"/>"
                                  "</person>"));
    EXPECT_EQ(made.trips.size(), 1u);
    EXPECT_TRUE(has_line(made, "2 left out that do not go by car")) << all_lines(made);
    EXPECT_TRUE(has_line(made, "3 vehicles left out that start by chance")) << all_lines(made);
    EXPECT_TRUE(has_line(made, "2 trips left out without ends")) << all_lines(made);
    EXPECT_TRUE(has_line(made, "2 trips left out on edges that the map does not have, the first in "
                               "line 2: 'gneE1'"))
        << all_lines(made);
}

TEST(demand, files_that_are_no_demand_are_refused) {
    expect_refused("<osm version=\"0.6\"/>", "begins with <osm>");
    expect_refused("<html>", "begins with <html>");
    expect_refused("<routes>", "line 1: is no whole XML");
    expect_refused("<routes/>", "has no trips");
    expect_refused("<", "is no whole XML");
    expect_refused("<routes>\n<trip", "is no whole XML");
    expect_refused("<routes>\n<trip depart=\"0\"</routes>", "line 2: is no whole XML");
    expect_refused("<routes></routes><routes/>", "is no whole XML");
    expect_refused(routes("<trip from=\"100\" to=\"200\"/>"), "line 2: a vehicle without depart");
    expect_refused(routes("<trip depart=\"soon\" from=\"100\" to=\"200\"/>"),
                   "line 2: depart is 'soon'");
    expect_refused(routes("<trip depart=\"nan\" from=\"100\" to=\"200\"/>"), "depart is 'nan'");
    expect_refused(routes("<trip depart=\"-5\" from=\"100\" to=\"200\"/>"), "before midnight");
    expect_refused(routes("<trip depart=\"1e300\" from=\"100\" to=\"200\"/>"), "more than a year");
    expect_refused(routes("<trip depart=\"0\" from=\"1000\" to=\"200\"/>"), "line 2: '1000'");
    expect_refused(routes("<trip depart=\"0\" from=\"99999999999999999999\" to=\"200\"/>"),
                   "'99999999999999999999'");
    expect_refused(routes("<trip depart=\"0\" fromXY=\"1\" toXY=\"1,2\"/>"), "'1' is no pair");
    expect_refused(routes("<trip depart=\"0\" fromXY=\"1,nan\" toXY=\"1,2\"/>"), "is no pair");
    expect_refused(routes("<trip depart=\"0\" fromLonLat=\"1,200\" toLonLat=\"1,2\"/>"),
                   "is no place on earth");
    expect_refused(routes("<trip depart=\"0\" from=\"a&#10;b\" to=\"200\"/>"), "'a b'");
    expect_refused(routes("<vehicle depart=\"0\"><vehicle depart=\"0\"/></vehicle>"),
                   "a vehicle inside a vehicle");
    expect_refused(routes("<vehicle depart=\"0\"/>"), "1 without ends");
    std::string deep = "<routes>";
    for (int i = 0; i < 100; ++i) deep += "<a>";
    expect_refused(deep, "too many elements in each other");
    expect_refused("<!DOCTYPE routes [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                   "<routes><trip depart=\"&b;\"/></routes>",
                   "has entities of its own");
    expect_refused("<routes a=\"" + std::string(5'000'000, 'a') + "\"/>", "longer than 4 MB");
}

TEST(demand, absurd_flows_are_refused) {
    const auto refused = [](const std::string& what, const std::string& why) {
        expect_refused(routes("<flow from=\"100\" to=\"200\" " + what + "/>"), why);
    };
    refused("", "needs number, period or vehsPerHour");
    refused("number=\"1e9\"", "is more than the 20000000 trips");
    refused("number=\"1e300\"", "is more than the 20000000 trips");
    refused("period=\"1e-300\"", "is more than the 20000000 trips");
    refused("period=\"1e-320\"", "is more than the 20000000 trips");
    refused("vehsPerHour=\"1e300\"", "is more than the 20000000 trips");
    refused("number=\"0\"", "number is '0'");
    refused("number=\"-3\"", "number is '-3'");
    refused("number=\"nan\"", "number is 'nan'");
    refused("period=\"0\"", "period is '0'");
    refused("vehsPerHour=\"none\"", "vehsPerHour is 'none'");
    refused("begin=\"10\" end=\"5\" number=\"1\"", "ends before it begins");
    refused("begin=\"-1\" number=\"1\"", "before midnight");
    refused("begin=\"x\" number=\"1\"", "begin is 'x'");
    refused("period=\"1e9\" number=\"2\"", "more than a year");
}

// Files

TEST(demand, files_are_plain_or_packed) {
    const scratch_folder folder;
    const std::string text = table("5,1,2\n"),
                      xml = routes("<trip depart=\"5\" from=\"r1\" to=\"r2\"/>");
    const auto count = [](const std::string& path) {
        const auto made = city::read_demand(path, town());
        return made ? made->trips.size() : 0;
    };
    EXPECT_EQ(count(folder.file("a.csv", text)), 1u);
    EXPECT_EQ(count(folder.file("a.csv.gz", packed(text))), 1u);
    EXPECT_EQ(count(folder.file("a.rou.xml", xml)), 1u);
    EXPECT_EQ(count(folder.file("a.rou.xml.gz", packed(xml))), 1u);
    EXPECT_EQ(count(folder.file("b.gz", packed(text) + packed("6,2,1\n"))), 2u);
}

TEST(demand, damaged_files_are_refused) {
    const std::string whole = packed(table("5,1,2\n6,2,3\n"));
    for (std::size_t size = 2; size < whole.size(); ++size)
        EXPECT_FALSE(city::read_demand_bytes(whole.substr(0, size), "demand", town())) << size;
    expect_refused(whole.substr(0, whole.size() - 1), "is cut off");
    std::string other = whole;
    other[20] ^= 4;
    expect_refused(other, "is damaged");
    expect_refused(whole + "more", "is damaged");
    expect_refused(std::string("\x1f\x8b", 2) + "noise", "is damaged");
}

TEST(demand, paths_that_are_no_files_are_refused) {
    const scratch_folder folder;
    const auto none = city::read_demand(folder / "none.csv", town());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, kay::error_code::not_found);
    EXPECT_NE(none.error().text.find("none.csv: there is no such file"), std::string::npos);
    const auto directory = city::read_demand(folder / "", town());
    ASSERT_FALSE(directory);
    EXPECT_NE(directory.error().text.find("is a directory"), std::string::npos);
}

TEST(demand, a_written_table_is_read_again_to_the_bit) {
    const scratch_folder folder;
    const auto trips = city::random_demand(town(), 500, 3600, 7);
    const std::string file = folder / "demand.csv";
    ASSERT_TRUE(city::write_demand_csv(trips, file));
    const auto made = city::read_demand(file, town());
    ASSERT_TRUE(made) << made.error().text;
    EXPECT_EQ(made->trips, trips);
    EXPECT_FALSE(city::write_demand_csv(trips, folder / "nowhere/demand.csv"));
}

} // namespace
