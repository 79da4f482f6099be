// SPDX-License-Identifier: MIT
//
// The motorways of a generated city: a ring, and radials from there towards the middle. Each has
// two carriageways, crosses everything else on bridges, and meets main arterials by four ramps.
#pragma once

#include "arterials.hpp"
#include "city_plan.hpp"
#include "street_plan.hpp"

#include <unordered_set>
#include <vector>

namespace city {

class motorways {
public:
    /// None in a small city, a ring in a larger one, radials in a large one. To be made before
    /// other streets meet the arterials.
    motorways(const city_plan& city, arterials& around, street_plan& streets, std::uint64_t seed);

    /// Whether a street between two points would come too near.
    bool is_near(point a, point b) const;

private:
    /// A node on a carriageway, at a distance along the motorway.
    struct stop {
        double at;
        std::uint32_t node;

        auto operator<=>(const stop&) const = default;
    };
    struct line {
        std::vector<point> centre; ///< a point each step metres
        bool closed = false;
        std::vector<stop> forward, backward;
        street_kind kind;
    };
    /// Where a motorway crosses an arterial.
    struct meeting {
        double at;
        side arterial;
        double part;
    };

    double length(const line& l) const;
    point at(const line& l, double metres, double to_the_right) const;
    void occupy(const line& l);
    std::vector<meeting> meetings(const line& l, double first, double last) const;
    void add_interchanges(line& l, double first, double last);
    void add_ramp(std::uint32_t from, std::uint32_t to, const std::vector<point>& between);
    std::uint32_t stop_at(line& l, bool forward, double metres);
    void add_radial(line& ring, double angle);
    void lay(line& l);

    const city_plan& city_;
    arterials& around_;
    street_plan& streets_;
    std::unordered_set<std::int64_t> cells_; ///< those on a motorway
};

} // namespace city
