// SPDX-License-Identifier: MIT
#include <kay/persist/world_file.hpp>

#include "../turn/engine.hpp"
#include "foreign_world.hpp"
#include "in_file.hpp"
#include "layout_guard.hpp"
#include "page_file.hpp"
#include "saved_view.hpp"
#include "schema.hpp"
#include "snapshot_source.hpp"
#include "snapshot_writer.hpp"
#include "world_on_disk.hpp"

#include <kay/core/log.hpp>
#include <kay/persist/migrations.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

namespace kay {

using detail::engine;
using detail::extent_bytes;
using detail::in_file;
using detail::page_file;

namespace {

constexpr std::size_t name_bytes_max = 255;

error unknown_snapshot(const std::string& path, const std::string& name) {
    return {error_code::not_found, path + ": has no snapshot named '" + name + "'"};
}

result<void> check_name(const std::string& name) {
    const bool good = !name.empty() && name.size() <= name_bytes_max &&
                      std::all_of(name.begin(), name.end(), [](char c) {
                          return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
                      });
    if (good) return {};
    return error{error_code::invalid_argument,
                 "a snapshot's name has from 1 to 255 bytes without control characters"};
}

detail::schema schema_of_world(const engine& e) {
    detail::schema types;
    const detail::type_table& table = e.shared().types;
    for (std::uint32_t t = 0; t < table.count(); ++t) {
        types.add(*table[t].schema);
        for (const detail::handler_record& h : table[t].handlers) types.add(*h.schema);
    }
    for (std::uint32_t c = 0; c < e.shared().constants.count(); ++c)
        if (const auto* type = e.shared().constants.type(c)) types.add(*type);
    return types;
}

/// A frozen world that nobody came to write: it is let go.
struct unwritten {
    std::shared_ptr<detail::frozen_world> world;
    ~unwritten() {
        if (world) world->finish(nullptr);
    }
};

} // namespace

struct world_file::state {
    /// A snapshot that is being written, or was.
    struct saving {
        std::string name;
        detail::snapshot_writer writer;
        std::chrono::steady_clock::time_point began;
        std::chrono::nanoseconds pause{0};
        std::thread thread{};
        std::atomic<bool> is_done{false}; ///< the thread needs nothing more
        result<void> outcome{};           ///< then
        std::chrono::nanoseconds took{0};
    };

    state(std::string where, std::shared_ptr<page_file> opened, bool writes)
        : path(std::move(where)), file(std::move(opened)), may_write(writes) {}
    ~state() { wait(); }

    /// For the thread that writes, if there is one, to leave the file alone.
    void wait() {
        if (running && running->thread.joinable()) running->thread.join();
    }
    result<void> start_save(engine& e, const std::string& name);
    void write_snapshot();
    result<void> check_writable() const {
        if (may_write) return {};
        return error{error_code::invalid_argument, path + ": was opened to read only"};
    }
    std::shared_ptr<const page_file::snapshot> find(const detail::snapshot_identity& wanted) const {
        for (const auto& s : file->snapshots())
            if (identity_of(*file, *s) == wanted) return s;
        return nullptr;
    }

    std::string path;
    std::shared_ptr<page_file> file;
    bool may_write;
    std::unique_ptr<saving> running;
    std::vector<std::byte> manifest; ///< of what is being loaded, from make_system to fill_in
};

world_file::world_file(std::unique_ptr<state> opened) : state_(std::move(opened)) {}
world_file::world_file(world_file&&) noexcept = default;
world_file& world_file::operator=(world_file&&) noexcept = default;
world_file::~world_file() = default;

result<world_file> world_file::open(const std::string& path) {
    auto disk = detail::open_disk(path, detail::open_mode::make_or_write);
    if (!disk) return disk.error();
    return detail::world_on_disk::open(std::move(*disk), path, true);
}

result<world_file> world_file::open_to_read(const std::string& path) {
    auto disk = detail::open_disk(path, detail::open_mode::read);
    if (!disk) return disk.error();
    return detail::world_on_disk::open(std::move(*disk), path, false);
}

result<world_file> detail::world_on_disk::open(std::unique_ptr<disk> below, const std::string& name,
                                               bool may_write) {
    auto file = page_file::open(std::move(below), may_write);
    if (!file) return in_file(name, file.error());
    return world_file(std::make_unique<world_file::state>(name, std::move(*file), may_write));
}

std::vector<saved_world> world_file::list() const {
    state_->wait();
    std::vector<saved_world> all;
    for (const auto& s : state_->file->snapshots()) {
        const detail::snapshot_record& r = s->record();
        all.push_back({r.name, r.parent, r.number, r.turn, r.pages_used * extent_bytes,
                       std::chrono::sys_time<std::chrono::milliseconds>(
                           std::chrono::milliseconds(r.saved_ms))});
    }
    std::sort(all.begin(), all.end(),
              [](const saved_world& a, const saved_world& b) { return a.number < b.number; });
    return all;
}

std::optional<std::string> world_file::warning() const { return state_->file->warning(); }

result<void> world_file::start_save(actor_system& system, const std::string& name) {
#if defined(__cpp_exceptions)
    try {
        return state_->start_save(*system.engine_, name);
    } catch (const std::bad_alloc&) {
    } catch (const out_of_memory&) {}
    return detail::no_memory();
#else
    return state_->start_save(*system.engine_, name);
#endif
}

/// Throws std::bad_alloc, out_of_memory: nothing was started, and the world is as it was.
result<void> world_file::state::start_save(engine& e, const std::string& name) {
    const auto began = std::chrono::steady_clock::now();
    if (auto good = check_name(name); !good) return good;
    if (auto good = check_writable(); !good) return good;
    wait();
    if (auto good = e.can_be_saved(); !good) return good;
    auto base = find(e.saved_as());
    auto frozen = e.freeze(base ? e.saved_as() : detail::snapshot_identity{});
    unwritten guard{frozen};
    if (auto good = e.can_be_saved(); !good) return good; // pages of another file are damaged
    detail::snapshot_record record;
    record.name = name;
    if (base) record.parent = base->record().name;
    record.turn = e.shared().turn;
    record.saved_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
    running.reset(new saving{.name = name,
                             .writer = {*file, std::move(frozen), schema_of_world(e),
                                        std::move(base), std::move(record), e.inputs().sink()},
                             .began = began});
    guard.world.reset();
    saving& s = *running;
#if defined(__cpp_exceptions)
    try {
        s.thread = std::thread([this] { write_snapshot(); });
    } catch (...) { // there is no thread to be had: the world waits
        write_snapshot();
    }
#else
    s.thread = std::thread([this] { write_snapshot(); });
#endif
    s.pause = std::chrono::steady_clock::now() - began;
    return {};
}

/// What the thread does that writes.
void world_file::state::write_snapshot() {
    saving& s = *running;
#if defined(__cpp_exceptions)
    try {
#endif
        s.outcome = s.writer.run();
        if (!s.outcome) s.outcome = in_file(path, s.outcome.error());
#if defined(__cpp_exceptions)
    } catch (...) {
        s.outcome = detail::no_memory();
    }
#endif
    if (!s.outcome) write_log(log_level::error, 0, {}, {}, s.outcome.error().text);
    s.took = std::chrono::steady_clock::now() - s.began;
    s.is_done.store(true, std::memory_order_release); // read by progress
}

save_progress world_file::progress() const {
    const state::saving* const s = state_->running.get();
    if (!s) return {};
    return {.name = s->name,
            .bytes_total = s->writer.bytes_total(),
            .bytes_done = s->writer.bytes_done(),
            .is_done = s->is_done.load(std::memory_order_acquire)};
}

result<save_summary> world_file::finish_save() {
    if (!state_->running)
        return error{error_code::invalid_argument, state_->path + ": nothing is being saved"};
    state_->wait();
    const std::unique_ptr<state::saving> s = std::move(state_->running);
    if (!s->outcome) return s->outcome.error();
    return save_summary{s->writer.bytes_total(), s->writer.bytes_written(), s->pause, s->took};
}

result<save_summary> world_file::save(actor_system& system, const std::string& name) {
    if (auto started = start_save(system, name); !started) return started.error();
    return finish_save();
}

result<void> world_file::branch(const std::string& name, const std::string& as) {
    if (auto good = check_name(as); !good) return good;
    if (auto good = state_->check_writable(); !good) return good;
    state_->wait();
    const auto from = state_->file->find(name);
    if (!from) return unknown_snapshot(state_->path, name);
    if (auto read = state_->file->read_table(*from); !read)
        return in_file(state_->path, read.error());
    page_file::attempt attempt(*state_->file);
    detail::snapshot_record record = from->record();
    record.name = as;
    record.parent = name;
    const auto made = attempt.write_snapshot(std::move(record), from->table().pages, from.get());
    if (!made) return in_file(state_->path, made.error());
    page_file::snapshot_list all = state_->file->without(as);
    all.push_back(*made);
    if (auto done = attempt.commit(std::move(all)); !done)
        return in_file(state_->path, done.error());
    return {};
}

result<void> world_file::remove(const std::string& name) {
    if (auto good = state_->check_writable(); !good) return good;
    state_->wait();
    if (!state_->file->find(name)) return unknown_snapshot(state_->path, name);
    page_file::snapshot_list all = state_->file->without(name);
    page_file::attempt attempt(*state_->file);
    if (auto done = attempt.commit(std::move(all)); !done)
        return in_file(state_->path, done.error());
    return {};
}

result<actor_system> world_file::make_system(const std::string& name, const load_options& options) {
    state_->wait();
    const auto snapshot = state_->file->find(name);
    if (!snapshot) return unknown_snapshot(state_->path, name);
    state_->file->expect_read(snapshot->record());
    auto manifest =
        state_->file->read_blob(snapshot->record().manifest, detail::blob_kind::manifest);
    if (!manifest) return in_file(state_->path, manifest.error());
    state_->manifest = std::move(*manifest);
    detail::byte_reader from(state_->manifest);
    const auto of = detail::saved_head::read(from);
    auto made = actor_system::create({.places = of.places,
                                      .seed = of.seed,
                                      .workers = options.workers,
                                      .step = of.step,
                                      .memory_bytes_max = options.memory_bytes_max,
                                      .post_bytes_max = options.post_bytes_max,
                                      .statistics = options.statistics});
    if (!made) return in_file(state_->path, made.error());
    return made;
}

/// What can be known of a world without its types.
result<void> world_file::check(trust whether, const std::string& name) {
    if (whether == trust::full) return {};
    state_->wait();
    const auto snapshot = state_->file->find(name);
    if (!snapshot) return unknown_snapshot(state_->path, name);
    const auto view = detail::saved_view::open(*state_->file, snapshot);
    if (!view) return in_file(state_->path, view.error());
    if (view->manifest().is_in_turn || view->manifest().waiting_bytes > 0)
        return in_file(state_->path, {error_code::bad_data,
                                      "messages wait in it: it was not saved between two turns"});
    const auto bytes = state_->file->bytes();
    if (!bytes) return in_file(state_->path, bytes.error());
    constexpr std::uint64_t of_any_world = std::uint64_t{16} << 20;
    if (view->manifest().bytes_for_tables() > *bytes + of_any_world)
        return in_file(state_->path, {error_code::bad_data,
                                      "it would take more than twice its size of memory: there is "
                                      "less in it than it says"});
    return {};
}

result<void> world_file::fill(actor_system& system, trust whether, const std::string& name,
                              const load_options& options) {
    auto filled = fill_in(system, whether, name, options);
    if (!filled && whether == trust::none) system.engine_->distrust();
    return filled;
}

result<void> world_file::fill_in(actor_system& system, trust whether, const std::string& name,
                                 const load_options& options) {
    const auto snapshot = state_->file->find(name);
    if (!snapshot) return unknown_snapshot(state_->path, name);
    const std::shared_ptr<page_file>& file = state_->file;
    const std::vector<std::byte> manifest = std::move(state_->manifest);
    const auto described = file->read_blob(snapshot->record().schema, detail::blob_kind::schema);
    if (!described) return in_file(state_->path, described.error());
    detail::byte_reader types(*described);
    const auto saved = detail::schema::read(types);
    if (!saved) return in_file(state_->path, saved.error());
    std::span<const detail::migration> migrations;
    const bool is_trusted = whether == trust::full;
    if (options.changes && is_trusted) migrations = options.changes->all_;
    detail::byte_reader head_of(manifest), from(manifest);
    const auto head = detail::saved_head::read(head_of);
    auto fits = detail::check_layouts(head, *saved, system.engine_->shared().types, migrations);
    if (!fits) return in_file(state_->path, fits.error());
    if (auto table = file->read_table(*snapshot); !table)
        return in_file(state_->path, table.error());
    auto source = std::make_shared<detail::snapshot_source>(state_->path, file, snapshot);
    const auto read = [&] {
        return system.engine_->read(from, std::move(source), identity_of(*file, *snapshot),
                                    options.verify || !is_trusted, migrations);
    };
#if defined(__cpp_exceptions)
    try {
        if (auto done = read(); !done) return in_file(state_->path, done.error());
    } catch (...) { // there is no memory, or a migration has failed
        const detail::failure_reason why = detail::reason_of_exception();
        return in_file(state_->path, {why.code, "cannot be loaded: " + why.text});
    }
#else
    if (auto done = read(); !done) return in_file(state_->path, done.error());
#endif
    if (is_trusted) return {};
    if (auto good = detail::check_foreign(*system.engine_); !good)
        return in_file(state_->path, good.error());
    return {};
}

} // namespace kay
