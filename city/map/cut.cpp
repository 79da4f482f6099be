// SPDX-License-Identifier: MIT
#include "cut.hpp"

#include <kay/core/math.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace city {
namespace {

constexpr std::uint32_t none = ~0u;
/// Metres from a crossing up to which signals are its own.
constexpr double signals_max = 60;
constexpr double sign_max = 60;

class cutter {
public:
    cutter(const osm_data& data, const projection& project, std::vector<std::uint32_t>& known,
           cut_counts& counts)
        : data_(data), project_(project), known_(known), counts_(counts) {
        known_.assign(data.nodes.size(), none);
    }

    raw_map cut() {
        for (const street_way& way : data_.streets) cut(way);
        return std::move(raw_);
    }

private:
    /// A sign between the ends of a stretch.
    struct sign_at {
        node_sign sign;
        std::size_t index; ///< in the course
    };

    void cut(const street_way& way) {
        const std::int64_t* refs = data_.refs.data() + way.nodes.first;
        const std::uint32_t count = way.nodes.count;
        const auto node = [&](std::uint32_t i) -> const node_data& {
            return data_.nodes[static_cast<std::size_t>(refs[i])];
        };
        course_.clear();
        signs_.clear();
        std::uint32_t from = none;
        next_part_ = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            const node_data& n = node(i);
            if (!n.is_there) {
                ++counts_.gaps;
                from = none;
                course_.clear();
                signs_.clear();
                continue;
            }
            const point here = project_(n.latitude, n.longitude);
            course_.push_back(here);
            const bool is_end =
                n.uses >= 2 || from == none || i + 1 == count || !node(i + 1).is_there;
            if (!is_end) {
                if (n.sign.what != right_of_way::equal)
                    signs_.push_back({n.sign, course_.size() - 1});
                continue;
            }
            const std::uint32_t at = intersection_at(static_cast<std::size_t>(refs[i]), here);
            if (from != none && course_.size() > 1) finish(way, from, at);
            from = at;
            course_.assign(1, here);
            signs_.clear();
        }
    }

    std::uint32_t intersection_at(std::size_t node, point here) {
        std::uint32_t& number = known_[node];
        if (number == none) {
            number = static_cast<std::uint32_t>(raw_.intersections.size());
            raw_.intersections.push_back(
                {here, data_.nodes[node].sign.what == right_of_way::signals});
        }
        return number;
    }

    void finish(const street_way& way, std::uint32_t from, std::uint32_t to) {
        right_of_way at_end = right_of_way::equal, at_start = right_of_way::equal;
        const double whole = length_of(course_);
        for (const sign_at& s : signs_) {
            const double before = length_of({course_.data(), s.index + 1}), after = whole - before;
            const bool is_light = s.sign.what == right_of_way::signals;
            const bool ahead =
                s.sign.towards > 0 ||
                (s.sign.towards == 0 && (is_light                          ? before >= after
                                         : way.meaning.backward.lanes == 0 ? true
                                         : way.meaning.forward.lanes == 0  ? false
                                                                           : before >= after));
            const double away = ahead ? after : before;
            if (away > (is_light ? signals_max : sign_max)) {
                counts_.far_lights += is_light;
            } else if (is_light) {
                raw_.intersections[ahead ? to : from].signals = true;
            } else {
                (ahead ? at_end : at_start) = s.sign.what;
                ++counts_.signs;
            }
        }
        if (from != to) return add(way, from, to, course_, at_end, at_start);
        // A loop: cut half way round, since a road has two ends.
        const auto half = course_.begin() + static_cast<std::ptrdiff_t>(course_.size() / 2);
        const auto middle = static_cast<std::uint32_t>(raw_.intersections.size());
        raw_.intersections.push_back({*half});
        add(way, from, middle, {course_.begin(), half + 1}, right_of_way::equal, at_start);
        add(way, middle, to, {half, course_.end()}, at_end, right_of_way::equal);
    }

    void add(const street_way& way, std::uint32_t from, std::uint32_t to,
             const std::vector<point>& course, right_of_way at_end, right_of_way at_start) {
        const street_tags& tags = way.meaning;
        raw_road r;
        r.kind = tags.kind;
        r.street = ++streets_;
        r.link = tags.link;
        r.ring = tags.ring;
        r.destination_only = tags.destination_only;
        r.way = way.id;
        r.part = next_part_;
        if (next_part_ < 0xffff) ++next_part_;
        const auto direct = [&](const street_direction& d, std::uint32_t a, std::uint32_t b,
                                right_of_way sign) {
            if (d.lanes == 0) return;
            r.from = a;
            r.to = b;
            r.lanes = d.lanes;
            r.speed_limit = d.speed_limit;
            r.sign = sign;
            // Arrows are those at the end of the way; before that they hold too, as SUMO has it.
            r.marks = d.marks;
            raw_.roads.push_back(r);
        };
        r.course = course;
        direct(tags.forward, from, to, at_end);
        std::reverse(r.course.begin(), r.course.end());
        r.backward = true;
        direct(tags.backward, to, from, at_start);
    }

    const osm_data& data_;
    const projection& project_;
    std::vector<std::uint32_t>& known_;
    cut_counts& counts_;
    raw_map raw_;
    std::vector<point> course_;
    std::vector<sign_at> signs_;
    std::uint32_t streets_ = 0;
    std::uint16_t next_part_ = 0; ///< of the way that is cut
};

} // namespace

point projection::operator()(double at_latitude, double at_longitude) const {
    constexpr double metres_in_degree = 6371008.8 * std::numbers::pi / 180;
    return {static_cast<float>((at_longitude - longitude) * metres_in_degree *
                               kay::math::cos(latitude * std::numbers::pi / 180)),
            static_cast<float>((at_latitude - latitude) * metres_in_degree)};
}

projection around_the_middle(const osm_data& data) {
    double south = 90, north = -90, west = 180, east = -180;
    for (const node_data& n : data.nodes) {
        if (!n.is_there || n.uses == 0) continue;
        south = std::min(south, n.latitude);
        north = std::max(north, n.latitude);
        west = std::min(west, n.longitude);
        east = std::max(east, n.longitude);
    }
    return {(south + north) / 2, (west + east) / 2};
}

raw_map cut_ways(const osm_data& data, const projection& project,
                 std::vector<std::uint32_t>& intersection_of, cut_counts& counts) {
    return cutter(data, project, intersection_of, counts).cut();
}

} // namespace city
