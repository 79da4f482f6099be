// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace type_table_test {

// Two names with one key, found by trying.
struct M64376 {
    std::uint32_t number;
};
struct M22526 {
    std::uint32_t number;
};
static_assert(kay::type_key<M64376> == kay::type_key<M22526>);

struct First {
    using messages = kay::messages<M64376>;
    std::uint32_t unused = 0;
    void on(const M64376&, kay::world&) {}
};
struct Second {
    using messages = kay::messages<M22526>;
    std::uint32_t unused = 0;
    void on(const M22526&, kay::world&) {}
};
struct Both {
    using messages = kay::messages<M64376, M22526>;
    std::uint32_t unused = 0;
    void on(const M64376&, kay::world&) {}
    void on(const M22526&, kay::world&) {}
};

template <class A, class... Before>
void expect_refused() {
    const kay::log_capture quiet(kay::log_level::error);
    kay::actor_system system{{.places = 1}};
    (static_cast<void>(system.add<Before>()), ...);
    const auto added = system.add<A>();
    ASSERT_FALSE(added);
    EXPECT_NE(added.error().text.find("type_table_test::M64376"), std::string::npos);
    EXPECT_NE(added.error().text.find("type_table_test::M22526"), std::string::npos);
}

TEST(type_table, messages_whose_keys_collide_are_refused_by_name) {
    expect_refused<Second, First>();
    expect_refused<First, Second>();
    expect_refused<Both>();
}

TEST(type_table, a_message_may_be_listed_by_many_types) {
    kay::actor_system system{{.places = 1}};
    EXPECT_TRUE(system.add<First>());
    EXPECT_TRUE(system.add<First>());
}

} // namespace type_table_test
