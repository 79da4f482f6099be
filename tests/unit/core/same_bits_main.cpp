// SPDX-License-Identifier: MIT
//
// same_bits.hpp as a program by itself, for platforms without GoogleTest such as wasm. Prints what
// each function comes to; ends with the number of those that differ from what is expected.
#include "same_bits.hpp"

#include <cstdio>

int main() {
    int different = 0;
    for (const auto& item : same_bits::items) {
        const std::uint64_t value = item.compute();
        different += value != item.expected;
        std::printf("%-17s %016llx%s\n", item.name, static_cast<unsigned long long>(value),
                    value == item.expected ? "" : " DIFFERS");
    }
    return different;
}
