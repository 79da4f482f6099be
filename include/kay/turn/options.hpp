// SPDX-License-Identifier: MIT
//
// What an actor system is made with, and what it says of itself afterwards.
#pragma once

#include <kay/core/id.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace kay {

struct system_options {
    /// Partitions of the world: a power of two from 1 to 4096, part of the world's identity. More
    /// places than cores let the load even out; four for each core is a good number.
    std::uint32_t places = 16;
    /// Of everything random in the world.
    std::uint64_t seed = 0;
    /// Threads that run places, the calling one included; 0: one for each core. The results do not
    /// depend on it.
    std::uint32_t workers = 0;
    /// Simulated time from one turn to the next.
    std::chrono::nanoseconds step = std::chrono::milliseconds(100);
    /// Rounds in one turn after which it ends with an error: messages go round in circles.
    std::uint64_t rounds_max = 1'000'000;
    /// Memory for instances, and the same again for messages; 0: what the machine has. Timers,
    /// constants, and what containers hold while a handler runs are not counted. A world that comes
    /// near it stops with an error, at a point that may depend on the number of workers.
    std::size_t memory_bytes_max = 0;
    /// Messages that were posted from other threads and not yet taken in, in whole chunks of 64
    /// KiB; when nothing waits, one message of any size is taken.
    std::size_t post_bytes_max = std::size_t{64} << 20;
    /// Count messages and time by type from the start. Costs some 10 ns for each message.
    bool statistics = false;
};

/// What happened in a turn.
struct turn_summary {
    std::uint64_t turn = 0;
    std::uint64_t rounds = 0;
    std::uint64_t messages = 0; ///< handled; a broadcast counts once for each instance
};

/// Counts of one message type of one actor type.
struct message_statistics {
    std::string name;
    std::uint64_t handled = 0;
    std::uint64_t sent = 0;
    std::uint64_t dead_letters = 0; ///< counted always, the others while statistics are on
};

/// Counts of one actor type.
struct type_statistics {
    std::string name;
    std::uint64_t instances = 0;
    std::uint64_t bytes = 0;       ///< memory of its stores
    std::uint64_t queued = 0;      ///< packets in its inboxes: of a stopped world, or to be handled
    std::uint64_t nanoseconds = 0; ///< in its handlers
    std::vector<message_statistics> messages;
};

struct system_statistics {
    std::uint64_t turn = 0;
    std::uint64_t messages = 0;     ///< handled since the world began
    std::uint64_t dead_letters = 0; ///< since the world began
    std::uint64_t timers = 0;
    std::uint64_t posts_held_back = 0;
    std::uint64_t messages_skipped = 0; ///< left out by resume, after their handlers had failed
    std::uint64_t messages_retried = 0; ///< handled once more by resume
    std::uint64_t bytes_reserved = 0;   ///< of memory for instances and messages
    std::vector<type_statistics> types; ///< in the order of their numbers
};

/// A packet for an actor of another world. It waits until take_outbox is called.
struct outbound_packet {
    raw_id to;
    std::string actor_type;
    std::vector<std::byte> bytes; ///< header of eight bytes and message
};

} // namespace kay
