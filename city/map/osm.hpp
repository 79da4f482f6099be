// SPDX-License-Identifier: MIT
//
// Reads the drivable roads of an OpenStreetMap file.
#pragma once

#include "road_map.hpp"

#include <kay/core/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace city {

/// A map, and what was understood of the file, a line each.
struct imported_map {
    road_map map;
    std::vector<std::string> lines;
};

/// Reads .osm, .osm.gz, .osm.bz2 or .osm.pbf. Whatever is wrong with the file is one clear line.
kay::result<imported_map> read_osm(const std::string& path);

/// The same from memory, with the format as the end of a file's name would give it: osm, osm.gz ...
kay::result<imported_map> read_osm_bytes(std::string_view bytes, const std::string& format);

} // namespace city
