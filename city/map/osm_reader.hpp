// SPDX-License-Identifier: MIT
//
// Reads OpenStreetMap files into plain arrays.
#pragma once

#include "osm_data.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace city {

/// What is wrong with a file, as a whole phrase.
struct broken_file : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads a file three times: relations, ways, nodes, so that its order makes no difference. Sealed.
/// Throws broken_file or what the library throws.
osm_data read_osm_data(const std::string& path);
osm_data read_osm_data(std::string_view bytes, const std::string& format);

} // namespace city
