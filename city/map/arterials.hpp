// SPDX-License-Identifier: MIT
//
// The arterials of a generated city: the sides of its districts, with the places where smaller
// streets and ramps meet them.
#pragma once

#include "city_plan.hpp"
#include "street_plan.hpp"

#include <utility>
#include <vector>

namespace city {

/// A side of the lattice, from corner (i, j) to the east or to the north.
struct side {
    std::uint32_t i = 0, j = 0;
    bool north = false;
};

class arterials {
public:
    arterials(const city_plan& city, street_plan& streets);

    bool has(side s) const {
        return s.north ? city_.has_north(s.i, s.j) : city_.has_east(s.i, s.j);
    }
    bool is_main(side s) const { return city_.is_main(s.north ? s.i : s.j); }
    /// `part` of the way along it.
    point at(side s, double part) const;
    double length(side s) const;

    /// A node there, or one that is near. None beside a corner, where the side is closed, and where
    /// there is no arterial.
    std::uint32_t attach(side s, double part);
    /// A node of its own for a ramp. Nothing else may come within some metres of it.
    std::uint32_t attach_ramp(side s, double part);

    /// Makes the streets. After the last attach.
    void lay();

    static constexpr std::uint32_t none = ~0u;

private:
    struct joint {
        double part;
        std::uint32_t node;
        bool is_ramp;

        auto operator<=>(const joint&) const = default;
    };

    std::size_t index(side s) const {
        return (std::size_t{s.j} * city_.corners() + s.i) * 2 + s.north;
    }
    std::uint32_t corner(std::uint32_t i, std::uint32_t j);
    street_kind kind_of(side s) const;

    const city_plan& city_;
    street_plan& streets_;
    std::vector<std::vector<joint>> joints_; ///< [side]
    std::vector<std::uint32_t> corners_;     ///< [corner], none until it is needed
};

} // namespace city
