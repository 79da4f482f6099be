// SPDX-License-Identifier: MIT
#include "doors.hpp"

#include "grounds.hpp"
#include "street_index.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

namespace city {
namespace {

constexpr double building_max = 1e6; ///< square metres; larger ones are mistakes
constexpr double shed_max = 40;      ///< square metres: what says of no use and is smaller
constexpr double house_max = 2000;   ///< square metres: what says of no use and is larger works
constexpr float door_every = 60;     ///< metres, where there are no buildings
constexpr float cell = 300;          ///< metres: here are buildings, or there are none
/// Floor of what is drawn as a point.
constexpr float shop_floor = 100, office_floor = 150, school_floor = 1500;

/// People for a metre of a street's direction, where there are no buildings.
constexpr float residents_in_a_metre = 0.06f, jobs_in_a_metre = 0.06f, visitors_in_a_metre = 0.5f;

class door_maker {
public:
    explicit door_maker(road_map& map) : map_(map), index_(map) {}

    /// A building or a point of interest: doors for what its floor has room for.
    void add(point at, use_kind use, float floor, float people, door_counts& counts) {
        if (use == use_kind::none || use == use_kind::unknown) return;
        place_at_road where;
        if (!index_.find(at, where)) {
            ++counts.too_far;
            return;
        }
        ++counts.buildings;
        cells_.insert(cell_of(at));
        const auto door_of = [&](door_kind kind, float floor_of_one, float known) {
            const float weight = known > 0 ? known : std::max(1.0f, floor / floor_of_one);
            doors_.push_back({where.road, where.position, weight, kind});
        };
        switch (use) {
        case use_kind::home: door_of(door_kind::home, floor_of_a_resident, people); break;
        case use_kind::office: door_of(door_kind::work, floor_of_an_office_job, 0); break;
        case use_kind::industry: door_of(door_kind::work, floor_of_an_industrial_job, 0); break;
        case use_kind::shop:
            door_of(door_kind::shop, floor_of_a_visitor, 0);
            door_of(door_kind::work, floor_of_a_shop_job, 0);
            break;
        case use_kind::school:
            door_of(door_kind::school, floor_of_a_pupil, people);
            door_of(door_kind::work, floor_of_a_school_job, 0);
            break;
        default: break;
        }
    }

    /// Along the streets where there are no buildings around, by the use of the ground; where that
    /// is not known either, people live at residential streets.
    void fill_gaps(const grounds& land, door_counts& counts) {
        const std::size_t before = doors_.size();
        for (std::uint32_t r = 0; r < map_.roads.size(); ++r) {
            if (!index_.has_doors(r)) continue;
            const road& street = map_.roads[r];
            along(r, [&](point at, float position, float metres) {
                if (cells_.contains(cell_of(at))) return;
                use_kind use = land.use_at(at);
                if (use == use_kind::none && street.kind >= road_class::residential)
                    use = use_kind::home;
                stand_in(r, position, metres, use);
            });
        }
        counts.from_streets += doors_.size() - before;
    }

    /// Whatever is missing for a day in a city, along all streets.
    void complete(door_counts& counts) {
        std::array<bool, 4> has{};
        for (const door& d : doors_)
            if (d.weight > 0) has[static_cast<std::size_t>(d.kind)] = true;
        const std::size_t before = doors_.size();
        const auto missing = [&](door_kind k) { return !has[static_cast<std::size_t>(k)]; };
        std::uint32_t number = 0;
        for (std::uint32_t r = 0; r < map_.roads.size(); ++r) {
            if (!index_.has_doors(r)) continue;
            const bool wide = map_.roads[r].kind < road_class::residential;
            along(r, [&](point, float position, float metres) {
                ++number;
                if (missing(door_kind::home))
                    doors_.push_back({r, position, metres * residents_in_a_metre, door_kind::home});
                if (missing(door_kind::work) && (wide || number % 4 == 1))
                    doors_.push_back({r, position, metres * jobs_in_a_metre, door_kind::work});
                if (missing(door_kind::shop) && (wide || number % 8 == 1))
                    doors_.push_back({r, position, metres * visitors_in_a_metre, door_kind::shop});
                if (missing(door_kind::school) && number % 40 == 1)
                    doors_.push_back({r, position, 40 * door_every * residents_in_a_metre / 6,
                                      door_kind::school});
            });
        }
        counts.from_streets += doors_.size() - before;
    }

    void keep(std::span<const door> doors) { doors_.assign(doors.begin(), doors.end()); }

    void finish() { set_doors(map_, std::move(doors_)); }

private:
    static std::int64_t cell_of(point at) {
        const auto of = [](float x) { return static_cast<std::int64_t>(std::floor(x / cell)); };
        return (of(at.y) << 32) ^ (of(at.x) & 0xffffffff);
    }

    /// Calls `use` for each stretch of a road: its middle, where that is, and its length.
    template <class Use>
    void along(std::uint32_t r, Use use) const {
        constexpr float stretches_max = 1000;
        const road& street = map_.roads[r];
        const auto course = map_.course_of(street);
        const float count = std::clamp(std::round(street.length / door_every), 1.0f, stretches_max);
        const float metres = street.length / count;
        std::size_t i = 0;
        float before = 0;
        for (float n = 0; n < count; ++n) {
            const float position = (n + 0.5f) * metres;
            float step = 0;
            for (; i + 1 < course.size(); ++i, before += step) {
                step = std::hypot(course[i + 1].x - course[i].x, course[i + 1].y - course[i].y);
                if (before + step >= position || i + 2 == course.size()) break;
            }
            const point a = course[i], b = course[i + 1];
            const float part = step > 0 ? std::clamp((position - before) / step, 0.0f, 1.0f) : 0.0f;
            use(point{a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part}, position, metres);
        }
    }

    void stand_in(std::uint32_t r, float position, float metres, use_kind use) {
        const auto push = [&](door_kind kind, float in_a_metre) {
            doors_.push_back({r, position, metres * in_a_metre, kind});
        };
        switch (use) {
        case use_kind::home: push(door_kind::home, residents_in_a_metre); break;
        case use_kind::office: push(door_kind::work, 4 * jobs_in_a_metre); break;
        case use_kind::industry: push(door_kind::work, 2 * jobs_in_a_metre); break;
        case use_kind::shop:
            push(door_kind::shop, visitors_in_a_metre);
            push(door_kind::work, jobs_in_a_metre);
            break;
        case use_kind::school: push(door_kind::school, 2 * residents_in_a_metre); break;
        default: break;
        }
    }

    road_map& map_;
    street_index index_;
    std::vector<door> doors_;
    std::unordered_set<std::int64_t> cells_; ///< in which there are buildings
};

std::vector<point> outline_of(const osm_data& data, const ref_range& range,
                              const projection& project) {
    std::vector<point> line;
    for (std::uint32_t i = 0; i < range.count; ++i) {
        const node_data& n = data.nodes[static_cast<std::size_t>(data.refs[range.first + i])];
        if (n.is_there) line.push_back(project(n.latitude, n.longitude));
    }
    return line;
}

use_kind guess(double area) {
    return area < shed_max    ? use_kind::none
           : area < house_max ? use_kind::home
                              : use_kind::industry;
}

} // namespace

door_counts find_doors(road_map& map, const osm_data& data, const projection& project) {
    door_counts counts;
    grounds land;
    for (const area_way& a : data.areas)
        if (!a.use.is_building) land.add(outline_of(data, a.nodes, project), a.use.kind);
    land.seal();
    door_maker maker(map);
    for (const area_way& a : data.areas) {
        if (!a.use.is_building) continue;
        const auto line = outline_of(data, a.nodes, project);
        if (line.size() < 3) continue;
        const double area = std::min(area_of(line), building_max);
        const point middle = middle_of(line);
        use_kind use = a.use.kind;
        if (use == use_kind::unknown) {
            use = land.use_at(middle);
            if (use == use_kind::none || area < shed_max) use = guess(area);
        }
        maker.add(middle, use, static_cast<float>(area) * a.use.levels, a.use.people, counts);
    }
    for (const place_node& p : data.places) {
        const float floor = p.use.kind == use_kind::shop     ? shop_floor
                            : p.use.kind == use_kind::office ? office_floor
                                                             : school_floor;
        maker.add(project(p.latitude, p.longitude), p.use.kind, floor, p.use.people, counts);
    }
    maker.fill_gaps(land, counts);
    maker.complete(counts);
    maker.finish();
    return counts;
}

void set_doors_by_length(road_map& map) {
    door_counts counts;
    door_maker maker(map);
    maker.complete(counts);
    maker.finish();
}

void add_missing_doors(road_map& map) {
    door_counts counts;
    door_maker maker(map);
    maker.keep(std::span<const door>(map.doors.data(), map.doors.size()));
    maker.complete(counts);
    if (counts.from_streets > 0) maker.finish();
}

std::string told_of(const road_map& map, const door_counts& counts) {
    std::array<double, 4> people{};
    for (const door& d : map.doors)
        people[static_cast<std::size_t>(d.kind)] += static_cast<double>(d.weight);
    const auto rounded = [&](door_kind k) {
        return std::to_string(std::llround(people[static_cast<std::size_t>(k)]));
    };
    return "homes of " + rounded(door_kind::home) + ", " + rounded(door_kind::work) + " jobs, " +
           rounded(door_kind::school) + " pupils, shops for " + rounded(door_kind::shop) +
           " a day; " + std::to_string(counts.buildings) + " doors from buildings, " +
           std::to_string(counts.from_streets) + " from streets" +
           (counts.too_far ? ", " + std::to_string(counts.too_far) + " buildings far from any"
                           : "");
}

} // namespace city
