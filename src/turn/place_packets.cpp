// SPDX-License-Identifier: MIT
//
// The packets of a place that are no handler's: those of timers that are due, what came from
// outside, and the system's own.
#include "place.hpp"

#include "control_packets.hpp"
#include "timer_packets.hpp"

#include <cstring>

namespace kay::detail {

// ---- timers

void place::fire_timers(place& sender, std::span<const std::unique_ptr<place>> places) {
    timers_.advance(shared_.turn, [&](std::uint32_t type, std::uint32_t target,
                                      std::span<const std::byte> packet, bool repeats) {
        return sender.fire(type, target, packet, repeats, places);
    });
}

/// Sends a timer's packet. False: it would repeat and its target is dead.
bool place::fire(std::uint32_t type, std::uint32_t target, std::span<const std::byte> packet,
                 bool repeats, std::span<const std::unique_ptr<place>> places) {
    const packet_header header = read_header(packet.data());
    if (type == any_implementor) {
        const trait_packet all = read_trait_packet(packet);
        const bool everywhere = target == every_place;
        put_to_implementors(all.trait_keys, all.message_key, everywhere ? 0 : target,
                            everywhere ? places_ : target + 1, all.message);
        return true;
    }
    const auto send_to = [&](std::uint32_t where) {
        if (header.is_broadcast()) note_broadcast(where, type);
        std::byte* at = open_packet(where, row_of(type), packet.size(), header);
        std::memcpy(at, packet.data(), packet.size());
    };
    if (target == every_place) {
        for (std::uint32_t p = 0; p < places_; ++p) send_to(p);
        return true;
    }
    if (repeats && target < places_ && !header.is_broadcast()) {
        // No handler runs now, so that other places may be looked at.
        const instance_store* s = places[target]->store_if_any(type);
        if (!s || !s->find(header.slot(), header.generation()).block) {
            count_dead_letter(type, header.tag());
            return false;
        }
    }
    send_to(target);
    return true;
}

// ---- from outside

void place::put_bytes(raw_id to, std::uint32_t type, std::uint32_t tag,
                      std::span<const std::byte> message) {
    const std::size_t bytes = packet_bytes(message.size());
    const auto header = packet_header::make(to.slot(), to.generation(), tag, 0);
    if (header.is_broadcast()) note_broadcast(to.place(), type);
    std::byte* at = open_packet(to.place(), row_of(type), bytes, header);
    std::memcpy(begin_packet(at, to.slot(), to.generation(), tag, bytes), message.data(),
                message.size());
}

void place::put_to_implementors(std::span<const std::uint32_t> trait_keys,
                                std::uint32_t message_key, std::uint32_t first, std::uint32_t end,
                                std::span<const std::byte> message) {
    for (const implementor_entry& e : implementors(trait_keys, message_key)) {
        // Keys that came from elsewhere may be made to have the hash of other ones.
        if (shared_.types[e.type].handlers[e.tag].key != message_key) continue;
        for (std::uint32_t p = first; p < end; ++p)
            put_bytes(raw_id{p, 0, broadcast_slot}, e.type, e.tag, message);
    }
}

// ---- the system's own

void place::control(const std::byte* packet) {
    const packet_header header = read_header(packet);
    switch (header.tag()) {
    case reveal_tag: store_->reveal(payload_of(packet, header), header.words() - 1); break;
    case spawn_tag: {
        const spawn_packet spawned = read_spawn_packet(packet);
        leases::account& account = leases_.account_of(spawned.source, running_type_);
        std::byte* block = store_->create(spawned.slot, spawned.block.size(), false);
        std::memcpy(block, spawned.block.data(), spawned.block.size());
        leases_.note_spawn(account, spawned.slot);
        break;
    }
    default: {
        const lease_packet granted = read_lease_packet(packet);
        leases_.receive(granted.source, running_type_, granted.slots);
        break;
    }
    }
}

/// Whoever spawned here in this round gets slots for the next ones.
void place::grant_leases() {
    const auto grant = [&](std::uint32_t source, std::uint32_t count) {
        make_room(lane_to(source, running_type_), lease_packet_bytes(count));
        std::vector<lease_entry> granted;
        store_->lease(count, granted);
        if (granted.empty()) return 0u;
        std::byte* const at =
            open_in_lane(source, row_of(running_type_), lease_packet_bytes(granted.size()));
        write_lease_packet(at, place_, granted);
        return static_cast<std::uint32_t>(granted.size());
    };
    leases_.grant([&](std::uint32_t source, std::uint32_t count) {
#if defined(__cpp_exceptions)
        try {
            return grant(source, count);
        } catch (...) { // out of memory: it takes striped slots, then
            return 0u;
        }
#else
        return grant(source, count);
#endif
    });
}

} // namespace kay::detail
