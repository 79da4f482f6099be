// SPDX-License-Identifier: MIT
//
// Ids: their parts, text form and parser, hash and order, ids of traits, and the names for many.
#include <kay/core/id.hpp>
#include <kay/kay.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <vector>

namespace id_test {

struct Honk {
    std::uint32_t loudness = 0;
};
struct Drive {
    float dv = 0;
};
struct Stop {};

struct Car {
    using messages = kay::messages<Honk, Drive>;
    std::uint32_t honks = 0;
    void on(const Honk&, kay::world&) { ++honks; }
    void on(const Drive&, kay::world&) {}
};

struct Bike {
    using messages = kay::messages<Stop, Honk>;
    std::uint32_t honks = 0;
    void on(const Stop&, kay::world&) {}
    void on(const Honk&, kay::world&) { ++honks; }
};

struct Mayor {
    using messages = kay::messages<Honk>;
    static constexpr bool singleton = true;
    std::uint32_t honks = 0;
    void on(const Honk&, kay::world&) { ++honks; }
};

using Hooter = kay::trait<Honk>;
using Vehicle = kay::trait<Honk, Drive>;

// ---- what the compiler knows

static_assert(sizeof(kay::id<Car>) == 8 && alignof(kay::id<Car>) == 8);
static_assert(sizeof(kay::id<Hooter>) == 16 && alignof(kay::id<Hooter>) == 8);
static_assert(std::is_trivially_copyable_v<kay::id<Car>>);
static_assert(std::is_trivially_copyable_v<kay::id<Hooter>>);
static_assert(kay::place_bits + kay::generation_bits + kay::slot_bits == 64);
static_assert(!kay::id<Car>{} && !kay::id<Hooter>{});

// An id of a type turns into an id of a trait, not the other way round, and not into another
// type's.
static_assert(std::is_convertible_v<kay::id<Car>, kay::id<Hooter>>);
static_assert(std::is_convertible_v<kay::id<Car>, kay::id<Vehicle>>);
static_assert(std::is_convertible_v<kay::id<Bike>, kay::id<Hooter>>);
static_assert(!std::is_convertible_v<kay::id<Hooter>, kay::id<Car>>);
static_assert(!std::is_convertible_v<kay::id<Car>, kay::id<Bike>>);
static_assert(!std::is_constructible_v<kay::id<Car>, kay::id<Bike>>);
static_assert(!std::is_convertible_v<kay::id<Vehicle>, kay::id<Hooter>>);
static_assert(!std::is_convertible_v<kay::id<Car>, bool>); // only where a condition asks for it
static_assert(!std::is_convertible_v<std::uint64_t, kay::id<Car>>);
static_assert(!std::is_convertible_v<kay::raw_id, kay::id<Car>>);
// What the conversion's static_assert asks.
static_assert(kay::detail::receives_all<Car, Honk, Drive>::value);
static_assert(kay::detail::receives_all<Bike, Honk>::value);
static_assert(!kay::detail::receives_all<Bike, Honk, Drive>::value);

constexpr kay::id<Car> constant_car{kay::raw_id{3, 1, 42}};
static_assert(constant_car.place() == 3 && constant_car.generation() == 1 &&
              constant_car.slot() == 42);
static_assert(kay::id<Hooter>(constant_car).key == kay::type_key<Car>);

// all, local, everywhere and the are values without state, of types of their own.
static_assert(std::is_empty_v<kay::all_of<Car>> && std::is_empty_v<kay::local_of<Car>> &&
              std::is_empty_v<kay::everywhere_of<Car>> && std::is_empty_v<kay::the_one<Mayor>>);
static_assert(std::is_same_v<decltype(kay::all<Car>), const kay::all_of<Car>>);
static_assert(std::is_same_v<decltype(kay::local<Car>), const kay::local_of<Car>>);
static_assert(std::is_same_v<decltype(kay::everywhere<Car>), const kay::everywhere_of<Car>>);
static_assert(std::is_same_v<decltype(kay::the<Mayor>), const kay::the_one<Mayor>>);
static_assert(!std::is_convertible_v<kay::all_of<Car>, kay::id<Car>>);
static_assert(std::is_convertible_v<kay::the_one<Mayor>, kay::id<Mayor>>);

// ---- parts

TEST(id, keeps_the_extremes_of_each_part_apart) {
    constexpr std::uint32_t place_max = (1u << kay::place_bits) - 1;
    for (std::uint32_t place : {0u, 1u, place_max})
        for (std::uint32_t generation : {0u, 1u, kay::generation_max})
            for (std::uint32_t slot : {0u, 1u, kay::slot_max, kay::slot_max + 1}) {
                const kay::raw_id raw{place, generation, slot};
                EXPECT_EQ(raw.place(), place);
                EXPECT_EQ(raw.generation(), generation);
                EXPECT_EQ(raw.slot(), slot);
                const kay::id<Car> car{raw};
                EXPECT_EQ(car.raw(), raw);
                EXPECT_EQ(car.place(), place);
                EXPECT_EQ(car.generation(), generation);
                EXPECT_EQ(car.slot(), slot);
            }
    EXPECT_EQ((kay::raw_id{place_max, kay::generation_max, kay::slot_max + 1}.bits),
              std::numeric_limits<std::uint64_t>::max());
}

TEST(id, a_fresh_one_is_null) {
    EXPECT_FALSE(kay::id<Car>{});
    EXPECT_EQ(kay::id<Car>{}.bits, 0u);
    EXPECT_EQ(kay::id<Car>{}, kay::id<Car>{kay::raw_id{}});
    EXPECT_TRUE(kay::id<Car>(kay::raw_id(0, 1, 0))); // the first actor of the first place
}

TEST(id, is_ordered_by_place_then_generation_then_slot) {
    std::vector<kay::id<Car>> ids;
    for (std::uint32_t place : {0u, 7u})
        for (std::uint32_t generation : {1u, 900u})
            for (std::uint32_t slot : {0u, 5u, kay::slot_max})
                ids.emplace_back(kay::raw_id{place, generation, slot});
    for (std::size_t i = 0; i < ids.size(); ++i)
        for (std::size_t j = 0; j < ids.size(); ++j) {
            EXPECT_EQ(ids[i] < ids[j], i < j);
            EXPECT_EQ(ids[i] == ids[j], i == j);
        }
    EXPECT_LT(kay::id<Car>{}, ids.front());
}

TEST(id, hashes_to_few_collisions_also_in_the_low_bits) {
    std::set<std::size_t> whole;
    std::vector<std::uint32_t> buckets(1024);
    constexpr std::uint32_t count = 16 * 4096;
    for (std::uint32_t place = 0; place < 16; ++place)
        for (std::uint32_t slot = 0; slot < 4096; ++slot) {
            const std::size_t h =
                std::hash<kay::id<Car>>()(kay::id<Car>{kay::raw_id{place, 1, slot}});
            whole.insert(h);
            ++buckets[h % buckets.size()];
        }
    EXPECT_EQ(whole.size(), count);
    // 64 each; 128 are eight standard deviations away.
    EXPECT_LT(*std::max_element(buckets.begin(), buckets.end()), 128u);
    EXPECT_GT(*std::min_element(buckets.begin(), buckets.end()), 0u);
}

TEST(id, can_be_a_key_in_sets) {
    std::unordered_set<kay::id<Car>> cars{constant_car, constant_car, kay::id<Car>{}};
    EXPECT_EQ(cars.size(), 2u);
    std::unordered_set<kay::id<Hooter>> hooters{constant_car, kay::id<Bike>{constant_car.raw()}};
    EXPECT_EQ(hooters.size(), 2u); // same place and slot, other types
    EXPECT_TRUE(hooters.contains(kay::id<Hooter>(constant_car)));
}

// ---- text

TEST(id, is_written_as_type_place_generation_and_slot) {
    EXPECT_EQ(to_string(constant_car.raw()), "3:1:42");
    EXPECT_EQ(to_string(constant_car), "id_test::Car@3:1:42");
    EXPECT_EQ(kay::to_string(kay::raw_id{}), "null");
    EXPECT_EQ(to_string(kay::id<Car>{}), "id_test::Car@null");
    EXPECT_EQ(kay::to_string(kay::raw_id{(1u << 20) - 1, kay::generation_max, kay::slot_max}),
              "1048575:262143:67108862");
}

TEST(id, of_a_trait_is_written_with_the_key_of_the_type) {
    const kay::id<Hooter> fixed{kay::raw_id{3, 1, 42}, 0x0f3a01c2u};
    EXPECT_EQ(to_string(fixed), "#0f3a01c2@3:1:42");
    EXPECT_EQ(to_string(kay::id<Hooter>{}), "#00000000@null");
}

TEST(id, text_is_read_back) {
    const auto raw = kay::parse_id("3:1:42");
    ASSERT_TRUE(raw);
    EXPECT_EQ(*raw, (kay::raw_id{3, 1, 42}));
    const auto null = kay::parse_id("null");
    ASSERT_TRUE(null);
    EXPECT_EQ(null->bits, 0u);
    const auto first = kay::parse_id("0:1:0");
    ASSERT_TRUE(first);
    EXPECT_EQ(*first, (kay::raw_id{0, 1, 0}));
    const auto car = kay::parse<kay::id<Car>>("id_test::Car@3:1:42");
    ASSERT_TRUE(car);
    EXPECT_EQ(*car, constant_car);
    const auto nobody = kay::parse<kay::id<Car>>("id_test::Car@null");
    ASSERT_TRUE(nobody);
    EXPECT_FALSE(*nobody);
}

TEST(id, text_of_any_id_comes_back_as_the_same_id) {
    EXPECT_TRUE(rc::check("to_string and parse are each other's inverse", [] {
        const kay::raw_id raw{*rc::gen::inRange(0u, 1u << kay::place_bits),
                              *rc::gen::inRange(1u, kay::generation_max + 1),
                              *rc::gen::inRange(0u, kay::slot_max + 1)};
        const auto read = kay::parse_id(kay::to_string(raw));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == raw);
        const auto car = kay::parse<kay::id<Car>>(to_string(kay::id<Car>{raw}));
        RC_ASSERT(car.has_value());
        RC_ASSERT(*car == kay::id<Car>{raw});
        const kay::id<Hooter> hooter{raw, *rc::gen::inRange(1u, ~0u)};
        const auto again = kay::parse<kay::id<Hooter>>(to_string(hooter));
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == hooter);
    }));
}

/// Every malformed text is refused as bad data, and the error quotes it.
void expect_refused(const kay::result<kay::raw_id>& read, const std::string& text) {
    EXPECT_FALSE(read) << '"' << text << '"';
    if (read) return;
    EXPECT_EQ(read.error().code, kay::error_code::bad_data);
    EXPECT_NE(read.error().text.find("'" + text.substr(0, 80) + "'"), std::string::npos)
        << read.error().text;
}

TEST(id, text_that_is_no_id_is_refused) {
    const std::vector<std::string> malformed{"",
                                             " ",
                                             ":",
                                             "::",
                                             ":::",
                                             "3",
                                             "3:",
                                             "3:1",
                                             "3:1:",
                                             ":1:42",
                                             "3::42",
                                             "3:1:42:",
                                             "3:1:42:7",
                                             "3:1:42 ",
                                             " 3:1:42",
                                             "3: 1:42",
                                             "3:1:42\n",
                                             "3.1.42",
                                             "3,1,42",
                                             "a:b:c",
                                             "0x3:1:42",
                                             "-3:1:42",
                                             "+3:1:42",
                                             "3:-1:42",
                                             "3:1:-42",
                                             "3:1:4e1",
                                             "NULL",
                                             "Null",
                                             "nul",
                                             "null ",
                                             "nullnull",
                                             "03:1:42",
                                             "3:01:42",
                                             "3:1:042",
                                             "00:1:0",
                                             "id_test::Car@3:1:42",
                                             "#0f3a01c2@3:1:42",
                                             std::string("3:1:42\0", 7),
                                             std::string("3\0:1:42", 7)};
    for (const std::string& text : malformed) expect_refused(kay::parse_id(text), text);
}

TEST(id, text_with_numbers_out_of_range_is_refused) {
    ASSERT_TRUE(kay::parse_id("1048575:262143:67108862"));
    for (const std::string text :
         {"1048576:1:0", "0:262144:0", "0:1:67108863", "0:1:67108864", "4294967296:1:0",
          "0:4294967297:0", "0:1:4294967296", "18446744073709551616:1:0",
          "0:1:99999999999999999999999999999999999999"})
        expect_refused(kay::parse_id(text), text);
    // No actor has generation zero.
    expect_refused(kay::parse_id("0:0:0"), "0:0:0");
    expect_refused(kay::parse_id("5:0:9"), "5:0:9");
}

TEST(id, a_long_wrong_text_is_quoted_in_part) {
    const std::string text(100'000, '7');
    const auto read = kay::parse_id(text);
    expect_refused(read, text);
    EXPECT_LT(read.error().text.size(), 300u);
}

TEST(id, text_of_another_type_is_refused) {
    for (const std::string text :
         {"id_test::Bike@3:1:42", "Car@3:1:42", "@3:1:42", "3:1:42", "id_test::Car",
          "id_test::Car@", "id_test::Car@@3:1:42", "id_test::Car @3:1:42", " id_test::Car@3:1:42",
          "id_test::Car@3:1", "id_test::Car@3:1:42@", "#0f3a01c2@3:1:42", ""}) {
        const auto read = kay::parse<kay::id<Car>>(text);
        EXPECT_FALSE(read) << text;
        if (!read) {
            EXPECT_EQ(read.error().code, kay::error_code::bad_data);
        }
    }
    const auto wrong = kay::parse<kay::id<Car>>("id_test::Bike@3:1:42");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().text.find("expected id_test::Car@place:generation:slot"),
              std::string::npos)
        << wrong.error().text;
}

TEST(id, malformed_text_of_a_traits_id_is_refused) {
    ASSERT_TRUE(kay::parse<kay::id<Hooter>>("#0f3a01c2@3:1:42"));
    ASSERT_TRUE(kay::parse<kay::id<Hooter>>("#00000000@null"));
    for (const std::string text : {"",
                                   "#",
                                   "@",
                                   "#@",
                                   "#@3:1:42",
                                   "0f3a01c2@3:1:42",
                                   "#0f3a01c@3:1:42",
                                   "#0f3a01c22@3:1:42",
                                   "#0f3a01g2@3:1:42",
                                   "#-f3a01c2@3:1:42",
                                   "#+f3a01c2@3:1:42",
                                   "# f3a01c2@3:1:42",
                                   "#0x3a01c2@3:1:42",
                                   "#0f3a01c2@",
                                   "#0f3a01c2@3:1",
                                   "#0f3a01c2@3:0:42",
                                   "#0f3a01c2@3:1:42 ",
                                   "#0f3a01c2",
                                   "id_test::Car@3:1:42",
                                   "3:1:42",
                                   "null",
                                   "#00000000@3:1:42",  // somebody of no type
                                   "#0f3a01c2@null"}) { // nobody of some type
        const auto read = kay::parse<kay::id<Hooter>>(text);
        EXPECT_FALSE(read) << text;
        if (!read) {
            EXPECT_EQ(read.error().code, kay::error_code::bad_data);
        }
    }
}

TEST(id, of_a_trait_has_one_spelling_too) {
    // Decimal numbers with leading zeros are refused so that equal ids are equal texts.
    EXPECT_TRUE(kay::parse<kay::id<Hooter>>("#0f3a01c2@3:1:42"));
    EXPECT_FALSE(kay::parse<kay::id<Hooter>>("#0F3A01C2@3:1:42"));
    EXPECT_FALSE(kay::parse<kay::id<Hooter>>("#0f3a01C2@3:1:42"));
}

TEST(id, the_parsers_stand_any_bytes) {
    EXPECT_TRUE(rc::check("what is taken for an id is the text of that id", [] {
        const std::string alphabet = "0123456789:::@#nulabcdef- \n";
        const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(alphabet));
        if (const auto raw = kay::parse_id(text)) RC_ASSERT(kay::to_string(*raw) == text);
        if (const auto car = kay::parse<kay::id<Car>>("id_test::Car@" + text))
            RC_ASSERT(to_string(*car) == "id_test::Car@" + text);
        if (const auto any = kay::parse<kay::id<Hooter>>(text)) RC_ASSERT(to_string(*any) == text);
    }));
}

// ---- traits

TEST(id, of_a_trait_remembers_who_it_was_made_from) {
    const kay::id<Bike> bike{kay::raw_id{1, 2, 3}};
    const kay::id<Hooter> hooter = bike;
    EXPECT_TRUE(hooter);
    EXPECT_EQ(hooter.raw(), bike.raw());
    EXPECT_EQ(hooter.place(), 1u);
    EXPECT_EQ(hooter.key, kay::type_key<Bike>);
    EXPECT_NE(kay::type_key<Bike>, kay::type_key<Car>);
    EXPECT_NE(hooter, kay::id<Hooter>(kay::id<Car>{bike.raw()}));
    EXPECT_EQ(hooter, kay::id<Hooter>(bike));
}

TEST(id, of_a_trait_made_from_null_is_null) {
    const kay::id<Hooter> hooter = kay::id<Car>{};
    EXPECT_FALSE(hooter);
    EXPECT_EQ(hooter.key, 0u);
    EXPECT_EQ(hooter, kay::id<Hooter>{});
    EXPECT_EQ(hooter, kay::id<Hooter>(kay::id<Bike>{})); // nobody is nobody, whatever the type
}

TEST(id, keys_of_types_are_never_zero_and_follow_from_the_name) {
    EXPECT_NE(kay::type_key<Car>, 0u);
    EXPECT_EQ(kay::type_key<Car>, kay::type_key<const Car>);
    std::set<std::uint32_t> keys{kay::type_key<Car>,  kay::type_key<Bike>,  kay::type_key<Mayor>,
                                 kay::type_key<Honk>, kay::type_key<Drive>, kay::type_key<Stop>};
    EXPECT_EQ(keys.size(), 6u);
}

// ---- the names for many, and for the one

TEST(id, all_everywhere_and_the_reach_whom_they_name) {
    kay::actor_system system{{.places = 4}};
    system.add<Car, Bike, Mayor>();
    for (int i = 0; i < 8; ++i) system.spawn<Car>(), system.spawn<Bike>();
    EXPECT_TRUE(system.send(kay::all<Car>, Honk{}));
    EXPECT_TRUE(system.send(kay::everywhere<Car>, Honk{})); // no peer has subscribed
    EXPECT_TRUE(system.send(kay::all<Hooter>, Honk{}));
    EXPECT_TRUE(system.send(kay::the<Mayor>, Honk{}));
    ASSERT_TRUE(system.turn());
    system.each<Car>([](kay::id<Car>, const Car& c) { EXPECT_EQ(c.honks, 3u); });
    system.each<Bike>([](kay::id<Bike>, const Bike& b) { EXPECT_EQ(b.honks, 1u); });
    EXPECT_EQ(system[kay::the<Mayor>].honks, 2u); // as itself, and as one of all hooters
    EXPECT_EQ(system.count<Car>() + system.count<Bike>(), 16u);
}

TEST(id, a_message_to_a_traits_id_finds_the_actor_behind_it) {
    kay::actor_system system{{.places = 4}};
    system.add<Car, Bike, Mayor>();
    const auto car = system.spawn<Car>();
    const auto bike = system.spawn<Bike>();
    EXPECT_TRUE(system.send(kay::id<Hooter>(car), Honk{}));
    EXPECT_TRUE(system.send(kay::id<Hooter>(bike), Honk{}));
    EXPECT_TRUE(system.send(kay::id<Hooter>(bike), Honk{}));
    EXPECT_TRUE(system.send(kay::id<Hooter>(kay::id<Mayor>(kay::the<Mayor>)), Honk{}));
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(car)->honks, 1u);
    EXPECT_EQ(system.find(bike)->honks, 2u);
    EXPECT_EQ(system[kay::the<Mayor>].honks, 1u);
}

TEST(id, the_one_is_the_first_of_the_first_place) {
    const kay::id<Mayor> mayor = kay::the<Mayor>;
    EXPECT_EQ(to_string(mayor), "id_test::Mayor@0:1:0");
    kay::actor_system system{{.places = 4}};
    system.add<Mayor>();
    ASSERT_TRUE(system.turn());
    EXPECT_TRUE(system.find(mayor));
    EXPECT_EQ(system.count<Mayor>(), 1u);
}

/// Honks at whoever is in its own place.
struct Police {
    using messages = kay::messages<Stop>;
    void on(const Stop&, kay::world& w) {
        w.send(kay::local<Hooter>, Honk{}), w.send(kay::local<Car>, Honk{});
    }
};

TEST(id, local_reaches_the_senders_place_alone) {
    kay::actor_system system{{.places = 4}};
    system.add<Car, Bike, Police>();
    for (std::uint32_t p = 0; p < 4; ++p)
        for (int i = 0; i < 3; ++i)
            system.spawn<Car>(kay::in_place{p}), system.spawn<Bike>(kay::in_place{p});
    const auto police = system.spawn<Police>(kay::in_place{2});
    system.send(police, Stop{});
    ASSERT_TRUE(system.turn());
    system.each<Car>(
        [](kay::id<Car> id, const Car& c) { EXPECT_EQ(c.honks, id.place() == 2 ? 2u : 0u); });
    system.each<Bike>(
        [](kay::id<Bike> id, const Bike& b) { EXPECT_EQ(b.honks, id.place() == 2 ? 1u : 0u); });
}

} // namespace id_test
