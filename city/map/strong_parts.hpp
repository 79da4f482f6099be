// SPDX-License-Identifier: MIT
//
// Strongly connected parts of a directed graph.
#pragma once

#include <cstdint>
#include <vector>

namespace city {

/// From each node to others, as offsets into one list.
struct arrow_graph {
    std::vector<std::uint32_t> first{0}; ///< [node], and where the last one's end
    std::vector<std::uint32_t> to;

    std::uint32_t nodes() const { return static_cast<std::uint32_t>(first.size() - 1); }
};

/// The part of each node, by Tarjan's algorithm (Depth-First Search and Linear Graph Algorithms,
/// 1972), with a stack of its own instead of recursion.
std::vector<std::uint32_t> strong_parts(const arrow_graph& graph);

} // namespace city
