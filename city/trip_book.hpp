// SPDX-License-Identifier: MIT
//
// Collects the trips of a running city: their sums always, the trips themselves if they are wanted.
#pragma once

#include "simulation.hpp"
#include "trips.hpp"

#include <vector>

namespace city {

class trip_book {
public:
    explicit trip_book(bool keeps) : keeps_(keeps) {}

    /// Takes what has ended since the last time. Cost: by trips.
    void take_from(simulation& s);

    const flows& sums() const { return sums_; }
    const std::vector<trip>& trips() const { return trips_; }

private:
    bool keeps_;
    flows sums_;
    std::vector<trip> trips_;
};

} // namespace city
