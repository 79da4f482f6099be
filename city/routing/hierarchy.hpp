// SPDX-License-Identifier: MIT
//
// A customizable contraction hierarchy of the roads of a map: everything that does not depend on
// travel times. J. Dibbelt, B. Strasser, D. Wagner: Customizable Contraction Hierarchies, ACM JEA
// 21, 2016. Its nodes are roads, its arcs the turns that are allowed, so that no ban on a turn is
// missed; arcs are one-way, and what no path can use in one direction is left out for that
// direction, as in V. Buchhold, D. Wagner, T. Zeitz, M. Zuendorf: Customizable Contraction
// Hierarchies with Turn Costs, ATMOS 2020.
//
// Nodes are numbered by rank: by importance, and so that the nodes below each node in the
// elimination tree come right before it. All higher neighbours of a node are among its ancestors in
// that tree, so they are told by their level alone: the root's is the highest one, and each node's
// is one below its parent's. Levels are taken in blocks of four: a node has either arcs to all
// levels of a block, some of them for filling only, or none. So a row of arcs is a list of blocks
// and a plain array of times beside it, in step with arrays that are indexed by level.
//
// Immutable; made when the world is built.
#pragma once

#include "../map/road_map.hpp"
#include "relax.hpp"

#include <kay/memory/vector.hpp>

#include <cstdint>
#include <span>

namespace city {

inline constexpr std::uint32_t no_node = ~0u;

/// The arcs between each node and its higher neighbours in one direction, in the order of levels.
/// Those that fill a block up lead nowhere, and always take forever.
struct arc_rows {
    kay::vector<std::uint32_t> first;  ///< [node] of its blocks, and where the last one's end
    kay::vector<std::uint16_t> blocks; ///< of levels; the arcs of the block at i are 4 i and on

    std::uint32_t arcs() const { return first.empty() ? 0 : first.back() * levels_in_block; }
    /// The arc between a node and its neighbour at a level; no_node when there is none.
    std::uint32_t find(std::uint32_t node, std::uint32_t level) const;
    /// For relax_row, with the times of all arcs.
    arc_row row(std::uint32_t node, const std::uint32_t* times) const {
        const std::uint32_t* const at = first.data() + node;
        return {blocks.data() + at[0], at[1] - at[0], times + std::size_t{at[0]} * levels_in_block};
    }
};

struct hierarchy {
    kay::vector<std::uint32_t> nodes;       ///< [road]
    kay::vector<std::uint32_t> roads;       ///< [node]
    kay::vector<std::uint32_t> parents;     ///< [node] in the elimination tree; no_node at a root
    kay::vector<std::uint32_t> levels;      ///< [node]
    arc_rows out;                           ///< from a node to higher ones
    arc_rows in;                            ///< from higher nodes to a node
    kay::vector<std::uint32_t> first_turns; ///< [road] of its turns, and where the last one's end
    kay::vector<std::uint32_t> turn_arcs;   ///< [turn] in `out`, with into_in in `in`; or no_node
    std::uint32_t level_count = 0;          ///< whole blocks; a root's level is the last one

    static constexpr std::uint32_t into_in = 1u << 31;
};

/// Contracts the roads of a map in the order given, the least important first. Any order of all
/// roads gives a right hierarchy; that of dissect a small one. A turn back into the same road is
/// left out. Takes about 2 µs a road, once for each map.
hierarchy contract(const road_map& map, std::span<const std::uint32_t> order);

} // namespace city
