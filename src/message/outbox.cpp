// SPDX-License-Identifier: MIT
#include "outbox.hpp"

#include "../memory/pages.hpp"

#include <kay/memory/chunk_pool.hpp>

#include <algorithm>
#include <bit>

namespace kay::detail {

outbox::~outbox() {
    if (lanes_) unmap_pages(reinterpret_cast<std::byte*>(lanes_), bytes_);
}

void outbox::lay_out(std::uint32_t types) {
    const std::uint32_t room = std::bit_ceil(std::max(types, 8u));
    if (room == types_) return;
    const std::size_t bytes = (std::size_t{room + 1} << places_log2_) * sizeof(lane);
    std::byte* fresh = map_sparse(bytes);
    if (!fresh) throw out_of_memory{bytes, 0, 0};
    auto* const lanes = reinterpret_cast<lane*>(fresh);
    for (const std::uint32_t index : touched) lanes[index] = lanes_[index]; // by type: same index
    if (lanes_) unmap_pages(reinterpret_cast<std::byte*>(lanes_), bytes_);
    lanes_ = lanes;
    bytes_ = bytes;
    types_ = room;
}

} // namespace kay::detail
