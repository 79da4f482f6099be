// SPDX-License-Identifier: MIT
//
// Inputs of a log as lines for people. Names of types are in the log; fields are known where a
// saved world describes the same layout, and where none does, only how many bytes there are.
#pragma once

#include "log_types.hpp"
#include "world.hpp"

#include "../../src/persist/content_plan.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

namespace tool {

/// An input, told.
struct input_line {
    std::string text;
    std::string actor;   ///< the name of its type; empty: it has none
    std::string message; ///< or of a constant
};

class input_text {
public:
    /// `known` may be null.
    explicit input_text(const world* known) : known_(known) {}

    /// `log` is which world the log is of.
    input_line line_of(const kay::detail::logged_input& what, const log_bounds& world,
                       const kay::detail::log_identity& log);

private:
    void add_message(input_line& to, const entered_message& m, const log_bounds& world);
    void add_fields(std::string& to, const std::string& type, std::uint64_t layout_hash,
                    std::span<const std::byte> bytes);
    void add_constant(input_line& to, const kay::detail::constant_input& constant,
                      const kay::detail::log_identity& log);
    bool is_sound(std::uint32_t type, std::span<const std::byte> bytes);

    const world* known_;
    /// By type of the known world: nothing where its values are not walked through.
    std::unordered_map<std::uint32_t, std::optional<kay::detail::content_plan>> plans_;
};

/// `Cow, layout 01ab..., receives Feed, Sell`.
std::string text_of(const log_types::actor& type);

} // namespace tool
