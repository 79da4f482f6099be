// SPDX-License-Identifier: MIT
//
// Walks over packets that lie in a list of lane chunks.
#pragma once

#include <kay/message/lane.hpp>
#include <kay/message/packet.hpp>

#include <cstddef>
#include <cstdint>

namespace kay::detail {

/// Calls f(packet) for each, from `begin` on, which lies in `first`. The last chunk ends at
/// `end_of_last`, or where it is null at what it says itself.
template <class F>
void for_each_packet(lane_chunk* first, const std::byte* begin, const std::byte* end_of_last,
                     F&& f) {
    for (lane_chunk* c = first; c; c = c->next) {
        const std::byte* at = c == first ? begin : c->data();
        const std::byte* const end = !c->next && end_of_last ? end_of_last : c->data() + c->used;
        while (at != end) {
            const std::byte* const packet = at;
            at += whole_bytes(packet, read_header(packet));
            f(packet);
        }
    }
}

inline std::uint64_t count_packets(lane_chunk* first, const std::byte* begin,
                                   const std::byte* end_of_last) {
    std::uint64_t packets = 0;
    for_each_packet(first, begin, end_of_last, [&](const std::byte*) { ++packets; });
    return packets;
}

} // namespace kay::detail
