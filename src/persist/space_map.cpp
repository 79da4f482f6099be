// SPDX-License-Identifier: MIT
#include "space_map.hpp"

#include <algorithm>

namespace kay::detail {

extent_run space_map::take(std::uint32_t count) {
    KAY_ASSERT(count > 0);
    const std::lock_guard lock(mutex_);
    const auto end = static_cast<std::uint32_t>(users_.size());
    while (search_ < end && users_[search_]) ++search_;
    std::uint32_t first = search_, free = 0;
    for (std::uint32_t i = search_; i < end && free < count; ++i) {
        if (users_[i] == 0) {
            ++free;
        } else {
            free = 0;
            first = i + 1;
        }
    }
    if (~0u - first < count) return {};
    const extent_run taken{first, count};
    use_now(taken);
    if (first == search_) search_ = first + count;
    return taken;
}

std::uint64_t space_map::in_use() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::uint64_t>(std::count_if(users_.begin() + first_, users_.end(),
                                                    [](std::uint32_t n) { return n > 0; }));
}

} // namespace kay::detail
