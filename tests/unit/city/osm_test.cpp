// SPDX-License-Identifier: MIT
//
// Reading OpenStreetMap files: what the hand-made maps hold, what tags mean, and files that are no
// maps.
#include "city/map/metropolis.hpp"
#include "map_files.hpp"
#include "osm_text.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numbers>

namespace {

using city::road;
using city::road_class;
using city::road_map;
using city_test::hand_made;
using city_test::map_of;
using city_test::scratch_folder;

constexpr double metres_in_degree = 6371008.8 * std::numbers::pi / 180;
constexpr float km_in_hour = 1 / 3.6f;
constexpr float miles_in_hour = 0.44704f;

/// Finds roads by where they begin and end, in metres from the place that the map's comment names.
class finder {
public:
    finder(const road_map& map, double latitude, double longitude) : map_(map) {
        const double east = metres_in_degree * std::cos(map.latitude * std::numbers::pi / 180);
        x_ = (longitude - map.longitude) * east;
        y_ = (latitude - map.latitude) * metres_in_degree;
    }

    bool is_at(std::uint32_t crossing, double x, double y) const {
        const city::point at = map_.intersections[crossing].at;
        return std::hypot(at.x - x_ - x, at.y - y_ - y) < 3;
    }
    /// The only road from one place to another; null and a failed test when there is none or two.
    const road* operator()(double x1, double y1, double x2, double y2) const {
        const road* found = nullptr;
        for (const road& r : map_.roads) {
            if (!is_at(r.from, x1, y1) || !is_at(r.to, x2, y2)) continue;
            EXPECT_FALSE(found) << "two roads from " << x1 << "," << y1 << " to " << x2 << ","
                                << y2;
            found = &r;
        }
        EXPECT_TRUE(found) << "no road from " << x1 << "," << y1 << " to " << x2 << "," << y2;
        return found;
    }
    bool has(double x1, double y1, double x2, double y2) const {
        return std::any_of(map_.roads.begin(), map_.roads.end(), [&](const road& r) {
            return is_at(r.from, x1, y1) && is_at(r.to, x2, y2);
        });
    }
    bool has_signals(double x, double y) const {
        for (std::uint32_t i = 0; i < map_.intersections.size(); ++i)
            if (is_at(i, x, y)) return map_.intersections[i].signals;
        ADD_FAILURE() << "no crossing at " << x << "," << y;
        return false;
    }

private:
    const road_map& map_;
    double x_, y_;
};

void expect_road(const road* r, double length, double speed, std::uint32_t lanes, road_class kind) {
    ASSERT_TRUE(r);
    EXPECT_NEAR(r->length, length, length / 100);
    EXPECT_NEAR(r->speed_limit, speed, 0.01);
    EXPECT_EQ(r->lanes, lanes);
    EXPECT_EQ(r->kind, kind);
}

std::string osm(const std::string& inside) {
    return "<osm version=\"0.6\">\n" + inside + "</osm>\n";
}
std::string node(const std::string& id, const std::string& latitude, const std::string& longitude) {
    return "<node id=\"" + id + "\" lat=\"" + latitude + "\" lon=\"" + longitude + "\"/>\n";
}
std::string way(const std::vector<std::string>& nodes,
                const std::map<std::string, std::string>& tags) {
    static int id = 100;
    std::string text = "<way id=\"" + std::to_string(++id) + "\">";
    for (const auto& n : nodes) text += "<nd ref=\"" + n + "\"/>";
    for (const auto& [key, value] : tags) text += "<tag k=\"" + key + "\" v=\"" + value + "\"/>";
    return text + "</way>\n";
}
const std::string three_nodes =
    node("1", "0", "0") + node("2", "0", "0.01") + node("3", "0.01", "0.01");

/// A street of one stretch with these tags; its two directions if there are two.
road_map street(const scratch_folder& folder, std::map<std::string, std::string> tags) {
    tags.insert({"highway", "residential"});
    // The second street closes the circle, so that a one-way stays in the map.
    return map_of(folder.file("street.osm", osm(three_nodes + way({"1", "2"}, tags) +
                                                way({"2", "3", "1"}, {{"highway", "trunk"}}))));
}

std::uint32_t lanes_of(const road_map& map, bool eastwards) {
    for (const road& r : map.roads) {
        const city::point a = map.intersections[r.from].at, b = map.intersections[r.to].at;
        if (r.kind != road_class::trunk && (a.x < b.x) == eastwards) return r.lanes;
    }
    return 0;
}

float speed_of(const road_map& map) {
    for (const road& r : map.roads)
        if (r.kind != road_class::trunk) return r.speed_limit;
    return 0;
}

void expect_refused(const std::string& path, kay::error_code code, const std::string& why) {
    const auto read = city::read_osm(path);
    ASSERT_FALSE(read) << path;
    EXPECT_EQ(read.error().code, code) << read.error().text;
    EXPECT_NE(read.error().text.find(why), std::string::npos) << read.error().text;
    EXPECT_EQ(read.error().text.rfind(path, 0), 0u) << "names no file: " << read.error().text;
    EXPECT_EQ(read.error().text.find('\n'), std::string::npos) << read.error().text;
}

TEST(osm, the_crossing_is_read_to_the_metre) {
    const road_map map = map_of(hand_made("crossing.osm"));
    EXPECT_EQ(map.intersections.size(), 5u);
    EXPECT_EQ(map.roads.size(), 8u);
    EXPECT_EQ(map.lanes(), 12u);
    EXPECT_NEAR(map.lane_km(), 4 * 0.3 * 2 + 2 * (0.5 + 0.3), 0.04);
    const finder at(map, 0, -20);
    expect_road(at(-300, 0, 0, 0), 300, 50 * km_in_hour, 2, road_class::primary);
    expect_road(at(0, 0, -300, 0), 300, 50 * km_in_hour, 2, road_class::primary);
    expect_road(at(0, -400, 0, 0), 500, 30 * km_in_hour, 1, road_class::residential);
    expect_road(at(0, 0, 0, 300), 300, 30 * km_in_hour, 1, road_class::residential);
    EXPECT_TRUE(at.has_signals(0, 0));
    EXPECT_FALSE(at.has_signals(0, 300));
    EXPECT_EQ(map.attribution, "© OpenStreetMap contributors");
}

TEST(osm, the_motorway_has_its_lanes_ramps_and_limits) {
    const road_map map = map_of(hand_made("motorway.osm"));
    EXPECT_EQ(map.intersections.size(), 12u);
    EXPECT_EQ(map.roads.size(), 20u);
    EXPECT_EQ(map.lanes(), 33u);
    const finder at(map, 45, -30);
    const double half = std::hypot(200, 15) + 2200;
    expect_road(at(-3000, 0, -600, -15), half, 130 * km_in_hour, 3, road_class::motorway);
    expect_road(at(-600, -15, 600, -15), 1200, 100 * km_in_hour, 2, road_class::motorway);
    expect_road(at(600, -15, 3000, 0), half, 130 * km_in_hour, 3, road_class::motorway); // none
    expect_road(at(3000, 0, 600, 15), half, 110 * km_in_hour, 3, road_class::motorway);
    expect_road(at(600, 15, -600, 15), 1200, 70 * miles_in_hour, 2, road_class::motorway);
    EXPECT_FALSE(at.has(-600, -15, -3000, 0)) << "a motorway is one-way";
    const double ramp = std::hypot(400, 105) + std::hypot(200, 80);
    expect_road(at(-600, -15, 0, -200), ramp, 80 * km_in_hour, 1, road_class::motorway);
    expect_road(at(0, -200, 600, -15), ramp, 60 * km_in_hour, 1, road_class::motorway);
    expect_road(at(600, 15, 0, 200), ramp, 50 * miles_in_hour, 2, road_class::motorway);
    EXPECT_FALSE(at.has(0, -200, -600, -15)) << "a ramp is one-way";
    expect_road(at(-3500, 0, -3000, 0), 500, 100 * km_in_hour, 1, road_class::trunk);
    expect_road(at(3500, 0, 3000, 0), 500, 90 * km_in_hour, 2, road_class::trunk);
    // The bridge crosses both carriageways and meets neither.
    expect_road(at(0, -200, 0, 200), 400, 50 * km_in_hour, 1, road_class::secondary);
    EXPECT_TRUE(at.has_signals(0, -200));
    EXPECT_FALSE(at.has_signals(0, 200));
}

TEST(osm, the_village_has_its_crossings_and_lanes) {
    const auto read = city::read_osm(hand_made("village.osm"));
    ASSERT_TRUE(read) << read.error().text;
    const road_map& map = read->map;
    EXPECT_EQ(map.intersections.size(), 26u);
    EXPECT_EQ(map.roads.size(), 65u);
    EXPECT_EQ(map.lanes(), 70u);
    ASSERT_EQ(read->lines.size(), 6u);
    EXPECT_EQ(read->lines[0], "26 of 36 ways are roads for cars; left out: 2 closed or private, "
                              "1 service ways, 5 paths and the like");
    EXPECT_EQ(read->lines[1], "65 directed roads between 26 crossings, one drives on the right");
    // The island's six and the slipway's one.
    EXPECT_EQ(read->lines[2], "7 roads cannot be left or reached again and are left out");
    EXPECT_EQ(read->lines[3], "1 nodes are missing: roads are cut there");
    EXPECT_EQ(read->lines[4], "3 crossings with signals");
}

TEST(osm, the_village_has_its_lengths_speed_limits_and_lanes) {
    const road_map map = map_of(hand_made("village.osm"));
    const finder at(map, 60, -20);
    expect_road(at(-620, 10, -300, 0), std::hypot(320, 10), 50 * km_in_hour, 1,
                road_class::secondary);
    expect_road(at(-2200, 60, -620, 10), std::hypot(1580, 50), 100 * km_in_hour, 1,
                road_class::secondary);
    expect_road(at(20, 0, 320, 0), 300, 30 * miles_in_hour, 1, road_class::secondary);
    expect_road(at(2400, -100, 640, -20), std::hypot(1760, 80), 60 * miles_in_hour, 1,
                road_class::secondary);
    expect_road(at(0, 20, 0, 200), 180, 50 * km_in_hour, 1, road_class::tertiary);
    expect_road(at(0, -200, 0, -20), 180, 40 * km_in_hour, 1, road_class::tertiary);
    expect_road(at(320, 0, 320, 200), 200, 20 * miles_in_hour, 1, road_class::residential);
    expect_road(at(0, 400, 320, 400), 320, 7 * km_in_hour, 1, road_class::living_street);
    expect_road(at(-300, -200, -300, 0), 2 * std::hypot(40, 100), 50 * km_in_hour, 1,
                road_class::residential);
    expect_road(at(-300, -400, 0, -400), 300, 50 * km_in_hour, 3, road_class::primary);
    expect_road(at(0, -400, -300, -400), 300, 50 * km_in_hour, 1, road_class::primary);
    expect_road(at(320, 200, 480, 300), std::hypot(110, 20) + std::hypot(50, 80), 30 * km_in_hour,
                1, road_class::residential);
    // What is there of the road that leads out of the file.
    expect_road(at(-2300, 100, -2200, 60), std::hypot(100, 40), 50 * km_in_hour, 1,
                road_class::residential);
}

TEST(osm, the_village_has_one_way_streets_and_a_roundabout) {
    const road_map map = map_of(hand_made("village.osm"));
    const finder at(map, 60, -20);
    const double quarter = 2 * std::hypot(6, 14);
    const double x[] = {20, 0, -20, 0}, y[] = {0, 20, 0, -20};
    for (int i = 0; i < 4; ++i) {
        const int next = (i + 1) % 4;
        expect_road(at(x[i], y[i], x[next], y[next]), quarter, 30 * km_in_hour, 1,
                    road_class::secondary);
        EXPECT_FALSE(at.has(x[next], y[next], x[i], y[i])) << "a roundabout is one-way";
    }
    EXPECT_TRUE(at.has(-300, 200, 0, 200));
    EXPECT_FALSE(at.has(0, 200, -300, 200)) << "Church Street is one-way";
    expect_road(at(0, 400, -300, 400), 300, 20 * km_in_hour, 1, road_class::residential);
    EXPECT_FALSE(at.has(-300, 400, 0, 400)) << "School Street is one-way, backwards";
    expect_road(at(0, -200, 320, -400), std::hypot(320, 200), 30 * km_in_hour, 2,
                road_class::residential);
    EXPECT_FALSE(at.has(320, -400, 0, -200)) << "the Short Cut is one-way";
}

TEST(osm, the_village_keeps_its_loop_and_leaves_out_what_is_closed_or_apart) {
    const road_map map = map_of(hand_made("village.osm"));
    const finder at(map, 60, -20);
    // The loop is cut half way round: two roads there and two back.
    int there = 0, back = 0;
    for (const road& r : map.roads) {
        const bool is_there = at.is_at(r.from, -450, -200) && at.is_at(r.to, -550, -200);
        const bool is_back = at.is_at(r.from, -550, -200) && at.is_at(r.to, -450, -200);
        if (is_there || is_back) {
            EXPECT_NEAR(r.length, 2 * std::hypot(50, 50), 1.4);
        }
        there += is_there;
        back += is_back;
    }
    EXPECT_EQ(there, 2);
    EXPECT_EQ(back, 2);
    EXPECT_FALSE(at.has(320, 400, 500, 450)) << "private";
    EXPECT_FALSE(at.has(-300, 400, 0, 200)) << "buses only";
    EXPECT_FALSE(at.has(320, -400, 500, -500)) << "no way back";
    EXPECT_FALSE(at.has(1500, 1500, 1700, 1500)) << "an island";
    EXPECT_FALSE(at.has(320, -200, 360, -220)) << "a service way";
}

TEST(osm, signals_on_a_stop_line_are_those_of_the_nearer_crossing) {
    const road_map map = map_of(hand_made("village.osm"));
    const finder at(map, 60, -20);
    EXPECT_TRUE(at.has_signals(0, 200));
    EXPECT_TRUE(at.has_signals(320, 200));   // drawn towards it
    EXPECT_TRUE(at.has_signals(320, 0));     // drawn away from it
    EXPECT_FALSE(at.has_signals(320, -200)); // where that street leads to
    EXPECT_FALSE(at.has_signals(0, -200));
}

TEST(osm, lanes_are_shared_by_the_directions_and_bounded) {
    const scratch_folder folder;
    struct {
        std::map<std::string, std::string> tags;
        std::uint32_t east, west;
    } const cases[] = {
        {{}, 1, 1},
        {{{"lanes", "1"}}, 1, 1},
        {{{"lanes", "2"}}, 1, 1},
        {{{"lanes", "6"}}, 3, 3},
        {{{"lanes", "3"}, {"lanes:forward", "2"}}, 2, 1},
        {{{"lanes", "5"}, {"lanes:forward", "3"}, {"lanes:backward", "2"}}, 3, 2},
        {{{"lanes", "2"}, {"oneway", "yes"}}, 2, 0},
        {{{"lanes", "2"}, {"oneway", "-1"}}, 0, 2},
        {{{"oneway", "yes"}}, 1, 0},
        {{{"junction", "roundabout"}}, 1, 0},
        {{{"junction", "roundabout"}, {"oneway", "no"}}, 1, 1},
        {{{"lanes", "1000000000"}}, 8, 8},
        {{{"lanes", "1000000000"}, {"oneway", "yes"}}, 8, 0},
        {{{"lanes", "99999999999999999999"}}, 1, 1},
        {{{"lanes", "-3"}}, 1, 1},
        {{{"lanes", "0"}}, 1, 1},
        {{{"lanes", "many"}}, 1, 1},
        {{{"lanes:forward", "0"}, {"lanes:backward", "4000000000"}}, 1, 8},
    };
    for (const auto& c : cases) {
        std::string what;
        for (const auto& [key, value] : c.tags) what += key + "=" + value + " ";
        const road_map map = street(folder, c.tags);
        EXPECT_EQ(lanes_of(map, true), c.east) << what;
        EXPECT_EQ(lanes_of(map, false), c.west) << what;
    }
}

TEST(osm, speed_limits_are_understood_and_nonsense_is_not_taken_for_one) {
    const scratch_folder folder;
    constexpr float unsigned_street = 30 * km_in_hour;
    const std::map<std::string, float> cases = {
        {"50", 50 * km_in_hour},         {"30 mph", 30 * miles_in_hour},
        {"30mph", 30 * miles_in_hour},   {"none", 130 * km_in_hour},
        {"walk", 7 * km_in_hour},        {"DE:urban", 50 * km_in_hour},
        {"FR:rural", 90 * km_in_hour},   {"-50", unsigned_street},
        {"0", unsigned_street},          {"fast", unsigned_street},
        {"1000000000", unsigned_street}, {"99999999999", unsigned_street},
        {"nan", unsigned_street},        {"", unsigned_street},
        {"inf", unsigned_street},
    };
    for (const auto& [value, speed] : cases)
        EXPECT_NEAR(speed_of(street(folder, {{"maxspeed", value}})), speed, 0.001) << value;
}

TEST(osm, closed_streets_and_areas_are_no_roads_and_open_ones_are) {
    const scratch_folder folder;
    const std::map<std::string, std::string> closed[] = {
        {{"access", "private"}},
        {{"access", "no"}},
        {{"motor_vehicle", "no"}},
        {{"vehicle", "private"}},
        {{"access", "yes"}, {"motor_vehicle", "no"}},
        {{"area", "yes"}},
        {{"highway", "steps"}}};
    for (const auto& tags : closed)
        EXPECT_EQ(speed_of(street(folder, tags)), 0) << tags.begin()->first;
    const std::map<std::string, std::string> open[] = {{{"access", "yes"}},
                                                       {{"access", "destination"}},
                                                       {{"access", "no"}, {"motorcar", "yes"}},
                                                       {{"bicycle", "no"}},
                                                       {{"area", "no"}}};
    for (const auto& tags : open)
        EXPECT_GT(speed_of(street(folder, tags)), 0) << tags.begin()->first;
}

TEST(osm, a_node_without_a_valid_position_is_a_missing_one) {
    const scratch_folder folder;
    const std::string ways = way({"1", "2"}, {{"highway", "residential"}}) +
                             way({"2", "3", "9"}, {{"highway", "residential"}});
    const auto read =
        city::read_osm(folder.file("map.osm", osm(node("1", "0", "0") + node("2", "0", "0.01") +
                                                  node("3", "95", "0.01") + ways)));
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->map.roads.size(), 2u);
    EXPECT_NEAR(read->map.roads[0].length, 1112, 1);
    EXPECT_EQ(read->lines[2].rfind("2 nodes are missing", 0), 0u) << read->lines[2];
}

TEST(osm, ways_may_stand_before_nodes_and_touch_the_ends_of_the_earth) {
    const scratch_folder folder;
    const std::string ways = way({"1", "2"}, {{"highway", "residential"}});
    EXPECT_EQ(map_of(folder.file("order.osm", osm(ways + three_nodes))).roads.size(), 2u);
    const road_map map = map_of(
        folder.file("earth.osm", osm(node("1", "-90", "-180") + node("2", "90", "180") + ways)));
    ASSERT_EQ(map.roads.size(), 2u);
    EXPECT_TRUE(std::isfinite(map.roads[0].length));
    const road_map dot =
        map_of(folder.file("dot.osm", osm(node("1", "1", "1") + node("2", "1", "1") + ways)));
    ASSERT_EQ(dot.roads.size(), 2u);
    EXPECT_EQ(dot.roads[0].length, city::shortest_road);
}

TEST(osm, a_street_that_runs_there_and_back_over_one_node_is_a_loop) {
    const scratch_folder folder;
    const road_map map = map_of(folder.file(
        "map.osm", osm(three_nodes + way({"1", "2", "1"}, {{"highway", "residential"}}))));
    EXPECT_EQ(map.intersections.size(), 2u);
    EXPECT_EQ(map.roads.size(), 4u);
}

TEST(osm, what_is_no_file_is_refused) {
    const scratch_folder folder;
    expect_refused(folder / "nowhere.osm", kay::error_code::not_found, "no such file");
    expect_refused(folder / "no/such/folder.osm", kay::error_code::not_found, "no such file");
    std::filesystem::create_directory(folder / "folder.osm");
    expect_refused(folder / "folder.osm", kay::error_code::bad_data, "is a directory");
    expect_refused("/dev/null", kay::error_code::bad_data, "is not a regular file");
}

TEST(osm, what_is_no_map_is_refused) {
    const scratch_folder folder;
    for (const std::string ending : {".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf"}) {
        expect_refused(folder.file("empty" + ending, ""), kay::error_code::bad_data, "is empty");
        std::string noise;
        kay::random_stream random(1, 2, 3);
        for (int i = 0; i < 5000; ++i)
            noise.push_back(static_cast<char>(kay::uniform_int(random, 0, 255)));
        for (const std::string& bytes : {std::string("Dear diary,\n"), "\x89PNG\r\n\x1a\n" + noise,
                                         noise, std::string(1, '\0'), std::string(100'000, '\0'),
                                         std::string("<html></html>"), std::string("<osm></osm>")})
            expect_refused(folder.file("file" + ending, bytes), kay::error_code::bad_data, ending);
    }
    expect_refused(folder.file("map.txt", "x"), kay::error_code::bad_data, "no map by its name");
    expect_refused(folder.file("osm", "x"), kay::error_code::bad_data, "no map by its name");
}

TEST(osm, a_map_on_which_nobody_can_drive_is_refused) {
    const scratch_folder folder;
    const auto refuse = [&](const std::string& inside, const std::string& why) {
        expect_refused(folder.file("map.osm", osm(inside)), kay::error_code::bad_data, why);
    };
    refuse("", "no road for cars");
    refuse(three_nodes, "no road for cars");
    refuse(three_nodes + way({"1", "2"}, {{"highway", "footway"}}), "no road for cars");
    refuse(three_nodes + way({"1"}, {{"highway", "residential"}}), "no road for cars");
    refuse(three_nodes + way({"1", "1", "1"}, {{"highway", "residential"}}), "no road for cars");
    refuse(three_nodes + way({}, {{"highway", "residential"}}), "no road for cars");
    refuse(three_nodes + way({"1", "2"}, {{"highway", "residential"}, {"access", "no"}}),
           "no road for cars");
    refuse(three_nodes + way({"1", "2"}, {{"highway", "residential"}, {"oneway", "yes"}}),
           "lead nowhere");
    refuse(way({"1", "2"}, {{"highway", "residential"}}), "none of their nodes");
    refuse(node("1", "91", "0") + node("2", "-95", "200") +
               way({"1", "2"}, {{"highway", "primary"}}),
           "none of their nodes");
}

TEST(osm, numbers_that_are_none_are_refused) {
    const scratch_folder folder;
    const std::string ways = way({"1", "2"}, {{"highway", "residential"}});
    const auto refuse = [&](const std::string& inside) {
        expect_refused(folder.file("map.osm", osm(inside)), kay::error_code::bad_data,
                       "no whole OpenStreetMap file");
    };
    for (const char* bad : {"1e9", "nan", "inf", "", "12,5", "0x10", "99999999999999999999"}) {
        refuse(node("1", bad, "0") + node("2", "0", "1") + ways);
        refuse(node("1", "0", bad) + node("2", "0", "1") + ways);
    }
    for (const char* bad : {"one", "99999999999999999999", "1.5"}) {
        refuse(node(bad, "0", "0") + ways);
        refuse(three_nodes + way({bad, "2"}, {{"highway", "residential"}}));
    }
    refuse(three_nodes +
           way({"1", "2"}, {{"highway", "residential"}, {"name", std::string(9000, 'x')}}));
}

TEST(osm, a_map_that_is_cut_off_anywhere_is_refused) {
    const scratch_folder folder;
    const std::string whole = city_test::bytes_of(hand_made("village.osm"));
    ASSERT_GT(whole.size(), 10'000u);
    const std::size_t end = whole.rfind("</osm>") + 6;
    for (std::size_t size = 1; size < end; size += 97)
        expect_refused(folder.file("cut.osm", whole.substr(0, size)), kay::error_code::bad_data,
                       "no whole OpenStreetMap file");
    expect_refused(folder.file("cut.osm", whole.substr(0, end - 1)), kay::error_code::bad_data,
                   "no whole OpenStreetMap file");
    EXPECT_EQ(map_of(folder.file("cut.osm", whole.substr(0, end))).roads.size(), 65u);
}

TEST(osm, a_damaged_map_is_refused_or_read_as_a_sound_one) {
    const scratch_folder folder;
    const std::string whole = city_test::bytes_of(hand_made("village.osm"));
    kay::random_stream random(7, 8, 9);
    int read_anyway = 0;
    for (int i = 0; i < 400; ++i) {
        std::string bytes = whole;
        for (int n = kay::uniform_int(random, 1, 4); n > 0; --n) {
            const auto at = kay::uniform_int(random, std::size_t{0}, bytes.size() - 1);
            switch (kay::uniform_int(random, 0, 3)) {
            case 0: bytes[at] = static_cast<char>(kay::uniform_int(random, 0, 255)); break;
            case 1: bytes[at] = static_cast<char>(kay::uniform_int(random, '0', '9')); break;
            case 2:
                bytes.erase(at, kay::uniform_int(random, std::size_t{1}, std::size_t{40}));
                break;
            default:
                bytes.insert(at, bytes.substr(kay::uniform_int(random, std::size_t{0}, at), 60));
            }
        }
        const auto read = city::read_osm(folder.file("damaged.osm", bytes));
        if (!read) {
            EXPECT_EQ(read.error().text.find('\n'), std::string::npos) << read.error().text;
            continue;
        }
        ++read_anyway;
        const road_map& map = read->map;
        for (const road& r : map.roads) {
            ASSERT_LT(r.from, map.intersections.size());
            ASSERT_LT(r.to, map.intersections.size());
            ASSERT_GE(r.length, city::shortest_road);
            ASSERT_TRUE(std::isfinite(r.length));
            ASSERT_GT(r.speed_limit, 0);
            ASSERT_GE(r.lanes, 1u);
            ASSERT_LE(r.lanes, 8u);
            ASSERT_GE(r.turns, 1u);
            ASSERT_GE(r.points, 2u);
            ASSERT_LE(r.first_point + r.points, map.points.size());
        }
    }
    EXPECT_GT(read_anyway, 20) << "the damage is so large that it tests the XML parser alone";
    EXPECT_LT(read_anyway, 380);
}

TEST(osm, real_extracts_have_a_network_that_hangs_together) {
    const char* folder = std::getenv("KAY_MAPS");
    if (!folder) GTEST_SKIP() << "KAY_MAPS names no folder with real OpenStreetMap extracts";
    int maps = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string path = entry.path().string();
        if (!path.ends_with(".pbf") && path.find(".osm") == std::string::npos) continue;
        ++maps;
        const auto read = city::read_osm(path);
        ASSERT_TRUE(read) << read.error().text;
        EXPECT_GT(read->map.roads.size(), 100u) << path;
        EXPECT_GE(read->map.lanes(), read->map.roads.size()) << path;
        EXPECT_GT(read->map.lane_km(), 10) << path;
        EXPECT_LE(std::abs(read->map.latitude), 90) << path;
        EXPECT_FALSE(read->map.attribution.empty());
        for (const road& r : read->map.roads) {
            ASSERT_GT(r.turns, 0u) << path;
            ASSERT_LT(r.length, 100'000) << path;
            ASSERT_LE(r.speed_limit, 201 * miles_in_hour) << path;
        }
    }
    EXPECT_GT(maps, 0) << folder << " has no maps in it";
}

TEST(osm, roads_are_called_what_their_ways_are_and_what_stands_on_their_signs) {
    city_test::osm_text text;
    text.node(1, 0, 0), text.node(2, 300, 0), text.node(3, 300, 300), text.node(4, 0, 300);
    text.way(1, {1, 2}, {{"highway", "primary"}, {"name", "Hauptstraße"}, {"ref", "B 5"}});
    text.way(2, {2, 3}, {{"highway", "primary"}, {"ref", "B 5"}});
    text.way(3, {3, 4}, {{"highway", "residential"}, {"name", "Hauptstraße"}});
    text.way(4, {4, 1}, {{"highway", "residential"}});
    const road_map map = text.read().map;
    ASSERT_EQ(map.roads.size(), 8u);
    std::map<std::int64_t, std::string> names;
    for (std::uint32_t r = 0; r < map.roads.size(); ++r)
        names[map.origins[r].way] += "[" + std::string(map.name_of(r)) + "]";
    EXPECT_EQ(names[1], "[Hauptstraße (B 5)][Hauptstraße (B 5)]");
    EXPECT_EQ(names[2], "[B 5][B 5]");
    EXPECT_EQ(names[3], "[Hauptstraße][Hauptstraße]");
    EXPECT_EQ(names[4], "[][]");
    EXPECT_EQ(city::make_metropolis(1000, 1).name_of(0), "");
}

} // namespace
