// SPDX-License-Identifier: MIT
#include "places.hpp"

#include <algorithm>
#include <utility>

namespace city {
namespace {

/// Spreads the lower 16 bits to the even ones.
std::uint32_t spread_bits(std::uint32_t x) {
    x = (x | x << 8) & 0x00ff00ff;
    x = (x | x << 4) & 0x0f0f0f0f;
    x = (x | x << 2) & 0x33333333;
    return (x | x << 1) & 0x55555555;
}

} // namespace

std::vector<std::uint32_t> spread_over_places(const road_map& map, std::uint32_t places) {
    const std::size_t count = map.intersections.size();
    float west = 0, east = 0, south = 0, north = 0;
    for (const intersection& i : map.intersections) {
        west = std::min(west, i.at.x);
        east = std::max(east, i.at.x);
        south = std::min(south, i.at.y);
        north = std::max(north, i.at.y);
    }
    const float size = std::max({east - west, north - south, 1.0f});
    std::vector<std::uint64_t> lanes(count);
    std::uint64_t all = 0;
    for (const road& r : map.roads) lanes[r.from] += r.lanes, all += r.lanes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> curve;
    for (std::uint32_t i = 0; i < count; ++i) {
        const point at = map.intersections[i].at;
        const auto x = static_cast<std::uint32_t>((at.x - west) / size * 65535);
        const auto y = static_cast<std::uint32_t>((at.y - south) / size * 65535);
        curve.push_back({spread_bits(x) | spread_bits(y) << 1, i});
    }
    std::sort(curve.begin(), curve.end());
    std::vector<std::uint32_t> place(count);
    std::uint64_t before = 0;
    for (const auto& [key, i] : curve) {
        place[i] = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(before * places / std::max<std::uint64_t>(all, 1), places - 1));
        before += lanes[i];
    }
    return place;
}

} // namespace city
