// SPDX-License-Identifier: MIT
//
// The one file that sees nlohmann's JSON.
#include "report.hpp"

#include "output_file.hpp"
#include "trips.hpp"

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <string>
#include <system_error>

namespace city {

std::uint64_t peak_rss_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

namespace {

nlohmann::ordered_json json_of(const flows::sums& s) {
    return {{"trips", s.trips},
            {"given_up", s.given_up},
            {"mean_travel_s", s.mean_travel_s()},
            {"mean_distance_m", s.mean_distance_m()}};
}

nlohmann::ordered_json json_of(const flows& f) {
    nlohmann::ordered_json json{{"departures_by_hour", f.departures},
                                {"arrivals_by_hour", f.arrivals},
                                {"all", json_of(f.all())}};
    for (std::uint32_t p = 0; p < purposes; ++p)
        json["to"][std::string(name_of(static_cast<purpose>(p)))] = json_of(f.by_purpose[p]);
    return json;
}

} // namespace

kay::result<void> write_report(const report& r, const std::string& file, const flows* trips) {
    std::vector<float> ms = r.turn_ms;
    std::sort(ms.begin(), ms.end());
    const auto percentile = [&](double share) {
        if (ms.empty()) return 0.0f;
        return ms[std::min(ms.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(ms.size())))];
    };
    char hash[17];
    std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(r.state_hash));
    nlohmann::ordered_json json{
        {"turns", r.turns},
        {"people", r.people},
        {"driving", r.driving},
        {"driving_max", r.driving_max},
        {"arrived", r.arrived},
        {"given_up", r.given_up},
        {"mean_travel_s", r.mean_travel_s},
        {"turn_ms",
         {{"p50", percentile(0.5)},
          {"p99", percentile(0.99)},
          {"max", ms.empty() ? 0.0f : ms.back()}}},
        {"turns_run", r.turns_run},
        {"turns_per_s", r.per_second(r.turns_run)},
        {"vehicle_updates", r.vehicle_updates},
        {"messages", r.messages},
        {"vehicle_updates_per_s", r.per_second(r.vehicle_updates - r.vehicle_updates_before)},
        {"messages_per_s", r.per_second(r.messages)},
        {"realtime_factor", r.realtime_factor()},
        {"state_hash", hash},
        {"workers", r.workers},
        {"places", r.places},
        {"peak_rss_bytes", peak_rss_bytes()},
        {"dead_letters", r.dead_letters},
        {"map",
         {{"name", r.map},
          {"lanes", r.lanes},
          {"lane_km", r.lane_km},
          {"intersections", r.intersections}}},
    };
    json["start"] = r.start_s;
    json["busiest_streets"] = nlohmann::ordered_json::array();
    for (const busy_street& b : r.busy_streets)
        json["busiest_streets"].push_back({{"road", b.road},
                                           {"name", b.name},
                                           {"class", b.kind},
                                           {"lanes", b.lanes},
                                           {"from", {b.from.x, b.from.y}},
                                           {"to", {b.to.x, b.to.y}},
                                           {"cars", b.cars}});
    if (r.snapshot)
        json["snapshot"] = {{"saves", r.snapshot->count},
                            {"failed", r.snapshot->failed},
                            {"pause_ms_max", r.snapshot->pause_ms_max},
                            {"bytes", r.snapshot->bytes},
                            {"seconds", r.snapshot->seconds}};
    if (r.load_ms) json["load_ms"] = *r.load_ms;
    if (trips) json["trips"] = json_of(*trips);
    return write_whole(file, "report", [&](const std::string& path) -> std::string {
        std::ofstream out(path);
        out << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
        out.close();
        return out ? "" : std::generic_category().message(errno);
    });
}

} // namespace city
