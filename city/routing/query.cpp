// SPDX-License-Identifier: MIT
#include "query.hpp"

#include <kay/core/assert.hpp>

#include <algorithm>

namespace city {
namespace {

using std::uint32_t;

/// The arcs that one end's search goes by: out of nodes from the first road, into nodes from the
/// last one.
struct side {
    const hierarchy& h;
    const arc_rows& rows;
    const uint32_t* weights;
    labels by_level;

    side(const hierarchy& all, const arc_rows& arcs, const kay::vector<uint32_t>& times,
         query_scratch::search& search, uint32_t node, bool with_way)
        : h(all), rows(arcs), weights(times.data()) {
        const uint32_t level = h.levels[node];
        search.times.resize(h.level_count);
        search.via.resize(h.level_count);
        by_level = {search.times.data(), with_way ? search.via.data() : nullptr};
        std::fill(search.times.begin() + level, search.times.end(), never);
        search.times[level] = 0;
        search.via[level] = no_node;
    }

    uint32_t time(uint32_t level) const { return by_level.times[level]; }

    void relax_from(uint32_t node, uint32_t time) const {
        const arc_row row = rows.row(node, weights);
        if (by_level.nodes)
            relax_row<true>(row, by_level, time, node);
        else
            relax_row<false>(row, by_level, time, node);
    }

    /// Has the row of a node brought from memory before it is its turn.
    void expect(uint32_t node) const {
        if (node == no_node) return;
        constexpr uint32_t line = 16; // times
        const arc_row row = rows.row(node, weights);
        __builtin_prefetch(row.blocks);
        for (uint32_t i = 0; i < row.count * levels_in_block; i += line)
            __builtin_prefetch(row.times + i);
    }
};

struct meeting {
    uint32_t time = never;
    uint32_t node = no_node;
};

/// Both searches, up to where they meet best; without the way there when it is not needed.
meeting search(const hierarchy& h, const metric& m, uint32_t from, uint32_t to,
               query_scratch& scratch, bool with_way) {
    KAY_ASSERT(from < h.roads.size() && to < h.roads.size());
    uint32_t a = h.nodes[from], b = h.nodes[to];
    const side forward(h, h.out, m.out, scratch.from, a, with_way);
    const side backward(h, h.in, m.in, scratch.to, b, with_way);
    const uint32_t* const parents = h.parents.data();
    const uint32_t* const levels = h.levels.data();

    while (a != b) { // no_node is the greatest of all
        const side& lower = a < b ? forward : backward;
        uint32_t& v = a < b ? a : b;
        const uint32_t next = parents[v];
        if (next != no_node) lower.expect(parents[next]);
        if (const uint32_t time = lower.time(levels[v]); time < never) lower.relax_from(v, time);
        v = next;
    }
    if (a == no_node) return {};

    // To the nearest ancestor of both, and from the nearest.
    uint32_t least_from = never, least_to = never, bound = never;
    for (uint32_t l = levels[a]; l < h.level_count; ++l) {
        least_from = std::min(least_from, forward.time(l));
        least_to = std::min(least_to, backward.time(l));
        bound = std::min(bound, forward.time(l) + backward.time(l));
    }
    meeting best;
    for (uint32_t v = a; v != no_node; v = parents[v]) {
        const uint32_t there = forward.time(levels[v]), back = backward.time(levels[v]);
        bound = std::min(bound, there + back);
        if (there + back < best.time) best = {there + back, v};
        if (there + least_to < bound) forward.relax_from(v, there);
        if (back + least_from < bound) backward.relax_from(v, back);
    }
    return best;
}

using leg = query_scratch::leg;

leg find_leg(const hierarchy& h, const metric& m, uint32_t lower, uint32_t to, uint32_t from_level,
             uint32_t to_level) {
    const bool up = from_level < to_level;
    const uint32_t arc = up ? h.out.find(lower, to_level) : h.in.find(lower, from_level);
    __builtin_prefetch((up ? m.out_middles : m.in_middles).data() + arc);
    return {arc, to, from_level, to_level, no_node};
}

/// Takes the arcs between the nodes of the path apart, all of them at the same time, until turns
/// are left: so they do not wait for memory one after the other. All roads but the first are put
/// after those that are there.
void unpack(const hierarchy& h, const metric& m, query_scratch& scratch) {
    auto& legs = scratch.legs;
    auto& split = scratch.split;
    legs.clear();
    for (std::size_t i = 1; i < scratch.nodes.size(); ++i) {
        const uint32_t u = scratch.nodes[i - 1], w = scratch.nodes[i];
        legs.push_back(find_leg(h, m, std::min(u, w), w, h.levels[u], h.levels[w]));
    }
    for (bool again = true; again; legs.swap(split)) {
        again = false;
        for (leg& l : legs) {
            if (l.arc == no_node) continue;
            l.middle = (l.from_level < l.to_level ? m.out_middles : m.in_middles)[l.arc];
            if (l.middle == no_node) {
                l.arc = no_node;
                continue;
            }
            __builtin_prefetch(h.levels.data() + l.middle);
            __builtin_prefetch(h.out.first.data() + l.middle);
            __builtin_prefetch(h.in.first.data() + l.middle);
            again = true;
        }
        split.clear();
        for (const leg& l : legs) {
            if (l.arc == no_node) {
                split.push_back(l);
                continue;
            }
            const uint32_t level = h.levels[l.middle];
            split.push_back(find_leg(h, m, l.middle, l.middle, l.from_level, level));
            split.push_back(find_leg(h, m, l.middle, l.to, level, l.to_level));
        }
    }
    for (const leg& l : legs) scratch.roads.push_back(h.roads[l.to]);
}

} // namespace

uint32_t travel_time(const hierarchy& h, const metric& m, uint32_t from, uint32_t to,
                     query_scratch& scratch) {
    return search(h, m, from, to, scratch, false).time;
}

route find_route(const hierarchy& h, const metric& m, uint32_t from, uint32_t to,
                 query_scratch& scratch) {
    const meeting best = search(h, m, from, to, scratch, true);
    if (best.time == never) return {};
    scratch.nodes.clear();
    for (uint32_t v = best.node; v != no_node; v = scratch.from.via[h.levels[v]])
        scratch.nodes.push_back(v);
    std::reverse(scratch.nodes.begin(), scratch.nodes.end());
    for (uint32_t v = best.node; (v = scratch.to.via[h.levels[v]]) != no_node;)
        scratch.nodes.push_back(v);

    scratch.roads.assign(1, from);
    unpack(h, m, scratch);
    return {best.time, scratch.roads};
}

route find_way_round(const hierarchy& h, const metric& m, std::span<const turn> turns,
                     uint32_t road, query_scratch& scratch) {
    uint32_t least = never, by = no_node;
    for (const turn& t : turns) {
        const uint32_t next = t.to;
        if (next == road) continue;
        const uint32_t time =
            travel_time(h, m, road, next, scratch) + travel_time(h, m, next, road, scratch);
        if (time < least) least = time, by = next;
    }
    if (by == no_node) return {};
    const auto there = find_route(h, m, road, by, scratch).roads;
    scratch.part.assign(there.begin(), there.end());
    const auto back = find_route(h, m, by, road, scratch).roads;
    scratch.part.insert(scratch.part.end(), back.begin() + 1, back.end());
    return {least, scratch.part};
}

} // namespace city
