// SPDX-License-Identifier: MIT
//
// Inputs of an engine as bytes, and back. What goes to a file is content alone: bytes between
// fields, spare room and what a kay::external holds are zero. What comes back may be anybody's: it
// is checked against the types of the program before an engine is given it. The layout is in
// docs/formats/log.md.
//
// One thread at a time.
#pragma once

#include "../core/bytes.hpp"
#include "../turn/inputs.hpp"
#include "../turn/type_table.hpp"
#include "constant_names.hpp"
#include "plan_cache.hpp"

#include <kay/core/result.hpp>
#include <kay/message/actor_type.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace kay::detail {

/// What a log says of an actor type: its name and layout, and those of its messages by tag.
struct logged_type {
    std::string name;
    std::uint64_t layout_hash = 0;
    struct message {
        std::string name;
        std::uint64_t layout_hash = 0;
    };
    std::vector<message> messages;

    static void write(const actor_type& type, byte_writer& to);
    static logged_type read(byte_reader& from);
    /// The program's type is the same; messages may have been added behind the others.
    [[nodiscard]] result<void> check(const actor_type& type) const;
};

/// An input as a log has it, not compared with any program's types yet. It refers to the log's
/// bytes.
using logged_input = std::variant<sent_input, spawned_input, spread_input, timer_input,
                                  cancelled_input, constant_input, logged_type>;
/// The next input of a record; nothing: none begins there. All its bytes are there, whatever they
/// mean.
std::optional<logged_input> read_logged_input(byte_reader& from);

class input_encoder {
public:
    /// False: the input has no effect, nothing was written.
    bool write(const input& what, const type_table& types, byte_writer& to);

private:
    /// Writes a value of a type: its content, and zeros between.
    void write_content(const schema_node& type, std::span<const std::byte> value, byte_writer& to);
    bool write_sent(const sent_input& sent, const type_table& types, byte_writer& to);
    void write_packet(const timer_input& timer, const type_table& types, byte_writer& to);

    plan_cache plans_;
    std::vector<std::byte> copy_;
};

/// What a world is, as far as its next input can be checked against it.
struct input_bounds {
    std::uint32_t places = 0;
    std::vector<const actor_type*> types;   ///< by number
    std::vector<const actor_type*> further; ///< that the program has too
    constant_names constants{true};

    /// The type of that name among `further` becomes the next of `types`.
    result<const actor_type*> add(const logged_type& logged);
};

class input_decoder {
public:
    /// The next input of a record, whose bytes it refers to. `bounds` are those of the world after
    /// it, then. An error says what makes no sense, or which type the program does not have.
    result<input> read(byte_reader& from, input_bounds& bounds);

private:
    bool is_sound(const schema_node& type, std::span<const std::byte> value, input_bounds& bounds);
    bool is_message(const actor_type& type, std::uint32_t tag, std::span<const std::byte> bytes,
                    input_bounds& bounds);
    bool is_sound(const sent_input& sent, input_bounds& bounds);
    bool is_sound(const spawned_input& spawned, input_bounds& bounds);
    bool is_sound(const timer_input& timer, input_bounds& bounds);
    bool is_sound(const spread_input& spread, input_bounds& bounds);
    bool is_sound(const constant_input& constant, input_bounds& bounds);
    bool is_for_implementors(input_bounds& bounds, std::uint32_t message_key,
                             std::span<const std::byte> message);

    plan_cache plans_;
    std::vector<std::byte> copy_;
};

} // namespace kay::detail
