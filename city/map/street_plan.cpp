// SPDX-License-Identifier: MIT
#include "street_plan.hpp"

#include <algorithm>

namespace city {
namespace {

constexpr float longest = 450; ///< metres of a street that was put together

} // namespace

std::uint32_t street_plan::add_node(point at, bool signals) {
    nodes_.push_back({at, signals});
    return nodes() - 1;
}

void street_plan::add(std::uint32_t a, std::uint32_t b, const street_kind& kind,
                      std::uint32_t district, const std::vector<point>& between) {
    planned_street s{a, b, kind, district, {nodes_[a].at}};
    s.course.insert(s.course.end(), between.begin(), between.end());
    s.course.push_back(nodes_[b].at);
    streets_.push_back(std::move(s));
}

void street_plan::dissolve() {
    std::vector<std::vector<std::uint32_t>> at(nodes_.size());
    for (std::uint32_t s = 0; s < streets_.size(); ++s) {
        at[streets_[s].a].push_back(s);
        at[streets_[s].b].push_back(s);
    }
    for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
        if (at[n].size() != 2 || nodes_[n].signals) continue;
        const std::uint32_t first = at[n][0], second = at[n][1];
        planned_street &one = streets_[first], &other = streets_[second];
        if (first == second || one.kind != other.kind || one.kind.one_way) continue;
        if (length_of(one.course) + length_of(other.course) > longest) continue;
        if (one.a == n) {
            std::swap(one.a, one.b);
            std::reverse(one.course.begin(), one.course.end());
        }
        if (other.b == n) {
            std::swap(other.a, other.b);
            std::reverse(other.course.begin(), other.course.end());
        }
        if (one.a == other.b) continue; // a loop would have one end
        one.course.insert(one.course.end(), other.course.begin() + 1, other.course.end());
        one.b = other.b;
        std::replace(at[one.b].begin(), at[one.b].end(), second, first);
        other.course.clear();
        at[n].clear();
    }
    std::erase_if(streets_, [](const planned_street& s) { return s.course.empty(); });
}

raw_map street_plan::finish(std::vector<std::uint32_t>& districts) const {
    raw_map raw;
    raw.intersections = nodes_;
    std::uint32_t number = 0;
    for (const planned_street& s : streets_) {
        raw_road r;
        r.street = ++number;
        r.kind = s.kind.kind;
        r.lanes = s.kind.lanes;
        r.speed_limit = s.kind.km_in_hour / 3.6f;
        r.link = s.kind.link;
        for (const bool back : {false, true}) {
            if (back && s.kind.one_way) break;
            r.from = back ? s.b : s.a;
            r.to = back ? s.a : s.b;
            r.course = s.course;
            if (back) std::reverse(r.course.begin(), r.course.end());
            raw.roads.push_back(r);
            districts.push_back(s.district);
        }
    }
    return raw;
}

} // namespace city
