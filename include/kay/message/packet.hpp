// SPDX-License-Identifier: MIT
//
// A packet: eight bytes that say to whom and what, then the message's bytes. Packets lie one after
// the other in lane chunks, aligned to eight bytes.
#pragma once

#include <kay/core/id.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kay::detail {

/// Instead of a slot, with generation zero: every instance of the type in the place.
inline constexpr std::uint32_t broadcast_slot = (1u << slot_bits) - 1;

/// Tags of the system's own packets; a message's tag is its position in the recipient's list.
enum control_tag : std::uint32_t {
    reveal_tag = 1020, ///< instances that were built in this place come to life: lease_entry each
    spawn_tag = 1021,  ///< an instance from another place: its block follows
    lease_tag = 1022,  ///< slots of the place that sent it, for spawning there: lease_entry each
};
inline constexpr std::uint32_t first_control_tag = reveal_tag;

/// 26 bits slot, 18 generation, 10 tag, 10 words. Words counts eight bytes each, the header
/// included; zero: the eight bytes after the header hold the packet's bytes.
struct packet_header {
    std::uint64_t bits;

    static constexpr std::uint32_t words_max = 1023;
    static constexpr unsigned words_shift = 54;

    static constexpr packet_header make(std::uint32_t slot, std::uint32_t generation,
                                        std::uint32_t tag, std::size_t words) {
        return {std::uint64_t{slot} | std::uint64_t{generation} << 26 | std::uint64_t{tag} << 44 |
                std::uint64_t{words} << words_shift};
    }

    constexpr std::uint32_t slot() const {
        return static_cast<std::uint32_t>(bits) & ((1u << slot_bits) - 1);
    }
    constexpr std::uint32_t generation() const {
        return static_cast<std::uint32_t>(bits >> 26) & generation_max;
    }
    constexpr std::uint32_t tag() const { return static_cast<std::uint32_t>(bits >> 44) & 1023; }
    constexpr std::size_t words() const { return static_cast<std::size_t>(bits >> words_shift); }
    constexpr packet_header with_tag(std::uint32_t tag) const {
        return {(bits & ~(std::uint64_t{1023} << 44)) | std::uint64_t{tag} << 44};
    }
    constexpr bool is_broadcast() const { return slot() == broadcast_slot && generation() == 0; }
};
static_assert(sizeof(packet_header) == 8);

/// Bytes of a whole packet for `payload` bytes of message.
constexpr std::size_t packet_bytes(std::size_t payload) {
    const std::size_t small = 8 + (payload + 7) / 8 * 8;
    return small / 8 <= packet_header::words_max ? small : small + 8;
}

inline packet_header read_header(const std::byte* packet) {
    packet_header header;
    std::memcpy(&header, packet, sizeof header);
    return header;
}

inline std::uint64_t read_word(const std::byte* at) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// Bytes of the packet, header included.
inline std::size_t whole_bytes(const std::byte* packet, packet_header header) {
    const std::size_t words = header.words();
    return words ? words * 8 : static_cast<std::size_t>(read_word(packet + 8));
}

inline const std::byte* payload_of(const std::byte* packet, packet_header header) {
    return packet + (header.words() ? 8 : 16);
}

/// Writes the header of a packet of `bytes` bytes (packet_bytes) and returns where its payload
/// goes.
inline std::byte* begin_packet(std::byte* packet, std::uint32_t slot, std::uint32_t generation,
                               std::uint32_t tag, std::size_t bytes) {
    const bool small = bytes / 8 <= packet_header::words_max;
    const auto header = packet_header::make(slot, generation, tag, small ? bytes / 8 : 0);
    std::memcpy(packet, &header, sizeof header);
    if (small) return packet + 8;
    const std::uint64_t whole = bytes;
    std::memcpy(packet + 8, &whole, sizeof whole);
    return packet + 16;
}

} // namespace kay::detail
