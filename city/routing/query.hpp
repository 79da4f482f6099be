// SPDX-License-Identifier: MIT
//
// The fastest way from one road to another, by the elimination-tree query of customizable
// contraction hierarchies (Dibbelt, Strasser, Wagner, ACM JEA 21, 2016, section 8): the ancestors
// of both ends are gone through from the lowest up, with no queue. What cannot lead to a better
// path any more is passed over: every path goes through an ancestor of both ends, so that no path
// is shorter than the way to the nearest of these and on from there.
#pragma once

#include "metric.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace city {

/// Memory for queries, of one thread at a time; the first ones make it grow, later ones allocate
/// nothing. Any number of hierarchies and metrics may share it.
struct query_scratch {
    struct search {
        std::vector<std::uint32_t> times; ///< [level] from one end to the ancestor there
        std::vector<std::uint32_t> via;   ///< [level] the ancestor before it; no_node at the end
    };
    /// An arc of the path, up or down.
    struct leg {
        std::uint32_t arc = 0; ///< no_node: it is a turn
        std::uint32_t to = 0;  ///< node
        std::uint32_t from_level = 0;
        std::uint32_t to_level = 0;
        std::uint32_t middle = 0; ///< node
    };
    search from, to;
    std::vector<std::uint32_t> nodes; ///< on the path, shortcuts left in
    std::vector<leg> legs, split;     ///< of the path, and what they are made of
    std::vector<std::uint32_t> roads; ///< the path
    std::vector<std::uint32_t> part;  ///< of it
};

/// A way, first and last road included. Ends with the next query on its scratch memory.
struct route {
    std::uint32_t time = never;           ///< milliseconds; never: there is no way
    std::span<const std::uint32_t> roads; ///< empty when there is no way
};

/// The least time from the beginning of a road to that of another, in milliseconds, all roads but
/// the last and all turns between them included; 0 from a road to itself; never when there is no
/// way. From and to a point on the way, take off the time to the first point and add that to the
/// last.
std::uint32_t travel_time(const hierarchy& h, const metric& m, std::uint32_t from, std::uint32_t to,
                          query_scratch& scratch);

/// The way that takes travel_time. The same for the same hierarchy and metric, always.
route find_route(const hierarchy& h, const metric& m, std::uint32_t from, std::uint32_t to,
                 query_scratch& scratch);

/// The fastest way from a road to another one and back, for who wants to come to a point that lies
/// behind; `turns` are those of the road. The road is its first and its last.
route find_way_round(const hierarchy& h, const metric& m, std::span<const turn> turns,
                     std::uint32_t road, query_scratch& scratch);

} // namespace city
