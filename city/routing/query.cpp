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
        relax_row(rows.row(node, weights), 0, &by_level, &time, 1, node);
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
        if (const uint32_t time = lower.time(levels[v]); time < never) lower.relax_from(v, time);
        v = parents[v];
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

/// Puts the roads of the best path between two neighbours after those that are there, the first
/// one left out.
void unpack(const hierarchy& h, const metric& m, uint32_t from, uint32_t to,
            query_scratch& scratch) {
    const auto pair = [](uint32_t a, uint32_t b) { return std::uint64_t{a} << 32 | b; };
    scratch.open.assign(1, pair(from, to));
    while (!scratch.open.empty()) {
        const auto u = static_cast<uint32_t>(scratch.open.back() >> 32);
        const auto w = static_cast<uint32_t>(scratch.open.back());
        scratch.open.pop_back();
        const uint32_t middle = u < w ? m.out_middles[h.out.find(u, h.levels[w])]
                                      : m.in_middles[h.in.find(w, h.levels[u])];
        if (middle == no_node) {
            scratch.roads.push_back(h.roads[w]);
            continue;
        }
        scratch.open.push_back(pair(middle, w));
        scratch.open.push_back(pair(u, middle));
    }
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
    for (std::size_t i = 1; i < scratch.nodes.size(); ++i)
        unpack(h, m, scratch.nodes[i - 1], scratch.nodes[i], scratch);
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
