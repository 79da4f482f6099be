// SPDX-License-Identifier: MIT
#include "metric.hpp"

#include <algorithm>
#include <cmath>

namespace city {

std::vector<std::uint32_t> free_travel_times(const road_map& map) {
    std::vector<std::uint32_t> times;
    times.reserve(map.roads.size());
    for (const road& r : map.roads) {
        const double ms = 1000 * double{r.length} / double{r.speed_limit};
        times.push_back(
            static_cast<std::uint32_t>(std::llround(std::clamp(ms, 1.0, double{never}))));
    }
    return times;
}

} // namespace city
