// SPDX-License-Identifier: MIT
#include "demand.hpp"

#include "../map/origin_index.hpp"
#include "../map/street_index.hpp"
#include "../output_file.hpp"
#include "raw_demand.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <unordered_map>

namespace city {
namespace {

constexpr float from_the_ends = 6; ///< metres between where a car stands and a crossing

std::string clock_of(double seconds) {
    const auto whole = static_cast<long long>(seconds);
    char text[40];
    std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                  whole % 60);
    return text;
}

/// The name of an edge, as in a file.
std::string name_of(const raw_end& end) {
    if (end.what == raw_end::form::road)
        return "r" + std::to_string(end.number) + (end.part == 1 ? ".2" : "");
    return (end.backward ? "-" : "") + std::to_string(end.number) +
           (end.part == raw_end::whole_way ? "" : "#" + std::to_string(end.part));
}

/// A place on the road network.
struct found_end {
    std::uint32_t road = 0;
    float position = 0;
};

enum class lookup : std::uint8_t { found, off_map, no_edge };

class resolver {
public:
    resolver(const road_map& map, const raw_demand& raw)
        : map_(map), raw_(raw), streets_(map), origins_(map) {
        for (const raw_trip& t : raw.trips)
            for (const raw_end* end : {&t.from, &t.to}) {
                if (end->what != raw_end::form::way || end->part < 0) continue;
                auto& last = last_part_[end->number];
                last = std::max(last, end->part);
            }
    }

    demand resolve() {
        demand made;
        made.trips.reserve(raw_.trips.size());
        for (const raw_trip& t : raw_.trips) {
            found_end from, to;
            if (!find(t, t.from, true, from) || !find(t, t.to, false, to)) continue;
            made.trips.push_back(
                {t.departure_s, from.road, from.position, to.road, to.position, t.what});
        }
        std::stable_sort(made.trips.begin(), made.trips.end(),
                         [](const planned_trip& a, const planned_trip& b) {
                             return a.departure_s < b.departure_s;
                         });
        tell(made);
        return made;
    }

    /// Why there are no trips.
    std::string why_none() const {
        std::string why;
        const auto add = [&](const left_out& what, const std::string& text) {
            if (what.count == 0) return;
            why += (why.empty() ? "" : "; ") + std::to_string(what.count) + " " + text +
                   ", the first in line " + std::to_string(what.line);
            if (!what.example.empty()) why += ": " + in_quotes(what.example);
        };
        add(off_map_, off_map_text());
        add(no_edge_, "on edges that the map does not have");
        add(raw_.without_ends, ends_text);
        add(raw_.triggered, triggered_text);
        add(raw_.not_cars, "not by car");
        if (why.empty()) return "has no trips";
        return "none of its trips can be made on this map: " + why;
    }

private:
    static constexpr const char* ends_text =
        "without ends (from and to, fromLonLat and toLonLat, fromXY and toXY, or a route)";
    static constexpr const char* triggered_text = "by chance or that wait for others";
    static std::string off_map_text() {
        return "begin or end more than " + std::to_string(static_cast<int>(off_map)) +
               " m from any street";
    }

    bool find(const raw_trip& trip, const raw_end& end, bool is_start, found_end& found) {
        switch (look_up(end, is_start, found)) {
        case lookup::found: return true;
        case lookup::off_map: off_map_.add(trip.line); return false;
        case lookup::no_edge: break;
        }
        if (end.what == raw_end::form::unknown)
            no_edge_.add(raw_.edges.line, raw_.edges.example);
        else
            no_edge_.add(trip.line, name_of(end));
        return false;
    }

    lookup look_up(const raw_end& end, bool is_start, found_end& found) {
        switch (end.what) {
        case raw_end::form::unknown: break;
        case raw_end::form::place: {
            place_at_road place;
            if (!streets_.find(end.at, place, off_map)) return lookup::off_map;
            found = {place.road, place.position};
            return lookup::found;
        }
        case raw_end::form::road: {
            if (end.number >= static_cast<std::int64_t>(map_.roads.size())) break;
            const auto number = static_cast<std::uint32_t>(end.number);
            const road& r = map_.roads[number];
            const bool is_loop = r.from == r.to; // two edges, see sumo_export.hpp
            if (end.part == 1 && !is_loop) break;
            const float start = end.part == 1 ? r.length / 2 : 0;
            found = {number, start + on(r.length - start, end.position, is_start)};
            return lookup::found;
        }
        case raw_end::form::way: return on_way(end, is_start, found);
        }
        return lookup::no_edge;
    }

    /// A position on a stretch, if none is given at its start or its end.
    static float on(float length, std::optional<float> position, bool is_start) {
        const float off = std::min(from_the_ends, length / 2);
        if (!position) return is_start ? off : length - off;
        return std::clamp(*position < 0 ? length + *position : *position, 0.0f, length);
    }

    lookup on_way(const raw_end& end, bool is_start, found_end& found) {
        const auto parts = origins_.of(end.number, end.backward);
        if (parts.empty()) return lookup::no_edge;
        if (end.part == raw_end::whole_way) return on_whole_way(parts, end, is_start, found);
        const std::int32_t seen = last_part_.at(end.number), ours = origins_.last_part(end.number);
        double wanted = end.part;
        if (seen > ours) {
            wanted = (end.part + 0.5) * (ours + 1) / (seen + 1) - 0.5;
            ++other_parts_;
        }
        const auto away = [&](const origin_index::entry& e) { return std::abs(e.part - wanted); };
        const auto best =
            std::min_element(parts.begin(), parts.end(),
                             [&](const auto& a, const auto& b) { return away(a) < away(b); });
        found = {best->road, best->is_inner ? on(length_of(*best), std::nullopt, true)
                                            : on(length_of(*best), end.position, is_start)};
        return lookup::found;
    }

    /// The way is one edge there; here it may be several roads in a row.
    lookup on_whole_way(std::span<const origin_index::entry> parts, const raw_end& end,
                        bool is_start, found_end& found) const {
        float whole = 0;
        for (const auto& e : parts) whole += e.is_inner ? 0 : length_of(e);
        found = {parts[0].road, on(length_of(parts[0]), std::nullopt, true)};
        float left = on(whole, end.position, is_start);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto& e = parts[end.backward ? parts.size() - 1 - i : i];
            if (e.is_inner) continue;
            const float length = length_of(e);
            found = {e.road, std::min(left, length)};
            if (left <= length) break;
            left -= length;
        }
        return lookup::found;
    }

    float length_of(const origin_index::entry& e) const { return map_.roads[e.road].length; }

    void tell(demand& made) const {
        if (made.trips.empty()) return;
        made.lines.push_back(std::to_string(made.trips.size()) + " trips, from " +
                             clock_of(made.trips.front().departure_s) + " to " +
                             clock_of(made.trips.back().departure_s));
        const auto add = [&](const left_out& what, const std::string& text) {
            if (what.count == 0) return;
            made.lines.push_back(std::to_string(what.count) + " " + text + ", the first in line " +
                                 std::to_string(what.line) +
                                 (what.example.empty() ? "" : ": " + in_quotes(what.example)));
        };
        add(off_map_, "trips left out that " + off_map_text());
        add(no_edge_, "trips left out on edges that the map does not have");
        add(raw_.without_ends, std::string("trips left out ") + ends_text);
        add(raw_.triggered, std::string("vehicles left out that start ") + triggered_text);
        add(raw_.not_cars, "left out that do not go by car");
        add(raw_.purposes, "trips have purposes that are not known here and count as other");
        if (other_parts_ > 0)
            made.lines.push_back(std::to_string(other_parts_) +
                                 " ends are on ways that are cut into more parts in the file: they "
                                 "are about where they were");
    }

    const road_map& map_;
    const raw_demand& raw_;
    street_index streets_;
    origin_index origins_;
    std::unordered_map<std::int64_t, std::int32_t> last_part_; ///< of a way, as the file has it
    left_out off_map_, no_edge_;
    std::size_t other_parts_ = 0; ///< ends
};

bool is_xml(std::string_view start) {
    if (start.starts_with("\xef\xbb\xbf")) start.remove_prefix(3); // byte order mark
    const auto first = start.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && start[first] == '<';
}

/// What goes wrong on the way becomes one line about `name`.
template <class Open>
kay::result<demand> read_or_say_why(Open open, const std::string& name, const road_map& map,
                                    const demand_limits& limits) {
    const auto bad = [&](std::string text) {
        for (char& c : text)
            if (static_cast<unsigned char>(c) < ' ') c = ' ';
        return kay::error{kay::error_code::bad_data, name + ": " + text};
    };
    try {
        byte_source source = open();
        std::string start(1 << 16, '\0');
        start.resize(source.read(start));
        if (start.empty()) return bad("is empty");
        raw_demand raw;
        const auto read = is_xml(start) ? read_sumo_demand : read_csv_demand;
        read({std::move(start), source}, map, limits, raw);
        resolver lookup(map, raw);
        demand made = lookup.resolve();
        if (made.trips.empty()) return bad(lookup.why_none());
        return made;
    } catch (const broken_file& e) {
        return bad(e.what());
    } catch (const std::bad_alloc&) {
        return kay::error{kay::error_code::out_of_memory, name + ": is too large for this machine"};
    }
}

template <class Number>
void append(std::string& text, Number number) {
    char digits[64];
    const auto [end, problem] = std::to_chars(digits, digits + sizeof digits, number);
    if (problem == std::errc()) text.append(digits, end);
}

} // namespace

kay::result<demand> read_demand(const std::string& path, const road_map& map,
                                const demand_limits& limits) {
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (!std::filesystem::exists(status))
        return kay::error{kay::error_code::not_found, path + ": there is no such file"};
    if (std::filesystem::is_directory(status))
        return kay::error{kay::error_code::bad_data,
                          path + ": is a directory; a demand is a file: .csv or SUMO's .xml"};
    return read_or_say_why([&] { return byte_source(path, limits.bytes_max); }, path, map, limits);
}

kay::result<demand> read_demand_bytes(std::string_view bytes, const std::string& name,
                                      const road_map& map, const demand_limits& limits) {
    return read_or_say_why([&] { return byte_source(bytes, limits.bytes_max); }, name, map, limits);
}

kay::result<void> write_demand_csv(const std::vector<planned_trip>& trips,
                                   const std::string& file) {
    std::string text = "depart_s,from_road,from_position,to_road,to_position,purpose\n";
    for (const planned_trip& t : trips) {
        append(text, t.departure_s);
        append(text += ',', t.from_road);
        append(text += ',', t.from_position);
        append(text += ',', t.to_road);
        append(text += ',', t.to_position);
        text += ',';
        text += name_of(t.what);
        text += '\n';
    }
    return write_text(file, "demand", text);
}

} // namespace city
