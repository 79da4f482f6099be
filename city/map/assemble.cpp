// SPDX-License-Identifier: MIT
#include "raw_map.hpp"
#include "strong_parts.hpp"
#include "turns.hpp"

#include <algorithm>
#include <numeric>

namespace city {
namespace {

constexpr std::uint32_t none = ~0u;

/// The roads of a raw map that begin at each intersection. Those that lead out of a part in which
/// one can go round are not worth looking at.
struct network {
    arrow_graph out;              ///< from intersections to roads
    std::vector<bool> goes_round; ///< [road]

    explicit network(const raw_map& raw) : goes_round(raw.roads.size()) {
        arrow_graph ways;
        ways.first.assign(raw.intersections.size() + 1, 0);
        for (const raw_road& r : raw.roads) ++ways.first[r.from + 1];
        std::partial_sum(ways.first.begin(), ways.first.end(), ways.first.begin());
        out.first = ways.first;
        out.to.resize(raw.roads.size());
        std::vector<std::uint32_t> next(out.first.begin(), out.first.end() - 1);
        for (std::uint32_t i = 0; i < raw.roads.size(); ++i) out.to[next[raw.roads[i].from]++] = i;
        for (const std::uint32_t r : out.to) ways.to.push_back(raw.roads[r].to);
        const auto part = strong_parts(ways);
        for (std::uint32_t i = 0; i < raw.roads.size(); ++i)
            goes_round[i] = part[raw.roads[i].from] == part[raw.roads[i].to];
    }
};

/// The turns of all roads, as a graph of roads.
class turn_finder {
public:
    turn_finder(const raw_map& raw, const network& n) : raw_(raw), turns_(raw.roads.size()) {
        for (std::uint32_t r = 0; r < raw.roads.size(); ++r)
            if (n.goes_round[r]) find(n, r);
        for (const auto& route : raw.banned_routes) ban(route);
    }

    arrow_graph graph() const {
        arrow_graph made;
        for (const auto& list : turns_) {
            made.to.insert(made.to.end(), list.begin(), list.end());
            made.first.push_back(static_cast<std::uint32_t>(made.to.size()));
        }
        return made;
    }

    /// Lets turn back who could not come there otherwise, such as in a ring of streets.
    bool turn_back_between(const network& n, const std::vector<std::uint32_t>& part) {
        bool changed = false;
        for (std::uint32_t r = 0; r < raw_.roads.size(); ++r) {
            if (!n.goes_round[r]) continue;
            const std::uint32_t back = way_back(n, r);
            if (back == none || part[back] == part[r] || is_banned(r, back)) continue;
            if (std::find(turns_[r].begin(), turns_[r].end(), back) != turns_[r].end()) continue;
            turns_[r].push_back(back);
            changed = true;
        }
        return changed;
    }

    const std::vector<std::uint32_t>& of(std::uint32_t r) const { return turns_[r]; }
    std::size_t untold_routes() const { return untold_; }
    std::size_t turns_over() const { return over_; }

private:
    bool is_banned(std::uint32_t from, std::uint32_t to) const {
        return std::binary_search(raw_.banned_turns.begin(), raw_.banned_turns.end(),
                                  raw_turn{from, to});
    }
    std::uint32_t way_back(const network& n, std::uint32_t r) const {
        const std::uint32_t at = raw_.roads[r].to;
        for (std::uint32_t i = n.out.first[at]; i < n.out.first[at + 1]; ++i)
            if (is_way_back(raw_.roads[r], raw_.roads[n.out.to[i]])) return n.out.to[i];
        return none;
    }
    void find(const network& n, std::uint32_t r) {
        const std::uint32_t at = raw_.roads[r].to;
        for (std::uint32_t i = n.out.first[at]; i < n.out.first[at + 1]; ++i) {
            const std::uint32_t next = n.out.to[i];
            if (next == r || !n.goes_round[next] || is_banned(r, next)) continue;
            if (is_way_back(raw_.roads[r], raw_.roads[next])) continue;
            if (turns_[r].size() + 1 < turns_max) // and one back
                turns_[r].push_back(next);
            else
                ++over_;
        }
        if (!turns_[r].empty()) return;
        const std::uint32_t back = way_back(n, r);
        if (back != none && !is_banned(r, back)) turns_[r].push_back(back);
    }
    /// A route is banned by its last turn, if nobody else comes to that.
    void ban(const std::vector<std::uint32_t>& route) {
        for (std::size_t i = 1; i + 1 < route.size(); ++i)
            for (std::uint32_t r = 0; r < raw_.roads.size(); ++r) {
                if (r == route[i - 1] || raw_.roads[r].to != raw_.roads[route[i]].from) continue;
                if (std::find(turns_[r].begin(), turns_[r].end(), route[i]) == turns_[r].end())
                    continue;
                ++untold_;
                return;
            }
        auto& last = turns_[route[route.size() - 2]];
        const auto found = std::find(last.begin(), last.end(), route.back());
        if (found != last.end()) last.erase(found);
    }

    const raw_map& raw_;
    std::vector<std::vector<std::uint32_t>> turns_;
    std::size_t untold_ = 0;
    std::size_t over_ = 0;
};

/// The roads of the part with most metres, of those in which one can go round.
std::vector<bool> largest_part(const raw_map& raw, const turn_finder& turns,
                               const std::vector<std::uint32_t>& part) {
    std::vector<double> metres(raw.roads.size() + 1);
    std::vector<bool> is_round(raw.roads.size() + 1);
    for (std::uint32_t r = 0; r < raw.roads.size(); ++r) {
        metres[part[r]] += length_of(raw.roads[r].course);
        for (const std::uint32_t next : turns.of(r))
            if (part[next] == part[r]) is_round[part[r]] = true;
    }
    for (std::size_t p = 0; p < metres.size(); ++p) metres[p] = is_round[p] ? metres[p] + 1e-9 : 0;
    const auto most = std::max_element(metres.begin(), metres.end());
    const auto largest = static_cast<std::uint32_t>(most - metres.begin());
    std::vector<bool> kept(raw.roads.size());
    for (std::uint32_t r = 0; r < raw.roads.size(); ++r) kept[r] = *most > 0 && part[r] == largest;
    return kept;
}

road copy_of(const raw_road& raw, const road_map& map) {
    road r;
    r.length = std::max(length_of(raw.course), shortest_road);
    r.speed_limit = raw.speed_limit;
    r.first_lane = map.lanes();
    r.lanes = raw.lanes;
    r.kind = raw.kind;
    r.link = raw.link;
    r.ring = raw.ring;
    r.destination_only = raw.destination_only;
    r.first_point = static_cast<std::uint32_t>(map.points.size());
    r.points = static_cast<std::uint32_t>(raw.course.size());
    return r;
}

/// `at` has the map's number of each raw intersection.
void find_inner_origins(const raw_map& raw, const std::vector<std::uint32_t>& at, road_map& map) {
    std::vector<std::uint32_t> first(map.intersections.size(), none);
    for (auto r = static_cast<std::uint32_t>(map.roads.size()); r-- > 0;)
        first[map.roads[r].from] = r;
    for (const raw_inner_road& inner : raw.inner_roads)
        if (at[inner.intersection] != none && first[at[inner.intersection]] != none)
            map.inner_origins.push_back(
                {{inner.way, inner.backward, inner.part}, first[at[inner.intersection]]});
}

} // namespace

road_map assemble(raw_map raw, assembly_counts& counts) {
    const network n(raw);
    turn_finder turns(raw, n);
    auto part = strong_parts(turns.graph());
    if (turns.turn_back_between(n, part)) part = strong_parts(turns.graph());
    const std::vector<bool> kept = largest_part(raw, turns, part);

    counts = {};
    counts.banned_routes = turns.untold_routes();
    counts.turns_over = turns.turns_over();
    for (const auto& [from, to] : raw.banned_turns)
        counts.banned_turns += kept[from] && kept[to] && raw.roads[from].to == raw.roads[to].from;

    road_map map;
    map.drives_left = raw.drives_left;
    std::vector<std::uint32_t> at(raw.intersections.size(), none), number(raw.roads.size(), none);
    std::vector<lane_marks> marks;
    std::vector<right_of_way> signs;
    for (std::uint32_t i = 0; i < raw.roads.size(); ++i) {
        const raw_road& from = raw.roads[i];
        if (!kept[i]) {
            ++counts.left_out;
            continue;
        }
        for (const std::uint32_t end : {from.from, from.to}) {
            if (at[end] != none) continue;
            at[end] = static_cast<std::uint32_t>(map.intersections.size());
            map.intersections.push_back(raw.intersections[end]);
        }
        road r = copy_of(from, map);
        r.from = at[from.from];
        r.to = at[from.to];
        number[i] = static_cast<std::uint32_t>(map.roads.size());
        for (const point& p : from.course) map.points.push_back(p);
        map.roads.push_back(r);
        counts.origins.push_back(i);
        if (from.way != 0) map.origins.push_back({from.way, from.backward, from.part});
        marks.push_back(from.marks);
        signs.push_back(from.sign);
    }
    find_inner_origins(raw, at, map);
    if (map.origins.size() != map.roads.size()) {
        map.origins.clear();
        map.inner_origins.clear();
    }
    for (std::uint32_t i = 0; i < raw.roads.size(); ++i) {
        if (!kept[i]) continue;
        road& r = map.roads[number[i]];
        r.first_turn = static_cast<std::uint32_t>(map.turns.size());
        for (const std::uint32_t next : turns.of(i)) {
            if (!kept[next]) continue;
            turn t;
            t.to = number[next];
            if (is_way_back(raw.roads[i], raw.roads[next])) t.kind = turn_kind::back;
            map.turns.push_back(t);
        }
        r.turns = static_cast<std::uint32_t>(map.turns.size()) - r.first_turn;
    }
    find_lanes(map, marks);
    find_right_of_way(map, signs);
    return map;
}

road_map assemble(std::vector<intersection> intersections, std::vector<raw_road> roads,
                  std::size_t& left_out) {
    raw_map raw;
    raw.intersections = std::move(intersections);
    raw.roads = std::move(roads);
    assembly_counts counts;
    road_map map = assemble(std::move(raw), counts);
    left_out = counts.left_out;
    return map;
}

} // namespace city
