// SPDX-License-Identifier: MIT
//
// The one file that sees expat: trips, flows and vehicles of SUMO
// (https://sumo.dlr.de/docs/Definition_of_Vehicles%2C_Vehicle_Types%2C_and_Routes.html).
#include "raw_demand.hpp"

#include <expat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace city {
namespace {

constexpr int depth_max = 64;                    ///< of elements in each other
constexpr std::uint64_t element_max = 4'000'000; ///< bytes; the parser's time is quadratic in it
constexpr double flow_end_default = 86'400;      ///< seconds: SUMO has no end

/// The attributes of an element; empty for what is not there.
class attributes {
public:
    explicit attributes(const XML_Char* const* all) : all_(all) {}
    std::string_view operator[](std::string_view name) const {
        for (auto at = all_; *at; at += 2)
            if (name == *at) return at[1];
        return {};
    }

private:
    const XML_Char* const* all_;
};

std::string_view first_word(std::string_view text) {
    text = trimmed(text);
    return text.substr(0, text.find_first_of(" \t\r\n"));
}
std::string_view last_word(std::string_view text) {
    text = trimmed(text);
    const auto before = text.find_last_of(" \t\r\n");
    return before == std::string_view::npos ? text : text.substr(before + 1);
}

/// Takes digits from the front; none if there are none or too many.
std::optional<std::int64_t> take_digits(std::string_view& text) {
    std::size_t count = 0;
    std::int64_t number = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
        if (count == 18) return std::nullopt;
        number = number * 10 + (text[count++] - '0');
    }
    if (count == 0) return std::nullopt;
    text.remove_prefix(count);
    return number;
}

/// What an edge is called: r17, r17.2, or -123#4 with what netconvert may have added behind it.
raw_end edge_called(std::string_view name, const road_map& map) {
    raw_end made;
    if (name.starts_with('r')) {
        name.remove_prefix(1);
        const auto number = take_digits(name);
        if (!number || !(name.empty() || name == ".2")) return made;
        made.what = raw_end::form::road;
        made.number = *number;
        made.part = name.empty() ? 0 : 1;
        return made;
    }
    made.backward = name.starts_with('-');
    if (made.backward) name.remove_prefix(1);
    const auto number = take_digits(name);
    if (!number) return made;
    made.number = *number;
    if (name.starts_with('#')) {
        name.remove_prefix(1);
        const auto part = take_digits(name);
        if (!part || *part > 1'000'000) return made;
        made.part = static_cast<std::int32_t>(*part);
    }
    const bool is_plain = name.empty() && made.part == raw_end::whole_way && !made.backward;
    if (!name.empty() && name[0] != '.' && name[0] != '-') return made;
    made.what = raw_end::form::way;
    if (map.origins.empty() && is_plain) { // there are no ways: roads, by their numbers
        made.what = raw_end::form::road;
        made.part = 0;
    }
    return made;
}

/// Whether vehicles of a class drive on other ways than cars do, or are none.
bool is_no_car(std::string_view vehicle_class) {
    constexpr std::array others{"pedestrian", "bicycle", "tram",  "rail_urban",    "rail",
                                "rail_fast",  "subway",  "ship",  "rail_electric", "cable_car",
                                "wheelchair", "scooter", "drone", "aircraft"};
    return std::find(others.begin(), others.end(), vehicle_class) != others.end();
}

struct route_ends {
    raw_end from, to;
};

class routes_reader {
public:
    routes_reader(const road_map& map, const demand_limits& limits, raw_demand& made)
        : map_(map), limits_(limits), made_(made) {}

    /// What went wrong at the first, with its line; empty: nothing.
    std::string problem;
    /// Bytes up to the last thing that was understood.
    std::uint64_t seen_up_to = 0;

    void attach(XML_Parser parser) {
        parser_ = parser;
        XML_SetUserData(parser, this);
        XML_SetElementHandler(
            parser,
            [](void* self, const XML_Char* name, const XML_Char** all) {
                static_cast<routes_reader*>(self)->guard(
                    [&](routes_reader& r) { r.start(name, attributes(all)); });
            },
            [](void* self, const XML_Char* name) {
                static_cast<routes_reader*>(self)->guard([&](routes_reader& r) { r.end(name); });
            });
        XML_SetDefaultHandler(parser, [](void* self, const XML_Char*, int) {
            static_cast<routes_reader*>(self)->guard([](routes_reader&) {});
        });
        XML_SetEntityDeclHandler(parser, [](void* self, const XML_Char*, int, const XML_Char*, int,
                                            const XML_Char*, const XML_Char*, const XML_Char*,
                                            const XML_Char*) {
            static_cast<routes_reader*>(self)->guard([](routes_reader&) {
                throw broken_file("has entities of its own, which no demand needs");
            });
        });
    }

    std::uint32_t line() const {
        return static_cast<std::uint32_t>(
            std::min<XML_Size>(XML_GetCurrentLineNumber(parser_), 0xffffffff));
    }

private:
    /// No exception may pass through the library, which is C.
    template <class Use>
    void guard(Use use) noexcept {
        if (!problem.empty()) return;
        try {
            seen_up_to = static_cast<std::uint64_t>(XML_GetCurrentByteIndex(parser_));
            use(*this);
            return;
        } catch (const broken_file& e) {
            problem = "line " + std::to_string(line()) + ": " + e.what();
        } catch (const std::bad_alloc&) {
            problem = "is too large for this machine";
        }
        XML_StopParser(parser_, XML_FALSE);
    }

    void start(std::string_view name, attributes all) {
        if (++depth_ > depth_max) throw broken_file("has too many elements in each other");
        if (depth_ == 1) return check_root(name);
        if (name == "vType") {
            if (is_no_car(all["vClass"])) no_cars_.emplace(all["id"]);
        } else if (name == "trip" || name == "vehicle" || name == "flow") {
            begin_vehicle(name, all);
        } else if (name == "route") {
            route(all);
        } else if (name == "routeDistribution") {
            begin_distribution(all);
        } else if (name == "person" || name == "personFlow" || name == "container" ||
                   name == "containerFlow") {
            made_.not_cars.add(line(), name);
        }
    }

    void end(std::string_view name) {
        --depth_;
        if (name == "routeDistribution") distribution_.clear();
        if (in_vehicle_ && depth_ == vehicle_depth_) finish_vehicle();
    }

    void check_root(std::string_view name) const {
        for (const std::string_view known : {"routes", "trips", "vehicles", "flows", "additional"})
            if (name == known) return;
        throw broken_file("begins with <" + std::string(name.substr(0, 40)) +
                          ">: a file of SUMO's with trips begins with <routes>");
    }

    void begin_vehicle(std::string_view name, attributes all) {
        if (in_vehicle_) throw broken_file("has a vehicle inside a vehicle");
        in_vehicle_ = true;
        flow_count_ = 1;
        vehicle_depth_ = depth_ - 1;
        is_flow_ = name == "flow";
        is_triggered_ = false;
        has_ends_ = false;
        trip_ = {};
        trip_.line = line();
        is_car_ = !no_cars_.contains(std::string(all["type"]));
        if (is_flow_)
            begin_flow(all);
        else
            is_triggered_ = !departure(all["depart"]);
        ends_of(all);
        trip_.from.position = position(all["departPos"]);
        trip_.to.position = position(all["arrivalPos"]);
    }

    /// Whether it is a time, in trip_. Some vehicles wait for persons or others instead.
    bool departure(std::string_view text) {
        for (const std::string_view other : {"triggered", "containerTriggered", "split", "begin"})
            if (text == other) return false;
        const auto seconds = seconds_in(text);
        if (!seconds)
            throw broken_file(text.empty() ? "a vehicle without depart"
                                           : "depart is " + in_quotes(text) + ", which is no time");
        check_departure(*seconds);
        trip_.departure_s = *seconds;
        return true;
    }

    double positive(attributes all, const char* name) const {
        const auto number = number_in(all[name]);
        if (!number || *number <= 0)
            throw broken_file(std::string(name) + " is " + in_quotes(all[name]) +
                              ", which is no number above zero");
        return *number;
    }

    void check_room(double count) const {
        if (count > static_cast<double>(limits_.trips_max - made_.trips.size()))
            throw broken_file("is more than the " + std::to_string(limits_.trips_max) +
                              " trips that are allowed");
    }

    void begin_flow(attributes all) {
        const auto time = [&](const char* name, double otherwise) {
            if (all[name].empty()) return otherwise;
            const auto seconds = seconds_in(all[name]);
            if (!seconds)
                throw broken_file(std::string(name) + " is " + in_quotes(all[name]) +
                                  ", which is no time");
            check_departure(*seconds);
            return *seconds;
        };
        const double begin = time("begin", 0), end = time("end", std::max(begin, flow_end_default));
        if (end < begin) throw broken_file("a flow that ends before it begins");
        trip_.departure_s = begin;
        const bool counted = !all["number"].empty(), paced = !all["period"].empty();
        const char* const hourly = all["vehsPerHour"].empty() ? "perHour" : "vehsPerHour";
        const auto count = [&] { return std::ceil(positive(all, "number")); };
        if (!all["probability"].empty() || all["period"].starts_with("exp")) {
            is_triggered_ = true;
        } else if (paced || !all[hourly].empty()) {
            flow_step_s_ = paced ? positive(all, "period") : 3600 / positive(all, hourly);
            // Those that leave before the end, and the number if there is one.
            flow_count_ =
                counted && all["end"].empty() ? count() : std::ceil((end - begin) / flow_step_s_);
            if (counted) flow_count_ = std::min(flow_count_, count());
        } else if (counted) {
            flow_count_ = count();
            flow_step_s_ = (end - begin) / flow_count_;
        } else {
            throw broken_file("a flow needs number, period or vehsPerHour");
        }
        check_room(flow_count_);
        if (!is_triggered_ && flow_count_ > 0)
            check_departure(begin + flow_step_s_ * (flow_count_ - 1));
    }

    /// The ends that stand in an element itself.
    void ends_of(attributes all) {
        if (!all["route"].empty()) {
            const auto found = routes_.find(std::string(all["route"]));
            if (found == routes_.end()) {
                made_.edges.add(line(), all["route"]);
                trip_.from = trip_.to = {};
            } else {
                trip_.from = found->second.from;
                trip_.to = found->second.to;
            }
            has_ends_ = true;
            return;
        }
        const bool has_from = end_of(all, "from", trip_.from), has_to = end_of(all, "to", trip_.to);
        has_ends_ = has_from && has_to;
    }

    bool end_of(attributes all, const std::string& name, raw_end& made) {
        if (const auto edge = all[name]; !edge.empty()) {
            made = edge_of(edge);
            return true;
        }
        const auto pair = [&](std::string_view text, double& a, double& b) {
            const auto comma = text.find(',');
            const auto first = number_in(text.substr(0, comma));
            const auto second =
                comma == std::string_view::npos ? std::nullopt : number_in(text.substr(comma + 1));
            if (!first || !second) throw broken_file(in_quotes(text) + " is no pair of numbers");
            a = *first;
            b = *second;
        };
        double a = 0, b = 0;
        if (const auto place = all[name + "LonLat"]; !place.empty()) {
            pair(place, a, b);
            made = end_on_earth(map_, a, b);
            return true;
        }
        if (const auto place = all[name + "XY"]; !place.empty()) {
            pair(place, a, b);
            made = end_in_plane(a, b);
            return true;
        }
        return false;
    }

    raw_end edge_of(std::string_view name) {
        name = trimmed(name);
        const raw_end made = edge_called(name, map_);
        if (made.what == raw_end::form::unknown) made_.edges.add(line(), name);
        return made;
    }

    /// Words such as "max" or "random" leave it open.
    static std::optional<float> position(std::string_view text) {
        const auto number = number_in(text);
        if (!number) return std::nullopt;
        return static_cast<float>(std::clamp(*number, -1e9, 1e9));
    }

    void route(attributes all) {
        const auto edges = all["edges"];
        if (edges.empty()) {
            if (in_vehicle_ && !has_ends_) made_.without_ends.add(line());
            return;
        }
        if (in_vehicle_) {
            // Of several routes to choose from the first counts, or the one that was chosen last.
            const bool is_chosen = route_number_++ == chosen_route_;
            if (has_ends_ && !is_chosen) return;
            const auto from = trip_.from.position, to = trip_.to.position;
            trip_.from = edge_of(first_word(edges));
            trip_.to = edge_of(last_word(edges));
            trip_.from.position = from;
            trip_.to.position = to;
            has_ends_ = true;
            return;
        }
        const route_ends ends{edge_of(first_word(edges)), edge_of(last_word(edges))};
        if (!all["id"].empty()) routes_.emplace(all["id"], ends);
        if (!distribution_.empty()) routes_.emplace(distribution_, ends);
    }

    void begin_distribution(attributes all) {
        if (in_vehicle_) {
            const auto last = number_in(all["last"]);
            chosen_route_ = last && *last >= 0 && *last < 1e6 ? static_cast<std::size_t>(*last) : 0;
            route_number_ = 0;
            return;
        }
        distribution_ = all["id"];
        const auto found = routes_.find(std::string(first_word(all["routes"])));
        if (found != routes_.end() && !distribution_.empty())
            routes_.emplace(distribution_, found->second);
    }

    void finish_vehicle() {
        in_vehicle_ = false;
        chosen_route_ = route_number_ = 0;
        if (!is_car_) return made_.not_cars.add(trip_.line, "a vehicle that is no car");
        if (is_triggered_) return made_.triggered.add(trip_.line);
        if (!has_ends_) return made_.without_ends.add(trip_.line);
        const double count = is_flow_ ? flow_count_ : 1;
        check_room(count);
        const double begin = trip_.departure_s;
        for (double i = 0; i < count; ++i) {
            trip_.departure_s = begin + (is_flow_ ? i * flow_step_s_ : 0);
            made_.trips.push_back(trip_);
        }
    }

    const road_map& map_;
    const demand_limits& limits_;
    raw_demand& made_;
    XML_Parser parser_ = nullptr;
    std::unordered_map<std::string, route_ends> routes_; ///< by their ids, distributions too
    std::unordered_set<std::string> no_cars_;            ///< types, by their ids
    std::string distribution_;                           ///< in which we are, outside of vehicles
    int depth_ = 0;

    // The vehicle in which we are.
    bool in_vehicle_ = false, is_flow_ = false, is_car_ = true, is_triggered_ = false,
         has_ends_ = false;
    int vehicle_depth_ = 0;
    raw_trip trip_;
    double flow_count_ = 1, flow_step_s_ = 0;
    std::size_t route_number_ = 0, chosen_route_ = 0;
};

struct parser_free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

} // namespace

void read_sumo_demand(input in, const road_map& map, const demand_limits& limits,
                      raw_demand& made) {
    const std::unique_ptr<XML_ParserStruct, parser_free> parser(XML_ParserCreate(nullptr));
    if (!parser) throw std::bad_alloc();
    routes_reader reader(map, limits, made);
    reader.attach(parser.get());
    std::string bytes = std::move(in.start);
    std::uint64_t given = 0;
    for (bool is_last = false; !is_last;) {
        if (bytes.empty()) {
            bytes.resize(1 << 16);
            bytes.resize(in.rest.read(bytes));
        }
        is_last = bytes.empty();
        const auto status =
            XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()), is_last);
        if (!reader.problem.empty()) throw broken_file(reader.problem);
        if (status != XML_STATUS_OK) {
            const XML_Error why = XML_GetErrorCode(parser.get());
            if (why == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
            throw broken_file("line " + std::to_string(reader.line()) +
                              ": is no whole XML: " + XML_ErrorString(why));
        }
        given += bytes.size();
        if (given - reader.seen_up_to > element_max)
            throw broken_file("line " + std::to_string(reader.line()) +
                              ": has an element longer than 4 MB");
        bytes.clear();
    }
}

} // namespace city
