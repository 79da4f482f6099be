// SPDX-License-Identifier: MIT
#include "restriction.hpp"

#include <algorithm>

namespace city {
namespace {

bool is_in(const std::vector<std::int64_t>& all, std::int64_t one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

} // namespace

restriction_kind kind_of_restriction(const tags& t, bool& only, bool& back) {
    std::string_view value;
    for (const char* key : {"restriction:motorcar", "restriction:motor_vehicle", "restriction"})
        if (value.empty()) value = t[key];
    if (value.empty()) {
        for (const auto& [key, v] : t.all)
            if (key.starts_with("restriction") && key.ends_with(":conditional"))
                return restriction_kind::conditional;
        for (const auto& [key, v] : t.all)
            if (key.starts_with("restriction:")) return restriction_kind::others_only;
        return restriction_kind::not_understood;
    }
    if (t.has("day_on") || t.has("hour_on")) return restriction_kind::conditional;
    bool exempt = false;
    for_each_part(t["except"], ';', [&](std::string_view who) {
        while (!who.empty() && who.front() == ' ') who.remove_prefix(1);
        exempt |= is_one_of(who, {"motorcar", "motor_vehicle", "vehicle"});
    });
    if (exempt) return restriction_kind::others_only;
    only = value.starts_with("only_");
    back = value == "no_u_turn";
    return only || value.starts_with("no_") ? restriction_kind::obeyed
                                            : restriction_kind::not_understood;
}

restriction_finder::restriction_finder(raw_map& raw) : raw_(raw) {
    for (std::uint32_t r = 0; r < raw.roads.size(); ++r) {
        by_way_.push_back({raw.roads[r].way, r});
        by_start_.push_back({raw.roads[r].from, r});
    }
    std::sort(by_way_.begin(), by_way_.end());
    std::sort(by_start_.begin(), by_start_.end());
}

bool restriction_finder::apply(const restriction& r, std::uint32_t via) {
    if (!r.via_ways.empty()) return over_ways(r);
    return via != ~0u && at_node(r, via);
}

void restriction_finder::finish() {
    std::sort(raw_.banned_turns.begin(), raw_.banned_turns.end());
    raw_.banned_turns.erase(std::unique(raw_.banned_turns.begin(), raw_.banned_turns.end()),
                            raw_.banned_turns.end());
}

std::vector<std::uint32_t>
restriction_finder::roads_of(const std::vector<std::int64_t>& ways) const {
    std::vector<std::uint32_t> found;
    for (const std::int64_t way : ways)
        for (auto i = std::lower_bound(by_way_.begin(), by_way_.end(), std::pair{way, 0u});
             i != by_way_.end() && i->first == way; ++i)
            found.push_back(i->second);
    return found;
}

void restriction_finder::ban_others(std::uint32_t from, std::uint32_t to) {
    const std::uint32_t at = raw_.roads[from].to;
    for (auto i = std::lower_bound(by_start_.begin(), by_start_.end(), std::pair{at, 0u});
         i != by_start_.end() && i->first == at; ++i)
        if (i->second != to) raw_.banned_turns.push_back({from, i->second});
}

/// Where the way runs on through the crossing, there are two roads to come from or to go to; which
/// of them is meant is clear for turning back alone.
bool restriction_finder::at_node(const restriction& r, std::uint32_t via) {
    std::vector<std::uint32_t> in, out;
    for (const std::uint32_t road : roads_of(r.from))
        if (raw_.roads[road].to == via) in.push_back(road);
    for (const std::uint32_t road : roads_of(r.to))
        if (raw_.roads[road].from == via) out.push_back(road);
    if (in.empty() || out.empty()) return false;
    if (r.only) {
        if (in.size() > 1 || out.size() > 1) return false;
        ban_others(in[0], out[0]);
        return true;
    }
    const bool ambiguous = in.size() > r.from.size() || out.size() > r.to.size();
    const bool same_way = r.from == r.to;
    bool found = false;
    for (const std::uint32_t from : in)
        for (const std::uint32_t to : out) {
            const bool turns_back = is_way_back(raw_.roads[from], raw_.roads[to]);
            if ((same_way || (r.back && ambiguous)) ? !turns_back : ambiguous) continue;
            raw_.banned_turns.push_back({from, to});
            found = true;
        }
    return found;
}

/// Goes from each road of `from` along those of `via` to those of `to`.
bool restriction_finder::over_ways(const restriction& r) {
    constexpr std::size_t longest = 12;
    bool found = false;
    for (const std::uint32_t start : roads_of(r.from)) {
        std::vector<std::vector<std::uint32_t>> open{{start}};
        for (std::size_t tries = 0; !open.empty() && tries < 200; ++tries) {
            const std::vector<std::uint32_t> route = std::move(open.back());
            open.pop_back();
            const std::uint32_t last = route.back(), at = raw_.roads[last].to;
            for (auto i = std::lower_bound(by_start_.begin(), by_start_.end(), std::pair{at, 0u});
                 i != by_start_.end() && i->first == at; ++i) {
                const std::uint32_t next = i->second;
                auto longer = route;
                longer.push_back(next);
                const bool turns_back = is_way_back(raw_.roads[last], raw_.roads[next]);
                if (route.size() > 1 && is_in(r.to, raw_.roads[next].way) && !turns_back) {
                    found = true;
                    if (!r.only) {
                        raw_.banned_routes.push_back(longer);
                        continue;
                    }
                    ban_others(start, route[1]);
                    for (auto o = std::lower_bound(by_start_.begin(), by_start_.end(),
                                                   std::pair{at, 0u});
                         o != by_start_.end() && o->first == at; ++o) {
                        if (o->second == next) continue;
                        longer.back() = o->second;
                        raw_.banned_routes.push_back(longer);
                    }
                    continue;
                }
                if (longer.size() < longest && !turns_back &&
                    is_in(r.via_ways, raw_.roads[next].way))
                    open.push_back(std::move(longer));
            }
        }
    }
    return found;
}

} // namespace city
