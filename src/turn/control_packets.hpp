// SPDX-License-Identifier: MIT
//
// The packets by which places themselves deal with each other: births in another place, and leases
// of slots for them. (Reveals are the outbox's: those that follow each other are one packet.)
#pragma once

#include <kay/message/actor_type.hpp>
#include <kay/message/lane.hpp>
#include <kay/message/packet.hpp>
#include <kay/store/instance_store.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace kay::detail {

// ---- births

struct spawn_packet {
    lease_entry slot;
    std::uint32_t source; ///< place that sent it
    std::span<const std::byte> block;
};

/// Begins the payload; the block follows.
struct spawn_head {
    std::uint32_t source;
    std::uint32_t bytes;
};

constexpr std::size_t spawn_packet_bytes(std::size_t block_bytes) {
    return packet_bytes(sizeof(spawn_head) + block_bytes);
}
/// Writes all but the block and returns where that goes.
std::byte* begin_spawn_packet(std::byte* packet, lease_entry slot, std::uint32_t source,
                              std::size_t block_bytes);
inline spawn_packet read_spawn_packet(const std::byte* packet) {
    const packet_header header = read_header(packet);
    const std::byte* const payload = payload_of(packet, header);
    spawn_head head;
    std::memcpy(&head, payload, sizeof head);
    return {{header.slot(), header.generation()}, head.source, {payload + sizeof head, head.bytes}};
}

/// The instance never arrives: what it owns outside of its block ends. Nothing where the packet is
/// no birth.
void release_if_spawn(const actor_type& type, const std::byte* packet);
/// The same for packets of one type in a list of chunks (for_each_packet).
void release_spawned(const actor_type& type, lane_chunk* first, const std::byte* begin,
                     const std::byte* end_of_last);

// ---- leases

struct lease_packet {
    std::uint32_t source; ///< place that granted them
    std::vector<lease_entry> slots;
};

/// Begins the payload; the slots follow.
struct lease_head {
    std::uint32_t source;
    std::uint32_t count;
};

constexpr std::size_t lease_packet_bytes(std::size_t slots) {
    return packet_bytes(sizeof(lease_head) + slots * sizeof(lease_entry));
}
void write_lease_packet(std::byte* packet, std::uint32_t source,
                        std::span<const lease_entry> slots);
lease_packet read_lease_packet(const std::byte* packet);

} // namespace kay::detail
