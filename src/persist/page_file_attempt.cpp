// SPDX-License-Identifier: MIT
//
// Writing of a new generation of a page_file.
#include "file_records.hpp"
#include "in_file.hpp"
#include "page_file.hpp"

#include <kay/core/hash.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace kay::detail {

page_file::attempt::~attempt() { give_back(); }

void page_file::attempt::give_back() {
    for (const extent_run r : taken_) file_.space_.leave(r);
    taken_.clear();
}

result<extent_run> page_file::attempt::take(std::uint32_t count) {
    if (auto known = file_.learn_space(); !known) return known.error();
    if (taken_.size() == taken_.capacity()) taken_.reserve(taken_.size() * 2 + 8);
    const extent_run run = file_.space_.take(count);
    if (run.count == 0) return error{error_code::exhausted, "the file is as long as it can be"};
    taken_.push_back(run);
    return run;
}

result<page_ref> page_file::attempt::write_page(std::uint64_t number,
                                                std::span<const std::byte, extent_bytes> page,
                                                const page_ref* before) {
    const std::uint64_t hash = hash_bytes(page, file_.seed_of_page(number));
    if (before && before->extent && before->hash == hash) return *before;
    const auto run = take(1);
    if (!run) return run.error();
    if (!batch_) {
        constexpr std::size_t bytes = batch_extents * extent_bytes;
        batch_.reset(static_cast<std::byte*>(std::aligned_alloc(batch_alignment, bytes)));
        if (!batch_) return no_memory();
    }
    if (batched_.count == batch_extents || batched_.first + batched_.count != run->first) {
        if (auto put = write_batch(); !put) return put.error();
        batched_.first = run->first;
    }
    std::memcpy(batch_.get() + std::size_t{batched_.count} * extent_bytes, page.data(),
                page.size());
    ++batched_.count;
    bytes_written_ += page.size();
    return page_ref{run->first, 0, hash};
}

void page_file::attempt::freeing::operator()(std::byte* room) const { std::free(room); }

result<void> page_file::attempt::write_batch() {
    const extent_run all = std::exchange(batched_, {});
    if (all.count == 0) return {};
    return file_.disk_->write(position_of(all.first),
                              {batch_.get(), std::size_t{all.count} * extent_bytes});
}

result<blob_ref> page_file::attempt::write_blob(std::span<const std::byte> bytes, blob_kind kind) {
    const auto run = take(std::max(1u, extents_for(bytes.size())));
    if (!run) return run.error();
    // Whole extents: the last one ends where the file does.
    std::vector<std::byte> padded(bytes.begin(), bytes.end());
    padded.resize(std::size_t{run->count} * extent_bytes);
    if (auto put = file_.disk_->write(position_of(run->first), padded); !put) return put.error();
    bytes_written_ += padded.size();
    return blob_ref{*run, bytes.size(),
                    hash_bytes(bytes, file_.seed_of(static_cast<std::uint32_t>(kind), 0))};
}

result<std::shared_ptr<const page_file::snapshot>>
page_file::attempt::write_snapshot(snapshot_record record, std::vector<page_ref> pages,
                                   const snapshot* base) {
    page_table table;
    table.pages = std::move(pages);
    byte_writer leaves;
    const std::span<const page_ref> all = table.pages;
    for (std::size_t first = 0; first < all.size(); first += leaf_pages) {
        const auto part = all.subspan(first, std::min(leaf_pages, all.size() - first));
        const std::size_t index = first / leaf_pages;
        blob_ref leaf;
        bool shared = false;
        if (base && index < base->table().leaves.size()) {
            const std::span<const page_ref> before = base->table().pages;
            const auto same = before.subspan(first, std::min(leaf_pages, before.size() - first));
            shared = std::ranges::equal(part, same);
            if (shared) leaf = base->table().leaves[index];
        }
        if (!shared) {
            const auto written = write_blob(std::as_bytes(part), blob_kind::leaf);
            if (!written) return written.error();
            leaf = *written;
        }
        table.leaves.push_back(leaf);
        write(leaves, leaf);
    }
    const auto root = write_blob(leaves.written(), blob_kind::table);
    if (!root) return root.error();
    record.table = *root;
    record.page_count = all.size();
    record.pages_used = used_of(all);
    record.number = file_.saves_ + 1;
    std::shared_ptr<const snapshot> made(new snapshot(std::move(record)));
    made->table_ = std::move(table);
    made->pin_in(file_.space_);
    return made;
}

result<void> page_file::attempt::commit(snapshot_list all) {
    if (auto put = write_batch(); !put) return put;
    std::uint64_t saves = file_.saves_;
    for (const auto& s : all) saves = std::max(saves, s->record().number);
    const auto catalogue = write_blob(write_catalogue(saves, all), blob_kind::catalogue);
    if (!catalogue) return catalogue.error();
    // All that can throw comes before what cannot be taken back.
    auto pinned = std::make_shared<pin>(file_.space_, std::vector{catalogue->where});
    auto doubtful = std::make_shared<pin>(file_.space_, taken_);
    file_.doubtful_.reserve(file_.doubtful_.size() + 1);
    if (auto durable = file_.disk_->sync(); !durable) return durable.error();

    superblock s{file_.next_generation_, file_.space_.extents(), *catalogue};
    if (auto written = file_.write_superblocks(s); !written) {
        // Whether it is there nobody knows. The next one has to go to the same place, and what this
        // one leads to has to stay.
        file_.doubtful_.push_back(std::move(doubtful));
        file_.next_generation_ += 2;
        return error{written.error().code,
                     written.error().text +
                         "; the file has the last snapshots, or those that were there before"};
    }
    file_.generation_ = s.generation;
    file_.next_generation_ = s.generation + 1;
    file_.saves_ = saves;
    file_.snapshots_before_ = std::exchange(file_.snapshots_, std::move(all));
    file_.catalogue_before_ = std::exchange(file_.catalogue_, std::move(pinned));
    file_.doubtful_.clear();
    give_back(); // what is needed is pinned by the snapshots
    return {};
}

result<void> page_file::write_superblocks(const superblock& s) {
    const std::vector<std::byte> bytes = format(s);
    for (unsigned copy = 0; copy < 2; ++copy)
        if (auto put = disk_->write(superblock_at(s.generation, copy), bytes); !put) return put;
    return disk_->sync();
}

} // namespace kay::detail
