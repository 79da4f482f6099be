// SPDX-License-Identifier: MIT
//
// Logging: lines stamped with the turn and the actor they are about. One sink for the process,
// which can be replaced; the usual one prints to the standard error output. Any thread may write;
// sinks are called one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kay {

enum class log_level : std::uint8_t { trace, debug, info, warning, error, off };

struct log_record {
    log_level level = log_level::info;
    std::uint64_t turn = 0;      ///< zero: before the first
    std::string_view actor_type; ///< empty: not from a handler
    std::string_view actor;      ///< its id as text
    std::string_view text;
};

using log_sink = std::function<void(const log_record&)>;

/// Replaces the sink and returns the one before; an empty one stands for the usual.
log_sink set_log_sink(log_sink sink);

/// Records below this level are dropped; warning at first.
void set_log_level(log_level lowest) noexcept;

/// Costs one load. Ask it before making a text that is not cheap.
bool log_enabled(log_level level) noexcept;

/// Hands a record to the sink. What the sink throws is dropped.
void write_log(log_level level, std::uint64_t turn, std::string_view actor_type,
               std::string_view actor, std::string_view text) noexcept;

/// `[turn 12 Car 0:1:42] warning: text`.
std::string to_string(const log_record& record);

/// Collects the lines of its lifetime instead of printing them, for tests.
class log_capture {
public:
    explicit log_capture(log_level lowest = log_level::trace);
    ~log_capture();
    log_capture(const log_capture&) = delete;
    log_capture& operator=(const log_capture&) = delete;

    /// As to_string gives them.
    std::vector<std::string> lines() const;

private:
    struct state;
    state* state_;
};

} // namespace kay
