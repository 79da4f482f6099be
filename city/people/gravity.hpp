// SPDX-License-Identifier: MIT
//
// Which door somebody goes to: by a gravity model, in squares over the map. The chance of a square
// is its attraction times exp(-distance / scale), that of a door in it its share of the weight.
//
// Of the laws that need no data but a map this one fits commuting best (Lenormand, Bassolas,
// Ramasco: Systematic comparison of trip distribution laws and models, J. Transport Geography 51,
// 2016), better than the radiation model (Simini, Gonzalez, Maritan, Barabasi: A universal model
// for mobility and migration patterns, Nature 484, 2012). Balanced, it is doubly constrained
// (Wilson: A statistical theory of spatial distribution models, Transportation Research 1, 1967).
//
// All arithmetic is + - * / and kay::math: the same everywhere.
#pragma once

#include "../map/road_map.hpp"

#include <kay/core/random.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace city {

inline constexpr std::uint32_t no_door = ~0u;

/// A grid over some points: squares of 100 metres, or larger ones where that would be too many.
struct squares {
    double west = 0, south = 0;
    double size = 100; ///< metres
    std::uint32_t columns = 1, rows = 1;

    static constexpr std::uint32_t count_max = 2000;

    explicit squares(std::span<const point> points);
    std::uint32_t count() const { return columns * rows; }
    std::uint32_t of(point at) const; ///< beyond the edge: of the nearest square there
};

/// The doors of one kind, by square. Those without weight are left out.
class door_groups {
public:
    /// `square_of` and `count` say in which of how many squares each door of the map is.
    door_groups(const road_map& map, door_kind kind, std::span<const std::uint32_t> square_of,
                std::uint32_t count);

    bool is_empty() const { return doors_.empty(); }
    /// Numbers of the squares that have doors, ascending. A group is a position in here.
    std::span<const std::uint32_t> in_squares() const { return squares_; }
    double weight(std::uint32_t group) const { return weights_[group]; }
    double weight() const { return weight_; }
    std::span<const std::uint32_t> doors(std::uint32_t group) const {
        return {doors_.data() + first_[group], first_[group + 1] - first_[group]};
    }
    /// A door of the group, each as likely as its weight says. Cost logarithmic.
    std::uint32_t draw(std::uint32_t group, kay::random_stream& random) const;

private:
    std::vector<std::uint32_t> squares_; ///< [group]
    std::vector<double> weights_;        ///< [group]
    std::vector<std::uint32_t> first_;   ///< [group], and where the last one's end
    std::vector<std::uint32_t> doors_;   ///< by group, and within it by number
    std::vector<double> up_to_;          ///< [position in doors_]: weight in the group so far
    double weight_ = 0;
};

/// Draws doors of one kind. Refers to the grid and the doors: both stay where they are.
class gravity {
public:
    /// `scale` in metres, above zero.
    gravity(const squares& grid, const door_groups& doors, double scale);

    /// Changes the attractions so that, with so many who set out from each square, every square
    /// gets its share of them all: the weight's. By rounds in turn (Furness: Time function
    /// iteration, Traffic Engineering and Control 7, 1965). Cost: squares of both kinds multiplied.
    void balance(std::span<const double> origins);

    /// From where the next are drawn. Cost linear in the squares.
    void set_out_from(std::uint32_t square);
    struct choice {
        std::uint32_t door = no_door;
        std::uint32_t square = 0;
    };
    /// No door where there is none of the kind. Cost logarithmic.
    choice draw(kay::random_stream& random) const;

private:
    struct cell {
        std::uint32_t column = 0, row = 0;
    };
    cell cell_of(std::uint32_t square) const;
    double decay(cell from, cell to) const;

    const squares& grid_;
    const door_groups& doors_;
    std::vector<cell> cells_;        ///< [group]
    std::vector<double> decay_;      ///< [rows apart * columns + columns apart]
    std::vector<double> attraction_; ///< [group]
    std::vector<double> up_to_;      ///< [group]: chance so far, not scaled
};

} // namespace city
