// SPDX-License-Identifier: MIT
#include "input_replay.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace kay::detail {
namespace {

error does_not_fit(const std::string& what) {
    return {error_code::invalid_argument, "the log is not this world's: " + what};
}
error records_make_no_sense() {
    return {error_code::bad_data, "the records of the log make no sense"};
}

error too_few() {
    return does_not_fit("it has types or constants that this world does not have, or this world "
                        "more constants");
}

} // namespace

input_replay::input_replay(engine& world, log_file& log, std::span<const actor_type* const> later)
    : world_(world), log_(log), was_new_(!world.has_begun()), first_turn_(world.shared().turn),
      first_entered_(world.inputs().entered()) {
    for (std::uint32_t t = 0; t < world.shared().types.count(); ++t)
        known_.push_back(&world.shared().types[t]);
    for (const actor_type* type : later)
        if (std::find(known_.begin(), known_.end(), type) == known_.end()) known_.push_back(type);
}

result<replay_summary> input_replay::run(std::uint64_t to_turn) {
    to_turn_ = to_turn;
    if (auto good = can_begin(); !good) return good.error();
    if (auto good = walk(pass::check); !good) return good.error();
    if (to_turn == input_log::to_the_end) {
        end_name_ = log_.name_of_end();
        summary_.bytes_after_end = log_.bytes_after_end();
    }
    if (to_turn != input_log::to_the_end && log_turn_ < to_turn)
        return error{error_code::not_found, "the log goes to turn " + std::to_string(log_turn_) +
                                                ", not to " + std::to_string(to_turn)};
    if (log_turn_ < first_turn_)
        return error{error_code::not_found, "the log goes to turn " + std::to_string(log_turn_) +
                                                ", and the world is at turn " +
                                                std::to_string(first_turn_) + " already"};
    std::vector<const actor_type*> others;
    if (was_new_) {
        auto begun = world_.begin_with(first_types_);
        if (!begun) return begun.error();
        others = std::move(*begun);
    }
    const std::uint64_t rounds_max = world_.options().rounds_max;
    result<void> done = walk(pass::take);
    if (done) done = run_quiet_turns(std::min(to_turn, log_turn_));
    world_.set_rounds_max(rounds_max);
    if (!done) return done.error();
    const bool is_at_end = to_turn == input_log::to_the_end && world_.inputs().entered() == 0;
    world_.inputs().set_log_end(is_at_end ? end_name_ : log_file::inside);
    for (const actor_type* type : others)
        if (world_.shared().types.by_key(type->key) == type_table::unknown && !world_.is_in_turn())
            if (auto added = world_.add(*type); !added) return added.error();
    summary_.turn = world_.shared().turn;
    return summary_;
}

result<void> input_replay::can_begin() const {
    const auto bad = [](const std::string& text) {
        return error{error_code::invalid_argument, text};
    };
    const shared_state& shared = world_.shared();
    const log_identity& logged = log_.world();
    if (logged.places != shared.places)
        return does_not_fit("it has " + std::to_string(logged.places) + " places, this world " +
                            std::to_string(shared.places));
    if (logged.seed != shared.seed) return does_not_fit("its seed is another one");
    if (logged.step_ns != shared.step.count())
        return does_not_fit("its turns take another time of the world");
    if (first_turn_ < logged.first_turn)
        return does_not_fit("it begins after turn " + std::to_string(logged.first_turn) +
                            ", and this world is at turn " + std::to_string(first_turn_) +
                            ": load a snapshot of that turn or a later one");
    if (to_turn_ < first_turn_)
        return bad("the world is at turn " + std::to_string(first_turn_) +
                   " already: a replay goes forwards");
    if (world_.inputs().sink()) return bad("the world is being recorded: stop that first");
    if (world_.is_in_turn()) return bad("the world has stopped in the middle of a turn");
    if (world_.has_sent_from_outside() && world_.inputs().log_end() == 0 &&
        !world_.inputs().is_as_loaded())
        return bad("something was sent or spawned from outside since the last turn: replay before");
    return {};
}

// ---- the log from its beginning

result<void> input_replay::walk(pass p) {
    if (auto begun = log_.rewind(); !begun) return begun;
    at_ = {};
    at_.bounds = {world_.shared().places, {}, known_, constant_names(true)};
    at_.turn = log_.world().first_turn;
    at_.skip = first_entered_;
    before_inputs_.reset();
    while (p == pass::check || at_.frames < frames_wanted_) {
        const auto frame = log_.read_next();
        if (!frame) return frame.error();
        if (!*frame) break;
        if ((*frame)->turn > to_turn_) {
            if (p == pass::check) log_turn_ = to_turn_;
            break;
        }
        if (p == pass::check || !is_void(at_.frames))
            if (auto read = read_frame(**frame, p); !read) return read;
        ++at_.frames;
    }
    if (!at_.has_session) return records_make_no_sense();
    return at_.has_arrived ? result<void>() : arrive();
}

bool input_replay::is_void(std::uint64_t frame) const {
    return std::any_of(void_.begin(), void_.end(),
                       [&](const frame_range& r) { return frame >= r.first && frame < r.end; });
}

result<void> input_replay::read_frame(const log_frame& frame, pass p) {
    if (p == pass::check) {
        const bool is_step = frame.kind == frame_kind::inputs || frame.kind == frame_kind::step;
        if (before_inputs_ && !is_step) { // the recording ended before their step
            void_.push_back({before_inputs_->frames, at_.frames});
            const std::uint64_t frames = at_.frames;
            at_ = *before_inputs_;
            at_.frames = frames;
        }
        if (frame.kind != frame_kind::inputs)
            before_inputs_.reset();
        else if (!before_inputs_)
            before_inputs_ = at_;
    }
    if (frame.turn < at_.turn || (!at_.has_session && frame.kind != frame_kind::session))
        return records_make_no_sense();
    at_.turn = frame.turn;
    if (frame.kind == frame_kind::session) {
        if (auto read = read_session(frame, p); !read) return read;
    } else if (frame.kind == frame_kind::quiet) {
        if (p == pass::take)
            if (auto run = run_quiet_turns(frame.turn); !run) return run;
    } else if (frame.kind == frame_kind::inputs || frame.kind == frame_kind::step) {
        if (auto read = read_inputs(frame, p); !read) return read;
    } else {
        return records_make_no_sense();
    }
    if (p == pass::check && frame.kind != frame_kind::inputs) {
        frames_wanted_ = at_.frames + 1;
        log_turn_ = frame.turn;
    }
    return {};
}

result<void> input_replay::read_session(const log_frame& frame, pass p) {
    const auto read = log_session::read(frame.payload);
    if (!read) return read.error();
    const log_session& session = *read;
    const bool is_first = !at_.has_session;
    at_.has_session = true;
    if (is_first) {
        if (frame.turn != log_.world().first_turn) return records_make_no_sense();
        // They stay what they were.
        if (session.constants > world_.shared().constants.count()) return too_few();
        for (std::uint32_t c = 0; c < session.constants; ++c)
            at_.bounds.constants.add(std::string(world_.shared().constants.type_name(c)));
        for (const logged_type& type : session.types) {
            if (auto added = at_.bounds.add(type); !added) return added.error();
            if (p == pass::check) first_types_.push_back(type.name);
        }
    } else {
        if (at_.bounds.constants.count() != session.constants ||
            at_.bounds.types.size() != session.types.size())
            return records_make_no_sense();
        for (std::size_t t = 0; t < session.types.size(); ++t)
            if (auto same = session.types[t].check(*at_.bounds.types[t]); !same) return same;
    }
    if (p == pass::take) world_.set_rounds_max(session.rounds_max);
    if (frame.turn < first_turn_) return {};
    if (frame.turn == first_turn_ && !at_.has_arrived) {
        if (session.entered > first_entered_)
            return does_not_fit("it begins after timers, constants or types that this world does "
                                "not have: do before what was done before the recording");
        at_.skip = first_entered_ - session.entered;
        // What the world has beyond that comes with the next records.
        if (at_.skip != 0) return {};
        if (auto there = arrive(); !there) return there;
    }
    // A world that is new has its types only when the check is over.
    const bool is_there = p == pass::take || (is_first && !was_new_);
    if (p == pass::take)
        if (auto run = run_quiet_turns(frame.turn); !run) return run;
    return is_there ? check_hash(session) : result<void>();
}

result<void> input_replay::check_hash(const log_session& session) {
    if (world_.hash() == session.hash) return {};
    return does_not_fit("at turn " + std::to_string(at_.turn) + " it was in another state");
}

/// The next input entered when the world was what it is now.
result<void> input_replay::arrive() {
    at_.has_arrived = true;
    if (at_.bounds.constants.count() != world_.shared().constants.count()) return too_few();
    if (was_new_) return {};
    const type_table& types = world_.shared().types;
    for (std::uint32_t t = 0; t < types.count(); ++t)
        if (t >= at_.bounds.types.size() || at_.bounds.types[t] != &types[t])
            return does_not_fit("the type " + std::string(types[t].name) +
                                " was not there at turn " + std::to_string(first_turn_) +
                                ": load the snapshot without it, and name it when the log is "
                                "replayed, or add it afterwards");
    return at_.bounds.types.size() == types.count() ? result<void>() : too_few();
}

// ---- inputs and steps

result<void> input_replay::read_inputs(const log_frame& frame, pass p) {
    if (frame.payload.empty() || frame.turn == 0) return records_make_no_sense();
    const auto kind = static_cast<step_kind>(frame.payload.back());
    if (kind < step_kind::begin || kind > step_kind::skip) return records_make_no_sense();
    byte_reader from(frame.payload.first(frame.payload.size() - 1));
    const bool is_new = frame.turn > first_turn_;
    if (is_new && p == pass::take) {
        const std::uint64_t before = frame.turn - (kind == step_kind::begin ? 1 : 0);
        if (auto run = run_quiet_turns(before); !run) return run;
    }
    while (from.left() > 0) {
        if (is_new && at_.skip == 0 && !at_.has_arrived)
            if (auto there = arrive(); !there) return there;
        const auto what = decoder_.read(from, at_.bounds);
        if (!what) return what.error();
        if (!is_new) continue;
        if (at_.skip > 0) { // the world has it already
            --at_.skip;
            continue;
        }
        if (p == pass::take)
            if (auto taken = world_.take(*what); !taken) return taken;
    }
    if (frame.kind == frame_kind::inputs || !is_new) return {};
    if (at_.skip > 0) return does_not_fit("inputs after its last turn are not in the log");
    if (!at_.has_arrived)
        if (auto there = arrive(); !there) return there;
    return p == pass::take ? take_step(frame.turn, kind) : result<void>();
}

result<void> input_replay::take_step(std::uint64_t turn, step_kind kind) {
    if (world_.shared().turn + (kind == step_kind::begin ? 1 : 0) != turn)
        return records_make_no_sense();
    if (auto fits = world_.can_take(kind); !fits) return fits;
    const auto done = world_.take_step(kind);
    summary_.stopped.reset();
    if (!done) summary_.stopped = done.error();
    ++summary_.steps;
    return {};
}

/// Turns in which nothing entered from outside.
result<void> input_replay::run_quiet_turns(std::uint64_t to_turn) {
    while (world_.shared().turn < to_turn) {
        if (auto fits = world_.can_take(step_kind::begin); !fits) return fits;
        const auto done = world_.take_step(step_kind::begin);
        if (!done) summary_.stopped = done.error();
    }
    return {};
}

} // namespace kay::detail
