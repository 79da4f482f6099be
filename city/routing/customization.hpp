// SPDX-License-Identifier: MIT
//
// How a metric comes about from the time of every road and the cost of every turn: the basic
// customization of Dibbelt, Strasser, Wagner (ACM JEA 21, 2016, section 7.2), from the lowest node
// up. It takes as long as many turns of a city, so that it can be done piece by piece.
#pragma once

#include "ancestors.hpp"
#include "hierarchy.hpp"
#include "metric.hpp"
#include "relax.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace city {

/// Of one hierarchy, which must outlive it. May be used again and again.
class customization {
public:
    explicit customization(const hierarchy& h);
    customization(const customization&) = delete;
    customization& operator=(const customization&) = delete;

    /// Begins a metric from the time of every road and what each turn costs, in milliseconds;
    /// `never`, or more, closes a road or a turn. Requires a time for each road and a cost for each
    /// turn of the map the hierarchy was made of.
    void begin(std::span<const std::uint32_t> road_times,
               std::span<const std::uint32_t> turn_costs);
    /// Goes on until so much is done since the beginning, or a little more; false when there is
    /// nothing left to do. How much is done by then depends on the hierarchy alone.
    bool go_on(std::uint64_t work);
    /// Since the beginning: when all is done, what the whole takes.
    std::uint64_t work() const { return work_; }
    /// What has been made. Requires that all is done.
    metric take();

private:
    /// Nodes that are completed together, each the parent of the one before: rows of lower nodes
    /// are then read once for all of them.
    struct stretch {
        std::uint32_t first = 0; ///< node
        std::uint32_t nodes = 0;
        std::uint32_t level = 0; ///< of the first
    };
    static constexpr std::uint32_t stretch_max = 16;

    /// Where in its row a lower node waits.
    struct row_place {
        std::uint32_t block = 0; ///< position in arc_rows::blocks
        std::uint32_t level = 0;
    };

    /// Of one direction.
    struct direction {
        const arc_rows& rows;
        waiting_nodes lower;
        std::vector<row_place> places;    ///< [node] that waits
        std::vector<std::uint32_t> times; ///< [block of levels][position in the stretch][level]
        std::vector<std::uint32_t> nodes; ///< likewise
        kay::vector<std::uint32_t>* made_times = nullptr;
        kay::vector<std::uint32_t>* made_middles = nullptr;

        direction(const arc_rows& arcs, const ancestor_list& ancestors, const hierarchy& h);
        void begin(kay::vector<std::uint32_t>& all_times, kay::vector<std::uint32_t>& middles);
        void open(const stretch& s);
        void add(std::uint32_t node, std::uint32_t level);
        std::uint32_t wait_from(std::uint32_t node, std::uint32_t level);
        labels of_stretch() { return {times.data(), nodes.data()}; }
    };

    stretch next_stretch() const;
    void set_turns(const stretch& s);
    void gather(direction& mine, direction& opposite, const stretch& s);
    void complete(direction& mine, const direction& opposite, const stretch& s,
                  std::uint32_t position);

    const hierarchy& h_;
    ancestor_list ancestors_;
    direction out_, in_;
    std::vector<std::uint32_t> first_entering_; ///< [node] of `entering_`, and the last one's end
    std::vector<std::uint32_t> entering_;       ///< turns from higher nodes
    std::vector<std::uint32_t> from_;           ///< [turn] road
    std::vector<std::uint32_t> road_times_;     ///< [road]
    std::vector<std::uint32_t> turn_costs_;     ///< [turn]
    metric made_;
    std::uint32_t next_ = 0; ///< node
    std::uint64_t work_ = 0;
};

/// A whole metric at once.
metric customize(const hierarchy& h, std::span<const std::uint32_t> road_times,
                 std::span<const std::uint32_t> turn_costs);

} // namespace city
