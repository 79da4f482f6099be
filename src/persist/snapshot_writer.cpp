// SPDX-License-Identifier: MIT
#include "snapshot_writer.hpp"

#include "part_copier.hpp"

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

/// The table of pages, those that have not changed as in the base.
result<std::vector<page_ref>> snapshot_writer::write_pages(page_file::attempt& attempt) {
    std::vector<page_ref> pages;
    if (base_) pages = base_->table().pages;
    pages.resize(
        std::max(world_->numbers.end(), 1u)); // a table has one, even of a world of nothing
    part_copier copier(types_);
    frozen_pages& frozen = world_->pages;
    for (std::uint32_t i = 0; i < frozen.size(); ++i) {
        const frozen_page& page = frozen[i];
        const std::span<const std::byte> copy = copier.copy(page);
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
