// SPDX-License-Identifier: MIT
#include "flows.hpp"

#include "step.hpp"

namespace city {
namespace {

std::size_t hour_of(double second) { return static_cast<std::size_t>(second / 3600) % 24; }

} // namespace

double second_of(std::uint32_t turn, std::uint32_t start_s) {
    return start_s + static_cast<double>(turn) / turns_per_second;
}

void flows::add(const trip_record& t, std::uint32_t start_s) {
    const double departure_s = second_of(t.departure, start_s),
                 arrival_s = second_of(t.arrival, start_s);
    ++departures[hour_of(departure_s)];
    sums& s = by_purpose[static_cast<std::size_t>(t.what)];
    if (t.given_up) {
        ++s.given_up;
        return;
    }
    ++arrivals[hour_of(arrival_s)];
    ++s.trips;
    s.travel_s += arrival_s - departure_s;
    s.distance_m += double{t.distance};
}

void flows::merge(const flows& other) {
    for (std::size_t hour = 0; hour < departures.size(); ++hour) {
        departures[hour] += other.departures[hour];
        arrivals[hour] += other.arrivals[hour];
    }
    for (std::size_t p = 0; p < by_purpose.size(); ++p) {
        by_purpose[p].trips += other.by_purpose[p].trips;
        by_purpose[p].given_up += other.by_purpose[p].given_up;
        by_purpose[p].travel_s += other.by_purpose[p].travel_s;
        by_purpose[p].distance_m += other.by_purpose[p].distance_m;
    }
}

flows::sums flows::all() const {
    sums total;
    for (const sums& s : by_purpose) {
        total.trips += s.trips;
        total.given_up += s.given_up;
        total.travel_s += s.travel_s;
        total.distance_m += s.distance_m;
    }
    return total;
}

} // namespace city
