// SPDX-License-Identifier: MIT
#include "page_file.hpp"

#include "in_file.hpp"

#include <kay/core/hash.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <random>
#include <utility>

namespace kay::detail {
namespace {

constexpr std::size_t superblock_bytes = 512; ///< a sector: written whole or not at all
constexpr std::size_t superblock_step = 4096; ///< between two of them
constexpr char magic[8] = {'k', 'a', 'y', 'w', 'o', 'r', 'l', 'd'};
constexpr std::uint32_t format_version = 1;
constexpr std::uint64_t pages_max = std::uint64_t{1} << 28; ///< 16 TiB

/// Two generations of two copies: even ones in the first two places, odd ones in the others.
std::uint64_t superblock_at(std::uint64_t generation, unsigned copy) {
    return ((generation % 2) * 2 + copy) * superblock_step;
}

std::uint64_t position_of(std::uint32_t extent) { return std::uint64_t{extent} * extent_bytes; }

std::uint32_t extents_for(std::uint64_t bytes) {
    return static_cast<std::uint32_t>((bytes + extent_bytes - 1) / extent_bytes);
}

void write(byte_writer& to, const blob_ref& blob) {
    to.number(blob.where.first);
    to.number(blob.where.count);
    to.number(blob.bytes);
    to.number(blob.hash);
}
blob_ref read_blob_ref(byte_reader& from) {
    blob_ref blob;
    blob.where.first = from.number<std::uint32_t>();
    blob.where.count = from.number<std::uint32_t>();
    blob.bytes = from.number<std::uint64_t>();
    blob.hash = from.number<std::uint64_t>();
    const std::uint64_t room = position_of(blob.where.count);
    if (blob.where.count == 0 || blob.where.first == 0 || blob.bytes > room ||
        room - blob.bytes >= extent_bytes || ~0u - blob.where.first < blob.where.count)
        from.fail();
    return blob;
}

void write(byte_writer& to, const snapshot_record& r) {
    to.text(r.name);
    to.text(r.parent);
    to.number(r.number);
    to.number(r.turn);
    to.number(r.saved_ms);
    to.number(r.page_count);
    to.number(r.pages_used);
    write(to, r.table);
    write(to, r.manifest);
    write(to, r.schema);
}
snapshot_record read_record(byte_reader& from) {
    snapshot_record r;
    r.name = from.text();
    r.parent = from.text();
    r.number = from.number<std::uint64_t>();
    r.turn = from.number<std::uint64_t>();
    r.saved_ms = from.number<std::int64_t>();
    r.page_count = from.number<std::uint64_t>();
    r.pages_used = from.number<std::uint64_t>();
    r.table = read_blob_ref(from);
    r.manifest = read_blob_ref(from);
    r.schema = read_blob_ref(from);
    if (r.page_count > pages_max || r.pages_used > r.page_count) from.fail();
    return r;
}

/// Number of the last save and all snapshots.
std::vector<std::byte> write_catalogue(std::uint64_t saves,
                                       const page_file::snapshot_list& snapshots) {
    byte_writer to;
    to.number(saves);
    to.number(static_cast<std::uint32_t>(snapshots.size()));
    for (const auto& s : snapshots) write(to, s->record());
    return to.take();
}

std::uint64_t used_of(std::span<const page_ref> pages) {
    return static_cast<std::uint64_t>(std::count_if(
        pages.begin(), pages.end(), [](const page_ref& page) { return page.extent != 0; }));
}

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

// ---- writing

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
            if ((shared = std::ranges::equal(part, same))) leaf = base->table().leaves[index];
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
