// SPDX-License-Identifier: MIT
//
// What a log says of the world whenever somebody begins to record: the payload of a session frame.
// Plain values.
#pragma once

#include "../turn/engine.hpp"
#include "input_codec.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace kay::detail {

struct log_session {
    std::uint64_t entered = 0; ///< inputs since the last step: they are part of the state
    std::uint64_t rounds_max = 0;
    std::uint64_t hash = 0; ///< of the state
    std::uint32_t constants = 0;
    std::vector<logged_type> types; ///< by number

    static std::vector<std::byte> write(engine& world);
    static result<log_session> read(std::span<const std::byte> payload);
};

} // namespace kay::detail
