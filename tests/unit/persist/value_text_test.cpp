// SPDX-License-Identifier: MIT
#include "../../../src/persist/value_text.hpp"

#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace value_text_test {

struct Owner;
struct Ping {};

enum class color : std::int8_t { red = -3, green = 7 };
struct point {
    float x = 0;
    double y = 0;
};
struct deep {
    std::uint8_t tag = 0;
    point at;
};
struct everything {
    bool flag = true;
    char letter = 'k';
    std::int8_t small = -5;
    std::uint64_t large = std::numeric_limits<std::uint64_t>::max();
    float third = 1.0f / 3;
    double none = std::numeric_limits<double>::quiet_NaN();
    color coat = color::red;
    deep inner{9, {1.5f, -2}};
    std::array<std::uint16_t, 3> legs{1, 2, 3};
    char label[8] = {'a', '"', 'b'};
    point corners[2] = {{1, 2}, {3, 4}};
    kay::id<Owner> owner{kay::raw_id(3, 1, 42)};
    kay::id<Owner> nobody;
    kay::vector<point> trail;
    kay::string name;
    kay::set<std::uint32_t> seen;
    kay::map<std::uint8_t, kay::string> words;
    kay::optional<std::uint32_t> age;
    kay::optional<kay::vector<std::int32_t>> maybe;
    kay::vector<kay::vector<std::uint8_t>> nested;
    kay::external<int> cache;
    kay::constant<point> price;
    std::chrono::duration<std::int64_t, std::milli> wait{250};
    kay::vector<std::uint8_t> empty;
};

everything make() {
    everything e;
    e.trail = {{1, 2}, {0.5f, 4}};
    e.name = "two\nlines \xff";
    e.seen = {7, 3};
    e.words[2] = "two";
    e.words[1] = "one";
    e.maybe = kay::vector<std::int32_t>{-1};
    e.nested.push_back({1, 2});
    e.nested.push_back({});
    return e;
}

} // namespace value_text_test

namespace {

using namespace value_text_test;
using namespace kay::detail;

/// A value, packed into a block as it is saved.
struct packed {
    schema types;
    std::uint32_t type = types.add(schema_of<everything>);
    std::vector<std::byte> block;

    explicit packed(everything e) {
        block.resize(packed_bytes(e));
        pack_move(e, block.data(), block.size());
    }
    std::string text() const {
        std::string to;
        add_text(to, types, type, block.data());
        return to;
    }
    std::string json() const {
        std::string to;
        add_json(to, types, type, block.data());
        return to;
    }
    std::string tree() const {
        std::string to;
        add_tree(to, types, type, block.data(), 2);
        return to;
    }
};

TEST(value_text, is_a_line_for_people) {
    EXPECT_EQ(
        packed(make()).text(),
        "{flag=true letter=\"k\" small=-5 large=18446744073709551615 third=0.33333334 none=nan "
        "coat=-3 inner={tag=9 at={x=1.5 y=-2}} legs=[1, 2, 3] label=\"a\\\"b\" corners=[{x=1 y=2}, "
        "{x=3 y=4}] owner=value_text_test::Owner@3:1:42 nobody=null trail=[{x=1 y=2}, {x=0.5 "
        "y=4}] name=\"two\\nlines \\xff\" seen=[3, 7] words={1: \"one\", 2: \"two\"} age=none "
        "maybe=[-1] nested=[[1, 2], []] cache=external price=none wait=250 empty=[]}");
}

TEST(value_text, is_json_for_programs) {
    EXPECT_EQ(
        packed(make()).json(),
        "{\"flag\": true, \"letter\": \"k\", \"small\": -5, \"large\": 18446744073709551615, "
        "\"third\": 0.33333334, \"none\": null, \"coat\": -3, \"inner\": {\"tag\": 9, \"at\": "
        "{\"x\": 1.5, \"y\": -2}}, \"legs\": [1, 2, 3], \"label\": \"a\\\"b\", \"corners\": "
        "[{\"x\": 1, \"y\": 2}, {\"x\": 3, \"y\": 4}], \"owner\": \"3:1:42\", \"nobody\": null, "
        "\"trail\": [{\"x\": 1, \"y\": 2}, {\"x\": 0.5, \"y\": 4}], \"name\": \"two\\nlines "
        "\\ufffd\", \"seen\": [3, 7], \"words\": [[1, \"one\"], [2, \"two\"]], \"age\": null, "
        "\"maybe\": [-1], \"nested\": [[1, 2], []], \"cache\": null, \"price\": null, \"wait\": "
        "250, \"empty\": []}");
}

TEST(value_text, is_a_tree_for_what_is_large) {
    const std::string tree = packed(make()).tree();
    const auto has = [&](const std::string& lines) {
        EXPECT_NE(tree.find(lines), std::string::npos) << lines << "\nis not in\n" << tree;
    };
    has("  small: -5\n");
    has("  inner:\n    tag: 9\n    at:\n      x: 1.5\n      y: -2\n");
    has("  trail: 2 elements\n    [0]:\n      x: 1\n      y: 2\n    [1]:\n      x: 0.5\n");
    has("  words: 2 elements\n    [1]: \"one\"\n    [2]: \"two\"\n");
    has("  nested: [[1, 2], []]\n");
    has("  age: none\n");
}

TEST(value_text, texts_are_shown_as_what_they_are) {
    std::string quoted, json;
    const std::string_view text(
        "\x01\x7f\\ \xc3\xa4 \xc0\x80 \xed\xa0\x80 \xf0\x9f\x90\x84 \xe2\x82");
    add_quoted(quoted, text);
    add_json_string(json, text);
    EXPECT_EQ(quoted, "\"\\x01\\x7f\\\\ \xc3\xa4 \\xc0\\x80 \\xed\\xa0\\x80 \xf0\x9f\x90\x84 "
                      "\\xe2\\x82\"");
    EXPECT_EQ(json, "\"\\u0001\\u007f\\\\ \xc3\xa4 \\ufffd\\ufffd \\ufffd\\ufffd\\ufffd "
                    "\xf0\x9f\x90\x84 \\ufffd\\ufffd\"");
}

TEST(value_text, flat_fields_have_the_names_of_their_structs) {
    const packed p(make());
    std::vector<std::string> names;
    for (const flat_field& field : flat_fields(p.types, p.type)) {
        names.push_back(field.name);
        if (field.name == "inner.at.y") {
            EXPECT_EQ(field.offset, offsetof(everything, inner) + offsetof(deep, at) + 8);
        }
    }
    ASSERT_GT(names.size(), 10u);
    EXPECT_EQ(names[7], "inner.tag");
    EXPECT_EQ(names[8], "inner.at.x");
    EXPECT_EQ(names[9], "inner.at.y");
    EXPECT_EQ(names[10], "legs");
}

TEST(value_text, numbers_are_read_from_all_that_are_numbers) {
    const packed p(make());
    std::map<std::string, long double> numbers;
    for (const flat_field& field : flat_fields(p.types, p.type)) {
        long double value = 0;
        if (read_number(p.types, field.type, p.block.data() + field.offset, value))
            numbers[field.name] = value;
    }
    EXPECT_EQ(numbers.size(), 10u);
    EXPECT_EQ(numbers["small"], -5);
    EXPECT_EQ(numbers["coat"], -3);
    EXPECT_EQ(numbers["large"], 18446744073709551615.0L);
    EXPECT_EQ(numbers["flag"], 1);
    EXPECT_EQ(numbers["wait"], 250);
    EXPECT_EQ(numbers["inner.at.y"], -2);
    EXPECT_FALSE(numbers.contains("name"));
    EXPECT_FALSE(numbers.contains("age"));
}

} // namespace
