// SPDX-License-Identifier: MIT
//
// Maps as SUMO's plain XML.
#include "city/demand/random_demand.hpp"
#include "city/demand/sumo_export.hpp"
#include "city/map/grid.hpp"
#include "city/map/metropolis.hpp"
#include "map_files.hpp"
#include "osm_text.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace {

using city::road_map;
using city_test::osm_text;
using city_test::scratch_folder;

/// An element and its attributes.
struct element {
    std::string name;
    std::map<std::string, std::string> values;

    const std::string& operator[](const std::string& key) const { return values.at(key); }
    bool has(const std::string& key) const { return values.contains(key); }
};

/// The elements of a file that has one a line.
std::vector<element> elements_of(const std::string& path, const std::string& name) {
    std::vector<element> all;
    std::istringstream in(city_test::bytes_of(path));
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("  <" + name + " ")) continue;
        EXPECT_TRUE(line.ends_with("/>")) << line;
        element e{name, {}};
        for (std::size_t at = line.find(' ', 3);
             (at = line.find("=\"", at)) != std::string::npos;) {
            const auto start = line.rfind(' ', at) + 1, end = line.find('"', at + 2);
            e.values[line.substr(start, at - start)] = line.substr(at + 2, end - at - 2);
            at = end;
        }
        all.push_back(e);
    }
    return all;
}

/// A map, written and read again.
struct exported {
    scratch_folder folder;
    std::vector<element> nodes, edges, connections;

    explicit exported(const road_map& map) {
        const auto written = city::write_sumo_network(map, folder / "sumo");
        EXPECT_TRUE(written) << written.error().text;
        nodes = elements_of(folder / "sumo/city.nod.xml", "node");
        edges = elements_of(folder / "sumo/city.edg.xml", "edge");
        connections = elements_of(folder / "sumo/city.con.xml", "connection");
    }

    const element& edge(std::uint32_t road) const {
        static const element none;
        for (const element& e : edges)
            if (e["id"] == "r" + std::to_string(road)) return e;
        ADD_FAILURE() << "no edge r" << road;
        return none;
    }
    /// "0>1 1>2": lanes of a connection.
    std::string lanes(std::uint32_t from, std::uint32_t to) const {
        std::string found;
        for (const element& c : connections)
            if (c["from"] == "r" + std::to_string(from) && c["to"] == "r" + std::to_string(to))
                found += (found.empty() ? "" : " ") + c["fromLane"] + ">" + c["toLane"];
        return found;
    }
};

/// Four streets that meet, the ones from west and east with two lanes each way.
osm_text crossing(city_test::tag_list of_the_middle, city_test::tag_list of_the_north = {}) {
    osm_text t;
    t.node(1, 0, 0, of_the_middle);
    t.node(2, 0, 500);
    t.node(3, 500, 0);
    t.node(4, 0, -500);
    t.node(5, -500, 0);
    t.node(6, 0, 30, of_the_north);
    t.way(10, {5, 1, 3}, {{"highway", "primary"}, {"lanes", "4"}, {"maxspeed", "36"}});
    t.way(11, {2, 6, 1, 4}, {{"highway", "primary"}, {"maxspeed", "36"}});
    return t;
}

std::string type_at(const road_map& map, std::uint32_t intersection) {
    return exported(map).nodes.at(intersection)["type"];
}

TEST(sumo_export, every_road_is_an_edge_and_every_lane_of_a_turn_a_connection) {
    for (const road_map& map : {city_test::map_of(city_test::hand_made("village.osm")),
                                city_test::map_of(city_test::hand_made("motorway.osm")),
                                city::make_metropolis(2000, 1)}) {
        const exported made(map);
        ASSERT_EQ(made.nodes.size(), map.intersections.size());
        ASSERT_EQ(made.edges.size(), map.roads.size());
        std::size_t connections = 0;
        for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
            const city::road& road = map.roads[r];
            const element& e = made.edges[r];
            ASSERT_EQ(e["id"], "r" + std::to_string(r));
            ASSERT_EQ(e["from"], "i" + std::to_string(road.from));
            ASSERT_EQ(e["to"], "i" + std::to_string(road.to));
            ASSERT_EQ(e["numLanes"], std::to_string(road.lanes));
            ASSERT_NEAR(std::stod(e["speed"]), road.speed_limit, 0.001);
            ASSERT_EQ(e.has("length"), length_of(map.course_of(road)) < city::shortest_road);
            for (const city::turn& t : map.turns_of(road))
                for (std::uint32_t l = 0; l < road.lanes; ++l)
                    if (t.from_lanes >> l & 1) connections += std::popcount(lanes_into(t, l) + 0u);
        }
        EXPECT_EQ(made.connections.size(), connections);
    }
}

TEST(sumo_export, courses_and_places_are_those_of_the_map) {
    const road_map map = crossing({}).read().map;
    const exported made(map);
    const city_test::compass at(map);
    const auto north = static_cast<std::uint32_t>(at.from('n') - map.roads.data());
    EXPECT_EQ(made.edge(north)["shape"], "0.00,500.00 0.00,30.00 0.00,0.00");
    EXPECT_EQ(made.edge(north)["speed"], "10.000");
    const element& node = made.nodes.at(at.middle());
    EXPECT_EQ(node["x"], "0.00");
    EXPECT_EQ(node["y"], "0.00");
}

TEST(sumo_export, lanes_are_counted_from_the_side_of_the_road) {
    for (const bool left : {false, true}) {
        road_map map = crossing({}).read().map;
        const city_test::compass at(map);
        // As if the left lane had its own arrow to the left.
        const auto number = [&](char side) {
            return static_cast<std::uint32_t>(at.from(side) - map.roads.data());
        };
        const auto to_north = at.turn('w', 'n')->to, to_east = at.turn('w', 'e')->to;
        map.drives_left = left;
        for (std::uint32_t i = 0; i < map.roads[number('w')].turns; ++i) {
            city::turn& t = map.turns[map.roads[number('w')].first_turn + i];
            if (t.to == to_north) t.from_lanes = 1, t.to_lanes = 1;
            if (t.to == to_east) t.from_lanes = 3, t.to_lanes = 3;
        }
        const exported made(map);
        EXPECT_EQ(made.lanes(number('w'), to_north), left ? "0>0" : "1>0");
        EXPECT_EQ(made.lanes(number('w'), to_east), left ? "0>0 1>1" : "1>1 0>0");
        EXPECT_NE(city_test::bytes_of(made.folder / "sumo/city.netccfg")
                      .find(left ? "<lefthand value=\"true\"/>" : "<lefthand value=\"false\"/>"),
                  std::string::npos);
    }
}

TEST(sumo_export, crossings_are_ruled_as_on_the_map) {
    const auto type = [](const osm_text& t) {
        const road_map map = t.read().map;
        return type_at(map, city_test::compass(map).middle());
    };
    EXPECT_EQ(type(crossing({{"highway", "traffic_signals"}})), "traffic_light");
    EXPECT_EQ(type(crossing({}, {{"highway", "give_way"}})), "priority");
    EXPECT_EQ(type(crossing({}, {{"highway", "stop"}})), "priority_stop");
    osm_text equal;
    equal.node(1, 0, 0);
    equal.node(2, 0, 500);
    equal.node(3, 500, 0);
    equal.node(4, 0, -500);
    equal.way(10, {1, 2}, {{"highway", "residential"}});
    equal.way(11, {1, 3}, {{"highway", "residential"}});
    equal.way(12, {1, 4}, {{"highway", "residential"}});
    EXPECT_EQ(type(equal), "right_before_left");

    road_map map = equal.read().map;
    const std::uint32_t middle = city_test::compass(map).middle();
    for (city::road& r : map.roads) r.at_end = city::right_of_way::stop;
    EXPECT_EQ(type_at(map, middle), "allway_stop");
    map.intersections[middle].roundabout = true;
    EXPECT_EQ(type_at(map, middle), "left_before_right");
}

TEST(sumo_export, who_goes_first_has_the_higher_priority) {
    const road_map map = crossing({}, {{"highway", "give_way"}}).read().map;
    const exported made(map);
    const city_test::compass at(map);
    const auto priority = [&](char side) {
        return std::stoi(
            made.edge(static_cast<std::uint32_t>(at.from(side) - map.roads.data()))["priority"]);
    };
    EXPECT_LT(priority('n'), priority('w'));
    EXPECT_EQ(priority('w'), priority('e'));
    EXPECT_EQ(made.nodes.at(at.middle())["rightOfWay"], "edgePriority");
}

TEST(sumo_export, streets_in_one_direction_lie_in_the_middle) {
    osm_text t;
    t.node(1, 0, 0);
    t.node(2, 500, 0);
    t.node(3, 500, 500);
    t.way(10, {1, 2}, {{"highway", "residential"}});
    t.way(11, {2, 3}, {{"highway", "residential"}, {"oneway", "yes"}});
    t.way(12, {3, 1}, {{"highway", "residential"}, {"oneway", "yes"}});
    const exported made(t.read().map);
    EXPECT_EQ(std::count_if(made.edges.begin(), made.edges.end(),
                            [](const element& e) { return e["spreadType"] == "center"; }),
              2);
    EXPECT_EQ(made.edges.size(), 4u);
}

/// A street that ends where it begins, 12 m from another end of it.
road_map with_a_loop() {
    osm_text t;
    t.node(1, 0, 0);
    t.node(2, 12, 0);
    t.node(3, 200, 300);
    t.node(4, -200, 300);
    t.node(5, 0, -500);
    t.way(10, {1, 2}, {{"highway", "residential"}});
    t.way(11, {2, 3, 4, 1}, {{"highway", "residential"}});
    t.way(12, {1, 5}, {{"highway", "residential"}});
    return t.read().map;
}

TEST(sumo_export, a_road_that_ends_where_it_begins_is_two_edges) {
    const road_map map = with_a_loop();
    std::uint32_t loop = ~0u;
    for (std::uint32_t r = 0; r < map.roads.size(); ++r)
        if (map.roads[r].from == map.roads[r].to) loop = r;
    ASSERT_NE(loop, ~0u);
    const exported made(map);
    for (const element& e : made.edges) EXPECT_NE(e["from"], e["to"]) << e["id"];
    EXPECT_EQ(made.edges.size(), map.roads.size() + 2);
    EXPECT_EQ(made.nodes.size(), map.intersections.size() + 1); // both directions share it
    EXPECT_EQ(made.lanes(loop, loop), "");
    bool goes_on = false;
    for (const element& c : made.connections)
        goes_on |=
            c["from"] == "r" + std::to_string(loop) && c["to"] == "r" + std::to_string(loop) + ".2";
    EXPECT_TRUE(goes_on);
}

TEST(sumo_export, written_trips_are_read_again) {
    const scratch_folder folder;
    for (const road_map& map : {with_a_loop(), city::make_grid(8, 8, 150, 1)}) {
        const auto trips = city::random_demand(map, 300, 3600, 3);
        ASSERT_TRUE(city::write_sumo_trips(trips, map, folder / "trips.xml"));
        const auto made = city::read_demand(folder / "trips.xml", map);
        ASSERT_TRUE(made) << made.error().text;
        ASSERT_EQ(made->trips.size(), trips.size());
        EXPECT_EQ(made->lines.size(), 1u);
        for (std::size_t i = 0; i < trips.size(); ++i) {
            EXPECT_EQ(made->trips[i].from_road, trips[i].from_road);
            EXPECT_EQ(made->trips[i].to_road, trips[i].to_road);
            EXPECT_NEAR(made->trips[i].from_position, trips[i].from_position, 0.01);
            EXPECT_NEAR(made->trips[i].to_position, trips[i].to_position, 0.01);
            EXPECT_NEAR(made->trips[i].departure_s, trips[i].departure_s, 0.01);
        }
    }
}

TEST(sumo_export, a_scene_has_all_that_both_need) {
    const scratch_folder folder;
    const road_map map = city::make_grid(6, 6, 150, 1);
    ASSERT_TRUE(city::write_sumo_scene(map, city::random_demand(map, 20, 60, 1), folder / "a/b"));
    for (const char* name : {"city.nod.xml", "city.edg.xml", "city.con.xml", "city.netccfg",
                             "city.sumocfg", "city.trips.xml", "demand.csv"})
        EXPECT_FALSE(city_test::bytes_of(folder / "a/b/" + name).empty()) << name;
    const auto refused = city::write_sumo_network(map, folder.file("file", "x"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, kay::error_code::io);
}

} // namespace
