// SPDX-License-Identifier: MIT
//
// What contraction and customization share: they visit the nodes of a hierarchy from the lowest
// rank up, and at each they need its ancestors by level, and the lower nodes it is a neighbour of.
#pragma once

#include "hierarchy.hpp"

#include <cstdint>
#include <vector>

namespace city {

/// The ancestors of the node that is visited, itself included, by level. Costs a step a node
/// altogether, since the nodes below each node come right before it.
class ancestor_list {
public:
    /// Requires its parents and levels, which must not change any more.
    explicit ancestor_list(const hierarchy& h)
        : parents_(h.parents.data()), levels_(h.levels.data()), nodes_(h.level_count, no_node) {}

    void visit(std::uint32_t node) {
        for (; node != no_node && nodes_[levels_[node]] != node; node = parents_[node])
            nodes_[levels_[node]] = node;
    }
    std::uint32_t operator[](std::uint32_t level) const { return nodes_[level]; }

private:
    const std::uint32_t* parents_;
    const std::uint32_t* levels_;
    std::vector<std::uint32_t> nodes_; ///< [level]
};

/// Nodes that wait for their next higher neighbour to be visited: the lists that left-looking
/// sparse factorizations go by (T. A. Davis: Direct Methods for Sparse Linear Systems, 2006, ch.
/// 4), one for each node.
class waiting_nodes {
public:
    waiting_nodes(const arc_rows& rows, const ancestor_list& ancestors, std::uint32_t nodes)
        : rows_(rows), ancestors_(ancestors), first_(nodes, no_node), at_(nodes) {}

    /// A visited node whose row is complete now waits for its first neighbour.
    void add(std::uint32_t node) {
        const std::uint32_t run = rows_.first_runs.data()[node];
        if (run == rows_.first_runs.data()[node + 1]) return;
        place& p = at_[node];
        p.run = run;
        p.level = rows_.runs.data()[run].first;
        p.arc = rows_.first_arcs.data()[node];
        wait(node, p);
    }

    /// Calls each(lower, arc) for all lower nodes with an arc to or from the node that is visited;
    /// from now on they wait for their next one.
    template <class Each>
    void take(std::uint32_t node, Each&& each) {
        const level_run* const runs = rows_.runs.data();
        const std::uint32_t* const first_runs = rows_.first_runs.data();
        for (std::uint32_t v = first_[node]; v != no_node;) {
            place& p = at_[v];
            const std::uint32_t next = p.next;
            each(v, p.arc);
            ++p.arc;
            if (++p.level == runs[p.run].first + runs[p.run].count)
                p.level = ++p.run == first_runs[v + 1] ? no_node : runs[p.run].first;
            if (p.level != no_node) wait(v, p);
            v = next;
        }
    }

private:
    struct place {
        std::uint32_t next = no_node; ///< in the list
        std::uint32_t run = 0;
        std::uint32_t level = 0;
        std::uint32_t arc = 0;
    };

    void wait(std::uint32_t node, place& p) {
        std::uint32_t& first = first_[ancestors_[p.level]];
        p.next = first;
        first = node;
    }

    const arc_rows& rows_;
    const ancestor_list& ancestors_;
    std::vector<std::uint32_t> first_; ///< [node] that waits for it
    std::vector<place> at_;            ///< [node]
};

} // namespace city
