// SPDX-License-Identifier: MIT
#include "random_demand.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/random.hpp>

#include <algorithm>
#include <cmath>

namespace city {
namespace {

constexpr int tries_max = 100;

class place_chooser {
public:
    explicit place_chooser(const road_map& map) : map_(map) {
        const auto choose = [&](auto may_be) {
            double sum = 0;
            for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
                if (!may_be(map.roads[r])) continue;
                sum += static_cast<double>(map.roads[r].length);
                roads_.push_back(r);
                metres_.push_back(sum);
            }
        };
        if (!map.doors.empty()) choose([](const road& r) { return r.doors > 0; });
        if (roads_.empty()) choose(may_have_doors);
        if (roads_.empty()) choose([](const road&) { return true; });
    }

    bool is_empty() const { return roads_.empty(); }
    bool is_single() const { return roads_.size() == 1; }

    void choose(kay::random_stream& random, std::uint32_t& road, float& position) const {
        const double at = kay::uniform01(random) * metres_.back();
        const auto found = std::upper_bound(metres_.begin(), metres_.end() - 1, at);
        road = roads_[static_cast<std::size_t>(found - metres_.begin())];
        const auto doors = map_.doors_of(map_.roads[road]);
        position = doors.empty()
                       ? static_cast<float>(kay::uniform_real(random, 0, map_.roads[road].length))
                       : doors[kay::uniform_int<std::size_t>(random, 0, doors.size() - 1)].position;
    }

private:
    const road_map& map_;
    std::vector<std::uint32_t> roads_;
    std::vector<double> metres_; ///< by roads_: of all up to this one
};

float distance(point a, point b) { return std::hypot(a.x - b.x, a.y - b.y); }

} // namespace

std::vector<planned_trip> random_demand(const road_map& map, std::size_t count, double duration_s,
                                        std::uint64_t seed) {
    KAY_ASSERT(duration_s >= 0 && duration_s <= departure_max_s);
    std::vector<planned_trip> trips;
    const place_chooser places(map);
    if (places.is_empty()) return trips;
    trips.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        kay::random_stream random(seed, 0x74726970, i);
        planned_trip best;
        float apart = -1;
        const double departure = kay::uniform_real(random, 0, duration_s);
        for (int n = 0; n < tries_max && apart < random_trip_min; ++n) {
            planned_trip t;
            t.departure_s = departure;
            places.choose(random, t.from_road, t.from_position);
            places.choose(random, t.to_road, t.to_position);
            if (t.from_road == t.to_road && !places.is_single() && n + 1 < tries_max) continue;
            const float away = distance(point_at(map, t.from_road, t.from_position),
                                        point_at(map, t.to_road, t.to_position));
            if (away <= apart) continue;
            apart = away;
            best = t;
        }
        trips.push_back(best);
    }
    std::stable_sort(trips.begin(), trips.end(), [](const planned_trip& a, const planned_trip& b) {
        return a.departure_s < b.departure_s;
    });
    return trips;
}

} // namespace city
