// SPDX-License-Identifier: MIT
#include "metric.hpp"

#include "ancestors.hpp"

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

/// Calls each(first level, first arc, count) for each run of a row.
template <class Each>
void each_run(const arc_rows& rows, uint32_t node, Each&& each) {
    uint32_t arc = rows.first_arcs.data()[node];
    for (uint32_t i = rows.first_runs.data()[node]; i < rows.first_runs.data()[node + 1]; ++i) {
        const level_run run = rows.runs.data()[i];
        const uint32_t count = run.count * levels_in_block;
        each(run.first * levels_in_block, arc, count);
        arc += count;
    }
}

/// Nodes that are completed together, each the parent of the one before: rows of lower nodes are
/// then read once for all of them.
struct stretch {
    uint32_t first = 0; ///< node
    uint32_t nodes = 0;
    uint32_t level = 0; ///< of the first
};
constexpr uint32_t stretch_max = 16;

/// Times of the arcs of a stretch of nodes, by level.
class workspace {
public:
    explicit workspace(uint32_t levels)
        : levels_(levels), times_(std::size_t{levels} * stretch_max),
          nodes_(std::size_t{levels} * stretch_max) {}

    labels of(uint32_t position) {
        return {times_.data() + std::size_t{levels_} * position,
                nodes_.data() + std::size_t{levels_} * position};
    }

private:
    uint32_t levels_;
    std::vector<uint32_t> times_; ///< [position in the stretch][level]
    std::vector<uint32_t> nodes_;
};

/// Where in the row of a lower node one has come to.
struct row_place {
    uint32_t run = 0;
    uint32_t level = 0;
    uint32_t arc = 0;
};

/// Lower nodes that wait, and where they are.
struct waiting_rows {
    const arc_rows& rows;
    waiting_nodes nodes;
    std::vector<row_place> places; ///< [node]

    waiting_rows(const hierarchy& h, const arc_rows& all, const ancestor_list& ancestors)
        : rows(all), nodes(ancestors, static_cast<uint32_t>(h.roads.size())),
          places(h.roads.size()) {}

    /// A node whose row is complete waits for its first neighbour from a level on.
    void add(uint32_t node, uint32_t level) {
        row_place& p = places[node];
        p.run = rows.first_runs.data()[node];
        p.arc = rows.first_arcs.data()[node];
        nodes.add(node, skip_to(node, p, level));
    }

    uint32_t skip_to(uint32_t node, row_place& p, uint32_t level) const {
        for (; p.run < rows.first_runs.data()[node + 1]; ++p.run) {
            const level_run run = rows.runs.data()[p.run];
            const uint32_t first = run.first * levels_in_block;
            const uint32_t count = run.count * levels_in_block;
            if (level < first + count) {
                p.level = std::max(level, first);
                p.arc += p.level - first;
                return p.level;
            }
            p.arc += count;
        }
        return no_node;
    }

    /// Goes on by some levels of the same run, and to the next run at its end.
    uint32_t go_on(uint32_t node, row_place& p, uint32_t levels) const {
        const level_run run = rows.runs.data()[p.run];
        p.arc += levels;
        p.level += levels;
        if (p.level == (run.first + run.count) * levels_in_block) {
            if (++p.run == rows.first_runs.data()[node + 1]) return no_node;
            p.level = rows.runs.data()[p.run].first * levels_in_block;
        }
        return p.level;
    }

    uint32_t run_end(const row_place& p) const {
        const level_run run = rows.runs.data()[p.run];
        return (run.first + run.count) * levels_in_block;
    }
};

/// The times of the arcs that begin (or end) at the nodes of a stretch, by way of all nodes below.
void gather(const timed_rows& mine, const timed_rows& opposite, waiting_rows& lower,
            const stretch& s, workspace& space) {
    for (uint32_t k = 0; k < s.nodes; ++k)
        each_run(mine.rows, s.first + k, [&](uint32_t level, uint32_t arc, uint32_t count) {
            std::copy_n(mine.times + arc, count, space.of(k).times + level);
            std::fill_n(space.of(k).nodes + level, count, no_node);
        });
    for (uint32_t node = s.first; node < s.first + s.nodes; ++node)
        lower.nodes.take(node, [&](uint32_t v) {
            row_place& p = lower.places[v];
            const uint32_t count = std::min(lower.run_end(p), s.level + s.nodes) - p.level;
            labels open[stretch_max];
            uint32_t bases[stretch_max], opened = 0;
            for (uint32_t k = 0; k < count; ++k) {
                if (opposite.times[p.arc + k] >= never) continue;
                open[opened] = space.of(p.level - s.level + k);
                bases[opened++] = opposite.times[p.arc + k];
            }
            if (opened)
                relax_row(mine.rows.row(v, mine.times), (p.level + 1) / levels_in_block, open,
                          bases, opened, v);
            return lower.go_on(v, p, count);
        });
}

/// Of one node of a stretch: what comes by way of the nodes before it is still missing.
void complete(const timed_rows& mine, const timed_rows& opposite, const stretch& s,
              uint32_t position, labels by_level) {
    const uint32_t node = s.first + position, level = s.level + position;
    for (uint32_t v = s.first; v < node; ++v) {
        const uint32_t arc = opposite.rows.find(v, level);
        if (arc != no_node && opposite.times[arc] < never)
            relax_row(mine.rows.row(v, mine.times), (level + 1) / levels_in_block, &by_level,
                      opposite.times + arc, 1, v);
    }
    // Blocks begin below the node itself, where rows of lower nodes have something.
    for (uint32_t l = level / levels_in_block * levels_in_block; l <= level; ++l) {
        by_level.times[l] = never;
        by_level.nodes[l] = no_node;
    }
    each_run(mine.rows, node, [&](uint32_t from, uint32_t arc, uint32_t count) {
        std::copy_n(by_level.times + from, count, mine.times + arc);
        std::copy_n(by_level.nodes + from, count, mine.middles + arc);
    });
}

stretch next_stretch(const hierarchy& h, uint32_t node) {
    stretch s{node, 1, h.levels[node]};
    while (s.nodes < stretch_max && h.parents.data()[node + s.nodes - 1] == node + s.nodes)
        ++s.nodes;
    return s;
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
    waiting_rows leaving(h, h.out, ancestors), entering(h, h.in, ancestors);
    const timed_rows out{h.out, made.out.data(), made.out_middles.data()};
    const timed_rows in{h.in, made.in.data(), made.in_middles.data()};
    workspace out_space(h.level_count), in_space(h.level_count);
    stretch s;
    for (uint32_t u = 0; u < count; u += s.nodes) {
        s = next_stretch(h, u);
        ancestors.visit(u);
        gather(out, in, entering, s, out_space);
        gather(in, out, leaving, s, in_space);
        for (uint32_t k = 0; k < s.nodes; ++k) {
            complete(out, in, s, k, out_space.of(k));
            complete(in, out, s, k, in_space.of(k));
        }
        for (uint32_t k = 0; k < s.nodes; ++k) {
            leaving.add(u + k, s.level + s.nodes);
            entering.add(u + k, s.level + s.nodes);
        }
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
