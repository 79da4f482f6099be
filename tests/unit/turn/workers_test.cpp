// SPDX-License-Identifier: MIT
#include "../../sanitizers.hpp"

#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <cfenv>
#include <cstdint>
#include <new>
#include <system_error>
#include <vector>

#include <sys/resource.h>

namespace workers_test {

struct Divide {
    std::uint32_t by;
};
struct Quotient {
    using messages = kay::messages<Divide>;
    double sum = 0;
    void on(const Divide& m, kay::world&) {
        const volatile double one = 1;
        for (std::uint32_t i = 0; i < 64; ++i) sum += one / (m.by + i);
    }
};

std::uint64_t hash_of_a_world(std::uint32_t workers, int rounding) {
    kay::actor_system system{{.places = 8, .workers = workers}};
    system.add<Quotient>();
    std::vector<kay::id<Quotient>> all;
    for (std::uint32_t i = 0; i < 2000; ++i) all.push_back(system.spawn<Quotient>());
    const int before = std::fegetround();
    std::fesetround(rounding);
    for (std::uint32_t turn = 0; turn < 3; ++turn) {
        for (std::uint32_t i = 0; i < all.size(); ++i) system.send(all[i], Divide{i % 37 + 3});
        EXPECT_TRUE(system.turn());
    }
    EXPECT_EQ(std::fegetround(), rounding); // is the program's own again
    std::fesetround(before);
    return system.hash();
}

TEST(workers, handlers_round_to_nearest_whatever_the_program_has_set) {
    const std::uint64_t expected = hash_of_a_world(1, FE_TONEAREST);
    EXPECT_EQ(hash_of_a_world(1, FE_UPWARD), expected);
    EXPECT_EQ(hash_of_a_world(2, FE_UPWARD), expected);
    EXPECT_EQ(hash_of_a_world(2, FE_TOWARDZERO), expected);
}

// Sanitizers need more room than is left here.
#if !KAY_TEST_IS_SANITIZED
TEST(workers, too_many_for_the_machine_are_an_exception) {
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
    rlimit tight = before;
    tight.rlim_cur = rlim_t{1} << 30; // room for the stacks of a hundred threads
    ASSERT_EQ(setrlimit(RLIMIT_AS, &tight), 0);
    bool refused = false;
    try {
        const kay::actor_system system{{.places = 1024, .workers = 1024}};
    } catch (const std::system_error&) {
        refused = true;
    } catch (const std::bad_alloc&) {
        refused = true;
    }
    setrlimit(RLIMIT_AS, &before);
    EXPECT_TRUE(refused);
}
#endif

} // namespace workers_test
