// SPDX-License-Identifier: MIT
#include <kay/memory/page_numbers.hpp>

#include <kay/core/assert.hpp>

#include <algorithm>
#include <bit>

namespace kay::detail {
namespace {

/// f(word of a bitmap, bits in it) for all numbers in a row.
template <class F>
void each_word(std::size_t first, std::size_t count, F&& f) {
    for (const std::size_t end = first + count; first < end;) {
        const std::size_t begin = first % 64;
        const std::size_t bits = std::min(64 - begin, end - first);
        f(first / 64, (~std::uint64_t{0} >> (64 - bits)) << begin);
        first += bits;
    }
}

} // namespace

std::uint32_t page_numbers::take(std::uint32_t count) {
    while (full_below_ < used_.size() && used_[full_below_] == ~std::uint64_t{0}) ++full_below_;
    std::uint32_t first = full_below_ * 64;
    if (count == 1) {
        if (full_below_ < used_.size())
            first += static_cast<std::uint32_t>(std::countr_one(used_[full_below_]));
    } else {
        for (std::uint32_t found = 0, at = first; found < count; ++at) {
            if (is_used(at)) {
                found = 0;
                first = at + 1;
            } else {
                ++found;
            }
        }
    }
    KAY_ASSERT(count <= numbers_max && first <= numbers_max - count);
    set(first, count);
    return first;
}

void page_numbers::give(std::uint32_t first, std::uint32_t count) {
    each_word(first, count, [&](std::size_t word, std::uint64_t bits) {
        KAY_ASSERT((used_[word] & bits) == bits);
        used_[word] &= ~bits;
        if (word < full_below_) full_below_ = static_cast<std::uint32_t>(word);
    });
}

void page_numbers::reserve(std::size_t count) {
    used_.reserve((std::size_t{end()} + count + 63) / 64);
}

bool page_numbers::take_these(std::uint32_t first, std::uint32_t count) {
    if (count > numbers_max || first > numbers_max - count) return false;
    bool are_free = true;
    each_word(first, count, [&](std::size_t word, std::uint64_t bits) {
        are_free = are_free && (word >= used_.size() || (used_[word] & bits) == 0);
    });
    if (are_free) set(first, count);
    return are_free;
}

void page_numbers::set(std::uint32_t first, std::uint32_t count) {
    if (std::size_t{first} + count > used_.size() * 64)
        used_.resize((std::size_t{first} + count + 63) / 64, 0);
    each_word(first, count, [&](std::size_t word, std::uint64_t bits) { used_[word] |= bits; });
}

std::uint32_t page_numbers::end() const {
    for (std::size_t word = used_.size(); word > 0; --word)
        if (used_[word - 1])
            return static_cast<std::uint32_t>(
                word * 64 - static_cast<std::size_t>(std::countl_zero(used_[word - 1])));
    return 0;
}

} // namespace kay::detail
