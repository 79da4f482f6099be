// SPDX-License-Identifier: MIT
//
// Where the pages of a loaded world are until they are needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <kay/core/result.hpp>

namespace kay::detail {

class page_source {
public:
    virtual ~page_source() = default;

    /// Fills memory with a page, or with several whose numbers are in a row. What cannot be read,
    /// or is damaged, is zero then, and a failure: the world cannot go on. False: there was one.
    /// Any thread, several at once. Throws nothing.
    virtual bool read(std::uint32_t number, std::span<std::byte> to) = 0;
    /// There are so many pages from this one on.
    virtual bool has(std::uint32_t first, std::uint32_t count) const = 0;
    /// What could not be read first. Any thread.
    virtual std::optional<error> failure() const = 0;
};

} // namespace kay::detail
