// SPDX-License-Identifier: MIT
#include "street_tags.hpp"

#include <algorithm>
#include <cctype>

namespace city {
namespace {

struct class_default {
    std::string_view value;
    road_class kind;
    bool link;
    float km_in_hour;
    unsigned lanes; ///< of a direction
};

/// Speeds where nothing is signed: those of the wiki's page on defaults, rounded between countries.
constexpr class_default classes[] = {
    {"motorway", road_class::motorway, false, 110, 2},
    {"motorway_link", road_class::motorway, true, 60, 1},
    {"trunk", road_class::trunk, false, 90, 2},
    {"trunk_link", road_class::trunk, true, 50, 1},
    {"primary", road_class::primary, false, 50, 1},
    {"primary_link", road_class::primary, true, 40, 1},
    {"secondary", road_class::secondary, false, 50, 1},
    {"secondary_link", road_class::secondary, true, 40, 1},
    {"tertiary", road_class::tertiary, false, 50, 1},
    {"tertiary_link", road_class::tertiary, true, 40, 1},
    {"unclassified", road_class::residential, false, 50, 1},
    {"residential", road_class::residential, false, 30, 1},
    {"living_street", road_class::living_street, false, 10, 1},
};

const class_default* class_of(std::string_view highway) {
    for (const class_default& c : classes)
        if (c.value == highway) return &c;
    return nullptr;
}

bool is_ring(const tags& t) { return is_one_of(t["junction"], {"roundabout", "circular"}); }

car_access access_of_value(std::string_view value) {
    if (is_one_of(value, {"destination", "customers", "residents"})) return car_access::destination;
    const bool is_closed = is_one_of(
        value, {"no", "private", "agricultural", "forestry", "delivery", "emergency", "military",
                "permit", "psv", "bus", "taxi", "foot", "bicycle", "employees", "official"});
    return is_closed ? car_access::closed : car_access::open;
}

one_way direction_of(const tags& t) {
    const std::string_view highway = t["highway"];
    return one_way_of(t, is_one_of(highway, {"motorway", "motorway_link"}) || is_ring(t));
}

} // namespace

way_kind kind_of_way(const tags& t) {
    const std::string_view highway = t["highway"];
    if (t["route"] == "ferry") return way_kind::ferry;
    if (highway.empty()) return way_kind::other;
    if (highway == "service") return way_kind::service;
    if (!class_of(highway) || t["area"] == "yes") return way_kind::path;
    if (access_of(t) == car_access::closed) return way_kind::closed;
    return direction_of(t) == one_way::reversible ? way_kind::reversible : way_kind::street;
}

street_tags read_street(const tags& t) {
    const class_default& c = *class_of(t["highway"]);
    street_tags s;
    s.kind = c.kind;
    s.link = c.link;
    s.ring = is_ring(t);
    s.destination_only = access_of(t) == car_access::destination;

    const one_way direction = direction_of(t);
    const lane_counts lanes = lanes_of(t, direction, c.lanes);
    const float both =
        read_speed(t["maxspeed"])
            .value_or(
                read_speed(t["maxspeed:type"])
                    .value_or(read_speed(t["source:maxspeed"]).value_or(c.km_in_hour / 3.6f)));
    s.forward = {lanes.forward, read_speed(t["maxspeed:forward"]).value_or(both),
                 marks_of(t, "forward", direction == one_way::forward, lanes.forward)};
    s.backward = {lanes.backward, read_speed(t["maxspeed:backward"]).value_or(both),
                  marks_of(t, "backward", direction == one_way::backward, lanes.backward)};
    return s;
}

car_access access_of(const tags& t) {
    for (const char* key : {"motorcar", "motor_vehicle", "vehicle", "access"}) {
        // Of several values, the one that lets most in: "destination;delivery".
        std::optional<car_access> best;
        for_each_part(t[key], ';', [&](std::string_view value) {
            while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
            if (value.empty() || value == "unknown") return;
            best = std::min(best.value_or(car_access::closed), access_of_value(value));
        });
        if (best) return *best;
    }
    return car_access::open;
}

std::optional<float> read_speed(std::string_view value) {
    if (const auto number = leading_number(value)) {
        if (*number == 0 || *number > 200) return std::nullopt;
        if (value.find("knots") != std::string_view::npos) return std::nullopt;
        const bool miles = value.find("mph") != std::string_view::npos;
        return static_cast<float>(*number) * (miles ? 0.44704f : 1 / 3.6f);
    }
    if (value == "none") return 130 / 3.6f;
    // "DE:urban", "GB:nsl_single": the country, and what kind of road it is there. "DE:zone:30"
    // and "FR:zone30" name their speed.
    const std::size_t colon = value.find(':');
    const bool has_country = colon == 2 && std::isupper(static_cast<unsigned char>(value[0]));
    const std::string_view country = has_country ? value.substr(0, 2) : std::string_view{};
    const bool miles = is_one_of(country, {"GB", "US", "UK"});
    const auto speed = [&](float km, float mph) { return miles ? mph * 0.44704f : km / 3.6f; };
    if (const std::size_t zone = value.find("zone"); zone != std::string_view::npos) {
        std::string_view rest = value.substr(zone + 4);
        while (!rest.empty() && !std::isdigit(static_cast<unsigned char>(rest.front())))
            rest.remove_prefix(1);
        const auto number = leading_number(rest);
        if (!number || *number == 0 || *number > 200) return std::nullopt;
        return speed(static_cast<float>(*number), static_cast<float>(*number));
    }
    if (value.ends_with("walk") || value.ends_with("living_street")) return 7 / 3.6f;
    if (value.ends_with("urban")) return speed(50, 30);
    if (value.ends_with("rural") || value.ends_with("nsl_single")) return speed(90, 60);
    if (value.ends_with("trunk") || value.ends_with("nsl_dual")) return speed(100, 70);
    if (value.ends_with("motorway")) return speed(120, 70);
    return std::nullopt;
}

} // namespace city
