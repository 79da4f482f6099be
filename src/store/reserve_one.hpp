// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace kay::detail {

/// Room for one more, so that the push_back that follows cannot throw.
template <class T>
void reserve_one(std::vector<T>& v) {
    if (v.size() == v.capacity()) v.reserve(std::max<std::size_t>(8, v.size() * 2));
}

} // namespace kay::detail
