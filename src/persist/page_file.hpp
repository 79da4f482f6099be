// SPDX-License-Identifier: MIT
//
// A file of saved worlds. A world is pages of 64 KiB by number; each snapshot has a table that says
// for each page in which extent of the file it lies and what it hashes to. Snapshots share the
// extents of pages that are the same.
//
//   extent 0     four superblocks: two generations, the newer and the one before, of two copies
//   each superblock   -> catalogue -> for each snapshot its table, manifest and schema -> pages
//
// Nothing that the last two generations reach is ever written over. A new generation goes to free
// extents; then a sync; then its superblocks; then a sync: until these are there the old one is
// what the file says. Each reference has the hash of what it leads to, seeded with what that is, so
// that stale, torn and misplaced extents are noticed. The layout is in docs/formats/world.md.
//
// Opening reads the catalogue alone. The table of a snapshot is read when it is asked for, so that
// the number and size of the others cost nothing; those of all when something is written for the
// first time, to know which extents are free.
//
// One thread at a time; snapshots that were handed out may be kept as long as the file.
#pragma once

#include "../core/bytes.hpp"
#include "disk.hpp"
#include "space_map.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kay::detail {

inline constexpr std::size_t extent_bytes = std::size_t{64} << 10;

/// Where a page lies and what it hashes to.
struct page_ref {
    std::uint32_t extent = 0; ///< zero: the world has no such page
    std::uint32_t reserved = 0;
    std::uint64_t hash = 0;
    friend bool operator==(const page_ref&, const page_ref&) = default;
};
static_assert(sizeof(page_ref) == 16);

/// A row of bytes in extents of its own.
struct blob_ref {
    extent_run where;
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;
};

/// What a blob is: part of its hash.
enum class blob_kind : std::uint32_t { catalogue = 1, table, leaf, manifest, schema };

/// What the catalogue says of a snapshot.
struct snapshot_record {
    std::string name;
    std::string parent;       ///< the snapshot it went on from; empty: none
    std::uint64_t number = 0; ///< of saves into this file, from 1 on
    std::uint64_t turn = 0;
    std::int64_t saved_ms = 0; ///< by the clock of the machine, milliseconds since 1970
    std::uint64_t page_count = 0;
    std::uint64_t pages_used = 0; ///< of these: the world has them
    blob_ref table;
    blob_ref manifest;
    blob_ref schema;
};

/// A snapshot's pages by number.
struct page_table {
    std::vector<page_ref> pages;
    std::vector<blob_ref> leaves; ///< of 4,096 pages each
};

class page_file {
public:
    static constexpr std::size_t leaf_pages = extent_bytes / sizeof(page_ref);

    /// A snapshot and, once it was read, its table. Its extents are not written over while anybody
    /// has it.
    class snapshot;
    using snapshot_list = std::vector<std::shared_ptr<const snapshot>>;
    class attempt;

    /// Opens a file of saved worlds; makes an empty one if there is nothing at all and it may.
    static result<std::unique_ptr<page_file>> open(std::unique_ptr<disk> below, bool may_make);
    ~page_file();

    const snapshot_list& snapshots() const { return snapshots_; }
    /// Null: there is none of that name.
    std::shared_ptr<const snapshot> find(const std::string& name) const;

    /// All but the one of that name: what a commit begins with that replaces or removes it.
    snapshot_list without(const std::string& name) const;

    /// What was found damaged when the file was opened and is of no consequence yet: the newest
    /// generation, for one, so that the one before it counts.
    const std::optional<std::string>& warning() const { return warning_; }

    std::uint64_t generation() const { return generation_; }
    /// That the file has by now.
    result<std::uint64_t> bytes() { return disk_->size(); }
    /// Of this file alone: pages of two files can be compared by their hashes only if it is the
    /// same one, or a copy.
    const std::array<std::uint64_t, 2>& uuid() const { return uuid_; }
    /// Extents that snapshots of the last two generations need, tables included; once something
    /// was written.
    std::uint64_t extents_in_use() const { return space_.in_use(); }

    /// For snapshot::table. Once it was read: nothing.
    result<void> read_table(const snapshot& of);
    /// All of this is going to be read soon.
    void expect_read(const snapshot_record& record);
    void expect_read(std::span<const page_ref> pages);
    /// Fills `to` with a page and checks it.
    result<void> read_page(std::uint64_t number, const page_ref& page,
                           std::span<std::byte, extent_bytes> to);
    result<std::vector<std::byte>> read_blob(const blob_ref& blob, blob_kind kind);

private:
    struct superblock {
        std::uint64_t generation = 0;
        std::uint32_t extents = 0; ///< of the file, at least
        blob_ref catalogue;
    };
    /// The same extents as somebody else, or not at all: counted while it lives.
    struct pin {
        pin(space_map& space, std::vector<extent_run> runs);
        ~pin();
        pin(const pin&) = delete;
        pin& operator=(const pin&) = delete;
        space_map& space;
        std::vector<extent_run> runs;
    };

    explicit page_file(std::unique_ptr<disk> below);
    result<bool> is_unmade(std::uint64_t size) const;
    result<void> make();
    result<void> read_superblocks();
    std::optional<superblock> parse(std::span<const std::byte> bytes) const;
    std::vector<std::byte> format(const superblock& s) const;
    struct catalogue {
        std::uint64_t saves = 0;
        snapshot_list snapshots;
    };
    result<catalogue> read_catalogue(const blob_ref& where);
    result<page_table> read_pages_of(const snapshot_record& record);
    result<void> learn_space();
    result<void> take_generation(const superblock& s);
    void pin_generation_before(const std::vector<superblock>& found, const superblock& s);
    result<void> write_superblocks(const superblock& s);
    std::uint64_t seed_of(std::uint32_t kind, std::uint64_t number) const;
    std::uint64_t seed_of_page(std::uint64_t number) const { return seed_of(0, number); }

    std::unique_ptr<disk> disk_;
    std::array<std::uint64_t, 2> uuid_{}; ///< made with the file; part of all hashes
    space_map space_{1};
    bool knows_space_ = false;          ///< what lies in space_ is all there is
    std::uint32_t extents_ = 0;         ///< of the file when it was opened, at least
    std::uint64_t generation_ = 0;      ///< the last one that is known to be durable
    std::uint64_t next_generation_ = 0; ///< of the next attempt
    std::uint64_t saves_ = 0;           ///< number of the last one
    snapshot_list snapshots_;
    std::shared_ptr<const pin> catalogue_; ///< of this generation
    /// The generation before: nothing of it is written over until there is another one.
    snapshot_list snapshots_before_;
    std::shared_ptr<const pin> catalogue_before_;
    /// What a generation wrote of which nobody knows whether it is durable.
    std::vector<std::shared_ptr<const pin>> doubtful_;
    std::optional<std::string> warning_;
};

class page_file::snapshot {
public:
    const snapshot_record& record() const { return record_; }
    /// Requires that it was read.
    const page_table& table() const {
        KAY_ASSERT(table_.has_value());
        return *table_;
    }

private:
    friend class page_file;
    friend class attempt;
    explicit snapshot(snapshot_record record) : record_(std::move(record)) {}
    void pin_in(space_map& space) const;

    snapshot_record record_;
    mutable std::optional<page_table> table_; ///< reading it changes what nobody can see
    mutable std::optional<pin> pinned_;       ///< once space is known
};

/// Writing of a new generation. When it is given up, or fails, what it wrote is free again and the
/// file is as it was. One at a time.
class page_file::attempt {
public:
    explicit attempt(page_file& file) : file_(file) {}
    ~attempt();
    attempt(const attempt&) = delete;
    attempt& operator=(const attempt&) = delete;

    /// `before` is the same page as it was, where there was one: kept when it is still the same.
    result<page_ref> write_page(std::uint64_t number, std::span<const std::byte, extent_bytes> page,
                                const page_ref* before = nullptr);
    result<blob_ref> write_blob(std::span<const std::byte> bytes, blob_kind kind);
    /// Writes the table of a snapshot: leaves that are those of `base` are shared with it.
    /// `record` needs name, parent, turn, time, manifest and schema.
    result<std::shared_ptr<const snapshot>>
    write_snapshot(snapshot_record record, std::vector<page_ref> pages, const snapshot* base);
    /// From now on the file has these snapshots, durably. An error after which it may have either
    /// these or the old ones when it is opened the next time says so.
    result<void> commit(snapshot_list all);

    std::uint64_t bytes_written() const { return bytes_written_; }

private:
    static constexpr std::uint32_t batch_extents = 16;
    static constexpr std::size_t batch_alignment = 4096;
    struct freeing {
        void operator()(std::byte* room) const;
    };

    result<extent_run> take(std::uint32_t count);
    result<void> write_batch();
    void give_back();

    page_file& file_;
    /// Pages that go to extents in a row, to be written at once: disks like large writes, and
    /// systems write aligned ones past their own memory.
    std::unique_ptr<std::byte[], freeing> batch_;
    extent_run batched_;
    std::vector<extent_run> taken_;
    std::uint64_t bytes_written_ = 0;
};

} // namespace kay::detail
