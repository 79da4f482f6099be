// SPDX-License-Identifier: MIT
#include "history.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace city {
namespace {

using milliseconds = std::chrono::duration<double, std::milli>;

kay::error in_file(const std::string& file, kay::error e) {
    if (!e.text.starts_with(file)) e.text = file + ": " + e.text;
    return e;
}

/// There is something to be replayed in a log.
bool has_begun(const std::string& log) {
    std::error_code none;
    return std::filesystem::is_regular_file(log, none) && std::filesystem::file_size(log, none) > 0;
}

} // namespace

history::history(const options& o)
    : save_to_(read_snapshot_name(o.save)), load_from_(read_snapshot_name(o.load)),
      save_every_(o.save_every_s * turns_per_second), record_(o.record), replay_to_(o.replay_to),
      workers_(o.workers) {}

kay::result<void> history::open() {
    if (save_to_.file.empty()) return {};
    auto file = kay::world_file::open(save_to_.file);
    if (!file) return in_file(save_to_.file, file.error());
    if (const auto warning = file->warning())
        std::printf("  %s: %s\n", save_to_.file.c_str(), warning->c_str());
    file_.emplace(std::move(*file));
    if (save_every_ > 0) autosave_.emplace(*file_, latest, kay::turns{save_every_});
    return {};
}

kay::result<std::unique_ptr<simulation>> history::load() {
    const auto wrong = [&](kay::error e) { return in_file(load_from_.file, std::move(e)); };
    std::optional<kay::world_file> another;
    std::error_code none;
    const bool is_saved_into =
        file_ && std::filesystem::equivalent(load_from_.file, save_to_.file, none);
    if (!is_saved_into) {
        auto file = kay::world_file::open_to_read(load_from_.file);
        if (!file) return wrong(file.error());
        if (const auto warning = file->warning())
            std::printf("  %s: %s\n", load_from_.file.c_str(), warning->c_str());
        another.emplace(std::move(*file));
    }
    kay::world_file& from = another ? *another : *file_;
    std::string name = load_from_.name;
    if (name.empty()) {
        const auto all = from.list();
        if (all.empty())
            return wrong({kay::error_code::invalid_argument, "no city was saved in it"});
        name = all.back().name;
    }
    kay::load_options how;
    how.workers = workers_;
    auto system = simulation::load(from, name, how);
    if (!system) return wrong(system.error());
    return std::make_unique<simulation>(std::move(*system));
}

kay::result<void> history::begin(simulation& s) {
    if (record_.empty()) return {};
    if (has_begun(record_)) {
        const std::uint64_t before = s.system().turn_number();
        const auto began = std::chrono::steady_clock::now();
        const auto done = s.replay(record_, replay_to_ ? replay_to_ : kay::input_log::to_the_end);
        if (!done) return in_file(record_, done.error());
        if (done->stopped) return *done->stopped;
        std::printf("  replayed %llu turns, to turn %llu, in %.1f s\n",
                    static_cast<unsigned long long>(done->turn - before),
                    static_cast<unsigned long long>(done->turn),
                    milliseconds(std::chrono::steady_clock::now() - began).count() / 1000);
    } else if (replay_to_) {
        return in_file(record_, {kay::error_code::invalid_argument, "there is nothing in it"});
    }
    if (replay_to_) return {};
    auto log = kay::input_log::record(s.system(), record_);
    if (!log) return in_file(record_, log.error());
    log_.emplace(std::move(*log));
    return {};
}

void history::note(const kay::result<kay::save_summary>& saved) {
    if (!saved) {
        ++saved_.failed;
        return;
    }
    ++saved_.count;
    saved_.pause_ms_max = std::max(saved_.pause_ms_max, milliseconds(saved->pause).count());
    saved_.bytes += saved->bytes_written;
    saved_.seconds += milliseconds(saved->duration).count() / 1000;
}

void history::after_turn(simulation& s) {
    if (!autosave_) return;
    const auto saved = autosave_->after_turn(s.system());
    if (!saved) return;
    note(*saved);
    if (!*saved)
        std::fprintf(stderr, "city: it could not be saved, and goes on: %s\n",
                     in_file(save_to_.file, saved->error()).text.c_str());
}

std::optional<double> history::share_saved() const {
    if (!file_) return {};
    const kay::save_progress p = file_->progress();
    if (p.is_done || p.bytes_total == 0) return {};
    return static_cast<double>(p.bytes_done) / static_cast<double>(p.bytes_total);
}

kay::result<void> history::end(simulation& s) {
    kay::result<void> all;
    if (autosave_)
        if (const auto saved = autosave_->finish()) note(*saved); // the next one says what is wrong
    if (file_) {
        const auto saved = file_->save(s.system(), save_to_.name.empty() ? latest : save_to_.name);
        note(saved);
        if (!saved) all = in_file(save_to_.file, saved.error());
    }
    if (log_)
        if (const auto stopped = log_->stop(); !stopped && all)
            all = in_file(record_, stopped.error());
    return all;
}

} // namespace city
