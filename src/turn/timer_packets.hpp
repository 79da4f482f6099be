// SPDX-License-Identifier: MIT
//
// The packets that wait in timers: those that are sent as they are, and those for every type that
// receives the messages of a trait, which are looked up when the timer fires.
#pragma once

#include "type_table.hpp"

#include <kay/core/hash.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kay::detail {

/// Whether bytes from elsewhere are a packet that may wait for `type` in place `target` (or
/// every_place): as long as it says, and for places that there are. What type and message it names
/// is not looked at.
bool is_waiting_packet(std::uint32_t type, std::uint32_t target, std::span<const std::byte> packet,
                       std::uint32_t places);
/// The message of one that is not for any_implementor, with what pads the packet to eight bytes.
std::span<const std::byte> waiting_message(std::span<const std::byte> packet);

/// The keys of a trait's messages, as they lie in timers and posts; a stranger's may have none.
std::vector<std::uint32_t> read_trait_keys(const std::byte* from, std::size_t count);

/// A timer's packet for any_implementor.
struct trait_packet {
    std::uint32_t message_key;
    std::vector<std::uint32_t> trait_keys; ///< of all messages of the trait
    std::span<const std::byte> message;    ///< with what pads the packet to eight bytes
};
trait_packet read_trait_packet(std::span<const std::byte> packet);

/// Mixes a timer's packet into a hash by the fields of its message: the bytes between them are
/// nobody's.
void add_waiting_packet(hasher& sink, const type_table& types, std::uint32_t type,
                        std::span<const std::byte> packet);

} // namespace kay::detail
