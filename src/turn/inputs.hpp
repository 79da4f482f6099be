// SPDX-License-Identifier: MIT
//
// What enters an engine from outside and changes its state, one struct for each kind: shown to
// whoever records it in the order in which it enters, and taken in again in that order when a
// recording is replayed. The state at the end of a turn is a function of the state before and of
// these.
//
// Of the thread that drives the system; a sink may hand things on to threads of its own.
#pragma once

#include <kay/core/id.hpp>
#include <kay/core/schema.hpp>
#include <kay/message/actor_type.hpp>
#include <kay/turn/timer_wheel.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>

namespace kay::detail {

/// A message that was sent between turns, or posted and taken in when the turn began.
struct sent_input {
    std::span<const std::byte> post; ///< as posters write it: post_head and what follows
};
/// An instance that waits for the turn.
struct spawned_input {
    std::uint32_t place;
    std::uint32_t type;
    raw_id made;
    std::span<const std::byte> block;
};
/// A place was chosen for a spawn that named none, whether or not it succeeded.
struct spread_input {
    std::uint32_t type;
};
struct timer_input {
    std::uint64_t due;
    std::uint64_t period;
    std::uint32_t type; ///< or any_implementor
    std::uint32_t target;
    timer_key made;
    std::span<const std::byte> packet;
};
struct cancelled_input {
    timer_key timer;
};
/// A constant was made, or has another value.
struct constant_input {
    std::uint32_t number;
    std::span<const std::byte> block;
    const schema_node* type; ///< null where this program reads none of that type
    std::uint64_t hash;
    std::string type_name;
    std::uint64_t layout_hash; ///< of the type
};
/// An actor type was added to a world that had begun.
struct type_input {
    const actor_type* type;
};

using input = std::variant<sent_input, spawned_input, spread_input, timer_input, cancelled_input,
                           constant_input, type_input>;

/// What an engine was told to do with the inputs before. All but the first go on with a turn that
/// has stopped in the middle.
enum class step_kind : std::uint8_t { begin = 1, go_on, retry, skip };

/// Whoever records. None of its functions throws.
class input_sink {
public:
    virtual ~input_sink() = default;

    /// Valid during the call.
    virtual void take(const input& what) = 0;
    /// All inputs of this step have been shown; its handlers run next.
    virtual void begin_step(std::uint64_t turn, step_kind kind) = 0;
    virtual void end_turn(std::uint64_t turn) = 0;
    /// The engine ends, or somebody else records from now on.
    virtual void leave() = 0;
    /// Waits until all that entered up to the end of a turn, which is over, survives whatever
    /// happens; or until it is known that it cannot. May be called by any thread.
    virtual void await(std::uint64_t turn) = 0;
};

/// Where an engine counts its inputs and shows them to the sink, if there is one.
class input_tap {
public:
    ~input_tap() { set_sink(nullptr); }

    const std::shared_ptr<input_sink>& sink() const { return sink_; }
    void set_sink(std::shared_ptr<input_sink> sink) {
        if (sink_) sink_->leave();
        sink_ = std::move(sink);
    }

    /// An input that is part of the state at once. make() describes it, when somebody wants to
    /// know.
    template <class F>
    void keep(F&& make) {
        ++entered_;
        log_end_ = 0;
        if (sink_) [[unlikely]]
            sink_->take(make());
    }
    void begin_step(std::uint64_t turn, step_kind kind) {
        entered_ = loaded_ = 0;
        log_end_ = 0;
        if (sink_) [[unlikely]]
            sink_->begin_step(turn, kind);
    }

    /// Inputs since the last step began. A world that is saved says how many there were, so that
    /// they are not taken in twice.
    std::uint64_t entered() const { return entered_; }
    void set_entered(std::uint64_t count) { entered_ = loaded_ = count; }
    /// Nothing has entered since then.
    bool is_as_loaded() const { return entered_ == loaded_; }

    /// Something was sent or spawned, and waits for the next step.
    void note_waiting() {
        ++entered_;
        log_end_ = 0;
    }

    /// The place in a log that the world stands at, which brought it there; zero: there is none, or
    /// something has entered since.
    std::uint64_t log_end() const { return log_end_; }
    void set_log_end(std::uint64_t end) { log_end_ = end; }

private:
    std::shared_ptr<input_sink> sink_;
    std::uint64_t entered_ = 0;
    std::uint64_t loaded_ = 0; ///< of them, when the world was loaded
    std::uint64_t log_end_ = 0;
};

} // namespace kay::detail
