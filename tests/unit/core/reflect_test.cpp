// SPDX-License-Identifier: MIT
#include <kay/core/reflect.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace reflect_test {

struct empty {};
struct one {
    int a;
};
struct one_empty {
    empty a;
};
struct two_empty {
    empty a;
    empty b;
};
struct one_struct {
    one a;
};
struct one_array {
    int a[3];
};
struct arrays {
    one a[4];
    int b[2][3];
    float c;
};
struct std_arrays {
    std::array<int, 4> a;
    std::array<one, 2> b;
    std::array<int, 0> c;
};
struct nested {
    arrays a;
    one_array b;
    std_arrays c;
    one_empty d;
};
struct with_defaults {
    int a = 3;
    float b = 2;
    std::vector<int> c{1, 2};
    std::string d{"x"};
};
struct more_than_fields {
    static constexpr int limit = 3;
    using number = int;
    enum kind { this_one };
    int a;
    kind b;
    int twice() const { return 2 * a; }
};
struct large {
    char a[5000];
    char b;
};
struct full {
    int a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
    char c0, c1, c2, c3, c4, c5, c6, c7, d0, d1, d2, d3, d4, d5, d6, d7;
};
struct pointers {
    int* a;
    void (*b)(int);
    const char* c;
};
enum class small : std::uint8_t { a };
struct enums {
    small a;
    bool b;
};

struct too_full {
    full a;
    int b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0, c1, c2, c3, c4, c5;
    int d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3, e4, e5;
};
int global = 0;
struct reference {
    int a;
    int& b;
};
struct reference_with_default {
    int a = 0;
    int& b = global;
};
struct rvalue_reference {
    int&& a;
};
struct needs_argument {
    explicit needs_argument(int) {}
};
struct no_default {
    needs_argument a;
};
struct no_default_in_the_middle {
    int a;
    needs_argument b = needs_argument(3);
    int c;
};
struct no_default_in_an_array {
    int a;
    needs_argument b[2];
};
struct bit_field {
    int a : 3;
};
struct bit_field_in_the_middle {
    char a;
    int b : 4;
    int : 0;
    int c;
};
union either {
    int a;
    float b;
};
struct has_union {
    int a;
    either b;
    int c;
};
struct has_anonymous_union {
    int a;
    union {
        int b;
        float c;
    };
};
struct derived : one {
    int b;
};
struct derived_from_empty : empty {};
struct derived_from_two : empty, one {};
struct derived_and_same_member : one {
    one b;
};
struct first_member_is_no_base {
    one a;
    one_struct b;
};
struct polymorphic {
    int a;
    virtual ~polymorphic() = default;
};
struct constructed {
    int a;
    constructed() : a(1) {}
};

} // namespace reflect_test

namespace {

using namespace reflect_test;
using kay::field_count;
using kay::for_each_field;
using kay::reflectable;
using kay::detail::shape;
using kay::detail::shape_of;

TEST(reflect, fields_are_counted_as_declared) {
    EXPECT_EQ(field_count<empty>, 0u);
    EXPECT_EQ(field_count<one>, 1u);
    EXPECT_EQ(field_count<one_struct>, 1u);
    EXPECT_EQ(field_count<with_defaults>, 4u);
    EXPECT_EQ(field_count<more_than_fields>, 2u);
    EXPECT_EQ(field_count<pointers>, 3u);
    EXPECT_EQ(field_count<enums>, 2u);
    EXPECT_EQ(field_count<full>, 32u);
    EXPECT_EQ(field_count<const one>, 1u);
}

TEST(reflect, empty_members_count) {
    EXPECT_EQ(field_count<one_empty>, 1u);
    EXPECT_EQ(field_count<two_empty>, 2u);
}

TEST(reflect, an_array_counts_as_one_field_whatever_it_holds) {
    EXPECT_EQ(field_count<one_array>, 1u);
    EXPECT_EQ(field_count<arrays>, 3u);
    EXPECT_EQ(field_count<std_arrays>, 3u);
    EXPECT_EQ(field_count<nested>, 4u);
    EXPECT_EQ(field_count<large>, 2u);
}

TEST(reflect, fields_come_in_order_and_by_reference) {
    with_defaults object;
    std::vector<const void*> seen;
    for_each_field(object, [&](auto& field) { seen.push_back(&field); });
    EXPECT_EQ(seen, (std::vector<const void*>{&object.a, &object.b, &object.c, &object.d}));

    arrays others{};
    seen.clear();
    for_each_field(others, [&](auto& field) { seen.push_back(&field); });
    EXPECT_EQ(seen, (std::vector<const void*>{&others.a, &others.b, &others.c}));
}

TEST(reflect, all_of_32_fields_can_be_written) {
    full object{};
    int next = 0;
    for_each_field(object, [&](auto& field) {
        field = static_cast<std::remove_reference_t<decltype(field)>>(next++);
    });
    EXPECT_EQ(object.a0, 0);
    EXPECT_EQ(object.b0, 8);
    EXPECT_EQ(object.c0, 16);
    EXPECT_EQ(object.d7, 31);
}

TEST(reflect, fields_of_a_const_object_are_const) {
    const one object{4};
    for_each_field(object, [](auto& field) {
        static_assert(std::is_same_v<decltype(field), const int&>);
        EXPECT_EQ(field, 4);
    });
}

TEST(reflect, an_array_keeps_its_type) {
    arrays object{};
    kay::with_fields(object, [](auto& a, auto& b, auto& c) {
        static_assert(std::is_same_v<decltype(a), one(&)[4]>);
        static_assert(std::is_same_v<decltype(b), int(&)[2][3]>);
        static_assert(std::is_same_v<decltype(c), float&>);
    });
    static_assert(
        std::is_same_v<kay::field_types<arrays>, kay::detail::type_list<one[4], int[2][3], float>>);
    static_assert(std::is_same_v<kay::field_types<empty>, kay::detail::type_list<>>);
}

TEST(reflect, fields_can_be_walked_in_a_constant) {
    constexpr int sum = [] {
        struct pair {
            int a = 3;
            long long b = 4;
        } object;
        int total = 0;
        for_each_field(object, [&](const auto& field) { total += static_cast<int>(field); });
        return total;
    }();
    static_assert(sum == 7);
}

TEST(reflect, what_is_no_plain_struct_is_told_why) {
    EXPECT_EQ(shape_of<either>, shape::is_union);
    EXPECT_EQ(shape_of<has_union>, shape::is_union);
    EXPECT_EQ(shape_of<has_anonymous_union>, shape::is_union);
    EXPECT_EQ(shape_of<polymorphic>, shape::has_virtual);
    EXPECT_EQ(shape_of<derived>, shape::has_base);
    EXPECT_EQ(shape_of<derived_from_empty>, shape::has_base);
    EXPECT_EQ(shape_of<derived_from_two>, shape::has_base);
    EXPECT_EQ(shape_of<derived_and_same_member>, shape::has_base);
    EXPECT_EQ(shape_of<constructed>, shape::not_aggregate);
    EXPECT_EQ(shape_of<std::string>, shape::not_aggregate);
    EXPECT_EQ(shape_of<reference>, shape::no_default);
    EXPECT_EQ(shape_of<reference_with_default>, shape::no_default);
    EXPECT_EQ(shape_of<rvalue_reference>, shape::no_default);
    EXPECT_EQ(shape_of<no_default>, shape::no_default);
    EXPECT_EQ(shape_of<no_default_in_the_middle>, shape::no_default);
    EXPECT_EQ(shape_of<no_default_in_an_array>, shape::no_default);
    EXPECT_EQ(shape_of<too_full>, shape::too_many);
    EXPECT_EQ(shape_of<first_member_is_no_base>, shape::plain);
}

#if !defined(__clang__) || __clang_major__ >= 16
TEST(reflect, bit_fields_are_seen) {
    EXPECT_EQ(shape_of<bit_field>, shape::has_bit_field);
    EXPECT_EQ(shape_of<bit_field_in_the_middle>, shape::has_bit_field);
}
#endif

TEST(reflect, only_classes_are_reflectable) {
    EXPECT_TRUE(reflectable<nested>);
    EXPECT_TRUE(reflectable<const nested>);
    EXPECT_FALSE(reflectable<int>);
    EXPECT_FALSE(reflectable<int[3]>);
    EXPECT_FALSE(reflectable<one*>);
    EXPECT_FALSE(reflectable<one&>);
    EXPECT_FALSE(reflectable<small>);
    EXPECT_FALSE(reflectable<either>);
}

} // namespace
