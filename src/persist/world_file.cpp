// SPDX-License-Identifier: MIT
#include <kay/persist/world_file.hpp>

#include "../turn/engine.hpp"
#include "content_plan.hpp"
#include "page_file.hpp"
#include "schema.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

namespace kay {

using detail::engine;
using detail::extent_bytes;
using detail::page_file;

namespace {

constexpr std::size_t name_bytes_max = 255;

error unknown_snapshot(const std::string& path, const std::string& name) {
    return {error_code::not_found, path + ": has no snapshot named '" + name + "'"};
}

error in_file(const std::string& path, const error& e) {
    if (e.text.starts_with(path)) return e;
    return {e.code, path + ": " + e.text};
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

/// Begins the manifest: what a system has to be made with.
struct manifest_head {
    std::uint32_t places;
    std::uint64_t seed;
    std::int64_t step_ns;
};

manifest_head read_head(std::span<const std::byte> manifest) {
    detail::byte_reader from(manifest);
    manifest_head head;
    head.places = from.number<std::uint32_t>();
    head.seed = from.number<std::uint64_t>();
    head.step_ns = from.number<std::int64_t>();
    return head;
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

/// Copies parts of a world as they go to a file: what means nothing is zero.
class part_copier {
public:
    explicit part_copier(detail::schema& types) : types_(types) {}

    /// A part in whole pages. Valid until the next call.
    std::span<const std::byte> copy(const engine::saved_part& part) {
        const std::size_t bytes = (part.bytes + extent_bytes - 1) / extent_bytes * extent_bytes;
        copy_.assign(bytes, std::byte{0});
        if (!part.blocks) {
            std::memcpy(copy_.data(), part.at, part.bytes);
            return copy_;
        }
        const detail::content_plan& plan = plan_of(*part.blocks);
        if (plan.is_plain() && plan.size() == part.stride)
            std::memcpy(copy_.data(), part.at, std::size_t{part.rows} * part.stride);
        else
            for (std::uint32_t row = 0; row < part.rows; ++row) {
                const std::size_t at = std::size_t{row} * part.stride;
                plan.copy(part.at + at, copy_.data() + at);
            }
        return copy_;
    }

private:
    const detail::content_plan& plan_of(const detail::schema_node& type) {
        auto found = plans_.find(&type);
        if (found == plans_.end())
            found = plans_.emplace(&type, detail::content_plan(types_, types_.add(type))).first;
        return found->second;
    }

    detail::schema& types_;
    std::map<const detail::schema_node*, detail::content_plan> plans_;
    std::vector<std::byte> copy_;
};

} // namespace

struct world_file::state {
    std::string path;
    std::unique_ptr<page_file> file;
    std::string last; ///< snapshot that was saved or loaded last
};

world_file::world_file(std::unique_ptr<state> opened) : state_(std::move(opened)) {}
world_file::world_file(world_file&&) noexcept = default;
world_file& world_file::operator=(world_file&&) noexcept = default;
world_file::~world_file() = default;

result<world_file> world_file::open(const std::string& path) {
    auto disk = detail::open_disk(path, detail::open_mode::make_or_write);
    if (!disk) return disk.error();
    auto file = page_file::open(std::move(*disk), true);
    if (!file) return in_file(path, file.error());
    return world_file(std::make_unique<state>(state{path, std::move(*file), {}}));
}

result<world_file> world_file::open_to_read(const std::string& path) {
    auto disk = detail::open_disk(path, detail::open_mode::read);
    if (!disk) return disk.error();
    auto file = page_file::open(std::move(*disk), false);
    if (!file) return in_file(path, file.error());
    return world_file(std::make_unique<state>(state{path, std::move(*file), {}}));
}

std::vector<saved_world> world_file::list() const {
    std::vector<saved_world> all;
    for (const auto& s : state_->file->snapshots()) {
        const detail::snapshot_record& r = s->record();
        const auto pages = std::count_if(s->table().pages.begin(), s->table().pages.end(),
                                         [](const detail::page_ref& p) { return p.extent != 0; });
        all.push_back({r.name, r.parent, r.number, r.turn,
                       static_cast<std::uint64_t>(pages) * extent_bytes,
                       std::chrono::sys_time<std::chrono::milliseconds>(
                           std::chrono::milliseconds(r.saved_ms))});
    }
    std::sort(all.begin(), all.end(),
              [](const saved_world& a, const saved_world& b) { return a.number < b.number; });
    return all;
}

std::optional<std::string> world_file::warning() const { return state_->file->warning(); }

result<save_summary> world_file::save(actor_system& system, const std::string& name) {
    const auto begun = std::chrono::steady_clock::now();
    if (auto good = check_name(name); !good) return good.error();
    engine& e = *system.engine_;
    if (auto good = e.can_be_saved(); !good) return good.error();
    page_file& file = *state_->file;
    page_file::attempt attempt(file);
    const auto base = file.find(state_->last);

    detail::byte_writer manifest;
    e.write(manifest);
    detail::schema types = schema_of_world(e);
    part_copier copier(types);
    std::vector<detail::page_ref> pages;
    result<void> written;
    e.each_part([&](const engine::saved_part& part) {
        const std::span<const std::byte> copy = copier.copy(part);
        for (std::size_t at = 0; at < copy.size() && written; at += extent_bytes) {
            const std::uint64_t number = pages.size();
            const auto page = copy.subspan(at).first<extent_bytes>();
            const detail::page_ref* before = nullptr;
            if (base && number < base->table().pages.size()) before = &base->table().pages[number];
            const auto put = attempt.write_page(number, page, before);
            if (!put) {
                written = put.error();
                return;
            }
            pages.push_back(*put);
        }
    });
    if (!written) return in_file(state_->path, written.error());

    detail::byte_writer schema_bytes;
    types.write(schema_bytes);
    detail::snapshot_record record;
    record.name = name;
    record.parent = base ? state_->last : std::string();
    record.turn = system.turn_number();
    record.saved_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count();
    const auto stored = attempt.write_blob(manifest.written(), detail::blob_kind::manifest);
    if (!stored) return in_file(state_->path, stored.error());
    record.manifest = *stored;
    const auto described = attempt.write_blob(schema_bytes.written(), detail::blob_kind::schema);
    if (!described) return in_file(state_->path, described.error());
    record.schema = *described;
    const auto made = attempt.write_snapshot(std::move(record), std::move(pages), base.get());
    if (!made) return in_file(state_->path, made.error());
    page_file::snapshot_list all = file.without(name);
    all.push_back(*made);
    if (auto done = attempt.commit(std::move(all)); !done)
        return in_file(state_->path, done.error());
    state_->last = name;
    return save_summary{attempt.bytes_written(), std::chrono::steady_clock::now() - begun};
}

result<void> world_file::branch(const std::string& name, const std::string& as) {
    if (auto good = check_name(as); !good) return good;
    const auto from = state_->file->find(name);
    if (!from) return unknown_snapshot(state_->path, name);
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
    if (!state_->file->find(name)) return unknown_snapshot(state_->path, name);
    page_file::snapshot_list all = state_->file->without(name);
    page_file::attempt attempt(*state_->file);
    if (auto done = attempt.commit(std::move(all)); !done)
        return in_file(state_->path, done.error());
    return {};
}

result<actor_system> world_file::make_system(const std::string& name, const load_options& options) {
    const auto snapshot = state_->file->find(name);
    if (!snapshot) return unknown_snapshot(state_->path, name);
    const auto manifest =
        state_->file->read_blob(snapshot->record().manifest, detail::blob_kind::manifest);
    if (!manifest) return in_file(state_->path, manifest.error());
    const manifest_head head = read_head(*manifest);
    auto made = actor_system::create({.places = head.places,
                                      .seed = head.seed,
                                      .workers = options.workers,
                                      .step = std::chrono::nanoseconds(head.step_ns),
                                      .memory_bytes_max = options.memory_bytes_max,
                                      .post_bytes_max = options.post_bytes_max,
                                      .statistics = options.statistics});
    if (!made) return in_file(state_->path, made.error());
    return made;
}

result<void> world_file::fill(actor_system& system, const std::string& name) {
    const auto snapshot = state_->file->find(name);
    if (!snapshot) return unknown_snapshot(state_->path, name);
    page_file& file = *state_->file;
    engine& e = *system.engine_;
    const auto manifest = file.read_blob(snapshot->record().manifest, detail::blob_kind::manifest);
    if (!manifest) return in_file(state_->path, manifest.error());
    detail::byte_reader from(*manifest);
    if (auto read = e.read(from); !read) return in_file(state_->path, read.error());
    const std::vector<detail::page_ref>& pages = snapshot->table().pages;
    std::size_t next = 0;
    result<void> filled;
    std::vector<std::byte> rest(extent_bytes);
    e.each_part([&](const engine::saved_part& part) {
        for (std::size_t at = 0; at < part.bytes && filled; at += extent_bytes, ++next) {
            if (next >= pages.size() || pages[next].extent == 0) {
                filled = error{error_code::bad_data, "pages of the snapshot are missing"};
                return;
            }
            const std::size_t bytes = std::min(extent_bytes, part.bytes - at);
            if (bytes == extent_bytes) {
                filled =
                    file.read_page(next, pages[next],
                                   std::span<std::byte, extent_bytes>(part.at + at, extent_bytes));
            } else {
                filled =
                    file.read_page(next, pages[next],
                                   std::span<std::byte, extent_bytes>(rest.data(), extent_bytes));
                if (filled) std::memcpy(part.at + at, rest.data(), bytes);
            }
        }
    });
    if (filled && next != pages.size())
        filled = error{error_code::bad_data, "the snapshot has pages that nobody needs"};
    if (filled) filled = e.connect();
    if (!filled) return in_file(state_->path, filled.error());
    state_->last = name;
    return {};
}

} // namespace kay
