// SPDX-License-Identifier: MIT
#include <kay/core/storable.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace storable_test {

/// Stands for a container of the library.
template <class T>
class bag {
public:
    bag() = default;
    bag(const bag& other) : size_(other.size_) {}
    bag& operator=(const bag& other) = default;
    ~bag() { size_ = 0; }

private:
    std::uint64_t size_ = 0;
};

/// Stands for what stays in its place.
class external {
public:
    external() = default;
    external(const external&) = delete;
    external& operator=(const external&) = delete;

private:
    int* at_ = nullptr;
};

enum class colour : std::uint8_t { red };
struct wheel {
    float pressure = 2;
    std::array<std::uint16_t, 3> marks{};
};
struct car {
    float speed = 0;
    colour paint = colour::red;
    wheel wheels[4];
    bag<wheel> spare;
    bag<car*> never_looked_at();
};
struct empty {};
struct has_external {
    int a;
    external b;
};
struct has_external_deep_inside {
    has_external a[2];
};
struct has_pointer {
    int* a;
};
struct has_pointer_in_array {
    has_pointer a[2];
};
struct has_pointer_in_std_array {
    std::array<has_pointer, 2> a;
};
struct has_bag_of_pointers {
    bag<has_pointer> a;
};
struct has_null {
    std::nullptr_t a;
};
struct has_member_pointer {
    int empty::* a;
};
struct has_const {
    const int a = 3;
};
struct has_volatile {
    volatile int a;
};
struct has_long_double {
    long double a;
};
struct has_const_reference {
    const int& a;
};
struct alignas(32) over_aligned {
    int a;
};
struct alignas(16) aligned_to_sixteen {
    int a;
};
struct alignas(8) aligned {
    int a;
};
struct has_over_aligned {
    over_aligned a;
};
struct aligned_field {
    char a;
    alignas(8) int b;
};
struct [[gnu::packed]] packed {
    char a;
    int b;
};
struct overlapped {
    [[no_unique_address]] empty a;
    int b;
};
struct with_destructor {
    int a;
    ~with_destructor() { a = 0; }
};
struct with_assignment {
    int a;
    with_assignment& operator=(const with_assignment& other) {
        a = other.a + 1;
        return *this;
    }
};
template <class T>
struct holds {
    T a;
};

} // namespace storable_test

namespace kay::detail {

template <class T>
struct described<storable_test::bag<T>> {
    static constexpr auto name = concat("bag<", name_text<T>, ">");
    static constexpr std::uint64_t layout_hash = hash_layout("bag", kay::layout_hash<T>);
    static constexpr bool storable = kay::storable<T>;
    static constexpr bool sendable = kay::sendable<T>;
    static constexpr bool has_padding = false;
};

template <>
struct described<storable_test::external> {
    static constexpr auto name = text("external");
    static constexpr std::uint64_t layout_hash = hash_layout("external");
    static constexpr bool storable = true;
    static constexpr bool sendable = false;
    static constexpr bool has_padding = true;
};

} // namespace kay::detail

namespace {

using namespace storable_test;
using kay::sendable;
using kay::storable;
using kay::detail::fault;
using kay::detail::sent_fault;
using kay::detail::stored_fault;

struct hidden {
    int a;
};

TEST(storable, plain_structs_numbers_enums_and_arrays_are) {
    EXPECT_TRUE(storable<car>);
    EXPECT_TRUE(sendable<car>);
    EXPECT_TRUE(storable<const car>);
    EXPECT_TRUE(storable<empty>);
    EXPECT_TRUE(storable<int>);
    EXPECT_TRUE(storable<bool>);
    EXPECT_TRUE(storable<colour>);
    EXPECT_TRUE(storable<std::byte>);
    EXPECT_TRUE(storable<float[2][3]>);
    EXPECT_TRUE((storable<std::array<wheel, 3>>));
    EXPECT_TRUE(storable<aligned>);
    EXPECT_TRUE(storable<holds<double>>);
    kay::require_storable<car>();
    kay::require_sendable<car>();
}

TEST(storable, what_cannot_move_as_bytes_is_not) {
    EXPECT_EQ(stored_fault<int*>, fault::pointer);
    EXPECT_EQ(stored_fault<has_pointer>, fault::pointer);
    EXPECT_EQ(stored_fault<has_pointer_in_array>, fault::pointer);
    EXPECT_EQ(stored_fault<has_pointer_in_std_array>, fault::pointer);
    EXPECT_EQ(stored_fault<has_null>, fault::pointer);
    EXPECT_EQ(stored_fault<has_member_pointer>, fault::pointer);
    EXPECT_EQ(stored_fault<int&>, fault::reference);
    EXPECT_FALSE(storable<has_const_reference>);
    EXPECT_EQ(stored_fault<with_destructor>, fault::destructor);
    EXPECT_EQ(stored_fault<with_assignment>, fault::destructor);
}

TEST(storable, types_of_the_standard_library_with_constructors_are_not) {
    EXPECT_EQ(stored_fault<holds<std::string>>, fault::not_plain);
    EXPECT_EQ(stored_fault<holds<std::vector<int>>>, fault::not_plain);
    EXPECT_EQ(stored_fault<holds<std::unique_ptr<int>>>, fault::not_plain);
    EXPECT_EQ(stored_fault<holds<std::optional<int>>>, fault::not_plain);
    EXPECT_EQ(stored_fault<holds<std::atomic<int>>>, fault::not_plain);
    EXPECT_FALSE((storable<holds<std::pair<int, int>>>));
    EXPECT_FALSE((storable<holds<std::tuple<int, int>>>));
}

TEST(storable, what_is_not_the_same_on_every_machine_is_not) {
    EXPECT_EQ(stored_fault<has_long_double>, fault::number);
    EXPECT_EQ(stored_fault<over_aligned>, fault::over_aligned);
    EXPECT_EQ(stored_fault<has_over_aligned>, fault::over_aligned);
    EXPECT_EQ(stored_fault<aligned_to_sixteen>, fault::over_aligned);
    EXPECT_EQ(stored_fault<aligned_field>, fault::odd_layout);
    EXPECT_EQ(stored_fault<packed>, fault::odd_layout);
    EXPECT_EQ(stored_fault<overlapped>, fault::odd_layout);
    EXPECT_EQ(stored_fault<hidden>, fault::unnamed);
    EXPECT_EQ(stored_fault<holds<hidden>>, fault::unnamed);
}

TEST(storable, fields_that_cannot_be_written_are_not) {
    EXPECT_EQ(stored_fault<has_const>, fault::constant);
    EXPECT_EQ(stored_fault<has_volatile>, fault::constant);
}

TEST(storable, a_described_type_answers_for_its_elements) {
    EXPECT_TRUE(storable<bag<int>>);
    EXPECT_TRUE(storable<bag<bag<car>>>);
    EXPECT_EQ(stored_fault<has_bag_of_pointers>, fault::element);
    EXPECT_EQ(stored_fault<bag<int*>>, fault::element);
}

TEST(storable, an_external_part_may_be_stored_but_not_sent) {
    EXPECT_TRUE(storable<has_external>);
    EXPECT_EQ(sent_fault<has_external>, fault::external);
    EXPECT_EQ(sent_fault<has_external_deep_inside>, fault::external);
    EXPECT_EQ(sent_fault<bag<external>>, fault::external);
    EXPECT_EQ((sent_fault<std::array<external, 2>>), fault::external);
    EXPECT_EQ(sent_fault<has_pointer>, fault::pointer);
}

template <class T, bool Sent>
using place = decltype(kay::detail::find_place<T, Sent, kay::detail::text<0>{}>());

TEST(storable, a_refusal_names_the_way_to_the_field_and_its_type) {
    EXPECT_EQ((place<has_pointer, false>::path.view()), "a");
    EXPECT_EQ((place<holds<has_pointer_in_array>, false>::path.view()), "a.a.a");
    EXPECT_TRUE((std::is_same_v<place<has_pointer_in_std_array, false>::type, int*>));
    EXPECT_TRUE((std::is_same_v<place<has_const, false>::type, const int>));
    EXPECT_TRUE((std::is_same_v<place<has_external_deep_inside, true>::type, external>));
    EXPECT_EQ((place<has_external_deep_inside, true>::path.view()), "a.b");
    EXPECT_EQ((place<over_aligned, false>::path.view()), "");
    EXPECT_TRUE((std::is_same_v<place<has_over_aligned, false>::type, over_aligned>));
}

TEST(storable, described_types_enter_layout_and_padding) {
    EXPECT_EQ(kay::fields<car>()[3].type, "bag<storable_test::wheel>");
    EXPECT_NE(kay::layout_hash<holds<bag<int>>>, kay::layout_hash<holds<bag<float>>>);
    EXPECT_FALSE(kay::has_padding<holds<bag<int>>>);
    EXPECT_TRUE(kay::has_padding<has_external>);
    EXPECT_TRUE(kay::offsets_match<car>());
}

} // namespace
