// SPDX-License-Identifier: MIT
//
// The one file that sees libosmium.
#include "osm.hpp"

#include "join.hpp"

#include <osmium/io/any_input.hpp>
#include <osmium/osm/node.hpp>
#include <osmium/osm/way.hpp>
#include <osmium/visitor.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace city {
namespace {

constexpr std::size_t ways_max = 50'000'000;

struct way_data {
    std::vector<std::int64_t> nodes;
    road_class kind;
    float speed_limit;
    std::uint32_t lanes_forward; // zero: not in this direction
    std::uint32_t lanes_backward;
};

struct node_data {
    double longitude = 0;
    double latitude = 0;
    std::uint32_t uses = 0; ///< by ways; an end of a way counts as two
    std::uint32_t intersection = ~0u;
    bool is_there = false;
    bool signals = false;
};

struct class_default {
    std::string_view value;
    road_class kind;
    float km_in_hour;
    std::uint32_t lanes; ///< of a direction
};

/// Speeds where nothing is signed: those of the wiki's page on defaults, rounded between countries.
constexpr class_default classes[] = {
    {"motorway", road_class::motorway, 110, 2},
    {"motorway_link", road_class::motorway, 60, 1},
    {"trunk", road_class::trunk, 90, 2},
    {"trunk_link", road_class::trunk, 50, 1},
    {"primary", road_class::primary, 50, 1},
    {"primary_link", road_class::primary, 40, 1},
    {"secondary", road_class::secondary, 50, 1},
    {"secondary_link", road_class::secondary, 40, 1},
    {"tertiary", road_class::tertiary, 50, 1},
    {"tertiary_link", road_class::tertiary, 40, 1},
    {"unclassified", road_class::residential, 50, 1},
    {"residential", road_class::residential, 30, 1},
    {"living_street", road_class::living_street, 10, 1},
};

std::optional<unsigned> whole_number(const char* text) {
    if (!text) return std::nullopt;
    const std::string_view all(text);
    unsigned number = 0;
    const auto [end, problem] = std::from_chars(all.data(), all.data() + all.size(), number);
    if (problem != std::errc{} || end == all.data()) return std::nullopt;
    return number;
}

/// Metres in a second of a maxspeed value: "50", "30 mph", "walk", "none", "DE:urban".
std::optional<float> speed_of(const char* text) {
    if (!text) return std::nullopt;
    const std::string_view value(text);
    if (const auto number = whole_number(text); number && *number > 0 && *number <= 200) {
        const bool miles = value.find("mph") != std::string_view::npos;
        return static_cast<float>(*number) * (miles ? 0.44704f : 1 / 3.6f);
    }
    if (value == "none") return 130 / 3.6f;
    if (value.ends_with("walk") || value.ends_with("living_street")) return 7 / 3.6f;
    if (value.ends_with("urban")) return 50 / 3.6f;
    if (value.ends_with("rural")) return 90 / 3.6f;
    if (value.ends_with("motorway")) return 120 / 3.6f;
    return std::nullopt;
}

bool is_one_of(const char* value, std::initializer_list<std::string_view> wanted) {
    if (!value) return false;
    for (std::string_view w : wanted)
        if (w == value) return true;
    return false;
}

/// Cars may use it.
bool is_open(const osmium::TagList& tags) {
    for (const char* key : {"motorcar", "motor_vehicle", "vehicle", "access"})
        if (const char* value = tags.get_value_by_key(key))
            return !is_one_of(value, {"no", "private", "agricultural", "forestry", "delivery"});
    return true;
}

struct reading {
    std::vector<way_data> ways;
    std::unordered_map<std::int64_t, node_data> nodes;
    std::size_t all_ways = 0;
    std::size_t other_highways = 0;
    std::size_t closed = 0;

    void way(const osmium::Way& way) {
        ++all_ways;
        const osmium::TagList& tags = way.tags();
        const char* highway = tags.get_value_by_key("highway");
        if (!highway) return;
        const class_default* found = nullptr;
        for (const class_default& c : classes)
            if (c.value == highway) found = &c;
        if (!found || is_one_of(tags.get_value_by_key("area"), {"yes"}) || way.nodes().size() < 2) {
            ++other_highways;
            return;
        }
        if (!is_open(tags)) {
            ++closed;
            return;
        }
        if (ways.size() >= ways_max) throw std::length_error("more than 50 million roads");
        way_data w;
        w.kind = found->kind;
        w.speed_limit =
            speed_of(tags.get_value_by_key("maxspeed")).value_or(found->km_in_hour / 3.6f);
        read_lanes(tags, *found, w);
        for (const osmium::NodeRef& ref : way.nodes())
            if (w.nodes.empty() || w.nodes.back() != ref.ref()) w.nodes.push_back(ref.ref());
        if (w.nodes.size() < 2) return;
        for (std::int64_t node : w.nodes) ++nodes[node].uses;
        ++nodes[w.nodes.front()].uses;
        ++nodes[w.nodes.back()].uses;
        ways.push_back(std::move(w));
    }

    static void read_lanes(const osmium::TagList& tags, const class_default& c, way_data& w) {
        const char* one_way = tags.get_value_by_key("oneway");
        const bool backwards = is_one_of(one_way, {"-1", "reverse"});
        const bool forwards =
            is_one_of(one_way, {"yes", "1", "true"}) ||
            (!is_one_of(one_way, {"no"}) &&
             (c.value == "motorway" || c.value == "motorway_link" ||
              is_one_of(tags.get_value_by_key("junction"), {"roundabout", "circular"})));
        const auto bounded = [](unsigned lanes) { return std::min(std::max(lanes, 1u), 8u); };
        const auto all = whole_number(tags.get_value_by_key("lanes"));
        if (backwards || forwards) {
            const std::uint32_t lanes = bounded(all.value_or(c.lanes));
            w.lanes_forward = forwards ? lanes : 0;
            w.lanes_backward = forwards ? 0 : lanes;
            return;
        }
        const std::uint32_t half = all ? bounded(*all / 2) : c.lanes;
        w.lanes_forward =
            bounded(whole_number(tags.get_value_by_key("lanes:forward")).value_or(half));
        w.lanes_backward =
            bounded(whole_number(tags.get_value_by_key("lanes:backward")).value_or(half));
    }

    void node(const osmium::Node& node) {
        const auto found = nodes.find(node.id());
        if (found == nodes.end() || !node.location().valid()) return;
        node_data& n = found->second;
        n.longitude = node.location().lon();
        n.latitude = node.location().lat();
        n.is_there = true;
        n.signals = is_one_of(node.tags().get_value_by_key("highway"), {"traffic_signals"});
    }
};

struct way_handler : osmium::handler::Handler {
    reading& r;
    explicit way_handler(reading& into) : r(into) {}
    void way(const osmium::Way& w) { r.way(w); }
};
struct node_handler : osmium::handler::Handler {
    reading& r;
    explicit node_handler(reading& into) : r(into) {}
    void node(const osmium::Node& n) { r.node(n); }
};

/// Metres around an origin: an equirectangular projection, right to a metre in ten kilometres.
struct projection {
    double latitude, longitude;

    point operator()(const node_data& n) const {
        constexpr double metres_in_degree = 6371008.8 * std::numbers::pi / 180;
        return {static_cast<float>((n.longitude - longitude) * metres_in_degree *
                                   std::cos(latitude * std::numbers::pi / 180)),
                static_cast<float>((n.latitude - latitude) * metres_in_degree)};
    }
};

projection around_the_middle(const reading& r) {
    double south = 90, north = -90, west = 180, east = -180;
    for (const auto& [id, n] : r.nodes) {
        if (!n.is_there) continue;
        south = std::min(south, n.latitude);
        north = std::max(north, n.latitude);
        west = std::min(west, n.longitude);
        east = std::max(east, n.longitude);
    }
    return {(south + north) / 2, (west + east) / 2};
}

/// Ways are cut at intersections and where a node is missing, loops half way round.
std::vector<raw_road> cut(reading& r, const projection& project,
                          std::vector<intersection>& intersections, std::size_t& gaps) {
    std::vector<raw_road> roads;
    const auto intersection_at = [&](node_data& n) {
        if (n.intersection == ~0u) {
            n.intersection = static_cast<std::uint32_t>(intersections.size());
            intersections.push_back({project(n), n.signals});
        }
        return n.intersection;
    };
    std::uint32_t street = 0;
    const auto add = [&](const way_data& w, std::uint32_t from, std::uint32_t to,
                         const std::vector<point>& course) {
        ++street;
        if (w.lanes_forward)
            roads.push_back({from, to, w.speed_limit, w.lanes_forward, w.kind, street, course});
        if (w.lanes_backward)
            roads.push_back({to,
                             from,
                             w.speed_limit,
                             w.lanes_backward,
                             w.kind,
                             street,
                             {course.rbegin(), course.rend()}});
    };
    for (const way_data& w : r.ways) {
        std::vector<point> course;
        std::uint32_t from = ~0u;
        std::vector<point> stop_lines;
        const auto finish = [&](std::uint32_t to) {
            if (from == ~0u || course.size() < 2) return;
            // A stop line belongs to the nearer crossing, whichever way the street was drawn.
            for (const point& stop : stop_lines) {
                const point a = course.front(), b = course.back();
                const bool at_start =
                    std::hypot(stop.x - a.x, stop.y - a.y) < std::hypot(stop.x - b.x, stop.y - b.y);
                intersections[at_start ? from : to].signals = true;
            }
            if (from != to) return add(w, from, to, course);
            // A loop: cut half way round, since a road has two ends.
            const auto half = course.begin() + static_cast<std::ptrdiff_t>(course.size() / 2);
            const auto middle = static_cast<std::uint32_t>(intersections.size());
            intersections.push_back({*half, false});
            add(w, from, middle, {course.begin(), half + 1});
            add(w, middle, to, {half, course.end()});
        };
        for (std::size_t i = 0; i < w.nodes.size(); ++i) {
            node_data& n = r.nodes.at(w.nodes[i]);
            if (!n.is_there) {
                ++gaps;
                from = ~0u;
                course.clear();
                continue;
            }
            course.push_back(project(n));
            const bool is_end = n.uses >= 2 || from == ~0u || i + 1 == w.nodes.size() ||
                                !r.nodes.at(w.nodes[i + 1]).is_there;
            if (!is_end) {
                if (n.signals) stop_lines.push_back(course.back());
                continue;
            }
            const std::uint32_t here = intersection_at(n);
            finish(here);
            from = here;
            stop_lines.clear();
            course.assign(1, project(n));
        }
    }
    return roads;
}

kay::error bad(const std::string& path, std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    return {kay::error_code::bad_data, path + ": " + text};
}

kay::result<imported_map> import(const osmium::io::File& file, const std::string& path) {
    reading r;
    {
        osmium::io::Reader reader(file, osmium::osm_entity_bits::way);
        way_handler handler(r);
        osmium::apply(reader, handler);
        reader.close();
    }
    {
        osmium::io::Reader reader(file, osmium::osm_entity_bits::node);
        node_handler handler(r);
        osmium::apply(reader, handler);
        reader.close();
    }
    if (r.ways.empty()) return bad(path, "there is no road for cars in it");
    if (std::none_of(r.nodes.begin(), r.nodes.end(),
                     [](const auto& node) { return node.second.is_there; }))
        return bad(path, "has roads for cars, but none of their nodes with a valid position");

    const projection project = around_the_middle(r);
    std::vector<intersection> intersections;
    std::size_t gaps = 0, left_out = 0;
    std::vector<raw_road> roads = cut(r, project, intersections, gaps);
    const std::size_t ways = r.ways.size();
    const std::size_t stretches = roads.size(), ends = intersections.size();
    join_crossings(intersections, roads);
    const std::size_t within = stretches - roads.size(), joined = ends - intersections.size();
    imported_map made;
    made.map = assemble(std::move(intersections), std::move(roads), left_out);
    if (made.map.roads.empty())
        return bad(path, "its roads lead nowhere: there is no part in which one can go round");
    made.map.latitude = project.latitude;
    made.map.longitude = project.longitude;
    made.map.attribution = "© OpenStreetMap contributors";
    made.lines = {
        std::to_string(ways) + " of " + std::to_string(r.all_ways) + " ways are roads for cars",
        std::to_string(r.closed) + " are closed to the public, " +
            std::to_string(r.other_highways) + " are paths, service ways and other ways",
        std::to_string(stretches) + " directed stretches of road between crossings; " +
            std::to_string(left_out) + " cannot be left or reached again and are left out",
        std::to_string(gaps) + " nodes are missing: roads are cut there",
        std::to_string(joined) + " crossings belong to others, with " + std::to_string(within) +
            " stretches within",
    };
    return made;
}

/// What goes wrong on the way becomes one line about `path`.
template <class MakeFile>
kay::result<imported_map> import_or_say_why(const std::string& path, MakeFile make_file) {
    try {
        return import(make_file(), path);
    } catch (const std::system_error& e) {
        return kay::error{kay::error_code::io, path + ": cannot be read: " + e.what()};
    } catch (const std::bad_alloc&) {
        return kay::error{kay::error_code::out_of_memory, path + ": is too large for this machine"};
    } catch (const osmium::gzip_error& e) {
        return bad(path, std::string("is cut off, damaged or not compressed by gzip: ") + e.what());
    } catch (const osmium::bzip2_error& e) {
        return bad(path,
                   std::string("is cut off, damaged or not compressed by bzip2: ") + e.what());
    } catch (const std::exception& e) {
        return bad(path, std::string("is no whole OpenStreetMap file: ") + e.what());
    }
}

} // namespace

kay::result<imported_map> read_osm(const std::string& path) {
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (!std::filesystem::exists(status))
        return kay::error{kay::error_code::not_found, path + ": there is no such file"};
    if (std::filesystem::is_directory(status))
        return bad(path, "is a directory; a map is a file: .osm, .osm.gz, .osm.bz2 or .osm.pbf");
    if (!std::filesystem::is_regular_file(status)) return bad(path, "is not a regular file");
    if (std::filesystem::file_size(path, problem) == 0) return bad(path, "is empty");
    bool known = false;
    for (const char* ending : {".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf"})
        known = known || std::string_view(path).ends_with(ending);
    if (!known)
        return bad(path, "is no map by its name: .osm, .osm.gz, .osm.bz2 or .osm.pbf is expected");
    return import_or_say_why(path, [&] { return osmium::io::File(path); });
}

kay::result<imported_map> read_osm_bytes(std::string_view bytes, const std::string& format) {
    return import_or_say_why("bytes." + format,
                             [&] { return osmium::io::File(bytes.data(), bytes.size(), format); });
}

} // namespace city
