// SPDX-License-Identifier: MIT
//
// What a page_file says of itself, as bytes and back, and where it lies; the layout is in
// docs/formats/world.md. What is read may be anybody's: a reader that fails says so.
#pragma once

#include "page_file.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kay::detail {

inline constexpr std::size_t superblock_step = 4096; ///< between two of them

/// Two generations of two copies: even ones in the first two places, odd ones in the others.
inline std::uint64_t superblock_at(std::uint64_t generation, unsigned copy) {
    return ((generation % 2) * 2 + copy) * superblock_step;
}

inline std::uint64_t position_of(std::uint32_t extent) {
    return std::uint64_t{extent} * extent_bytes;
}

inline std::uint32_t extents_for(std::uint64_t bytes) {
    return static_cast<std::uint32_t>((bytes + extent_bytes - 1) / extent_bytes);
}

void write(byte_writer& to, const blob_ref& blob);
blob_ref read_blob_ref(byte_reader& from);
void write(byte_writer& to, const snapshot_record& r);
snapshot_record read_record(byte_reader& from);
/// Number of the last save and all snapshots.
std::vector<std::byte> write_catalogue(std::uint64_t saves,
                                       const page_file::snapshot_list& snapshots);
/// Pages that the world has.
std::uint64_t used_of(std::span<const page_ref> pages);

} // namespace kay::detail
