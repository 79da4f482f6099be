// SPDX-License-Identifier: MIT
//
// The smallest cut of a part of a map between its one end and the other: maximal flow by E. A.
// Dinic: Algorithm for Solution of a Problem of Maximum Flow in a Network with Power Estimation,
// 1970.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace city {

/// An undirected graph with a capacity on each edge, in the form of arcs both ways.
struct flow_graph {
    struct arc {
        std::uint32_t to = 0;
        std::uint32_t back = 0;    ///< the arc the other way
        std::uint32_t room = 0;    ///< for more flow
        std::uint32_t at_rest = 0; ///< the room when nothing flows
    };
    std::vector<std::uint32_t> first{0}; ///< [vertex] of its arcs, and where the last one's end
    std::vector<arc> arcs;

    std::uint32_t size() const { return static_cast<std::uint32_t>(first.size() - 1); }
};

/// One side of a cut of a graph.
struct graph_cut {
    std::vector<bool> side;     ///< [vertex]
    std::uint64_t capacity = 0; ///< of the edges that cross
    std::uint32_t smaller = 0;  ///< vertices on the smaller side

    /// Whether it separates more for less: by capacity for each vertex that is cut off.
    bool better_than(const graph_cut& other) const {
        const std::uint64_t mine = capacity * other.smaller, theirs = other.capacity * smaller;
        return mine < theirs || (mine == theirs && smaller > other.smaller);
    }
};

/// Finds smallest cuts; one object is used for many graphs and keeps its memory.
class cut_finder {
public:
    /// The smallest cut between the first `ends` vertices of a sequence of all and the last `ends`,
    /// the more balanced one of the two that are nearest to either end. Gives up, with nothing on
    /// the smaller side, when it would not be better than `best`. Requires 1 <= ends <= half of
    /// all.
    graph_cut find(flow_graph& graph, std::span<const std::uint32_t> sequence, std::uint32_t ends,
                   const graph_cut& best);

private:
    enum : std::uint8_t { neither, source, sink };

    bool spread(const flow_graph& graph, std::span<const std::uint32_t> from, bool backwards);
    std::uint64_t push(flow_graph& graph, std::span<const std::uint32_t> from);
    bool push_one(flow_graph& graph, std::uint32_t from);

    static constexpr std::uint32_t unseen = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint8_t> end_;      ///< [vertex]
    std::vector<std::uint32_t> steps_;   ///< [vertex] from the nearest end, or unseen
    std::vector<std::uint32_t> current_; ///< [vertex] arc to try next
    std::vector<std::uint32_t> queue_;   ///< vertices seen, in order
    std::vector<std::uint32_t> path_;    ///< arcs
};

} // namespace city
