// SPDX-License-Identifier: MIT
//
// What a saved world begins with: which world it is, and what its types were called and made of.
// Whoever loads one compares that with the types of today before anything else is read.
#pragma once

#include "../core/bytes.hpp"

#include <kay/message/actor_type.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace kay::detail {

struct saved_head {
    struct message_type {
        std::string name;
        std::uint64_t layout_hash = 0;
    };
    struct saved_actor {
        std::string name;
        std::uint64_t layout_hash = 0;
        std::uint32_t next_place = 0;       ///< of the next spawn from outside
        std::vector<message_type> messages; ///< by tag
    };

    std::uint32_t places = 0;
    std::uint64_t seed = 0;
    std::chrono::nanoseconds step{0};
    std::uint64_t turn = 0;
    std::uint64_t entered = 0; ///< inputs since the last step began (input_tap)
    std::vector<saved_actor> types;
    std::vector<std::string> constants; ///< names of their types; empty: not known

    void write(byte_writer& to) const;
    /// Of anybody's bytes; they have failed where they make no sense.
    static saved_head read(byte_reader& from);
};

/// The messages of a type in a saved world that mean something else by now: by tag, the tag of
/// today. Empty: all that were there are what they were.
struct changed_tags {
    static constexpr std::uint32_t gone = ~0u; ///< or it has another layout
    std::vector<std::uint32_t> now;
};
changed_tags changes_of(const saved_head::saved_actor& saved, const actor_type& now);

} // namespace kay::detail
