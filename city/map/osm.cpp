// SPDX-License-Identifier: MIT
#include "osm.hpp"

#include "cut.hpp"
#include "doors.hpp"
#include "driving_side.hpp"
#include "join.hpp"
#include "osm_data.hpp"
#include "osm_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace city {
namespace {

kay::error bad(const std::string& path, std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    return {kay::error_code::bad_data, path + ": " + text};
}

/// "3 closed to the public, 2 ferries": what there is none of is left out.
class enumeration {
public:
    void add(std::size_t count, const std::string& what) {
        if (count == 0) return;
        text_ += (text_.empty() ? "" : ", ") + std::to_string(count) + " " + what;
    }
    std::string text() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

std::string number(std::size_t n) { return std::to_string(n); }

std::vector<std::string> told(const osm_data& data, const road_map& map, const cut_counts& cut,
                              const assembly_counts& assembly, std::size_t without,
                              std::size_t joined, const door_counts& doors) {
    std::vector<std::string> lines;
    const auto& ways = data.counts.ways;
    const auto count = [&](way_kind k) { return ways[static_cast<std::size_t>(k)]; };
    std::size_t all = 0;
    for (const std::size_t n : ways) all += n;

    enumeration left;
    left.add(count(way_kind::closed), "closed or private");
    left.add(count(way_kind::service), "service ways");
    left.add(count(way_kind::path), "paths and the like");
    left.add(count(way_kind::reversible), "reversible");
    left.add(count(way_kind::ferry), "ferries");
    left.add(data.counts.broken_ways, "without a stretch");
    lines.push_back(number(data.streets.size()) + " of " + number(all) +
                    " ways are roads for cars" +
                    (left.empty() ? "" : "; left out: " + left.text()));
    lines.push_back(
        number(map.roads.size()) + " directed roads between " + number(map.intersections.size()) +
        " crossings, one drives on the " + (map.drives_left ? "left" : "right") +
        (joined ? "; " + number(joined) + " crossings were drawn as parts of others" : ""));
    if (assembly.left_out)
        lines.push_back(number(assembly.left_out) +
                        " roads cannot be left or reached again and are left out");
    if (assembly.turns_over)
        lines.push_back(number(assembly.turns_over) +
                        " turns are left out where a road has more than " + number(turns_max));
    if (cut.gaps) lines.push_back(number(cut.gaps) + " nodes are missing: roads are cut there");

    const auto& others = data.counts.left_restrictions;
    enumeration bans;
    const auto kind = [&](restriction_kind k) { return others[static_cast<std::size_t>(k)]; };
    bans.add(kind(restriction_kind::conditional), "conditional");
    bans.add(kind(restriction_kind::others_only), "not for cars");
    bans.add(kind(restriction_kind::not_understood), "not understood");
    bans.add(without, "of roads that are not there");
    bans.add(assembly.banned_routes, "over roads between");
    if (data.counts.restrictions)
        lines.push_back(number(data.restrictions.size()) + " of " +
                        number(data.counts.restrictions) + " turn restrictions are for cars" +
                        (bans.empty() ? "" : "; left out: " + bans.text()));

    std::size_t lights = 0, marked = 0, limited = 0;
    for (const intersection& i : map.intersections) lights += i.signals;
    for (const road& r : map.roads) limited += r.destination_only;
    for (const street_way& s : data.streets)
        marked += s.meaning.forward.marks[0] || s.meaning.backward.marks[0];
    enumeration rules;
    rules.add(lights, "crossings with signals");
    rules.add(cut.signs, "stop and give-way signs");
    rules.add(marked, "ways with arrows on their lanes");
    rules.add(limited, "roads for their residents only");
    rules.add(cut.far_lights, "signals of footways left out");
    if (!rules.empty()) lines.push_back(rules.text());
    lines.push_back(told_of(map, doors));
    return lines;
}

/// Every road is called what its way is.
void name_roads(road_map& map, osm_data& data) {
    map.names.assign(data.names.begin(), data.names.end());
    map.road_names.reserve(map.roads.size());
    for (const road_origin& origin : map.origins) {
        const auto way =
            std::lower_bound(data.streets.begin(), data.streets.end(), origin.way,
                             [](const street_way& s, std::int64_t id) { return s.id < id; });
        const bool is_known = way != data.streets.end() && way->id == origin.way;
        map.road_names.push_back(is_known ? way->name : 0);
    }
}

kay::result<imported_map> import(osm_data data, const std::string& path) {
    if (data.streets.empty()) return bad(path, "there is no road for cars in it");
    if (std::none_of(data.nodes.begin(), data.nodes.end(),
                     [](const node_data& n) { return n.is_there && n.uses > 0; }))
        return bad(path, "has roads for cars, but none of their nodes with a valid position");

    const projection project = around_the_middle(data);
    std::vector<std::uint32_t> intersection_of;
    cut_counts cut;
    raw_map raw = cut_ways(data, project, intersection_of, cut);
    raw.drives_left = data.left_sided + data.right_sided > 0
                          ? data.left_sided > data.right_sided
                          : drives_left_at(project.latitude, project.longitude);
    const std::size_t without = apply_restrictions(raw, data.restrictions, [&](std::int64_t id) {
        const std::uint32_t node = data.find_node(id);
        return node == osm_data::none ? ~0u : intersection_of[node];
    });
    const std::size_t ends = raw.intersections.size();
    join_crossings(raw);
    const std::size_t joined = ends - raw.intersections.size();
    imported_map made;
    assembly_counts assembly;
    made.map = assemble(std::move(raw), assembly);
    if (made.map.roads.empty())
        return bad(path, "its roads lead nowhere: there is no part in which one can go round");
    made.map.latitude = project.latitude;
    made.map.longitude = project.longitude;
    made.map.attribution = "© OpenStreetMap contributors";
    const door_counts doors = find_doors(made.map, data, project);
    name_roads(made.map, data);
    made.lines = told(data, made.map, cut, assembly, without, joined, doors);
    return made;
}

/// What goes wrong on the way becomes one line about `path`.
template <class Read>
kay::result<imported_map> import_or_say_why(const std::string& path, Read read) {
    try {
        return import(read(), path);
    } catch (const std::system_error& e) {
        return kay::error{kay::error_code::io, path + ": cannot be read: " + e.what()};
    } catch (const std::bad_alloc&) {
        return kay::error{kay::error_code::out_of_memory, path + ": is too large for this machine"};
    } catch (const broken_file& e) {
        return bad(path, e.what());
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
    return import_or_say_why(path, [&] { return read_osm_data(path); });
}

kay::result<imported_map> read_osm_bytes(std::string_view bytes, const std::string& format) {
    return import_or_say_why("bytes." + format, [&] { return read_osm_data(bytes, format); });
}

} // namespace city
