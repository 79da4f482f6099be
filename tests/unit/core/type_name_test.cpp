// SPDX-License-Identifier: MIT
#include <kay/core/type_name.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace city {
struct Lane;
enum class Colour : std::uint8_t { red, blue };
enum class Late : int { one = 1 };
union Either {
    int whole;
    float part;
};
struct Street {
    struct Side {};
};
template <class... Parts>
struct Pack {};
template <class Part, unsigned Count>
struct Block {
    struct Cell {};
};
template <int... Values>
struct Numbers {};
template <auto Value>
struct Marked {};
template <class Part = float>
struct Defaulted {};
template <class Owner, template <class> class Inner>
struct Odd {};
template <class T>
struct Bag {};
} // namespace city
struct Car;

namespace {
struct Hidden {};
enum class HiddenEnum { a };
} // namespace

namespace kay::detail {
template <class T>
struct described<city::Bag<T>> {
    static constexpr auto name = concat("bag<", name_text<T>, ">");
};
} // namespace kay::detail

namespace {

using kay::type_name;
using kay::detail::has_name;

TEST(type_name, numbers_are_named_by_kind_and_width) {
    EXPECT_EQ(type_name<unsigned char>(), "u1");
    EXPECT_EQ(type_name<std::uint16_t>(), "u2");
    EXPECT_EQ(type_name<unsigned>(), "u4");
    EXPECT_EQ(type_name<std::uint64_t>(), "u8");
    EXPECT_EQ(type_name<signed char>(), "i1");
    EXPECT_EQ(type_name<short>(), "i2");
    EXPECT_EQ(type_name<int>(), "i4");
    EXPECT_EQ(type_name<std::int64_t>(), "i8");
    EXPECT_EQ(type_name<long long>(), "i8");
    EXPECT_EQ(type_name<float>(), "f4");
    EXPECT_EQ(type_name<double>(), "f8");
    EXPECT_EQ(type_name<bool>(), "bool");
    EXPECT_EQ(type_name<char>(), "char");
    EXPECT_EQ(type_name<char16_t>(), "u2");
}

TEST(type_name, a_const_type_has_the_name_of_the_type) {
    EXPECT_EQ(type_name<const int>(), "i4");
    EXPECT_EQ(type_name<const city::Street>(), "city::Street");
}

TEST(type_name, structs_enums_and_unions_have_their_scope_and_no_keyword) {
    EXPECT_EQ(type_name<Car>(), "Car");
    EXPECT_EQ(type_name<city::Lane>(), "city::Lane");
    EXPECT_EQ(type_name<city::Street::Side>(), "city::Street::Side");
    EXPECT_EQ(type_name<city::Colour>(), "city::Colour");
    EXPECT_EQ(type_name<city::Either>(), "city::Either");
}

TEST(type_name, arrays_keep_their_extents_in_order) {
    EXPECT_EQ(type_name<float[3]>(), "f4[3]");
    EXPECT_EQ(type_name<std::uint16_t[2][4]>(), "u2[2][4]");
    EXPECT_EQ((type_name<std::array<city::Street, 7>>()), "array<city::Street,7>");
    EXPECT_EQ((type_name<std::array<int, 0>>()), "array<i4,0>");
}

TEST(type_name, arguments_of_templates_are_named_the_same_way) {
    EXPECT_EQ((type_name<city::Pack<unsigned>>()), "city::Pack<u4>");
    EXPECT_EQ((type_name<city::Pack<unsigned, Car, std::array<char, 2>>>()),
              "city::Pack<u4,Car,array<char,2>>");
    EXPECT_EQ((type_name<city::Pack<city::Pack<long long>>>()), "city::Pack<city::Pack<i8>>");
    EXPECT_EQ((type_name<city::Defaulted<>>()), "city::Defaulted<f4>");
}

TEST(type_name, described_types_choose_their_name_also_inside_others) {
    EXPECT_EQ(type_name<city::Bag<float>>(), "bag<f4>");
    EXPECT_EQ((type_name<city::Pack<city::Bag<Car>>>()), "city::Pack<bag<Car>>");
}

TEST(type_name, a_constant_argument_is_a_decimal_number) {
    EXPECT_EQ((type_name<city::Marked<12u>>()), "city::Marked<12>");
    EXPECT_EQ((type_name<city::Marked<true>>()), "city::Marked<1>");
    EXPECT_EQ((type_name<city::Marked<city::Colour::blue>>()), "city::Marked<1>");
    EXPECT_EQ((type_name<city::Block<Car, 3>>()), "city::Block<Car,3>");
    EXPECT_EQ((type_name<city::Numbers<1, -2>>()), "city::Numbers<1,-2>");
}

TEST(type_name, numbers_are_written_out_to_their_ends) {
    using kay::detail::number_text;
    EXPECT_EQ(number_text<0>().view(), "0");
    EXPECT_EQ(number_text<-1>().view(), "-1");
    EXPECT_EQ(number_text<10>().view(), "10");
    EXPECT_EQ(number_text<INT64_MIN>().view(), "-9223372036854775808");
    EXPECT_EQ(number_text<UINT64_MAX>().view(), "18446744073709551615");
}

TEST(type_name, names_that_are_not_the_same_everywhere_begin_with_a_question_mark) {
    EXPECT_TRUE(type_name<Hidden>().starts_with('?'));
    EXPECT_FALSE(has_name<Hidden>);
    EXPECT_FALSE(has_name<HiddenEnum>);
    EXPECT_FALSE(has_name<int*>);
    EXPECT_FALSE((has_name<city::Block<int, 3>::Cell>));
    EXPECT_FALSE((has_name<city::Odd<Car, city::Bag>>));
    EXPECT_FALSE((has_name<city::Pack<Hidden>>));
    EXPECT_TRUE((has_name<city::Pack<Car>>));
}

TEST(type_name, a_local_type_is_told_from_one_at_namespace_scope) {
    struct Local {
        int number;
        struct Inner {};
    };
    enum class LocalEnum { none };
    EXPECT_FALSE(has_name<Local>);
    EXPECT_FALSE(has_name<Local::Inner>);
    EXPECT_FALSE(has_name<LocalEnum>);
    EXPECT_TRUE(has_name<city::Street>);
    EXPECT_TRUE(has_name<city::Late>) << "an enum without a zero";
}

TEST(type_name, names_are_constants) {
    static_assert(type_name<city::Pack<float>>() == "city::Pack<f4>");
    constexpr kay::detail::text joined = kay::detail::concat("a", kay::detail::text("bc"), "");
    static_assert(joined.view() == "abc");
}

} // namespace
