// SPDX-License-Identifier: MIT
#include "osm_data.hpp"

#include <algorithm>

namespace city {
namespace {

/// Sorts by id; of those that are there twice, as in a file put together of two, the first stays.
template <class Way>
void sort_by_id(std::vector<Way>& ways) {
    std::stable_sort(ways.begin(), ways.end(),
                     [](const Way& a, const Way& b) { return a.id < b.id; });
    const auto same = [](const Way& a, const Way& b) { return a.id == b.id; };
    ways.erase(std::unique(ways.begin(), ways.end(), same), ways.end());
}

} // namespace

void osm_data::seal() {
    sort_by_id(streets);
    sort_by_id(areas);
    node_ids = refs;
    std::sort(node_ids.begin(), node_ids.end());
    node_ids.erase(std::unique(node_ids.begin(), node_ids.end()), node_ids.end());
    nodes.assign(node_ids.size(), {});
    for (std::int64_t& ref : refs) ref = find_node(ref);
    for (const street_way& s : streets) {
        const std::int64_t* ref = refs.data() + s.nodes.first;
        for (std::uint32_t i = 0; i < s.nodes.count; ++i)
            nodes[static_cast<std::size_t>(ref[i])].uses +=
                i == 0 || i + 1 == s.nodes.count ? 2 : 1;
    }
}

std::uint32_t osm_data::find_node(std::int64_t id) const {
    const auto found = std::lower_bound(node_ids.begin(), node_ids.end(), id);
    if (found == node_ids.end() || *found != id) return none;
    return static_cast<std::uint32_t>(found - node_ids.begin());
}

} // namespace city
