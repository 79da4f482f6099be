// SPDX-License-Identifier: MIT
//
// What contraction and customization share: they visit the nodes of a hierarchy from the lowest
// rank up, and at each they need its ancestors by level, and the lower nodes it is a neighbour of.
#pragma once

#include "hierarchy.hpp"

#include <algorithm>
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

    /// Before the lowest node is visited once more.
    void clear() { std::fill(nodes_.begin(), nodes_.end(), no_node); }
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
    waiting_nodes(const ancestor_list& ancestors, std::uint32_t nodes)
        : ancestors_(ancestors), first_(nodes, no_node), next_(nodes) {}

    /// Nobody waits any more.
    void clear() { std::fill(first_.begin(), first_.end(), no_node); }
    /// A node waits for its ancestor at a level; no_node: for none any more.
    void add(std::uint32_t node, std::uint32_t level) {
        if (level == no_node) return;
        std::uint32_t& first = first_[ancestors_[level]];
        next_[node] = first;
        first = node;
    }

    /// Calls each(lower) for all that wait for a node; it returns the level they wait for next.
    template <class Each>
    void take(std::uint32_t node, Each&& each) {
        for (std::uint32_t v = first_[node]; v != no_node;) {
            const std::uint32_t next = next_[v];
            add(v, each(v));
            v = next;
        }
    }

private:
    const ancestor_list& ancestors_;
    std::vector<std::uint32_t> first_; ///< [node] that waits for it
    std::vector<std::uint32_t> next_;  ///< [node] in the same list
};

} // namespace city
