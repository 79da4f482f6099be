// SPDX-License-Identifier: MIT
//
// kay::result: a value or an error, moved and copied whole; reading what is not there stops the
// program.
#include <kay/core/result.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

// Nothing turns into a number or a bool by itself; a condition may ask.
static_assert(!std::is_convertible_v<kay::result<int>, bool>);
static_assert(!std::is_convertible_v<kay::result<int>, int>);
static_assert(!std::is_convertible_v<kay::result<void>, bool>);
static_assert(std::is_constructible_v<bool, kay::result<int>>);
static_assert(std::is_same_v<kay::result<int>::value_type, int>);
static_assert(std::is_same_v<kay::result<void>::value_type, void>);
static_assert(!std::is_copy_constructible_v<kay::result<std::unique_ptr<int>>>);
static_assert(std::is_nothrow_move_constructible_v<kay::result<std::unique_ptr<int>>>);

kay::result<int> half(int number) {
    if (number % 2) return kay::error{kay::error_code::invalid_argument, "odd"};
    return number / 2;
}

kay::result<void> require(bool good) {
    if (good) return {};
    return kay::error{kay::error_code::io, "refused"};
}

TEST(result, holds_a_value) {
    const auto r = half(8);
    EXPECT_TRUE(r);
    EXPECT_TRUE(r.has_value());
    EXPECT_EQ(*r, 4);
    EXPECT_EQ(r.value(), 4);
}

TEST(result, holds_an_error) {
    const auto r = half(7);
    EXPECT_FALSE(r);
    EXPECT_FALSE(r.has_value());
    EXPECT_EQ(r.error().code, kay::error_code::invalid_argument);
    EXPECT_EQ(r.error().text, "odd");
}

TEST(result, a_value_that_converts_to_false_is_a_value_all_the_same) {
    EXPECT_TRUE(kay::result<int>(0));
    EXPECT_TRUE(kay::result<bool>(false));
    EXPECT_TRUE(kay::result<std::string>(std::string()));
    EXPECT_TRUE(kay::result<int*>(nullptr));
}

TEST(result, a_default_error_is_an_error_all_the_same) {
    EXPECT_TRUE(kay::result<void>());
    EXPECT_FALSE(kay::result<void>(kay::error{}));
    EXPECT_FALSE(kay::result<int>(kay::error{}));
}

TEST(result, gives_access_to_members_and_lets_the_value_be_changed) {
    kay::result<std::string> r(std::string("abc"));
    EXPECT_EQ(r->size(), 3u);
    *r += "d";
    r->push_back('e');
    r.value() += 'f';
    EXPECT_EQ(*r, "abcdef");
    const auto& constant = r;
    EXPECT_EQ(constant->size(), 6u);
    EXPECT_EQ(*constant, "abcdef");
}

TEST(result, hands_out_a_value_that_can_only_be_moved) {
    kay::result<std::unique_ptr<int>> r(std::make_unique<int>(5));
    ASSERT_TRUE(r);
    const std::unique_ptr<int> taken = *std::move(r);
    EXPECT_EQ(*taken, 5);
    const auto made = [] { return kay::result<std::unique_ptr<int>>(std::make_unique<int>(6)); };
    EXPECT_EQ(**made(), 6);
    const std::unique_ptr<int> other = made().value();
    EXPECT_EQ(*other, 6);
}

TEST(result, takes_the_value_by_moving_it) {
    std::vector<int> numbers(1000, 7);
    const int* const where = numbers.data();
    kay::result<std::vector<int>> r(std::move(numbers));
    EXPECT_EQ(r->data(), where);
    kay::result<std::vector<int>> moved(std::move(r));
    EXPECT_EQ(moved->data(), where);
    const std::vector<int> out = *std::move(moved);
    EXPECT_EQ(out.data(), where);
}

TEST(result, can_be_copied_and_assigned_from_one_kind_to_the_other) {
    kay::result<std::string> r(std::string("value"));
    const kay::result<std::string> copy = r;
    r = kay::error{kay::error_code::not_found, "gone"};
    EXPECT_FALSE(r);
    EXPECT_EQ(r.error().text, "gone");
    EXPECT_EQ(*copy, "value");
    r = copy;
    EXPECT_EQ(*r, "value");
    r = std::string("again");
    EXPECT_EQ(*r, "again");
}

TEST(result, passes_an_error_on_to_a_result_of_another_type) {
    const auto quarter = [](int number) -> kay::result<std::string> {
        const auto h = half(number);
        if (!h) return h.error();
        return std::to_string(*h);
    };
    EXPECT_EQ(*quarter(6), "3");
    EXPECT_EQ(quarter(5).error().text, "odd");
}

TEST(result, of_nothing_is_success_or_an_error) {
    EXPECT_TRUE(require(true));
    EXPECT_TRUE(require(true).has_value());
    const auto r = require(false);
    EXPECT_FALSE(r);
    EXPECT_FALSE(r.has_value());
    EXPECT_EQ(r.error().code, kay::error_code::io);
    EXPECT_EQ(r.error().text, "refused");
    kay::result<void> changed = r;
    EXPECT_FALSE(changed);
    changed = {};
    EXPECT_TRUE(changed);
}

TEST(result_death, reading_the_value_of_an_error_stops_the_program) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(static_cast<void>(*half(7)), "has_value");
    EXPECT_DEATH(static_cast<void>(half(7).value()), "has_value");
    EXPECT_DEATH(
        {
            const kay::result<std::string> r(kay::error{});
            static_cast<void>(r->size());
        },
        "has_value");
}

TEST(result_death, reading_the_error_of_a_value_stops_the_program) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_DEATH(static_cast<void>(half(8).error()), "has_value");
    EXPECT_DEATH(static_cast<void>(require(true).error()), "failed_");
}

} // namespace
