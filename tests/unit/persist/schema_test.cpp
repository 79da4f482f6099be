// SPDX-License-Identifier: MIT
#include "../../../src/persist/schema.hpp"

#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <array>

namespace schema_test {

enum class color : std::uint16_t { red, green };
struct point {
    float x = 0;
    float y = 0;
};
struct animal {
    color coat = color::red;
    bool hungry = false;
    point where;
    std::array<std::int8_t, 3> legs{};
    double weights[2] = {};
    kay::id<animal> mother;
    kay::vector<point> trail;
    kay::string name;
    kay::map<std::uint32_t, kay::vector<std::uint8_t>> known;
    kay::set<std::uint64_t> seen;
    kay::optional<point> home;
    kay::external<int> cache;
};
struct empty {};
/// A trait of one's own, by a name of its own, has the name of what it is.
using fed = kay::trait<point, empty>;
struct keeper {
    kay::id<fed> feeds;
};

} // namespace schema_test

namespace {

using namespace schema_test;
using namespace kay::detail;

template <class T>
schema schema_with() {
    schema made;
    made.add(schema_of<T>);
    return made;
}

TEST(schema, says_what_a_type_is_made_of) {
    const schema made = schema_with<animal>();
    const saved_type& type = made[*made.find("schema_test::animal")];
    EXPECT_EQ(type.kind, value_kind::structure);
    EXPECT_EQ(type.size, sizeof(animal));
    EXPECT_EQ(type.layout_hash, kay::layout_hash<animal>);
    ASSERT_EQ(type.fields.size(), 12u);
    EXPECT_EQ(type.fields[2].name, "where");
    EXPECT_EQ(type.fields[2].offset, offsetof(animal, where));
    const auto field = [&](std::size_t i) -> const saved_type& {
        return made[type.fields[i].type];
    };
    EXPECT_EQ(field(0).kind, value_kind::enumeration);
    EXPECT_EQ(made[field(0).parts[0]].name, "u2");
    EXPECT_EQ(field(1).kind, value_kind::boolean);
    EXPECT_EQ(made[field(2).fields[1].type].kind, value_kind::floating);
    EXPECT_EQ(field(3).count, 3u);
    EXPECT_EQ(made[field(3).parts[0]].kind, value_kind::signed_number);
    EXPECT_EQ(field(4).name, "f8[2]");
    EXPECT_EQ(field(5).kind, value_kind::id);
    EXPECT_EQ(made[field(6).parts[0]].name, "schema_test::point");
    EXPECT_EQ(field(7).kind, value_kind::string);
    EXPECT_EQ(made[field(8).parts[1]].name, "vector<u1>");
    EXPECT_EQ(field(9).kind, value_kind::set);
    EXPECT_EQ(field(10).kind, value_kind::optional);
    EXPECT_EQ(field(11).kind, value_kind::external);
}

TEST(schema, comes_back_as_it_was_written) {
    schema made = schema_with<animal>();
    made.add(schema_of<empty>);
    byte_writer to;
    made.write(to);
    byte_reader from(to.written());
    const auto read = schema::read(from);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_TRUE(from.is_at_end());
    byte_writer again;
    read->write(again);
    EXPECT_TRUE(std::ranges::equal(again.written(), to.written()));
    EXPECT_EQ(difference(*read, *read->find("schema_test::animal"), made,
                         *made.find("schema_test::animal")),
              "");
}

TEST(schema, the_id_of_a_trait_is_one) {
    const schema made = schema_with<keeper>();
    const saved_type& type = made[made[*made.find("schema_test::keeper")].fields[0].type];
    EXPECT_EQ(type.kind, value_kind::trait_id);
    EXPECT_EQ(type.size, 16u);
    byte_writer to;
    made.write(to);
    byte_reader from(to.written());
    const auto read = schema::read(from);
    ASSERT_TRUE(read) << read.error().text;
}

TEST(schema, every_flipped_bit_and_every_end_is_refused_or_makes_sense) {
    byte_writer to;
    schema_with<animal>().write(to);
    std::vector<std::byte> bytes = to.take();
    int refused = 0;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        bytes[bit / 8] ^= std::byte{1} << bit % 8;
        byte_reader from(bytes);
        refused += !schema::read(from) || !from.is_at_end();
        bytes[bit / 8] ^= std::byte{1} << bit % 8;
    }
    EXPECT_GT(refused, 1000);
    for (std::size_t count = 0; count < bytes.size(); ++count) {
        byte_reader from{std::span<const std::byte>(bytes).first(count)};
        EXPECT_FALSE(schema::read(from));
    }
}

TEST(schema, a_type_of_no_bytes_is_refused) {
    for (const std::uint32_t size : {1u, 0u}) {
        byte_writer to;
        to.number(std::uint32_t{1});
        to.number(static_cast<std::uint8_t>(value_kind::structure));
        to.text("nothing");
        to.number(size);
        to.number(std::uint32_t{1}); // alignment
        to.number(std::uint64_t{1});
        to.number(std::uint64_t{0});
        to.number(std::uint32_t{0}); // fields
        to.number(std::uint32_t{0}); // parts
        byte_reader from(to.written());
        EXPECT_EQ(schema::read(from).has_value(), size == 1);
    }
}

TEST(schema, a_difference_names_the_fields) {
    schema now = schema_with<animal>();
    byte_writer to;
    now.write(to);
    byte_reader from(to.written());
    auto read = schema::read(from);
    ASSERT_TRUE(read);
    // As if the program had been changed since.
    schema other;
    for (std::uint32_t i = 0; i < read->count(); ++i) {
        schema_node node;
        node.kind = schema_kind::number;
        node.name = "u4";
        node.size = node.alignment = 4;
        other.add(node);
    }
    static const kay::field_info fields[] = {{"x", "f4", 0, 4}, {"z", "u4", 4, 4}};
    static const schema_node f4{schema_kind::number, "f4", 4, 4, 1, 0, {}, {}};
    static const schema_node u4{schema_kind::number, "u4", 4, 4, 2, 0, {}, {}};
    static const schema_node* const parts[] = {&f4, &u4};
    const schema_node changed{
        schema_kind::structure, "schema_test::point", 8, 4, 77, 0, fields, parts};
    const std::uint32_t number = other.add(changed);
    EXPECT_EQ(difference(now, *now.find("schema_test::point"), other, number),
              "  schema_test::point.y: was there (f4 at byte 4), is gone\n"
              "  schema_test::point.z: is new (u4 at byte 4)\n");
}

} // namespace
