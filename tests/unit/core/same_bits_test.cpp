// SPDX-License-Identifier: MIT
//
// This compiler comes to the same bits as all others.
#include "same_bits.hpp"

#include <gtest/gtest.h>

namespace {

TEST(same_bits, come_from_every_function) {
    for (const auto& item : same_bits::items) EXPECT_EQ(item.compute(), item.expected) << item.name;
}

} // namespace
