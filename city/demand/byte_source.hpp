// SPDX-License-Identifier: MIT
//
// The one file that sees zlib: the bytes of a file, unpacked if they are compressed by gzip.
#pragma once

#include "../map/osm_reader.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace city {

/// A moveable stream of bytes for one thread.
class byte_source {
public:
    /// Throws broken_file if it cannot be opened.
    byte_source(const std::string& path, std::uint64_t bytes_max);
    /// The bytes are not copied.
    byte_source(std::string_view bytes, std::uint64_t bytes_max);
    byte_source(byte_source&&) noexcept;
    ~byte_source();

    /// Fills as much as there is; zero at the end. Throws broken_file where it is damaged or
    /// longer than allowed.
    std::size_t read(std::span<char> into);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace city
