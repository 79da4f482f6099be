// SPDX-License-Identifier: MIT
#include "snapshot_writer.hpp"

#include "part_copier.hpp"
#include "world_manifest.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace kay::detail {

snapshot_identity identity_of(const page_file& file, const page_file::snapshot& of) {
    return {{file.uuid()[0], file.uuid()[1]}, of.record().table.hash, of.record().manifest.hash};
}

namespace {

/// As what the world was saved, unless something throws.
struct finishing {
    frozen_world& world;
    std::optional<snapshot_identity> as{};
    ~finishing() { world.finish(as ? &*as : nullptr); }
};

} // namespace

result<void> snapshot_writer::run() {
    finishing end{*world_};
    page_file::attempt attempt(file_);
    auto made = write(attempt);
    written_ = attempt.bytes_written();
    if (!made) return made.error();
    end.as = identity_of(file_, **made);
    return {};
}

result<std::shared_ptr<const page_file::snapshot>>
snapshot_writer::write(page_file::attempt& attempt) {
    auto pages = write_pages(attempt);
    if (!pages) return pages.error();
    world_->find_late_hashes();
    byte_writer described;
    types_.write(described);
    const auto manifest = attempt.write_blob(world_->manifest, blob_kind::manifest);
    if (!manifest) return manifest.error();
    const auto schema = attempt.write_blob(described.written(), blob_kind::schema);
    if (!schema) return schema.error();
    record_.manifest = *manifest;
    record_.schema = *schema;
    const std::string name = record_.name;
    auto made = attempt.write_snapshot(std::move(record_), std::move(*pages), base_.get());
    if (!made) return made.error();
    page_file::snapshot_list all = file_.without(name);
    all.push_back(*made);
    if (log_) log_->await(world_->ended_turn);
    if (auto done = attempt.commit(std::move(all)); !done) return done.error();
    return made;
}

/// What is in each page, by number. The manifest says it: so the world does not wait for that.
std::vector<page_content> snapshot_writer::contents() const {
    std::vector<page_content> all(std::max(world_->numbers.end(), 1u));
    const auto read = world_manifest::read(world_->manifest, all.size());
    KAY_ASSERT(read.has_value());
    for (std::uint32_t c = 0; c < read->constants.size(); ++c)
        all[read->constants[c].pages[0]] = {world_->constants[c], read->constants[c].bytes, 1};
    for (const world_manifest::place& place : read->places)
        for (std::uint32_t t = 0; t < place.stores.size(); ++t) {
            if (!place.stores[t]) continue;
            for (const world_manifest::run& r : place.stores[t]->runs)
                for (std::uint32_t position = 0; position < r.chunks.size(); ++position)
                    all[r.pages_of(position)[0]] = {world_->actors[t], r.stride, r.rows(position)};
        }
    return all;
}

/// The table of pages, those that have not changed as in the base.
result<std::vector<page_ref>> snapshot_writer::write_pages(page_file::attempt& attempt) {
    std::vector<page_ref> pages;
    if (base_) {
        if (auto read = file_.read_table(*base_); !read) return read.error();
        pages = base_->table().pages;
    }
    pages.resize(
        std::max(world_->numbers.end(), 1u)); // a table has one, even of a world of nothing
    const std::vector<page_content> contents = this->contents();
    part_copier copier(types_);
    frozen_pages& frozen = world_->pages;
    for (std::uint32_t i = 0; i < frozen.size(); ++i) {
        const frozen_page& page = frozen[i];
        const std::span<const std::byte> copy = copier.copy(page, contents[page.number]);
        frozen.copied(i);
        for (std::uint32_t k = 0; k < page.chunks; ++k) {
            const std::uint32_t number = page.number + k;
            const auto put = attempt.write_page(
                number, copy.subspan(k * extent_bytes).first<extent_bytes>(), &pages[number]);
            if (!put) return put.error();
            pages[number] = *put;
        }
        done_.fetch_add(copy.size(), std::memory_order_relaxed);
    }
    for (std::uint32_t number = 0; number < pages.size(); ++number)
        if (!world_->numbers.is_used(number)) pages[number] = {};
    return pages;
}

} // namespace kay::detail
