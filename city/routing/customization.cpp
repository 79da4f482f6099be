// SPDX-License-Identifier: MIT
#include "customization.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/storable.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace city {
namespace {

using std::uint32_t;

/// What each node takes besides the ways over it: as long as so many pairs of a block and a way.
constexpr std::uint64_t work_of_a_node = 450;

/// A way to begin with: over a lower node, to a node of the stretch.
struct opening {
    uint32_t position = 0; ///< in the stretch
    uint32_t time = 0;
};

/// Relaxes the blocks of a row from one on for several nodes of a stretch at once.
void relax_rows(const arc_row& row, uint32_t from_block, labels to, uint32_t positions,
                std::span<const opening> open, uint32_t node) {
    for (uint32_t i = row.count; i > 0 && row.blocks[i - 1] >= from_block;) {
        --i;
        detail::four_times times;
        std::memcpy(&times, row.times + std::size_t{i} * levels_in_block, sizeof times);
        const std::size_t block = std::size_t{row.blocks[i]} * positions;
        for (const opening& o : open)
            detail::relax_block<true>(to, (block + o.position) * levels_in_block,
                                      times + static_cast<std::int32_t>(o.time),
                                      static_cast<std::int32_t>(node));
    }
}

} // namespace

customization::direction::direction(const arc_rows& arcs, const ancestor_list& ancestors,
                                    const hierarchy& h)
    : rows(arcs), lower(ancestors, static_cast<uint32_t>(h.roads.size())), places(h.roads.size()),
      times(std::size_t{h.level_count} * stretch_max),
      nodes(std::size_t{h.level_count} * stretch_max) {}

void customization::direction::begin(kay::vector<uint32_t>& all_times,
                                     kay::vector<uint32_t>& middles) {
    lower.clear();
    made_times = &all_times;
    made_middles = &middles;
    all_times.clear();
    all_times.reserve(rows.arcs());
    middles.clear();
    middles.reserve(rows.arcs());
}

/// Room for the rows of a stretch, which no way is known in yet.
void customization::direction::open(const stretch& s) {
    const uint32_t arcs = rows.first.data()[s.first + s.nodes] * levels_in_block;
    made_times->resize(arcs, never);
    made_middles->resize(arcs, no_node);
}

/// A node whose row is complete waits for its first neighbour from a level on.
void customization::direction::add(uint32_t node, uint32_t level) {
    places[node].block = rows.first.data()[node];
    lower.add(node, wait_from(node, level));
}

uint32_t customization::direction::wait_from(uint32_t node, uint32_t level) {
    row_place& p = places[node];
    const std::uint16_t* const blocks = rows.blocks.data();
    const uint32_t end = rows.first.data()[node + 1];
    while (p.block < end && (blocks[p.block] + 1u) * levels_in_block <= level) ++p.block;
    if (p.block == end) return no_node;
    p.level = std::max(level, blocks[p.block] * levels_in_block);
    return p.level;
}

customization::customization(const hierarchy& h)
    : h_(h), ancestors_(h), out_(h.out, ancestors_, h), in_(h.in, ancestors_, h),
      first_entering_(h.roads.size() + 1), from_(h.turn_arcs.size()),
      next_(static_cast<uint32_t>(h.roads.size())) {
    kay::require_storable<metric>();
    for (uint32_t road = 0; road < h.roads.size(); ++road)
        std::fill(from_.begin() + h.first_turns[road], from_.begin() + h.first_turns[road + 1],
                  road);
    // The arcs of lower nodes come first.
    const auto is_entering = [&](uint32_t turn) {
        return h.turn_arcs[turn] != no_node && (h.turn_arcs[turn] & hierarchy::into_in);
    };
    for (uint32_t turn = 0; turn < h.turn_arcs.size(); ++turn)
        if (is_entering(turn)) entering_.push_back(turn);
    std::sort(entering_.begin(), entering_.end(), [&](uint32_t a, uint32_t b) {
        return std::pair(h.turn_arcs[a], a) < std::pair(h.turn_arcs[b], b);
    });
    uint32_t at = 0;
    for (uint32_t node = 0; node < h.roads.size(); ++node) {
        const uint32_t end = h.in.first[node + 1] * levels_in_block;
        while (at < entering_.size() && (h.turn_arcs[entering_[at]] ^ hierarchy::into_in) < end)
            ++at;
        first_entering_[node + 1] = at;
    }
}

void customization::begin(std::span<const uint32_t> road_times,
                          std::span<const uint32_t> turn_costs) {
    KAY_ASSERT(road_times.size() == h_.roads.size());
    KAY_ASSERT(turn_costs.size() == h_.turn_arcs.size());
    road_times_.assign(road_times.begin(), road_times.end());
    turn_costs_.assign(turn_costs.begin(), turn_costs.end());
    ancestors_.clear();
    out_.begin(made_.out, made_.out_middles);
    in_.begin(made_.in, made_.in_middles);
    next_ = 0;
    work_ = 0;
}

bool customization::go_on(std::uint64_t work) {
    while (next_ < h_.roads.size()) {
        if (work_ >= work) return true;
        const stretch s = next_stretch();
        ancestors_.visit(s.first);
        out_.open(s);
        in_.open(s);
        set_turns(s);
        gather(out_, in_, s);
        gather(in_, out_, s);
        for (uint32_t k = 0; k < s.nodes; ++k) {
            complete(out_, in_, s, k);
            complete(in_, out_, s, k);
        }
        for (uint32_t k = 0; k < s.nodes; ++k) {
            out_.add(s.first + k, s.level + s.nodes);
            in_.add(s.first + k, s.level + s.nodes);
        }
        next_ += s.nodes;
        work_ += s.nodes * work_of_a_node;
    }
    return false;
}

metric customization::take() {
    KAY_ASSERT(next_ == h_.roads.size());
    return std::exchange(made_, {});
}

customization::stretch customization::next_stretch() const {
    stretch s{next_, 1, h_.levels[next_]};
    while (s.nodes < stretch_max && h_.parents.data()[next_ + s.nodes - 1] == next_ + s.nodes)
        ++s.nodes;
    return s;
}

/// What single turns take.
void customization::set_turns(const stretch& s) {
    const auto set = [&](uint32_t turn, uint32_t& kept) {
        const uint32_t time = std::min(
            std::min(road_times_[from_[turn]], never) + std::min(turn_costs_[turn], never), never);
        kept = std::min(kept, time);
    };
    for (uint32_t node = s.first; node < s.first + s.nodes; ++node) {
        const uint32_t road = h_.roads[node];
        for (uint32_t turn = h_.first_turns[road]; turn < h_.first_turns[road + 1]; ++turn) {
            const uint32_t arc = h_.turn_arcs[turn];
            if (arc != no_node && !(arc & hierarchy::into_in)) set(turn, made_.out[arc]);
        }
        for (uint32_t i = first_entering_[node]; i < first_entering_[node + 1]; ++i)
            set(entering_[i], made_.in[h_.turn_arcs[entering_[i]] ^ hierarchy::into_in]);
    }
}

/// The times of the arcs that begin (or end) at the nodes of a stretch, by way of all nodes below.
void customization::gather(direction& mine, direction& opposite, const stretch& s) {
    const std::uint16_t* const blocks = mine.rows.blocks.data();
    for (uint32_t k = 0; k < s.nodes; ++k)
        for (uint32_t i = mine.rows.first[s.first + k]; i < mine.rows.first[s.first + k + 1]; ++i) {
            const std::size_t at = (std::size_t{blocks[i]} * stretch_max + k) * levels_in_block;
            std::copy_n(mine.made_times->data() + std::size_t{i} * levels_in_block, levels_in_block,
                        mine.times.data() + at);
            std::fill_n(mine.nodes.data() + at, levels_in_block, no_node);
        }
    const uint32_t level_end = s.level + s.nodes;
    const std::uint16_t* const ways_in = opposite.rows.blocks.data();
    const uint32_t* const times_in = opposite.made_times->data();
    for (uint32_t node = s.first; node < s.first + s.nodes; ++node)
        opposite.lower.take(node, [&](uint32_t v) {
            const row_place p = opposite.places[v];
            const uint32_t end = opposite.rows.first.data()[v + 1];
            opening open[stretch_max];
            uint32_t opened = 0, level = p.level, levels = 0;
            for (uint32_t i = p.block; i < end && ways_in[i] * levels_in_block < level_end; ++i) {
                const uint32_t first = ways_in[i] * levels_in_block;
                level = std::max(level, first);
                for (; level < std::min(first + levels_in_block, level_end); ++level, ++levels) {
                    const uint32_t time =
                        times_in[std::size_t{i} * levels_in_block + (level - first)];
                    if (time < never) open[opened++] = {level - s.level, time};
                }
            }
            const arc_row row = mine.rows.row(v, mine.made_times->data());
            work_ += std::uint64_t{row.count} * levels;
            if (opened > 0)
                relax_rows(row, (p.level + 1) / levels_in_block, mine.of_stretch(), stretch_max,
                           {open, opened}, v);
            return opposite.wait_from(v, level_end);
        });
}

/// Of one node of a stretch: what comes by way of the nodes before it is still missing.
void customization::complete(direction& mine, const direction& opposite, const stretch& s,
                             uint32_t position) {
    const uint32_t node = s.first + position, level = s.level + position;
    for (uint32_t v = s.first; v < node; ++v) {
        const uint32_t arc = opposite.rows.find(v, level);
        if (arc == no_node || (*opposite.made_times)[arc] >= never) continue;
        const opening open{position, (*opposite.made_times)[arc]};
        relax_rows(mine.rows.row(v, mine.made_times->data()), (level + 1) / levels_in_block,
                   mine.of_stretch(), stretch_max, {&open, 1}, v);
    }
    const std::uint16_t* const blocks = mine.rows.blocks.data();
    for (uint32_t i = mine.rows.first[node]; i < mine.rows.first[node + 1]; ++i) {
        const uint32_t first = blocks[i] * levels_in_block;
        const std::size_t from =
            (std::size_t{blocks[i]} * stretch_max + position) * levels_in_block;
        for (uint32_t l = 0; l < levels_in_block; ++l) {
            // Blocks begin below the node itself, where rows of lower nodes have something.
            const bool is_above = first + l > level;
            const std::size_t arc = std::size_t{i} * levels_in_block + l;
            mine.made_times->data()[arc] = is_above ? mine.times[from + l] : never;
            mine.made_middles->data()[arc] = is_above ? mine.nodes[from + l] : no_node;
        }
    }
}

metric customize(const hierarchy& h, std::span<const uint32_t> road_times,
                 std::span<const uint32_t> turn_costs) {
    customization all(h);
    all.begin(road_times, turn_costs);
    while (all.go_on(std::numeric_limits<std::uint64_t>::max())) {}
    return all.take();
}

} // namespace city
