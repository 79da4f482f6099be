// SPDX-License-Identifier: MIT
#include "page_file.hpp"

#include "file_records.hpp"

#include <kay/core/hash.hpp>

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

namespace kay::detail {
namespace {

constexpr std::size_t superblock_bytes = 512; ///< a sector: written whole or not at all
constexpr char magic[8] = {'k', 'a', 'y', 'w', 'o', 'r', 'l', 'd'};
constexpr std::uint32_t format_version = 1;

error damaged(const std::string& what) {
    return {error_code::bad_data, what + " is damaged: its bytes are not those that were saved"};
}

std::vector<extent_run> runs_of(const snapshot_record& record, const page_table& table) {
    std::vector<extent_run> runs{record.table.where, record.manifest.where, record.schema.where};
    for (const blob_ref& leaf : table.leaves) runs.push_back(leaf.where);
    for (const page_ref& page : table.pages) {
        if (!page.extent) continue;
        if (runs.back().first + runs.back().count == page.extent)
            ++runs.back().count;
        else
            runs.push_back({page.extent, 1});
    }
    return runs;
}

} // namespace

page_file::pin::pin(space_map& used, std::vector<extent_run> which)
    : space(used), runs(std::move(which)) {
    for (const extent_run r : runs) space.use(r);
}
page_file::pin::~pin() {
    for (const extent_run r : runs) space.leave(r);
}

void page_file::snapshot::pin_in(space_map& space) const {
    if (!pinned_) pinned_.emplace(space, runs_of(record_, table()));
}

page_file::page_file(std::unique_ptr<disk> below) : disk_(std::move(below)) {}
page_file::~page_file() = default;

// ---- opening

result<std::unique_ptr<page_file>> page_file::open(std::unique_ptr<disk> below, bool may_make) {
    std::unique_ptr<page_file> file(new page_file(std::move(below)));
    const auto size = file->disk_->size();
    if (!size) return size.error();
    const auto unmade = file->is_unmade(*size);
    if (!unmade) return unmade.error();
    const auto opened = *unmade && may_make ? file->make() : file->read_superblocks();
    if (!opened) return opened.error();
    return file;
}

/// There is nothing, or what somebody left who was stopped before the file was one: superblocks
/// come last.
result<bool> page_file::is_unmade(std::uint64_t size) const {
    if (size > 2 * extent_bytes) return false;
    std::vector<std::byte> first(std::min<std::uint64_t>(size, extent_bytes));
    if (!first.empty())
        if (auto got = disk_->read(0, first); !got) return got.error();
    return std::all_of(first.begin(), first.end(), [](std::byte b) { return b == std::byte{0}; });
}

/// An empty catalogue as the first generation.
result<void> page_file::make() {
    std::random_device entropy;
    for (std::uint64_t& part : uuid_) part = std::uint64_t{entropy()} << 32 | entropy();
    next_generation_ = 1;
    attempt first(*this);
    return first.commit({});
}

result<void> page_file::read_superblocks() {
    const auto size = disk_->size();
    if (!size) return size.error();
    const error no_world{error_code::bad_data, "this is no file of saved worlds"};
    if (*size < 4 * superblock_step) return no_world;
    std::vector<superblock> found;
    bool newer_version = false;
    std::vector<std::byte> all(4 * superblock_step);
    if (auto got = disk_->read(0, all); !got) return got.error();
    for (unsigned i = 0; i < 4; ++i) {
        const auto bytes = std::span(all).subspan(i * superblock_step, superblock_bytes);
        if (std::memcmp(bytes.data(), magic, sizeof magic) != 0) continue;
        std::uint32_t version;
        std::memcpy(&version, bytes.data() + sizeof magic, sizeof version);
        newer_version |= version > format_version;
        const auto s = parse(bytes);
        if (!s || superblock_at(s->generation, i % 2) != i * superblock_step) continue;
        std::memcpy(uuid_.data(), bytes.data() + 16, sizeof uuid_);
        found.push_back(*s);
    }
    if (found.empty()) {
        if (newer_version)
            return error{error_code::bad_data,
                         "this file of saved worlds was written by a newer version of kay"};
        return no_world;
    }
    std::stable_sort(found.begin(), found.end(), [](const superblock& a, const superblock& b) {
        return a.generation > b.generation;
    });
    std::optional<error> first_problem;
    for (const superblock& s : found) {
        if (s.generation == generation_) continue; // the other copy was tried already
        generation_ = s.generation;
        const auto taken = position_of(s.extents) <= *size ? take_generation(s)
                                                           : result<void>(damaged("the file"));
        if (taken) {
            pin_generation_before(found, s);
            next_generation_ =
                found.front().generation + 1 + (found.front().generation - s.generation) % 2;
            if (first_problem)
                warning_ = "generation " + std::to_string(found.front().generation) +
                           " cannot be used (" + first_problem->text + "): generation " +
                           std::to_string(s.generation) + " counts";
            return {};
        }
        if (!first_problem) first_problem = taken.error();
        if (taken.error().code == error_code::io) return taken.error();
    }
    return *first_problem;
}

/// Whoever has to do without this generation one day finds the one before as it was. If that is
/// damaged already, nothing is lost by writing over it.
void page_file::pin_generation_before(const std::vector<superblock>& found, const superblock& s) {
    for (const superblock& before : found) {
        if (before.generation >= s.generation) continue;
        auto all = read_catalogue(before.catalogue);
        if (!all) continue;
        snapshots_before_ = std::move(all->snapshots);
        catalogue_before_ = std::make_shared<pin>(space_, std::vector{before.catalogue.where});
        return;
    }
}

std::optional<page_file::superblock> page_file::parse(std::span<const std::byte> bytes) const {
    const std::span<const std::byte> counted = bytes.first(superblock_bytes - 8);
    std::uint64_t hash;
    std::memcpy(&hash, bytes.data() + counted.size(), sizeof hash);
    if (hash != hash_bytes(counted)) return {};
    byte_reader from(counted.subspan(sizeof magic));
    if (from.number<std::uint32_t>() != format_version) return {};
    if (from.number<std::uint32_t>() != extent_bytes) return {};
    from.bytes(sizeof uuid_);
    superblock s;
    s.generation = from.number<std::uint64_t>();
    s.extents = from.number<std::uint32_t>();
    from.number<std::uint32_t>();
    s.catalogue = read_blob_ref(from);
    if (from.failed() || s.generation == 0) return {};
    return s;
}

std::vector<std::byte> page_file::format(const superblock& s) const {
    byte_writer to;
    to.bytes(std::as_bytes(std::span(magic)));
    to.number(format_version);
    to.number(static_cast<std::uint32_t>(extent_bytes));
    to.bytes(std::as_bytes(std::span(uuid_)));
    to.number(s.generation);
    to.number(s.extents);
    to.number(std::uint32_t{0});
    write(to, s.catalogue);
    std::vector<std::byte> bytes = to.take();
    bytes.resize(superblock_bytes - 8);
    const std::uint64_t hash = hash_bytes(bytes);
    const auto end = std::as_bytes(std::span(&hash, 1));
    bytes.insert(bytes.end(), end.begin(), end.end());
    return bytes;
}

/// The snapshots of a generation become the file's.
result<void> page_file::take_generation(const superblock& s) {
    auto all = read_catalogue(s.catalogue);
    if (!all) return all.error();
    saves_ = all->saves;
    extents_ = s.extents;
    snapshots_ = std::move(all->snapshots);
    catalogue_ = std::make_shared<pin>(space_, std::vector{s.catalogue.where});
    return {};
}

result<page_file::catalogue> page_file::read_catalogue(const blob_ref& where) {
    const auto bytes = read_blob(where, blob_kind::catalogue);
    if (!bytes) return bytes.error();
    byte_reader from(*bytes);
    catalogue all;
    all.saves = from.number<std::uint64_t>();
    const auto count = from.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && !from.failed(); ++i)
        all.snapshots.push_back(std::shared_ptr<const snapshot>(new snapshot(read_record(from))));
    if (!from.is_at_end()) return damaged("the catalogue");
    return all;
}

/// Which extents are free. Where a table is damaged nobody knows what its snapshot needs: nothing
/// that there is is written over then, as long as the file is open.
result<void> page_file::learn_space() {
    if (knows_space_) return {};
    const auto size = disk_->size();
    if (!size) return size.error();
    for (const auto& s : snapshots_) {
        if (auto read = read_table(*s)) {
            s->pin_in(space_);
            continue;
        } else if (read.error().code == error_code::io) {
            return read;
        }
        const std::uint32_t end = std::max(extents_, extents_for(*size));
        if (end > 1) space_.use({1, end - 1});
    }
    for (const auto& s : snapshots_before_) // what is damaged there is lost already
        if (read_table(*s)) s->pin_in(space_);
    knows_space_ = true;
    return {};
}

std::shared_ptr<const page_file::snapshot> page_file::find(const std::string& name) const {
    for (const auto& s : snapshots_)
        if (s->record().name == name) return s;
    return nullptr;
}

page_file::snapshot_list page_file::without(const std::string& name) const {
    snapshot_list others;
    for (const auto& s : snapshots_)
        if (s->record().name != name) others.push_back(s);
    return others;
}

// ---- reading

std::uint64_t page_file::seed_of(std::uint32_t kind, std::uint64_t number) const {
    return combine(combine(uuid_[0], uuid_[1]), combine(kind, number));
}

result<std::vector<std::byte>> page_file::read_blob(const blob_ref& blob, blob_kind kind) {
    const auto size = disk_->size();
    if (!size) return size.error();
    // Before so many bytes are made room for.
    if (position_of(blob.where.first) + blob.bytes > *size) return damaged("the file");
    std::vector<std::byte> bytes(blob.bytes);
    if (auto got = disk_->read(position_of(blob.where.first), bytes); !got) return got.error();
    if (hash_bytes(bytes, seed_of(static_cast<std::uint32_t>(kind), 0)) != blob.hash)
        return damaged("a table of the file");
    return bytes;
}

void page_file::expect_read(const snapshot_record& record) {
    for (const blob_ref& blob : {record.table, record.manifest, record.schema})
        disk_->expect_read(position_of(blob.where.first), blob.bytes);
    const auto table = read_blob(record.table, blob_kind::table);
    if (!table) return; // whoever reads it says so
    for (byte_reader from(*table); !from.is_at_end();) {
        const blob_ref leaf = read_blob_ref(from);
        if (from.failed()) return;
        disk_->expect_read(position_of(leaf.where.first), leaf.bytes);
    }
}

void page_file::expect_read(std::span<const page_ref> pages) {
    while (!pages.empty()) { // by what lies side by side
        std::size_t count = 1;
        while (count < pages.size() && pages[count].extent == pages[0].extent + count) ++count;
        if (pages[0].extent != 0)
            disk_->expect_read(position_of(pages[0].extent), count * extent_bytes);
        pages = pages.subspan(count);
    }
}

result<void> page_file::read_table(const snapshot& of) {
    if (of.table_) return {};
    auto read = read_pages_of(of.record());
    if (!read) return read.error();
    of.table_ = std::move(*read);
    return {};
}

result<page_table> page_file::read_pages_of(const snapshot_record& record) {
    const auto bytes = read_blob(record.table, blob_kind::table);
    if (!bytes) return bytes.error();
    const auto size = disk_->size();
    if (!size) return size.error();
    // Leaves do not overlap, so that there cannot be more entries than fit into the file.
    if (record.page_count > *size / sizeof(page_ref))
        return damaged("the table of snapshot " + record.name);
    byte_reader from(*bytes);
    page_table table;
    for (std::uint64_t first = 0; first < record.page_count; first += leaf_pages) {
        const blob_ref leaf = read_blob_ref(from);
        const std::uint64_t count = std::min<std::uint64_t>(leaf_pages, record.page_count - first);
        if (from.failed() || leaf.bytes != count * sizeof(page_ref))
            return damaged("the table of snapshot " + record.name);
        table.leaves.push_back(leaf);
    }
    if (!from.is_at_end()) return damaged("the table of snapshot " + record.name);
    table.pages.resize(record.page_count);
    for (std::size_t first = 0; const blob_ref& leaf : table.leaves) {
        const auto refs = read_blob(leaf, blob_kind::leaf);
        if (!refs) return refs.error();
        std::memcpy(table.pages.data() + first, refs->data(), refs->size());
        first += leaf_pages;
    }
    if (used_of(table.pages) != record.pages_used)
        return damaged("the table of snapshot " + record.name);
    return table;
}

result<void> page_file::read_page(std::uint64_t number, const page_ref& page,
                                  std::span<std::byte, extent_bytes> to) {
    if (auto got = disk_->read(position_of(page.extent), to); !got) return got.error();
    if (hash_bytes(to, seed_of_page(number)) != page.hash)
        return damaged("page " + std::to_string(number));
    return {};
}

} // namespace kay::detail
