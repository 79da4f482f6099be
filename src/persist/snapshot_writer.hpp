// SPDX-License-Identifier: MIT
//
// Writes a frozen world into a file, as a snapshot with a name: pages that changed, then tables and
// records, then the file's new generation. Made by the world's thread; run by a thread of its own,
// which has the file for itself meanwhile. Progress may be asked for by any thread.
#pragma once

#include "../turn/frozen_world.hpp"
#include "../turn/inputs.hpp"
#include "page_file.hpp"
#include "part_copier.hpp"
#include "schema.hpp"

#include <kay/core/result.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace kay::detail {

snapshot_identity identity_of(const page_file& file, const page_file::snapshot& of);

class snapshot_writer {
public:
    /// `base` is the snapshot that the world's other pages are in; null: there are none.
    /// `log` records the world, if somebody does: a snapshot is never ahead of it.
    snapshot_writer(page_file& file, std::shared_ptr<frozen_world> world, schema types,
                    std::shared_ptr<const page_file::snapshot> base, snapshot_record record,
                    std::shared_ptr<input_sink> log)
        : file_(file), world_(std::move(world)), types_(std::move(types)), base_(std::move(base)),
          record_(std::move(record)), log_(std::move(log)) {}

    /// Until the snapshot is durable, or cannot become so. Finishes the frozen world. Throws
    /// std::bad_alloc: it has not become so.
    result<void> run();

    std::uint64_t bytes_total() const { return world_->pages.bytes(); }
    std::uint64_t bytes_done() const { return done_.load(std::memory_order_relaxed); }
    /// To the file; once it has run.
    std::uint64_t bytes_written() const { return written_; }

private:
    result<std::shared_ptr<const page_file::snapshot>> write(page_file::attempt& attempt);
    result<std::vector<page_ref>> write_pages(page_file::attempt& attempt);
    std::vector<page_content> contents() const;

    page_file& file_;
    std::shared_ptr<frozen_world> world_;
    schema types_;
    std::shared_ptr<const page_file::snapshot> base_;
    snapshot_record record_;
    std::shared_ptr<input_sink> log_;    ///< null: none
    std::atomic<std::uint64_t> done_{0}; ///< of bytes_total
    std::uint64_t written_ = 0;
};

} // namespace kay::detail
