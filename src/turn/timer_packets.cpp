// SPDX-License-Identifier: MIT
#include "timer_packets.hpp"

#include <kay/message/packet.hpp>
#include <kay/turn/world.hpp>

#include <cstring>

namespace kay::detail {

bool is_waiting_packet(std::uint32_t type, std::uint32_t target, std::span<const std::byte> packet,
                       std::uint32_t places) {
    if (packet.size() < sizeof(packet_header) || packet.size() % 8) return false;
    const packet_header header = read_header(packet.data());
    if (header.words() == 0 && packet.size() < 2 * sizeof(packet_header)) return false;
    if (whole_bytes(packet.data(), header) != packet.size()) return false;
    if (!header.is_broadcast()) return type != any_implementor && target != every_place;
    if (target != every_place && target >= places) return false;
    if (type != any_implementor) return true;
    const auto payload = waiting_message(packet);
    trait_head head;
    if (payload.size() < sizeof head) return false;
    std::memcpy(&head, payload.data(), sizeof head);
    return payload.size() >= trait_head_bytes(head.keys);
}

std::span<const std::byte> waiting_message(std::span<const std::byte> packet) {
    return {payload_of(packet.data(), read_header(packet.data())), packet.data() + packet.size()};
}

std::vector<std::uint32_t> read_trait_keys(const std::byte* from, std::size_t count) {
    std::vector<std::uint32_t> keys(count);
    if (count) std::memcpy(keys.data(), from, count * sizeof(std::uint32_t));
    return keys;
}

trait_packet read_trait_packet(std::span<const std::byte> packet) {
    const std::byte* const payload = waiting_message(packet).data();
    trait_head head;
    std::memcpy(&head, payload, sizeof head);
    return {head.message_key,
            read_trait_keys(payload + sizeof head, head.keys),
            {payload + trait_head_bytes(head.keys), packet.data() + packet.size()}};
}

void add_waiting_packet(hasher& sink, const type_table& types, std::uint32_t type,
                        std::span<const std::byte> packet) {
    const packet_header header = read_header(packet.data());
    const std::byte* message = payload_of(packet.data(), header);
    std::uint32_t tag = header.tag();
    if (type == any_implementor) {
        const trait_packet all = read_trait_packet(packet);
        for (const std::uint32_t key : all.trait_keys) sink.add(key);
        sink.add(all.message_key);
        message = all.message.data();
        // Any type that receives the message knows its fields.
        for (type = 0; type < types.count(); ++type)
            if (tag = tag_of(types[type], all.message_key); tag < types[type].handlers.size())
                break;
        if (type == types.count()) return;
    } else {
        sink.add(header.bits & ~(std::uint64_t{packet_header::words_max} << 54));
    }
    const handler_record& h = types[type].handlers[tag];
    sink.add(h.hash ? h.hash(message, 0) : hash_content(message, 0, 1, h.parts, 0));
}

} // namespace kay::detail
