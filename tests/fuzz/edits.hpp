// SPDX-License-Identifier: MIT
//
// A fuzzer's bytes as changes of something good, so that what it finds lies behind the checksums,
// which are made right again afterwards. Each change is which part (1 byte), where in it (2, taken
// modulo its size), how many bytes (1) and the bytes; of none: the part ends there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kay::fuzz {

inline void edit(std::span<std::vector<std::byte>* const> parts, const std::uint8_t* data,
                 std::size_t size, bool may_cut) {
    std::size_t at = 0;
    const auto take = [&] { return at < size ? data[at++] : std::uint8_t{0}; };
    while (at + 4 <= size) {
        std::vector<std::byte>& part = *parts[take() % parts.size()];
        std::size_t where = take();
        where |= std::size_t{take()} << 8;
        std::size_t count = take();
        if (part.empty()) continue;
        where %= part.size();
        if (count == 0 && may_cut) part.resize(where);
        for (; count > 0 && at < size && where < part.size(); --count)
            part[where++] = static_cast<std::byte>(take());
    }
}

} // namespace kay::fuzz
