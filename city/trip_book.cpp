// SPDX-License-Identifier: MIT
#include "trip_book.hpp"

namespace city {

void trip_book::take_from(simulation& s) {
    const double start_s = s.start_s();
    const auto time_of = [&](std::uint32_t turn) {
        return start_s + static_cast<double>(turn) / turns_per_second;
    };
    for (const trip_record& r : s.take_trips()) {
        trip t;
        t.person = r.person;
        t.departure_s = time_of(r.departure);
        t.arrival_s = time_of(r.arrival);
        t.from = point_at(s.map(), r.from, r.from_position);
        t.to = point_at(s.map(), r.to, r.to_position);
        t.distance_m = double{r.distance};
        t.what = r.what;
        t.given_up = r.given_up;
        sums_.add(t);
        if (keeps_) trips_.push_back(t);
    }
}

} // namespace city
