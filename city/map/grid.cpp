// SPDX-License-Identifier: MIT
#include "grid.hpp"

#include "doors.hpp"
#include "raw_map.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/random.hpp>

#include <algorithm>
#include <cmath>

namespace city {
namespace {

constexpr std::uint32_t arterial_every = 4;
constexpr float arterial_speed = 50 / 3.6f;
constexpr float street_speed = 30 / 3.6f;

} // namespace

road_map make_grid(std::uint32_t rows, std::uint32_t columns, float distance, std::uint64_t seed) {
    kay::random_stream random(seed, 0x67726964, 0);
    std::vector<intersection> intersections;
    const auto at = [&](std::uint32_t row, std::uint32_t column) { return row * columns + column; };
    const auto is_arterial = [](std::uint32_t line) { return line % arterial_every == 1; };
    for (std::uint32_t row = 0; row < rows; ++row)
        for (std::uint32_t column = 0; column < columns; ++column) {
            const float shift = distance / 8;
            const auto dx = static_cast<float>(kay::uniform_real(random, -1, 1)) * shift;
            const auto dy = static_cast<float>(kay::uniform_real(random, -1, 1)) * shift;
            const float x =
                (static_cast<float>(column) - static_cast<float>(columns - 1) / 2) * distance;
            const float y = (static_cast<float>(row) - static_cast<float>(rows - 1) / 2) * distance;
            intersections.push_back(
                {{x + (is_arterial(column) ? 0 : dx), y + (is_arterial(row) ? 0 : dy)},
                 is_arterial(row) && is_arterial(column)});
        }
    std::vector<raw_road> roads;
    std::uint32_t street = 0;
    const auto connect = [&](std::uint32_t a, std::uint32_t b, bool arterial) {
        ++street;
        const point from = intersections[a].at, to = intersections[b].at;
        for (const bool back : {false, true}) {
            raw_road r;
            r.from = back ? b : a;
            r.to = back ? a : b;
            r.kind = arterial ? road_class::primary : road_class::residential;
            r.lanes = arterial ? 2 : 1;
            r.speed_limit = arterial ? arterial_speed : street_speed;
            r.street = street;
            r.course = back ? std::vector<point>{to, from} : std::vector<point>{from, to};
            roads.push_back(std::move(r));
        }
    };
    for (std::uint32_t row = 0; row < rows; ++row)
        for (std::uint32_t column = 0; column < columns; ++column) {
            if (column + 1 < columns)
                connect(at(row, column), at(row, column + 1), is_arterial(row));
            if (row + 1 < rows) connect(at(row, column), at(row + 1, column), is_arterial(column));
        }
    std::size_t left_out = 0;
    road_map map = assemble(std::move(intersections), std::move(roads), left_out);
    set_doors_by_length(map);
    return map;
}

} // namespace city
