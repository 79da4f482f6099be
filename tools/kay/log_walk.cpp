// SPDX-License-Identifier: MIT
#include "log_walk.hpp"

#include <algorithm>

namespace tool {

using kay::detail::byte_reader;
using kay::detail::frame_kind;
using kay::detail::log_frame;
using kay::detail::log_session;
using kay::detail::step_kind;

namespace {

bool is_of_step(const log_frame& frame) {
    return frame.kind == frame_kind::inputs || frame.kind == frame_kind::step;
}

} // namespace

log_walk::log_walk(kay::detail::log_file& log, log_visitor& visitor)
    : log_(log), visitor_(visitor), turn_(log.world().first_turn), ended_turn_(turn_),
      durable_turn_(turn_) {
    world_.places = log.world().places;
    found_.last_turn = turn_;
}

kay::result<log_summary> log_walk::run(std::uint64_t to_turn) {
    for (;;) {
        const std::uint64_t at = log_.position();
        found_.end = at;
        const auto frame = log_.read_next();
        if (!frame) {
            if (frame.error().code != kay::error_code::bad_data) return frame.error();
            found_.damage = frame.error().text;
            break;
        }
        if (!*frame || (*frame)->turn > to_turn) {
            if (*frame) found_.last_turn = std::max(found_.last_turn, to_turn);
            break;
        }
        if (!read_frame(**frame)) {
            found_.damage = "the record at byte " + std::to_string(at) + " makes no sense";
            break;
        }
        note_durable(**frame);
    }
    drop_inputs();
    // What was written of a turn is not all of it while a record that waits is of it too.
    std::uint64_t written = durable_turn_;
    if (!doubtful_.empty() && doubtful_.front().is_of_step)
        written = std::min(written, doubtful_.front().turn - 1);
    found_.acknowledged_turn = std::max(std::min(ended_turn_, written), log_.world().first_turn);
    found_.bytes_after_end = log_.bytes_after_end() + (log_.position() - found_.end);
    return found_;
}

bool log_walk::read_frame(const log_frame& frame) {
    if (!is_of_step(frame)) drop_inputs();
    if (frame.turn < turn_ || (found_.sessions == 0 && frame.kind != frame_kind::session))
        return false;
    if (frame.kind == frame_kind::inputs && !before_inputs_) before_inputs_ = {world_, turn_};
    turn_ = frame.turn;
    switch (frame.kind) {
    case frame_kind::session:
        if (!read_session(frame)) return false;
        break;
    case frame_kind::inputs:
    case frame_kind::step:
        if (!read_inputs(frame)) return false;
        break;
    case frame_kind::quiet: ended_turn_ = std::max(ended_turn_, frame.turn); break;
    default: return false;
    }
    if (frame.kind != frame_kind::inputs) found_.last_turn = frame.turn;
    return true;
}

bool log_walk::read_session(const log_frame& frame) {
    const auto session = log_session::read(frame.payload);
    if (!session) return false;
    const bool is_first = found_.sessions == 0;
    if (is_first ? frame.turn != log_.world().first_turn
                 : session->constants != world_.constants ||
                       session->types.size() != world_.types.count())
        return false;
    // A later program may have more messages in its types.
    world_.types = {};
    for (const auto& type : session->types)
        if (!world_.types.add(type)) return false;
    world_.constants = session->constants;
    ++found_.sessions;
    visitor_.begin_session(frame.turn, *session);
    return true;
}

bool log_walk::read_inputs(const log_frame& frame) {
    if (frame.payload.empty() || frame.turn == 0) return false;
    const auto kind = static_cast<step_kind>(frame.payload.back());
    if (kind < step_kind::begin || kind > step_kind::skip) return false;
    byte_reader from(frame.payload.first(frame.payload.size() - 1));
    while (from.left() > 0) {
        const auto what = kay::detail::read_logged_input(from);
        if (!what || !tool::take(*what, world_)) return false;
        visitor_.take(frame.turn, *what, world_);
    }
    if (frame.kind == frame_kind::inputs) return true;
    before_inputs_.reset();
    if (kind == step_kind::begin) ended_turn_ = std::max(ended_turn_, frame.turn - 1);
    ++found_.steps;
    visitor_.step(frame.turn, kind);
    return true;
}

void log_walk::drop_inputs() {
    if (!before_inputs_) return;
    visitor_.drop(turn_);
    world_ = std::move(before_inputs_->world);
    turn_ = before_inputs_->turn;
    before_inputs_.reset();
}

void log_walk::note_durable(const log_frame& frame) {
    doubtful_.push_back({is_of_step(frame), frame.turn, log_.position()});
    durable_ = std::max(durable_, frame.durable);
    while (!doubtful_.empty() && doubtful_.front().end <= durable_) {
        durable_turn_ = doubtful_.front().turn;
        doubtful_.pop_front();
    }
}

} // namespace tool
