// SPDX-License-Identifier: MIT
#include <kay/persist/input_log.hpp>

#include "in_file.hpp"
#include "input_recorder.hpp"
#include "input_replay.hpp"
#include "log_session.hpp"

#include <system_error>
#include <utility>

namespace kay {

using detail::engine;
using detail::in_file;
using detail::log_file;

namespace {

error not_recorded(const std::string& why) {
    return {error_code::invalid_argument, "the world cannot be recorded: " + why};
}

/// The log to go on with, at its end, or a new one.
result<std::unique_ptr<log_file>> log_for(engine& e, const std::string& path) {
    auto disk = detail::open_disk(path, detail::open_mode::make_or_write);
    if (!disk) return disk.error();
    const auto unused = log_file::is_unused(**disk);
    if (!unused) return unused.error();
    if (*unused) {
        if (e.is_in_turn()) return not_recorded("its turn has stopped in the middle");
        if (e.has_sent_from_outside())
            return not_recorded("something was sent or spawned from outside since the last turn; "
                                "begin before, or after the next one");
        const auto& shared = e.shared();
        return log_file::make(std::move(*disk),
                              {shared.places, shared.seed, shared.step.count(), shared.turn});
    }
    auto file = log_file::open(std::move(*disk));
    if (!file) return file.error();
    for (;;) {
        const auto frame = (*file)->read_next();
        if (!frame) return frame.error();
        if (!*frame) break;
    }
    if (e.inputs().log_end() != (*file)->name_of_end())
        return not_recorded("there is an input log, and the world does not stand at its end; "
                            "replay it first, or record into another file");
    return file;
}

} // namespace

input_log::input_log(std::shared_ptr<detail::input_recorder> recorder)
    : recorder_(std::move(recorder)) {}
input_log::input_log(input_log&&) noexcept = default;
input_log& input_log::operator=(input_log&& other) noexcept {
    std::swap(recorder_, other.recorder_);
    return *this;
}
input_log::~input_log() {
    if (recorder_) static_cast<void>(stop());
}

result<input_log> input_log::record(actor_system& system, const std::string& path,
                                    const log_options& options) {
    engine& e = *system.engine_;
    if (!e.has_begun()) e.begin();
    if (e.inputs().sink()) return not_recorded("it is being recorded already");
    auto file = log_for(e, path);
    if (!file) return in_file(path, file.error());
    if (auto begun = (*file)->begin_session(); !begun) return in_file(path, begun.error());
    const std::uint64_t turn = e.shared().turn;
    (*file)->put(detail::frame_kind::session, turn, detail::log_session::write(e));
    if (auto durable = (*file)->sync(); !durable) return in_file(path, durable.error());
    const detail::log_writer_options how{options.quiet_interval, options.waiting_bytes_max};
    const std::uint64_t ended = turn - (e.is_in_turn() ? 1 : 0);
    auto recorder = std::make_shared<detail::input_recorder>(
        e, std::make_unique<detail::log_writer>(std::move(*file), ended, how));
    e.inputs().set_sink(recorder);
    return input_log(std::move(recorder));
}

std::uint64_t input_log::acknowledged_turn() const {
    return recorder_->writer().acknowledged_turn();
}
std::optional<error> input_log::problem() const { return recorder_->writer().problem(); }
result<void> input_log::sync() { return recorder_->writer().sync(); }

result<void> input_log::stop() {
    engine* const e = recorder_->world();
    if (e) e->inputs().set_sink(nullptr);
    auto closed = recorder_->writer().close();
    if (closed && e && e->inputs().entered() == 0 && !recorder_->has_unfinished_step())
        e->inputs().set_log_end(recorder_->writer().name_of_end());
    return closed;
}

result<replay_summary> input_log::replay_with(actor_system& system, const std::string& path,
                                              std::uint64_t to_turn,
                                              std::span<const detail::actor_type* const> later) {
    auto disk = detail::open_disk(path, detail::open_mode::read);
    if (!disk) return disk.error();
    auto file = log_file::open(std::move(*disk));
    if (!file) return in_file(path, file.error());
    detail::input_replay replay(*system.engine_, **file, later);
    auto done = replay.run(to_turn);
    if (!done) return in_file(path, done.error());
    return done;
}

} // namespace kay
