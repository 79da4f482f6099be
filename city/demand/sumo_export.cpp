// SPDX-License-Identifier: MIT
#include "sumo_export.hpp"

#include "../output_file.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <system_error>
#include <utility>

namespace city {
namespace {

constexpr std::uint32_t none = ~0u;
constexpr const char* head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Appends as printf does.
[[gnu::format(printf, 2, 3)]] void print(std::string& text, const char* format, ...) {
    char line[256];
    std::va_list values;
    va_start(values, format);
    const int size = std::vsnprintf(line, sizeof line, format, values);
    va_end(values);
    KAY_ASSERT(size >= 0 && size < static_cast<int>(sizeof line));
    text.append(line, static_cast<std::size_t>(size));
}

bool is_loop(const road& r) { return r.from == r.to; }

std::string edge_at_start(std::uint32_t r) { return "r" + std::to_string(r); }
std::string edge_at_end(const road_map& map, std::uint32_t r) {
    return edge_at_start(r) + (is_loop(map.roads[r]) ? ".2" : "");
}

/// Of two roads on one line, in both directions, each knows the other.
std::vector<std::uint32_t> ways_back(const road_map& map) {
    std::vector<std::vector<std::uint32_t>> out(map.intersections.size());
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) out[map.roads[r].from].push_back(r);
    std::vector<std::uint32_t> back(map.roads.size(), none);
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        const auto course = map.course_of(map.roads[r]);
        for (const std::uint32_t other : out[map.roads[r].to]) {
            if (other == r || map.roads[other].to != map.roads[r].from) continue;
            const auto its = map.course_of(map.roads[other]);
            if (std::equal(course.begin(), course.end(), its.rbegin(), its.rend(),
                           [](point a, point b) { return a.x == b.x && a.y == b.y; }))
                back[r] = other;
        }
    }
    return back;
}

/// How a crossing is ruled, as SUMO calls it, by who goes first where roads end there.
const char* type_of(const intersection& at, const std::vector<right_of_way>& ends) {
    const auto count = [&](right_of_way what) {
        return static_cast<std::size_t>(std::count(ends.begin(), ends.end(), what));
    };
    if (at.signals) return "traffic_light";
    if (at.roundabout) return "left_before_right"; // who is in it comes from there
    const std::size_t stops = count(right_of_way::stop);
    if (stops > 0) return stops == ends.size() ? "allway_stop" : "priority_stop";
    return count(right_of_way::equal) == ends.size() ? "right_before_left" : "priority";
}

std::string nodes_of(const road_map& map, const std::vector<std::uint32_t>& back) {
    std::vector<std::vector<right_of_way>> ends(map.intersections.size());
    for (const road& r : map.roads) ends[r.to].push_back(r.at_end);
    std::string text = std::string(head) + "<nodes>\n";
    for (std::uint32_t i = 0; i < map.intersections.size(); ++i) {
        const intersection& at = map.intersections[i];
        const std::string type = type_of(at, ends[i]);
        // Edges of equal priority are then equal, whatever their lanes and speeds.
        const bool by_edges = type == "priority" || type == "priority_stop";
        print(text, "  <node id=\"i%u\" x=\"%.2f\" y=\"%.2f\" type=\"%s\"%s/>\n", i,
              static_cast<double>(at.at.x), static_cast<double>(at.at.y), type.c_str(),
              by_edges ? " rightOfWay=\"edgePriority\"" : "");
    }
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        if (!is_loop(map.roads[r]) || back[r] < r) continue;
        const point middle = point_at(map, r, map.roads[r].length / 2);
        print(text, "  <node id=\"m%u\" x=\"%.2f\" y=\"%.2f\" type=\"priority\"/>\n", r,
              static_cast<double>(middle.x), static_cast<double>(middle.y));
    }
    return text + "</nodes>\n";
}

/// Where signs say who goes first, by them, since a road has a priority at its end alone; elsewhere
/// by class.
int priority_of(const road& r) {
    constexpr int with_priority = 20, without = 1;
    switch (r.at_end) {
    case right_of_way::priority: return with_priority;
    case right_of_way::give_way:
    case right_of_way::stop: return without;
    default: break;
    }
    const int classes = static_cast<int>(road_class::living_street) + 1;
    return 2 * (classes - static_cast<int>(r.kind)) - r.link;
}

void append_edge(std::string& text, const std::string& id, const std::string& from,
                 const std::string& to, const road& r, bool has_way_back,
                 std::span<const point> course) {
    text += "  <edge id=\"" + id + "\" from=\"" + from + "\" to=\"" + to + "\"";
    print(text, " numLanes=\"%u\" speed=\"%.3f\" priority=\"%d\" spreadType=\"%s\"", r.lanes,
          static_cast<double>(r.speed_limit), priority_of(r), has_way_back ? "right" : "center");
    if (length_of(course) < shortest_road)
        print(text, " length=\"%.2f\"", static_cast<double>(shortest_road));
    text += " shape=\"";
    std::string last;
    for (const point& p : course) {
        std::string here;
        print(here, "%.2f,%.2f", static_cast<double>(p.x), static_cast<double>(p.y));
        if (here == last) continue;
        text += (last.empty() ? "" : " ") + here;
        last = here;
    }
    text += "\"/>\n";
}

std::string edges_of(const road_map& map, const std::vector<std::uint32_t>& back) {
    std::string text = std::string(head) + "<edges>\n";
    for (std::uint32_t number = 0; number < map.roads.size(); ++number) {
        const road& r = map.roads[number];
        const auto course = map.course_of(r);
        const bool has_way_back = back[number] != none;
        const std::string from = "i" + std::to_string(r.from), to = "i" + std::to_string(r.to);
        if (!is_loop(r)) {
            append_edge(text, edge_at_start(number), from, to, r, has_way_back, course);
            continue;
        }
        const std::string middle = "m" + std::to_string(std::min(number, back[number]));
        const float half = length_of(course) / 2;
        std::vector<point> first{course.front()}, second{point_at(map, number, half)};
        for (std::size_t i = 1; i + 1 < course.size(); ++i)
            (length_of(course.first(i + 1)) < half ? first : second).push_back(course[i]);
        first.push_back(second.front());
        second.push_back(course.back());
        append_edge(text, edge_at_start(number), from, middle, r, has_way_back, first);
        append_edge(text, edge_at_end(map, number), middle, to, r, has_way_back, second);
    }
    return text + "</edges>\n";
}

void append_connection(std::string& text, const std::string& from, const std::string& to,
                       std::uint32_t from_lane, std::uint32_t to_lane) {
    text += "  <connection from=\"" + from + "\" to=\"" + to + "\"";
    print(text, " fromLane=\"%u\" toLane=\"%u\"/>\n", from_lane, to_lane);
}

std::string connections_of(const road_map& map) {
    // There lanes are counted from the side of the road, on which one drives.
    const auto lane = [&](const road& r, std::uint32_t l) {
        return map.drives_left ? l : r.lanes - 1 - l;
    };
    std::string text = std::string(head) + "<connections>\n";
    for (std::uint32_t number = 0; number < map.roads.size(); ++number) {
        const road& r = map.roads[number];
        const std::string from = edge_at_end(map, number);
        for (const turn& t : map.turns_of(r))
            for (std::uint32_t l = 0; l < r.lanes; ++l) {
                if (!(t.from_lanes >> l & 1)) continue;
                const unsigned into = lanes_into(t, l);
                for (std::uint32_t m = 0; m < map.roads[t.to].lanes; ++m)
                    if (into >> m & 1)
                        append_connection(text, from, edge_at_start(t.to), lane(r, l),
                                          lane(map.roads[t.to], m));
            }
        if (!is_loop(r)) continue;
        for (std::uint32_t l = 0; l < r.lanes; ++l)
            append_connection(text, edge_at_start(number), from, l, l);
    }
    return text + "</connections>\n";
}

std::string configuration_of(const road_map& map) {
    return std::string(head) +
           "<configuration>\n"
           "  <input>\n"
           "    <node-files value=\"city.nod.xml\"/>\n"
           "    <edge-files value=\"city.edg.xml\"/>\n"
           "    <connection-files value=\"city.con.xml\"/>\n"
           "  </input>\n"
           "  <output><output-file value=\"city.net.xml\"/></output>\n"
           "  <processing>\n"
           "    <offset.disable-normalization value=\"true\"/>\n"
           "    <no-turnarounds value=\"true\"/>\n"
           // Signals that stand side by side, as at the two sides of a wide street, are one
           // program: with programs of their own, cars would stand between them and block each
           // other.
           "    <tls.join value=\"true\"/>\n"
           "    <tls.join-dist value=\"50\"/>\n"
           "    <lefthand value=\"" +
           (map.drives_left ? "true" : "false") +
           "\"/>\n"
           "  </processing>\n"
           "</configuration>\n";
}

kay::result<void> write_all(const std::string& directory,
                            std::initializer_list<std::pair<const char*, std::string>> files) {
    std::error_code problem;
    std::filesystem::create_directories(directory, problem);
    if (problem)
        return kay::error{kay::error_code::io,
                          directory + ": the directory cannot be made: " + problem.message()};
    for (const auto& [name, text] : files) {
        const std::string path = (std::filesystem::path(directory) / name).string();
        if (const auto written = write_text(path, "network", text); !written) return written;
    }
    return {};
}

} // namespace

kay::result<void> write_sumo_network(const road_map& map, const std::string& directory) {
    const auto back = ways_back(map);
    return write_all(directory, {{"city.nod.xml", nodes_of(map, back)},
                                 {"city.edg.xml", edges_of(map, back)},
                                 {"city.con.xml", connections_of(map)},
                                 {"city.netccfg", configuration_of(map)}});
}

kay::result<void> write_sumo_trips(const std::vector<planned_trip>& trips, const road_map& map,
                                   const std::string& file) {
    std::string text = std::string(head) + "<routes>\n";
    std::size_t number = 0;
    const auto append_end = [&](const char* name, std::uint32_t r, float& position) {
        const float half = map.roads[r].length / 2;
        const bool is_second = is_loop(map.roads[r]) && position >= half;
        if (is_second) position -= half;
        print(text, " %s=\"%s\"", name,
              (is_second ? edge_at_end(map, r) : edge_at_start(r)).c_str());
    };
    for (planned_trip t : trips) {
        KAY_ASSERT(t.from_road < map.roads.size());
        KAY_ASSERT(t.to_road < map.roads.size());
        print(text, "  <trip id=\"%zu\" depart=\"%.2f\"", number++, t.departure_s);
        append_end("from", t.from_road, t.from_position);
        append_end("to", t.to_road, t.to_position);
        print(text, " departPos=\"%.2f\" arrivalPos=\"%.2f\" departLane=\"best\"/>\n",
              static_cast<double>(t.from_position), static_cast<double>(t.to_position));
    }
    return write_text(file, "demand", text + "</routes>\n");
}

kay::result<void> write_sumo_scene(const road_map& map, const std::vector<planned_trip>& trips,
                                   const std::string& directory) {
    if (const auto written = write_sumo_network(map, directory); !written) return written;
    const std::filesystem::path folder(directory);
    const std::string configuration = std::string(head) +
                                      "<configuration>\n"
                                      "  <input>\n"
                                      "    <net-file value=\"city.net.xml\"/>\n"
                                      "    <route-files value=\"city.trips.xml\"/>\n"
                                      "  </input>\n"
                                      "</configuration>\n";
    if (const auto written =
            write_text((folder / "city.sumocfg").string(), "configuration", configuration);
        !written)
        return written;
    if (const auto written = write_sumo_trips(trips, map, (folder / "city.trips.xml").string());
        !written)
        return written;
    return write_demand_csv(trips, (folder / "demand.csv").string());
}

} // namespace city
