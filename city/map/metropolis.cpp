// SPDX-License-Identifier: MIT
#include "metropolis.hpp"

#include "arterials.hpp"
#include "city_plan.hpp"
#include "district.hpp"
#include "motorway.hpp"
#include "raw_map.hpp"
#include "street_plan.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace city {
namespace {

constexpr double lane_of_a_person = 25;                   ///< metres
constexpr float door_every = 60;                          ///< metres
constexpr double jobs = 0.5, visits = 0.6, pupils = 0.15; ///< for each of the people

/// How much of each there is along a metre of street, against each other.
struct density {
    float home, work, shop;
};

density density_of(const district& d, const road& r) {
    density there{1, 0.10f, 0.12f};
    switch (d.kind) {
    case district_kind::centre: there = {3, 7, 3}; break;
    case district_kind::inner: there = {2, 0.9f, 0.5f}; break;
    case district_kind::industry: there = {0.05f, 5, 0.1f}; break;
    case district_kind::park:
    case district_kind::river: there = {0, 0, 0.1f}; break;
    default: break;
    }
    if (r.kind == road_class::tertiary) return {there.home * 0.8f, there.work, there.shop * 3};
    if (r.kind == road_class::secondary)
        return {there.home * 0.5f, there.work * 1.5f, there.shop * 4};
    if (r.kind == road_class::primary)
        return {there.home * 0.2f, there.work * 1.5f, there.shop * 2};
    return there;
}

/// Homes at every door; work and shops at some, which are the larger for it. A school for each
/// district that has homes.
std::vector<door> find_doors(const road_map& map, const city_plan& city,
                             const std::vector<std::uint32_t>& districts, std::uint64_t seed) {
    kay::random_stream random(seed, 0x646f6f72, 0);
    std::vector<door> doors;
    std::vector<float> homes(std::size_t{city.columns()} * city.rows());
    std::vector<std::uint32_t> school_road(homes.size(), ~0u);
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        const road& way = map.roads[r];
        if (!may_have_doors(way)) continue;
        const std::uint32_t number = districts[r];
        const density there = density_of(city.at(number), way);
        const float count = std::max(1.0f, std::round(way.length / door_every)),
                    metres = way.length / count;
        for (float n = 0; n < count; ++n) {
            const float position = (n + 0.5f) * metres;
            const auto some = [&](float share, door_kind kind, float one_in) {
                if (share <= 0 || kay::uniform_real(random, 0, one_in) >= 1) return;
                const auto size = static_cast<float>(kay::uniform_real(random, 0.4, 1.6));
                doors.push_back({r, position, metres * share * one_in * size, kind});
            };
            some(there.home, door_kind::home, 1);
            some(there.work, door_kind::work, there.work > 2 ? 2 : 8);
            some(there.shop, door_kind::shop, there.shop > 1 ? 3 : 10);
        }
        homes[number] += way.length * there.home;
        const bool is_better = school_road[number] == ~0u ||
                               (way.kind == road_class::tertiary &&
                                map.roads[school_road[number]].kind != road_class::tertiary);
        if (is_better && way.kind >= road_class::tertiary) school_road[number] = r;
    }
    for (std::size_t d = 0; d < homes.size(); ++d)
        if (school_road[d] != ~0u && homes[d] > 0)
            doors.push_back({school_road[d], map.roads[school_road[d]].length / 2, homes[d],
                             door_kind::school});
    return doors;
}

/// Makes the weights of each kind add up to what it should be.
void scale(std::vector<door>& doors, double people) {
    std::array<double, 4> sums{};
    const std::array<double, 4> wanted{people, people * jobs, people * visits, people * pupils};
    for (const door& d : doors)
        sums[static_cast<std::size_t>(d.kind)] += static_cast<double>(d.weight);
    for (door& d : doors) {
        const auto kind = static_cast<std::size_t>(d.kind);
        d.weight = static_cast<float>(static_cast<double>(d.weight) * wanted[kind] / sums[kind]);
    }
}

} // namespace

road_map make_metropolis(std::uint64_t people, std::uint64_t seed) {
    const auto count = static_cast<double>(std::max<std::uint64_t>(people, 1));
    const city_plan city(count * lane_of_a_person, seed);
    street_plan streets;
    arterials around(city, streets);
    const motorways motorway(city, around, streets, seed);
    for (std::uint32_t j = 0; j < city.rows(); ++j)
        for (std::uint32_t i = 0; i < city.columns(); ++i)
            fill_district(city, i, j, seed, motorway, around, streets);
    around.lay();
    streets.dissolve();

    std::vector<std::uint32_t> planned;
    raw_map raw = streets.finish(planned);
    assembly_counts counts;
    road_map map = assemble(std::move(raw), counts);
    std::vector<std::uint32_t> districts;
    districts.reserve(map.roads.size());
    for (const std::uint32_t r : counts.origins) districts.push_back(planned[r]);
    std::vector<door> doors = find_doors(map, city, districts, seed);
    scale(doors, count);
    set_doors(map, std::move(doors));
    return map;
}

} // namespace city
