// SPDX-License-Identifier: MIT
#include <kay/store/dirty_list.hpp>

#include <algorithm>
#include <utility>

namespace kay::detail {

void dirty_list::reserve_one() {
    if (entries_.capacity() < parts_ + 1)
        entries_.reserve(std::max<std::size_t>(16, (parts_ + 1) * 2));
}

void dirty_list::mark(std::uint32_t& marked, dirty_entry part) {
    entries_.push_back(part);
    marked = *epoch_;
}

std::vector<dirty_entry> dirty_list::take() {
    std::vector<dirty_entry> next;
    next.reserve(entries_.capacity());
    return std::exchange(entries_, std::move(next));
}

} // namespace kay::detail
