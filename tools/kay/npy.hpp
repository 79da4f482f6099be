// SPDX-License-Identifier: MIT
//
// Tables for NumPy (numpy/lib/format.py says what a .npy file is): one structured array, a row for
// each actor. Structs in structs stay such, arrays are subarrays, an optional is its value and
// whether it has one. What containers hold does not fit into rows of one size and is left out.
#pragma once

#include "../../src/persist/schema.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tool {

class npy_table {
public:
    /// For actors of a type; the first column is their id, named `id_name`, a number of 64 bits.
    npy_table(const kay::detail::schema& types, std::uint32_t type, const std::string& id_name);

    std::string header(std::uint64_t rows) const;
    void add_row(std::string& to, std::uint64_t id, const std::byte* actor) const;
    const std::vector<std::string>& left_out() const { return left_out_; }

private:
    /// Bytes of an actor that go into a row as they are, one range after the other.
    struct range {
        std::uint32_t offset;
        std::uint32_t bytes;
    };

    std::string fields_of(std::uint32_t type, std::uint32_t offset, const std::string& path);
    bool is_flat(std::uint32_t type) const;
    std::string format_of(std::uint32_t type, std::uint32_t offset, const std::string& path);
    void take(std::uint32_t offset, std::uint32_t bytes);

    const kay::detail::schema& types_;
    std::string format_;
    std::vector<range> ranges_;
    std::vector<std::string> left_out_;
};

} // namespace tool
