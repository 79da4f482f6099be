// SPDX-License-Identifier: MIT
#include "../../../src/persist/space_map.hpp"

#include <gtest/gtest.h>

namespace {

using kay::detail::extent_run;
using kay::detail::space_map;

TEST(space_map, gives_the_lowest_extents_in_a_row_that_nobody_uses) {
    space_map space(1);
    EXPECT_EQ(space.take(3).first, 1u);
    EXPECT_EQ(space.take(1).first, 4u);
    space.leave({2, 1});
    EXPECT_EQ(space.take(2).first, 5u);
    EXPECT_EQ(space.take(1).first, 2u);
    EXPECT_EQ(space.extents(), 7u);
    EXPECT_EQ(space.in_use(), 6u);
}

TEST(space_map, an_extent_is_free_when_its_last_user_has_left) {
    space_map space(1);
    const extent_run run = space.take(2);
    space.use({run.first + 1, 1});
    space.leave(run);
    EXPECT_EQ(space.users(1), 0u);
    EXPECT_EQ(space.users(2), 1u);
    EXPECT_EQ(space.take(2).first, 3u);
    space.leave({2, 1});
    EXPECT_EQ(space.take(2).first, 1u);
}

} // namespace
