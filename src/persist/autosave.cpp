// SPDX-License-Identifier: MIT
#include <kay/persist/autosave.hpp>

#include <algorithm>
#include <utility>

namespace kay {

autosave::autosave(world_file& file, std::string name, turns every)
    : file_(&file), name_(std::move(name)), every_(std::max<std::uint64_t>(every.count, 1)) {}

std::optional<result<save_summary>> autosave::after_turn(actor_system& system) {
    std::optional<result<save_summary>> ended;
    if (is_saving_ && file_->progress().is_done) ended = finish();
    is_due_ = is_due_ || system.turn_number() % every_ == 0;
    if (!is_due_ || is_saving_) return ended;
    is_due_ = false;
    const auto started = file_->start_save(system, name_);
    is_saving_ = bool(started);
    if (!started && !ended) ended = result<save_summary>(started.error());
    return ended;
}

std::optional<result<save_summary>> autosave::finish() {
    if (!is_saving_) return std::nullopt;
    is_saving_ = false;
    return file_->finish_save();
}

} // namespace kay
