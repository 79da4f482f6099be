// SPDX-License-Identifier: MIT
//
// Turn restrictions of OpenStreetMap (Relation:restriction): what their tags say, and which turns
// of a map they ban.
#pragma once

#include "raw_map.hpp"
#include "tags.hpp"

#include <cstdint>
#include <vector>

namespace city {

enum class restriction_kind : std::uint8_t {
    obeyed,
    conditional, ///< at some hours, or for some weights, only
    others_only, ///< for lorries, buses ..., or cars are exempt
    not_understood,
};

/// Whether a relation of type=restriction is for cars, always. Sets whether it allows `only` the
/// one turn that it names, and whether it is about turning back.
restriction_kind kind_of_restriction(const tags& t, bool& only, bool& back);

struct restriction {
    std::int64_t id = 0;
    bool only = false;
    bool back = false;                  ///< no_u_turn
    std::vector<std::int64_t> from, to; ///< ways; several where no one may enter or leave
    std::vector<std::int64_t> via_ways; ///< in any order
    std::int64_t via_node = 0;          ///< if there are no ways
};

/// Bans what the restrictions ban, before crossings are joined. `intersection_of` gives for the id
/// of a node its intersection, or ~0u. Returns how many restrictions found no turn to ban: those
/// of closed and missing ways mostly.
template <class IntersectionOf>
std::size_t apply_restrictions(raw_map& raw, const std::vector<restriction>& all,
                               IntersectionOf intersection_of);

/// The roads of each way, and those that begin at each intersection, for looking up.
class restriction_finder {
public:
    explicit restriction_finder(raw_map& raw);
    /// Returns whether there was anything to ban.
    bool apply(const restriction& r, std::uint32_t via);
    void finish();

private:
    std::vector<std::uint32_t> roads_of(const std::vector<std::int64_t>& ways) const;
    bool at_node(const restriction& r, std::uint32_t via);
    bool over_ways(const restriction& r);
    void ban_others(std::uint32_t from, std::uint32_t to);

    raw_map& raw_;
    std::vector<std::pair<std::int64_t, std::uint32_t>> by_way_;    ///< way and road, sorted
    std::vector<std::pair<std::uint32_t, std::uint32_t>> by_start_; ///< intersection and road
};

template <class IntersectionOf>
std::size_t apply_restrictions(raw_map& raw, const std::vector<restriction>& all,
                               IntersectionOf intersection_of) {
    restriction_finder finder(raw);
    std::size_t without = 0;
    for (const restriction& r : all)
        without += !finder.apply(r, r.via_ways.empty() ? intersection_of(r.via_node) : ~0u);
    finder.finish();
    return without;
}

} // namespace city
