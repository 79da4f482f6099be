// SPDX-License-Identifier: MIT
//
// What the tests of the city share: the hand-made maps, and a folder for files of their own.
#pragma once

#include "city/map/osm.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace city_test {

inline const char* const hand_made_maps[] = {"crossing.osm", "village.osm", "motorway.osm"};

inline std::string hand_made(const std::string& name) {
    return (std::filesystem::path(KAY_TEST_MAPS) / name).string();
}

/// Empty, and a failed test, when it cannot be read.
inline city::road_map map_of(const std::string& path) {
    auto read = city::read_osm(path);
    if (read) return std::move(read->map);
    ADD_FAILURE() << read.error().text;
    return {};
}

inline std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A folder that goes away with everything in it.
class scratch_folder {
public:
    scratch_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "kay-city-XXXXXX").string();
        if (const char* made = mkdtemp(name.data())) path_ = made;
        EXPECT_FALSE(path_.empty());
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    std::string file(const std::string& name, const std::string& bytes) const {
        std::ofstream out(path_ / name, std::ios::binary);
        out << bytes;
        return (path_ / name).string();
    }

private:
    std::filesystem::path path_;
};

} // namespace city_test
