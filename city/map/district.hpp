// SPDX-License-Identifier: MIT
//
// The streets within one district of a generated city: a lattice of its own, turned in its middle,
// with some streets left out; two collectors run through it.
#pragma once

#include "arterials.hpp"
#include "city_plan.hpp"
#include "motorway.hpp"
#include "street_plan.hpp"

namespace city {

/// Adds the streets of district (i, j), and joins them to the arterials around it. None that is
/// small comes near a motorway.
void fill_district(const city_plan& city, std::uint32_t i, std::uint32_t j, std::uint64_t seed,
                   const motorways& motorway, arterials& around, street_plan& streets);

} // namespace city
