// SPDX-License-Identifier: MIT
//
// The pages of a snapshot for a loaded world, read from the file and checked when they are needed.
// What they lie in is not written over while this lives. Any thread.
#pragma once

#include "page_file.hpp"
#include "read_ahead.hpp"

#include <kay/memory/page_source.hpp>

#include <memory>
#include <mutex>
#include <string>

namespace kay::detail {

class snapshot_source final : public page_source {
public:
    /// Requires that the snapshot's table has been read.
    snapshot_source(std::string path, std::shared_ptr<page_file> file,
                    std::shared_ptr<const page_file::snapshot> snapshot);

    bool read(std::uint32_t number, std::span<std::byte> to) override;
    bool has(std::uint32_t first, std::uint32_t count) const override;
    std::optional<error> failure() const override;

private:
    void note_failure(const error& e);
    result<void> read_page(std::uint32_t number, std::span<std::byte, extent_bytes> to);

    std::string path_;
    std::shared_ptr<page_file> file_;
    std::shared_ptr<const page_file::snapshot> snapshot_;
    read_ahead ahead_;
    mutable std::mutex mutex_; ///< for what follows
    std::optional<error> failure_;
};

} // namespace kay::detail
