// SPDX-License-Identifier: MIT
#include "gravity.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/distributions.hpp>
#include <kay/core/math.hpp>

#include <algorithm>

namespace city {
namespace {

constexpr int balance_rounds = 8;
constexpr double exponent_max = 40; ///< what is further away is no less likely
constexpr double within = 0.52;     ///< mean distance in a square of side 1

/// The first one that the share reaches; `up_to` has ascending sums. g++ makes a branch of each
/// choice, which is wrong half the time and yet a fifth faster than none: what is read next is on
/// its way before the choice is known.
std::size_t find(std::span<const double> up_to, double share) {
    const double at = share * up_to.back();
    const double* from = up_to.data();
    for (std::size_t left = up_to.size(); left > 1;) {
        const std::size_t half = left / 2;
        from += from[half - 1] <= at ? half : 0;
        left -= half;
    }
    return static_cast<std::size_t>(from - up_to.data());
}

std::uint32_t apart(std::uint32_t a, std::uint32_t b) { return a < b ? b - a : a - b; }

} // namespace

squares::squares(std::span<const point> points) {
    if (points.empty()) return;
    double east = double{points[0].x}, north = double{points[0].y};
    west = east;
    south = north;
    for (const point& p : points) {
        west = std::min(west, double{p.x});
        east = std::max(east, double{p.x});
        south = std::min(south, double{p.y});
        north = std::max(north, double{p.y});
    }
    const auto many = [&](double metres) { return kay::math::floor(metres / size) + 1; };
    while (many(east - west) * many(north - south) > count_max) size *= 1.05;
    columns = static_cast<std::uint32_t>(many(east - west));
    rows = static_cast<std::uint32_t>(many(north - south));
}

std::uint32_t squares::of(point at) const {
    const auto along = [&](double metres, std::uint32_t end) {
        const double n = kay::math::floor(metres / size);
        return n <= 0 ? 0 : n >= end ? end - 1 : static_cast<std::uint32_t>(n);
    };
    return along(double{at.y} - south, rows) * columns + along(double{at.x} - west, columns);
}

door_groups::door_groups(const road_map& map, door_kind kind,
                         std::span<const std::uint32_t> square_of, std::uint32_t count) {
    KAY_ASSERT(square_of.size() == map.doors.size());
    const auto counts = [&](const door& d) { return d.kind == kind && d.weight > 0; };
    std::vector<std::uint32_t> next(count + 1);
    for (std::uint32_t d = 0; d < map.doors.size(); ++d)
        if (counts(map.doors[d])) ++next[square_of[d] + 1];
    for (std::uint32_t s = 0; s < count; ++s) {
        if (next[s + 1] > 0) {
            squares_.push_back(s);
            first_.push_back(next[s]);
        }
        next[s + 1] += next[s];
    }
    first_.push_back(next[count]);
    doors_.resize(next[count]);
    for (std::uint32_t d = 0; d < map.doors.size(); ++d)
        if (counts(map.doors[d])) doors_[next[square_of[d]]++] = d;

    up_to_.reserve(doors_.size());
    for (std::uint32_t g = 0; g < squares_.size(); ++g) {
        double sum = 0;
        for (const std::uint32_t d : doors(g)) {
            sum += double{map.doors[d].weight};
            up_to_.push_back(sum);
        }
        weights_.push_back(sum);
        weight_ += sum;
    }
}

std::uint32_t door_groups::draw(std::uint32_t group, kay::random_stream& random) const {
    const auto all = doors(group);
    return all[find({up_to_.data() + first_[group], all.size()}, kay::uniform01(random))];
}

gravity::gravity(const squares& grid, const door_groups& doors, double scale)
    : grid_(grid), doors_(doors) {
    KAY_ASSERT(scale > 0);
    decay_.reserve(grid.count());
    for (std::uint32_t y = 0; y < grid.rows; ++y)
        for (std::uint32_t x = 0; x < grid.columns; ++x) {
            const double dx = x, dy = y;
            const double steps = x + y == 0 ? within : kay::math::sqrt(dx * dx + dy * dy);
            decay_.push_back(kay::math::exp(-std::min(steps * grid.size / scale, exponent_max)));
        }
    for (std::uint32_t g = 0; g < doors.in_squares().size(); ++g) {
        cells_.push_back(cell_of(doors.in_squares()[g]));
        attraction_.push_back(doors.weight(g));
    }
    up_to_.resize(attraction_.size());
}

gravity::cell gravity::cell_of(std::uint32_t square) const {
    return {square % grid_.columns, square / grid_.columns};
}

double gravity::decay(cell from, cell to) const {
    return decay_[std::size_t{apart(from.row, to.row)} * grid_.columns +
                  apart(from.column, to.column)];
}

void gravity::balance(std::span<const double> origins) {
    KAY_ASSERT(origins.size() == grid_.count());
    const std::size_t groups = cells_.size();
    double all = 0;
    for (const double o : origins) all += o;
    if (groups == 0 || !(all > 0)) return;
    std::vector<double> row(groups), arrived(groups);
    for (int round = 0; round < balance_rounds; ++round) {
        std::fill(arrived.begin(), arrived.end(), 0.0);
        for (std::uint32_t from = 0; from < origins.size(); ++from) {
            if (!(origins[from] > 0)) continue;
            const cell start = cell_of(from);
            double sum = 0;
            for (std::size_t g = 0; g < groups; ++g) {
                row[g] = attraction_[g] * decay(start, cells_[g]);
                sum += row[g];
            }
            const double each = origins[from] / sum;
            for (std::size_t g = 0; g < groups; ++g) arrived[g] += row[g] * each;
        }
        for (std::uint32_t g = 0; g < groups; ++g)
            if (arrived[g] > 0)
                attraction_[g] *= doors_.weight(g) / doors_.weight() * all / arrived[g];
    }
}

void gravity::set_out_from(std::uint32_t square) {
    KAY_ASSERT(square < grid_.count());
    const cell start = cell_of(square);
    double sum = 0;
    for (std::size_t g = 0; g < cells_.size(); ++g) {
        sum += attraction_[g] * decay(start, cells_[g]);
        up_to_[g] = sum;
    }
}

gravity::choice gravity::draw(kay::random_stream& random) const {
    if (doors_.is_empty()) return {};
    KAY_ASSERT(up_to_.back() > 0); // after set_out_from
    const auto group = static_cast<std::uint32_t>(find(up_to_, kay::uniform01(random)));
    return {doors_.draw(group, random), doors_.in_squares()[group]};
}

} // namespace city
