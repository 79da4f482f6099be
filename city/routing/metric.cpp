// SPDX-License-Identifier: MIT
#include "metric.hpp"

#include "ancestors.hpp"
#include "relax.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/storable.hpp>

#include <algorithm>
#include <cmath>

namespace city {
namespace {

using std::uint32_t;

/// Arcs of one direction, with their times.
struct timed_rows {
    const arc_rows& rows;
    uint32_t* times;
    uint32_t* middles;
};

/// Calls each(run, first arc of the run) for a row.
template <class Each>
void each_run(const arc_rows& rows, uint32_t node, Each&& each) {
    uint32_t arc = rows.first_arcs.data()[node];
    for (uint32_t i = rows.first_runs.data()[node]; i < rows.first_runs.data()[node + 1]; ++i) {
        const level_run run = rows.runs.data()[i];
        each(run, arc);
        arc += run.count;
    }
}

/// Relaxes what a row has from a level on.
void relax_row(const timed_rows& t, uint32_t node, uint32_t from, labels by_level, uint32_t base) {
    uint32_t arc = t.rows.first_arcs.data()[node + 1];
    const uint32_t* const first_runs = t.rows.first_runs.data();
    for (uint32_t i = first_runs[node + 1]; i-- > first_runs[node];) {
        const level_run run = t.rows.runs.data()[i];
        const uint32_t end = run.first + run.count;
        if (end <= from) break;
        const uint32_t first = std::max(run.first, from), count = end - first;
        relax({by_level.times + first, by_level.nodes + first}, t.times + (arc - count), count,
              base, node);
        arc -= run.count;
    }
}

/// The times of the arcs that begin (or end) at a node, by way of all lower ones.
void complete(const timed_rows& mine, const timed_rows& opposite, waiting_nodes& lower,
              uint32_t node, uint32_t level, labels by_level) {
    each_run(mine.rows, node, [&](level_run run, uint32_t arc) {
        std::copy_n(mine.times + arc, run.count, by_level.times + run.first);
        std::fill_n(by_level.nodes + run.first, run.count, no_node);
    });
    lower.take(node, [&](uint32_t v, uint32_t arc) {
        const uint32_t base = opposite.times[arc];
        if (base < never) relax_row(mine, v, level + 1, by_level, base);
    });
    each_run(mine.rows, node, [&](level_run run, uint32_t arc) {
        std::copy_n(by_level.times + run.first, run.count, mine.times + arc);
        std::copy_n(by_level.nodes + run.first, run.count, mine.middles + arc);
    });
}

void set_turns(const hierarchy& h, std::span<const uint32_t> road_times,
               std::span<const uint32_t> turn_costs, metric& made) {
    for (std::size_t road = 0; road < road_times.size(); ++road)
        for (uint32_t turn = h.first_turns[road]; turn < h.first_turns[road + 1]; ++turn) {
            const uint32_t arc = h.turn_arcs[turn];
            if (arc == no_node) continue;
            const uint32_t time = std::min(
                std::min(road_times[road], never) + std::min(turn_costs[turn], never), never);
            uint32_t& kept =
                arc & hierarchy::into_in ? made.in[arc ^ hierarchy::into_in] : made.out[arc];
            kept = std::min(kept, time);
        }
}

} // namespace

void customize(const hierarchy& h, std::span<const uint32_t> road_times,
               std::span<const uint32_t> turn_costs, metric& made) {
    kay::require_storable<metric>();
    const auto count = static_cast<uint32_t>(h.roads.size());
    KAY_ASSERT(road_times.size() == count);
    KAY_ASSERT(turn_costs.size() == h.turn_arcs.size());
    made.out.resize(h.out.arcs());
    made.in.resize(h.in.arcs());
    made.out_middles.resize(h.out.arcs());
    made.in_middles.resize(h.in.arcs());
    std::fill(made.out.begin(), made.out.end(), never);
    std::fill(made.in.begin(), made.in.end(), never);
    set_turns(h, road_times, turn_costs, made);

    ancestor_list ancestors(h);
    waiting_nodes leaving(h.out, ancestors, count), entering(h.in, ancestors, count);
    const timed_rows out{h.out, made.out.data(), made.out_middles.data()};
    const timed_rows in{h.in, made.in.data(), made.in_middles.data()};
    std::vector<uint32_t> times(h.level_count), nodes(h.level_count);
    const labels by_level{times.data(), nodes.data()};
    for (uint32_t u = 0; u < count; ++u) {
        ancestors.visit(u);
        complete(out, in, entering, u, h.levels.data()[u], by_level);
        complete(in, out, leaving, u, h.levels.data()[u], by_level);
        leaving.add(u);
        entering.add(u);
    }
}

std::vector<uint32_t> free_travel_times(const road_map& map) {
    std::vector<uint32_t> times;
    times.reserve(map.roads.size());
    for (const road& r : map.roads) {
        const double ms = 1000 * double{r.length} / double{r.speed_limit};
        times.push_back(static_cast<uint32_t>(std::llround(std::clamp(ms, 1.0, double{never}))));
    }
    return times;
}

} // namespace city
