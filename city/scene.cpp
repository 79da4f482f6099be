// SPDX-License-Identifier: MIT
#include "scene.hpp"

#include "demand/random_demand.hpp"
#include "map/grid.hpp"
#include "map/metropolis.hpp"
#include "map/osm.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace city {
namespace {

constexpr std::uint64_t metropolis_people = 20'000;
/// Everybody on the road at once needs more room than a city has where most are at home.
constexpr std::uint64_t stress_room = 3;

void say(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) std::printf("  %s\n", line.c_str());
}

/// As many as drive on a map without a jam, and no more than a first look needs.
std::uint64_t people_for(const road_map& map) {
    constexpr double people_max = 20'000, people_in_km = 50; // of lane
    return static_cast<std::uint64_t>(std::clamp(map.lane_km() * people_in_km, 100.0, people_max));
}

kay::result<road_map> load_map(const options& o) {
    if (o.map == "metropolis")
        return make_metropolis(
            (o.people ? o.people : metropolis_people) * (o.stress ? stress_room : 1), o.seed);
    if (o.map == "grid") return make_grid(40, 40, 200, o.seed);
    auto read = read_osm(o.map);
    if (!read) return read.error();
    say(read->lines);
    return std::move(read->map);
}

/// Trips of a file, or at random; none where people decide.
kay::result<std::vector<planned_trip>> load_trips(const options& o, const road_map& map) {
    if (o.random_trips > 0)
        return random_demand(map, o.random_trips, static_cast<double>(o.random_trips_s), o.seed);
    if (o.demand.empty()) return std::vector<planned_trip>();
    std::printf("demand: %s\n", o.demand.c_str());
    auto read = read_demand(o.demand, map);
    if (!read) return read.error();
    say(read->lines);
    return std::move(read->trips);
}

/// A file's without the endings that say how it is packed: the same city has the same name.
std::string name_of_map(const std::string& map) {
    std::filesystem::path name = std::filesystem::path(map).filename();
    for (const char* packed : {".gz", ".bz2", ".pbf", ".osm"})
        if (name.extension() == packed) name = name.stem();
    return name.string();
}

} // namespace

kay::result<scene> load_scene(const options& o) {
    std::printf("map: %s\n", o.map.c_str());
    auto map = load_map(o);
    if (!map) return map.error();
    auto trips = load_trips(o, *map);
    if (!trips) return trips.error();
    return scene{name_of_map(o.map), std::move(*map), std::move(*trips),
                 o.random_trips > 0 || !o.demand.empty()};
}

simulation_options setup_of(const scene& s, const options& o) {
    simulation_options setup;
    setup.people = s.is_listed ? s.trips.size() : o.people ? o.people : people_for(s.map);
    setup.sleepers = o.sleepers;
    if (o.stress) setup.people += setup.people / 100; // for those who park or look for a gap
    setup.seed = o.seed;
    setup.workers = o.workers;
    setup.places = o.places;
    setup.kind = s.is_listed ? life::listed : o.stress ? life::restless : life::resident;
    setup.usual = o.usual ? habits{} : rush_hour;
    setup.rest_s = 1; // of the restless
    setup.start_s = o.start_s;
    if (s.is_listed && !o.start_given) // when the first one sets out
        setup.start_s =
            s.trips.empty() ? 0 : static_cast<std::uint32_t>(s.trips.front().departure_s);
    setup.keeps_trips = true;
    setup.name = s.name;
    setup.fixed_routes = o.fixed_routes;
    return setup;
}

void add_trips(simulation& to, const std::vector<planned_trip>& trips, std::uint64_t seed) {
    kay::random_stream random(seed, 0x74726970, 0);
    std::size_t too_early = 0;
    for (const planned_trip& t : trips) {
        const auto wanted = static_cast<std::uint8_t>(kay::uniform_int(random, 85, 115));
        const double after_s = t.departure_s - to.start_s();
        if (after_s < 0) {
            ++too_early;
            continue;
        }
        to.add_trip(static_cast<std::uint64_t>(after_s * turns_per_second) + 1, t.from_road,
                    t.from_position, t.to_road, t.to_position, wanted, t.what);
    }
    if (too_early > 0)
        std::printf("  %zu trips begin before the start and are left out\n", too_early);
}

} // namespace city
