// SPDX-License-Identifier: MIT
//
// The large forms of a generated city: a lattice of districts with arterials between them, bent by
// slow waves; which districts are built up, and as what.
//
// A corner (i, j) of the lattice lies at lines_x[i], lines_y[j] before it is bent; district (i, j)
// lies to the north-east of it. An arterial runs along each side of a district that is in the city.
#pragma once

#include "road_map.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace city {

enum class district_kind : std::uint8_t {
    outside,
    centre,
    inner,
    suburb,
    industry,
    park,
    river,
};

struct district {
    district_kind kind = district_kind::outside;
    float distance = 0; ///< from the middle, as a share of the city's radius
};

class city_plan {
public:
    /// Grows from the middle on, until there are about so many metres of lane.
    city_plan(double lane_metres, std::uint64_t seed);

    std::uint32_t columns() const { return side_; } ///< of districts
    std::uint32_t rows() const { return side_; }
    std::uint32_t corners() const { return side_ + 1; } ///< in a row
    const district& at(std::uint32_t i, std::uint32_t j) const {
        return districts_[std::size_t{j} * side_ + i];
    }
    std::uint32_t number(std::uint32_t i, std::uint32_t j) const { return j * side_ + i; }
    const district& at(std::uint32_t number) const { return districts_[number]; }
    bool is_in(std::int64_t i, std::int64_t j) const;

    /// Whether there is an arterial east or north of a corner.
    bool has_east(std::uint32_t i, std::uint32_t j) const;
    bool has_north(std::uint32_t i, std::uint32_t j) const;
    /// Whether a line of the lattice is one of the main roads.
    bool is_main(std::uint32_t line) const { return line % 3 == middle_ % 3; }

    /// A place in the lattice: corner (2, 3) lies at 2, 3, and between corners it goes on evenly.
    point place(double i, double j) const;
    float radius() const { return radius_; } ///< of a circle as large as the city, metres

private:
    bool is_bridge(std::uint32_t i) const;
    void choose_kinds(std::uint64_t seed);

    std::uint32_t side_ = 0, middle_ = 0;
    std::uint32_t river_ = ~0u; ///< the row that is one
    std::vector<double> lines_x_, lines_y_;
    std::vector<point> shifts_; ///< [corner]
    std::array<double, 12> waves_{};
    std::vector<district> districts_;
    float radius_ = 0;
};

} // namespace city
