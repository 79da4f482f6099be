// SPDX-License-Identifier: MIT
//
// The types of a recorded world as its log names them, and what inputs mean by these. A log has
// names and layouts of types, not their fields. Nothing in it is trusted.
#pragma once

#include "../../src/persist/input_codec.hpp"

#include <kay/core/id.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tool {

class log_types {
public:
    struct message {
        std::string name;
        std::uint64_t layout_hash = 0;
        std::uint32_t key = 0;
    };
    struct actor {
        std::string name;
        std::uint64_t layout_hash = 0;
        std::uint32_t key = 0;
        std::vector<message> messages; ///< by tag
    };

    /// False: its names are no text.
    bool add(const kay::detail::logged_type& type);

    std::uint32_t count() const { return static_cast<std::uint32_t>(actors_.size()); }
    /// By number.
    const actor& operator[](std::uint32_t type) const { return actors_[type]; }
    /// Null: there is none.
    const actor* find_actor(std::uint32_t key) const;
    /// A message that any actor receives.
    const message* find_message(std::uint32_t key) const;
    static const message* find_message(const actor& in, std::uint32_t key);

private:
    std::vector<actor> actors_;
};

/// What a world is, as far as inputs can be judged by it.
struct log_bounds {
    std::uint32_t places = 0;
    std::uint32_t constants = 0;
    log_types types;
};

/// A message in an input: to whom it goes, and what it is.
struct entered_message {
    enum class target : std::uint8_t { one, all_in_place, all };
    target whom = target::one;
    kay::raw_id id;          ///< of one
    std::uint32_t place = 0; ///< where all get it
    /// Null: all whose types receive the messages of a trait, which has these keys.
    const log_types::actor* actor = nullptr;
    std::vector<std::uint32_t> trait_keys;
    std::uint32_t key = 0;                       ///< of the message
    const log_types::message* message = nullptr; ///< null: nobody in the world receives it
    std::span<const std::byte> bytes;            ///< and what pads them
};

/// Nothing: it makes no sense.
std::optional<entered_message> message_of(const kay::detail::sent_input& sent,
                                          const log_bounds& world);
std::optional<entered_message> message_of(const kay::detail::timer_input& timer,
                                          const log_bounds& world);

/// False: it cannot have entered such a world. True: the world is what it is afterwards.
bool take(const kay::detail::logged_input& what, log_bounds& world);

} // namespace tool
