// SPDX-License-Identifier: MIT
#include "control_packets.hpp"

#include "../message/packet_list.hpp"

#include <kay/core/assert.hpp>

#include <cstring>

namespace kay::detail {

std::byte* begin_spawn_packet(std::byte* packet, lease_entry slot, std::uint32_t source,
                              std::size_t block_bytes) {
    const spawn_head head{source, static_cast<std::uint32_t>(block_bytes)};
    std::byte* const payload = begin_packet(packet, slot.slot, slot.generation, spawn_tag,
                                            spawn_packet_bytes(block_bytes));
    std::memcpy(payload, &head, sizeof head);
    return payload + sizeof head;
}

void release_if_spawn(const actor_type& type, const std::byte* packet) {
    const packet_header header = read_header(packet);
    if (type.release && header.tag() == spawn_tag)
        type.release(const_cast<std::byte*>(payload_of(packet, header)) + sizeof(spawn_head));
}

void release_spawned(const actor_type& type, lane_chunk* first, const std::byte* begin,
                     const std::byte* end_of_last) {
    if (!type.release) return;
    for_each_packet(first, begin, end_of_last,
                    [&](const std::byte* packet) { release_if_spawn(type, packet); });
}

void write_lease_packet(std::byte* packet, std::uint32_t source,
                        std::span<const lease_entry> slots) {
    const lease_head head{source, static_cast<std::uint32_t>(slots.size())};
    std::byte* const payload =
        begin_packet(packet, 0, 0, lease_tag, lease_packet_bytes(slots.size()));
    std::memcpy(payload, &head, sizeof head);
    std::memcpy(payload + sizeof head, slots.data(), slots.size_bytes());
}

lease_packet read_lease_packet(const std::byte* packet) {
    const packet_header header = read_header(packet);
    KAY_ASSERT(header.tag() == lease_tag);
    const std::byte* const payload = payload_of(packet, header);
    lease_head head;
    std::memcpy(&head, payload, sizeof head);
    lease_packet granted{head.source, std::vector<lease_entry>(head.count)};
    std::memcpy(granted.slots.data(), payload + sizeof head, head.count * sizeof(lease_entry));
    return granted;
}

} // namespace kay::detail
