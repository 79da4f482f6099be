// SPDX-License-Identifier: MIT
#include "busy_streets.hpp"

#include "simulation.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace city {
namespace {

const char* name_of(road_class kind) {
    constexpr const char* names[] = {"motorway", "trunk",       "primary",      "secondary",
                                     "tertiary", "residential", "living street"};
    return names[static_cast<std::size_t>(kind)];
}

} // namespace

std::vector<busy_street> busiest_streets(const simulation& s, std::size_t most) {
    const std::vector<std::uint64_t> cars = s.passed();
    std::vector<std::uint32_t> roads(cars.size());
    std::iota(roads.begin(), roads.end(), 0u);
    std::sort(roads.begin(), roads.end(), [&](std::uint32_t a, std::uint32_t b) {
        return cars[a] != cars[b] ? cars[a] > cars[b] : a < b;
    });
    std::vector<busy_street> all;
    std::set<std::string> told;
    for (const std::uint32_t number : roads) {
        if (all.size() == most || cars[number] == 0) break;
        const std::string name(s.map().name_of(number));
        if (!name.empty() && !told.insert(name).second) continue;
        const road& r = s.map().roads[number];
        all.push_back({number, name, name_of(r.kind), s.map().intersections[r.from].at,
                       s.map().intersections[r.to].at, r.lanes, cars[number]});
    }
    return all;
}

} // namespace city
