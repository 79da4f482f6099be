// SPDX-License-Identifier: MIT
//
// What a world file needs of the file below it. The real one is made by open_disk; tests put one
// with faults in its place. One thread at a time.
#pragma once

#include <kay/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace kay::detail {

class disk {
public:
    virtual ~disk() = default;

    virtual result<std::uint64_t> size() = 0;
    /// Fills `to` with the bytes from position `at` on; an error where the file ends before.
    virtual result<void> read(std::uint64_t at, std::span<std::byte> to) = 0;
    /// These bytes will be read soon: a disk that is slow may begin.
    virtual void expect_read(std::uint64_t at, std::uint64_t bytes) {
        static_cast<void>(at);
        static_cast<void>(bytes);
    }
    /// All of `from`, or an error; the file grows as needed. Durable after the next sync.
    virtual result<void> write(std::uint64_t at, std::span<const std::byte> from) = 0;
    /// Everything written before is durable when this succeeds. When it fails nothing is known of
    /// it, and trying again proves nothing: the system may have dropped what it could not write.
    virtual result<void> sync() = 0;
};

enum class open_mode {
    read,         ///< must be there; others may read it too
    write,        ///< must be there; nobody else may have it open for writing
    make_or_write ///< is made when it is not there
};

/// Errors name the path and what the system says.
result<std::unique_ptr<disk>> open_disk(const std::string& path, open_mode mode);

} // namespace kay::detail
