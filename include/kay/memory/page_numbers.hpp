// SPDX-License-Identifier: MIT
//
// The numbers of the pages of a saved world: which are in use. A page keeps its number as long as
// it is there, so that a snapshot writes what changed and nothing else. The lowest ones that are
// free are given out, so that numbers depend on the history of the world alone.
//
// Between turns; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kay::detail {

class page_numbers {
public:
    /// So many numbers in a row that nobody has. Returns the first one.
    std::uint32_t take(std::uint32_t count);
    void give(std::uint32_t first, std::uint32_t count);
    /// Room for so many more, in pieces of whatever sizes: taking them throws nothing then.
    void reserve(std::size_t count);
    /// As they were saved. False: one of them is in use, or is too high.
    bool take_these(std::uint32_t first, std::uint32_t count);

    bool is_used(std::uint32_t number) const {
        return number < used_.size() * 64 && (used_[number / 64] >> number % 64 & 1);
    }
    /// All that are in use are below.
    std::uint32_t end() const;

private:
    static constexpr std::uint32_t numbers_max = 1u << 28;

    void set(std::uint32_t first, std::uint32_t count);

    std::vector<std::uint64_t> used_; ///< a bit for each number
    std::uint32_t full_below_ = 0;    ///< words of used_ below are all ones
};

} // namespace kay::detail
