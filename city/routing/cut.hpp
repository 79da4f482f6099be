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
        std::uint32_t at_rest = 0; ///< the room when nothing flows, both ways

        /// What flows one way makes as much room the other way.
        std::uint32_t room_back() const { return 2 * at_rest - room; }
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
    /// Cuts between the ends of this sequence of all vertices are looked for from now on; nothing
    /// flows yet. Both must outlive that.
    void begin(flow_graph& graph, std::span<const std::uint32_t> sequence);

    /// The smallest cut between the first `ends` vertices of the sequence and the last `ends`, the
    /// more balanced one of the two that are nearest to either end. Gives up, with nothing on the
    /// smaller side, when it would not be better than `best`. What flows between narrow ends flows
    /// between wider ones too, and is kept: requires that ends do not become narrower, and
    /// 1 <= ends <= half of all.
    graph_cut find(std::uint32_t ends, const graph_cut& best);

private:
    enum : std::uint8_t { neither, source, sink };

    void widen(std::uint32_t ends);
    bool spread(std::span<const std::uint32_t> from, bool backwards);
    std::uint64_t push();
    bool push_one(std::uint32_t from);
    std::vector<std::uint32_t> side_of(std::span<const std::uint32_t> end, std::size_t rim) const;

    static constexpr std::uint32_t unseen = std::numeric_limits<std::uint32_t>::max();
    flow_graph* graph_ = nullptr;
    std::span<const std::uint32_t> sequence_;
    std::uint32_t ends_ = 0;
    std::uint64_t flow_ = 0;
    std::vector<std::uint8_t> end_;      ///< [vertex]
    std::vector<std::uint32_t> sources_; ///< with a neighbour that is none
    std::vector<std::uint32_t> sinks_;   ///< with a neighbour that is none
    std::vector<std::uint32_t> steps_;   ///< [vertex] from the nearest end, or unseen
    std::vector<std::uint32_t> current_; ///< [vertex] that was seen: arc to try next
    std::vector<std::uint32_t> queue_;   ///< vertices seen, in order
    std::vector<std::uint32_t> path_;    ///< arcs
};

} // namespace city
