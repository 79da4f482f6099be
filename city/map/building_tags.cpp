// SPDX-License-Identifier: MIT
#include "building_tags.hpp"

#include <algorithm>

namespace city {
namespace {

bool is_school(const tags& t) {
    return is_one_of(t["amenity"],
                     {"school", "kindergarten", "university", "college", "childcare"}) ||
           is_one_of(t["building"], {"school", "kindergarten", "university", "college"});
}

bool is_shop(const tags& t) {
    if (t.has("shop") && !is_one_of(t["shop"], {"no", "vacant"})) return true;
    return is_one_of(t["amenity"], {"restaurant", "cafe", "fast_food", "bar", "pub", "bank",
                                    "pharmacy", "marketplace", "cinema", "theatre", "doctors",
                                    "dentist", "clinic", "library", "fuel", "post_office"}) ||
           is_one_of(t["leisure"], {"fitness_centre", "sports_centre"}) ||
           is_one_of(t["building"], {"retail", "supermarket", "kiosk", "shop"});
}

bool is_office(const tags& t) {
    return t.has("office") ||
           is_one_of(t["amenity"],
                     {"hospital", "townhall", "courthouse", "police", "fire_station"}) ||
           is_one_of(t["building"], {"office", "commercial", "hospital", "government", "civic",
                                     "public", "hotel", "train_station", "fire_station"}) ||
           is_one_of(t["tourism"], {"hotel", "museum"});
}

use_kind use_of_building(std::string_view building) {
    if (is_one_of(building, {"house", "detached", "semidetached_house", "terrace", "residential",
                             "apartments", "bungalow", "farm", "dormitory", "cabin",
                             "static_caravan", "ger", "houseboat", "semi", "duplex", "villa"}))
        return use_kind::home;
    if (is_one_of(building, {"industrial", "warehouse", "manufacture", "factory", "hangar"}))
        return use_kind::industry;
    if (is_one_of(
            building,
            {"garage",      "garages",    "carport",        "shed",         "hut",
             "roof",        "ruins",      "greenhouse",     "barn",         "stable",
             "sty",         "cowshed",    "farm_auxiliary", "service",      "transformer_tower",
             "water_tower", "tower",      "silo",           "storage_tank", "bunker",
             "bridge",      "parking",    "construction",   "church",       "chapel",
             "cathedral",   "mosque",     "synagogue",      "temple",       "shrine",
             "toilets",     "grandstand", "stadium",        "no",           "tank",
             "container",   "collapsed",  "abandoned"}))
        return use_kind::none;
    return use_kind::unknown;
}

float usual_levels(use_kind kind, std::string_view building) {
    if (building == "apartments" || building == "dormitory") return 4;
    if (kind == use_kind::home || kind == use_kind::unknown) return 2;
    if (kind == use_kind::office) return 3;
    return kind == use_kind::school ? 2 : 1;
}

/// What is said to be in a building or at a point; otherwise nothing changes.
void set_kind_by_name(land_use& use, const tags& t) {
    if (is_school(t))
        use.kind = use_kind::school;
    else if (is_shop(t))
        use.kind = use_kind::shop;
    else if (is_office(t))
        use.kind = use_kind::office;
}

} // namespace

land_use use_of_area(const tags& t) {
    land_use use;
    const std::string_view building = t["building"];
    if (!building.empty() && building != "no") {
        use.is_building = true;
        use.kind = use_of_building(building);
        set_kind_by_name(use, t);
        const auto levels = leading_number(t["building:levels"]);
        use.levels = levels ? static_cast<float>(std::clamp(*levels, 1u, 100u))
                            : usual_levels(use.kind, building);
        const auto flats = leading_number(t["building:flats"]);
        if (flats && use.kind == use_kind::home)
            use.people = 2 * static_cast<float>(std::min(*flats, 5000u));
        return use;
    }
    if (is_school(t)) use.kind = use_kind::school;
    if (t["amenity"] == "hospital") use.kind = use_kind::office;
    const std::string_view land = t["landuse"];
    if (is_one_of(land, {"residential", "allotments_residential"})) use.kind = use_kind::home;
    if (land == "commercial") use.kind = use_kind::office;
    if (is_one_of(land, {"industrial", "port", "depot", "railway"})) use.kind = use_kind::industry;
    if (land == "retail") use.kind = use_kind::shop;
    return use;
}

land_use use_of_node(const tags& t) {
    land_use use;
    set_kind_by_name(use, t);
    const auto capacity = leading_number(t["capacity"]);
    if (capacity && use.kind == use_kind::school)
        use.people = static_cast<float>(std::min(*capacity, 5000u));
    return use;
}

} // namespace city
