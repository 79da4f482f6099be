// SPDX-License-Identifier: MIT
#include "hierarchy.hpp"

#include "ancestors.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/storable.hpp>

#include <algorithm>
#include <bit>
#include <vector>

namespace city {
namespace {

using std::uint32_t;

/// Neighbours in both directions; by rank in the order given.
struct turn_graph {
    std::vector<uint32_t> first;
    std::vector<uint32_t> neighbours;
};

turn_graph lower_neighbours(const road_map& map, std::span<const uint32_t> ranks) {
    const std::size_t count = map.roads.size();
    turn_graph graph{std::vector<uint32_t>(count + 1), {}};
    const auto each = [&](auto&& use) {
        for (uint32_t r = 0; r < count; ++r)
            for (uint32_t t = 0; t < map.roads[r].turns; ++t) {
                const uint32_t a = ranks[r], b = ranks[map.turns[map.roads[r].first_turn + t].to];
                if (a != b) use(std::min(a, b), std::max(a, b));
            }
    };
    each([&](uint32_t, uint32_t high) { ++graph.first[high + 1]; });
    for (std::size_t i = 0; i < count; ++i) graph.first[i + 1] += graph.first[i];
    graph.neighbours.resize(graph.first.back());
    std::vector<uint32_t> next(graph.first.begin(), graph.first.end() - 1);
    each([&](uint32_t low, uint32_t high) { graph.neighbours[next[high]++] = low; });
    return graph;
}

/// The elimination tree, by J. W. H. Liu: The Role of Elimination Trees in Sparse Factorization,
/// SIAM J. Matrix Anal. Appl. 11, 1990.
std::vector<uint32_t> elimination_tree(const turn_graph& lower) {
    const auto count = static_cast<uint32_t>(lower.first.size() - 1);
    std::vector<uint32_t> parents(count, no_node), shortcut(count, no_node);
    for (uint32_t v = 0; v < count; ++v)
        for (uint32_t k = lower.first[v]; k < lower.first[v + 1]; ++k)
            for (uint32_t u = lower.neighbours[k]; u != v;) {
                const uint32_t above = shortcut[u];
                shortcut[u] = v;
                if (above == no_node) parents[u] = v;
                u = above == no_node ? v : above;
            }
    return parents;
}

/// The nodes of a forest so that those below each node come right before it.
std::vector<uint32_t> post_order(const std::vector<uint32_t>& parents) {
    const auto count = static_cast<uint32_t>(parents.size());
    std::vector<uint32_t> sizes(count, 1), order(count), end(count);
    for (uint32_t v = 0; v < count; ++v)
        if (parents[v] != no_node) sizes[parents[v]] += sizes[v];
    // From the roots down, each node takes the end of what is left of its parent's stretch.
    uint32_t roots_end = count;
    for (uint32_t v = count; v-- > 0;) {
        uint32_t& free = parents[v] == no_node ? roots_end : end[parents[v]];
        order[free - 1] = v;
        end[v] = free - 1;
        free -= sizes[v];
    }
    return order;
}

/// Levels at which a node has neighbours: first, first + 1, ...
struct level_run {
    uint32_t first = 0;
    uint32_t count = 0;
};

/// Levels that a node has neighbours at.
class level_set {
public:
    explicit level_set(uint32_t levels) : words_(levels / 64 + 1) {}

    void add(uint32_t first, uint32_t count) {
        for (uint32_t l = first; l < first + count;) {
            const uint32_t bit = l % 64, bits = std::min(64 - bit, first + count - l);
            const std::uint64_t ones = bits == 64 ? ~std::uint64_t{0} : (1ull << bits) - 1;
            words_[l / 64] |= ones << bit;
            l += bits;
        }
    }

    /// As runs, from a level on; the set is empty afterwards.
    void move_to(std::vector<level_run>& runs, uint32_t from) {
        level_run run;
        for (std::size_t w = from / 64; w < words_.size(); ++w) {
            for (std::uint64_t left = words_[w]; left; left &= left - 1) {
                const auto l =
                    static_cast<uint32_t>(w * 64) + static_cast<uint32_t>(std::countr_zero(left));
                if (run.count && l == run.first + run.count) {
                    ++run.count;
                } else {
                    if (run.count) runs.push_back(run);
                    run = {l, 1};
                }
            }
            words_[w] = 0;
        }
        if (run.count) runs.push_back(run);
    }

private:
    std::vector<std::uint64_t> words_;
};

/// Higher neighbours of nodes, level by level, while they are being found.
struct exact_rows {
    std::vector<uint32_t> first{0}; ///< [node], and where the last one's end
    std::vector<level_run> runs;

    /// Adds the levels of a row from `from` on to a set.
    void add_to(level_set& set, uint32_t node, uint32_t from) const {
        for (uint32_t i = first[node + 1]; i-- > first[node];) {
            const uint32_t end = runs[i].first + runs[i].count;
            if (end <= from) break;
            const uint32_t begin = std::max(runs[i].first, from);
            set.add(begin, end - begin);
        }
    }
    void close(level_set& set, uint32_t from) {
        set.move_to(runs, from);
        first.push_back(static_cast<uint32_t>(runs.size()));
    }
};

/// Fills blocks up.
arc_rows in_blocks(const exact_rows& exact) {
    arc_rows rows;
    rows.first.reserve(exact.first.size());
    for (std::size_t node = 0; node < exact.first.size(); ++node) {
        const std::size_t begin = rows.blocks.size();
        rows.first.push_back(static_cast<uint32_t>(begin));
        if (node + 1 == exact.first.size()) break;
        for (uint32_t i = exact.first[node]; i < exact.first[node + 1]; ++i) {
            const level_run levels = exact.runs[i];
            uint32_t block = levels.first / levels_in_block;
            const uint32_t last = (levels.first + levels.count - 1) / levels_in_block;
            if (rows.blocks.size() > begin && rows.blocks.back() == block) ++block;
            for (; block <= last; ++block) rows.blocks.push_back(static_cast<std::uint16_t>(block));
        }
    }
    KAY_ASSERT(rows.blocks.size() < hierarchy::into_in / levels_in_block);
    return rows;
}

/// Higher neighbours by turns alone.
struct direct_arcs {
    std::vector<std::vector<uint32_t>> out, in; ///< [node]
};

/// A path over lower nodes alone becomes an arc: what comes in from `u` to a lower node goes on to
/// all that leaves it.
void find_arcs(hierarchy& h, const direct_arcs& direct) {
    const auto count = static_cast<uint32_t>(h.parents.size());
    exact_rows out, in;
    ancestor_list ancestors(h);
    waiting_nodes leaving(ancestors, count), entering(ancestors, count);
    level_set out_levels(h.level_count), in_levels(h.level_count);
    const auto next = [](const exact_rows& rows, uint32_t node, uint32_t from) {
        for (uint32_t i = rows.first[node]; i < rows.first[node + 1]; ++i)
            if (from < rows.runs[i].first + rows.runs[i].count)
                return std::max(from, rows.runs[i].first);
        return no_node;
    };
    for (uint32_t u = 0; u < count; ++u) {
        ancestors.visit(u);
        const uint32_t above = h.levels[u] + 1;
        for (uint32_t w : direct.out[u]) out_levels.add(h.levels[w], 1);
        for (uint32_t w : direct.in[u]) in_levels.add(h.levels[w], 1);
        entering.take(u, [&](uint32_t v) {
            out.add_to(out_levels, v, above);
            return next(in, v, above);
        });
        leaving.take(u, [&](uint32_t v) {
            in.add_to(in_levels, v, above);
            return next(out, v, above);
        });
        out.close(out_levels, above);
        in.close(in_levels, above);
        leaving.add(u, next(out, u, above));
        entering.add(u, next(in, u, above));
    }
    h.out = in_blocks(out);
    h.in = in_blocks(in);
}

void number_nodes(hierarchy& h, std::span<const uint32_t> order,
                  const std::vector<uint32_t>& parents) {
    const auto count = static_cast<uint32_t>(order.size());
    const std::vector<uint32_t> old = post_order(parents);
    std::vector<uint32_t> renumbered(count);
    for (uint32_t v = 0; v < count; ++v) renumbered[old[v]] = v;
    h.nodes.resize(count);
    h.roads.resize(count);
    h.parents.resize(count);
    h.levels.resize(count);
    for (uint32_t v = 0; v < count; ++v) {
        h.roads[v] = order[old[v]];
        h.nodes[h.roads[v]] = v;
        h.parents[v] = parents[old[v]] == no_node ? no_node : renumbered[parents[old[v]]];
    }
    uint32_t deepest = 0;
    for (uint32_t v = count; v-- > 0;) {
        h.levels[v] = h.parents[v] == no_node ? 0 : h.levels[h.parents[v]] + 1;
        deepest = std::max(deepest, h.levels[v]);
    }
    // Blocks are counted from the bottom and full at the top.
    KAY_ASSERT(deepest / levels_in_block <= 0xffff);
    h.level_count = count ? (deepest / levels_in_block + 1) * levels_in_block : 0;
    for (uint32_t& level : h.levels) level = h.level_count - 1 - level;
}

} // namespace

uint32_t arc_rows::find(uint32_t node, uint32_t level) const {
    const uint32_t begin = first.data()[node], end = first.data()[node + 1];
    const std::uint16_t* const row = blocks.data();
    uint32_t at = begin;
    for (uint32_t i = begin; i < end; ++i) at += row[i] < level / levels_in_block;
    if (at == end || row[at] != level / levels_in_block) return no_node;
    return at * levels_in_block + level % levels_in_block;
}

hierarchy contract(const road_map& map, std::span<const uint32_t> order) {
    kay::require_storable<hierarchy>();
    const auto count = static_cast<uint32_t>(map.roads.size());
    KAY_ASSERT(order.size() == count);
    std::vector<uint32_t> ranks(count, no_node);
    for (uint32_t i = 0; i < count; ++i) {
        KAY_ASSERT(order[i] < count && ranks[order[i]] == no_node);
        ranks[order[i]] = i;
    }
    hierarchy h;
    number_nodes(h, order, elimination_tree(lower_neighbours(map, ranks)));

    direct_arcs direct{std::vector<std::vector<uint32_t>>(count),
                       std::vector<std::vector<uint32_t>>(count)};
    const auto each_turn = [&](auto&& use) {
        for (uint32_t r = 0; r < count; ++r)
            for (uint32_t t = 0; t < map.roads[r].turns; ++t) {
                const uint32_t turn = map.roads[r].first_turn + t;
                use(turn, h.nodes[r], h.nodes[map.turns[turn].to]);
            }
    };
    each_turn([&](uint32_t, uint32_t from, uint32_t to) {
        if (from < to) direct.out[from].push_back(to);
        if (from > to) direct.in[to].push_back(from);
    });
    find_arcs(h, direct);

    h.turn_arcs.resize(map.turns.size(), no_node);
    each_turn([&](uint32_t turn, uint32_t from, uint32_t to) {
        if (from < to) h.turn_arcs[turn] = h.out.find(from, h.levels[to]);
        if (from > to) h.turn_arcs[turn] = h.in.find(to, h.levels[from]) | hierarchy::into_in;
    });
    for (const road& r : map.roads) {
        KAY_ASSERT(h.first_turns.empty() || h.first_turns.back() <= r.first_turn);
        h.first_turns.push_back(r.first_turn);
    }
    h.first_turns.push_back(static_cast<uint32_t>(map.turns.size()));
    return h;
}

} // namespace city
