// SPDX-License-Identifier: MIT
//
// Inputs as bytes: they come back as they were, and what is not what it should be is refused before
// a world is given it.
#include "recorded_world.hpp"

#include "../../../src/persist/input_codec.hpp"

#include "../../../src/turn/engine.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace input_codec_test {

struct Prices {
    kay::vector<std::uint32_t> all;
};
struct Shop {
    kay::constant<Prices> prices;
};

} // namespace input_codec_test

namespace {

using namespace recorded;
using namespace kay::detail;

/// An engine of its own, so that tests may see its inputs.
struct bare_world {
    explicit bare_world(std::uint64_t seed) : engine(options_for(seed, 1)) {
        for (const actor_type* type :
             {&type_record<Cow>(), &type_record<Goat>(), &type_record<Herd>()})
            EXPECT_TRUE(engine.add(*type));
        engine.begin();
    }
    input_bounds bounds() {
        input_bounds all{engine.shared().places, {}, {}, constant_names(true)};
        for (std::uint32_t c = 0; c < engine.shared().constants.count(); ++c)
            all.constants.add(std::string(engine.shared().constants.type_name(c)));
        for (std::uint32_t t = 0; t < engine.shared().types.count(); ++t)
            all.types.push_back(&engine.shared().types[t]);
        all.further = {&type_record<Ape>(), &type_record<Fair>()};
        return all;
    }
    kay::detail::engine engine;
};

/// Inputs of all kinds, each as bytes by itself.
std::vector<std::vector<std::byte>> make_inputs(bare_world& world) {
    std::vector<std::vector<std::byte>> all;
    input_encoder encoder;
    const type_table& types = world.engine.shared().types;
    const auto add = [&](const input& what) {
        byte_writer to;
        EXPECT_TRUE(encoder.write(what, types, to));
        all.push_back(to.take());
    };
    std::vector<std::uint64_t> room(64);
    const auto post = [&](const post_form& form, const auto& message) {
        auto* const at = reinterpret_cast<std::byte*>(room.data());
        form.write(message, at);
        add(sent_input{{at, form.bytes_with(message)}});
    };
    Letter letter;
    letter.text = "so many words that they do not fit into eight bytes";
    letter.numbers = {1, 2, 3};
    post(post_form_of<Poke>(kay::all<Cow>), Poke{3, 4});
    post(post_form_of<Letter>(kay::all<Both>), letter);
    post(post_form_of<Letter>(kay::the<Herd>), letter);
    post(post_form_of<Empty>(kay::all<Goat>), Empty{});
    Cow cow;
    cow.name = "a name that is longer than eight bytes";
    cow.heard = {4, 5};
    std::vector<std::uint64_t> block(packed_bytes(cow) / 8);
    pack_move(cow, reinterpret_cast<std::byte*>(block.data()), block.size() * 8);
    add(spawned_input{2, types.by_key(kay::type_key<Cow>), kay::raw_id{2, 1, 0},
                      std::as_bytes(std::span(block))});
    add(spread_input{1});
    std::vector<std::uint64_t> packet(packet_bytes(sizeof(Poke)) / 8);
    std::byte* const at = reinterpret_cast<std::byte*>(packet.data());
    const Poke poke{7, 8};
    std::memcpy(begin_packet(at, 0, 1, 0, packet.size() * 8), &poke, sizeof poke);
    add(timer_input{5, 2, types.by_key(kay::type_key<Goat>), 3, {1, 1}, {at, packet.size() * 8}});
    add(cancelled_input{{1, 1}});
    const std::vector<std::uint64_t> value{1, 2, 3, 4};
    add(constant_input{0, std::as_bytes(std::span(value)), &schema_of<kay::id<Cow>>, 9,
                       std::string(schema_of<kay::id<Cow>>.name),
                       schema_of<kay::id<Cow>>.layout_hash});
    add(type_input{&type_record<Ape>()});
    return all;
}

TEST(input_codec, what_was_written_is_read) {
    bare_world world(1);
    const auto inputs = make_inputs(world);
    input_bounds bounds = world.bounds();
    input_decoder decoder;
    std::vector<std::size_t> kinds;
    for (const auto& bytes : inputs) {
        byte_reader from(bytes);
        const auto read = decoder.read(from, bounds);
        ASSERT_TRUE(read) << kinds.size() << ": " << read.error().text;
        EXPECT_TRUE(from.is_at_end());
        kinds.push_back(read->index());
        ASSERT_TRUE(world.engine.take(*read)) << kinds.size();
    }
    EXPECT_EQ(kinds, (std::vector<std::size_t>{0, 0, 0, 0, 1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(bounds.types.size(), 4u);
    EXPECT_EQ(bounds.constants.count(), 1u);
    EXPECT_TRUE(world.engine.turn());
}

/// Checksums keep damage away, not somebody who makes them right. (Sanitizers look at the rest.)
TEST(input_codec, changed_bytes_are_refused_or_do_no_harm) {
    bare_world world(2);
    const auto inputs = make_inputs(world);
    kay::random_stream random(2, 0, 0);
    std::uint64_t refused = 0, taken = 0;
    for (int i = 0; i < 30'000; ++i) {
        std::vector<std::byte> bytes =
            inputs[kay::uniform_int(random, std::size_t{0}, inputs.size() - 1)];
        for (auto changes = kay::uniform_int(random, 1, 3); changes > 0; --changes) {
            const auto at = kay::uniform_int(random, std::size_t{0}, bytes.size() - 1);
            bytes[at] = static_cast<std::byte>(random.u64());
        }
        if (kay::bernoulli(random, 0.2))
            bytes.resize(kay::uniform_int(random, std::size_t{0}, bytes.size()));
        const std::vector<std::byte> exact(bytes.begin(), bytes.end()); // no room behind
        byte_reader from(exact);
        input_bounds bounds = world.bounds();
        const auto read = input_decoder().read(from, bounds);
        if (!read) {
            ++refused;
        } else if (!std::holds_alternative<type_input>(*read)) {
            ++taken;
            static_cast<void>(world.engine.take(*read));
        }
    }
    EXPECT_GT(refused, 5000u);
    EXPECT_GT(taken, 1000u);
}

/// Who reads a constant reads what its type says, whatever is there.
TEST(input_codec, constants_are_what_their_type_says) {
    using input_codec_test::Prices;
    static_cast<void>(&known_constant_of<Prices>); // as a program that reads them has it
    const schema_node& type = schema_of<Prices>;
    Prices prices;
    prices.all = {1, 2, 3};
    bare_world world(4);
    std::vector<std::uint64_t> block(packed_bytes(prices) / 16 * 2 + 2);
    pack_move(prices, reinterpret_cast<std::byte*>(block.data()), packed_bytes(prices));
    constant_input good{0, std::as_bytes(std::span(block)), &type,
                        9, std::string(type.name),          type.layout_hash};
    const auto read = [&](const constant_input& what, input_bounds& bounds) {
        byte_writer to;
        EXPECT_TRUE(input_encoder().write(what, world.engine.shared().types, to));
        byte_reader from(to.written());
        const auto taken = input_decoder().read(from, bounds);
        return taken ? std::string() : taken.error().text;
    };
    input_bounds bounds = world.bounds();
    EXPECT_EQ(read(good, bounds), "");
    EXPECT_EQ(read(good, bounds), "") << "another value";

    constant_input other = good;
    other.type_name = "somebody::Else";
    EXPECT_NE(read(other, bounds), "") << "it was of another type before";
    other = good;
    ++other.layout_hash;
    EXPECT_NE(read(other, bounds).find("layout of the constant type input_codec_test::Prices"),
              std::string::npos);
    // The encoder copies what containers lead to, so it is changed in the bytes.
    byte_writer to;
    ASSERT_TRUE(input_encoder().write(good, world.engine.shared().types, to));
    std::vector<std::byte> bytes = to.take();
    bytes[bytes.size() - block.size() * 8 + 1] = std::byte{0x40}; // its offset
    byte_reader from(bytes);
    EXPECT_FALSE(input_decoder().read(from, bounds));
}

TEST(input_codec, handles_are_of_the_types_of_their_constants) {
    constant_names names(true);
    EXPECT_TRUE(names.add("a"));
    EXPECT_TRUE(names.may_be_taken(0, "a"));
    EXPECT_FALSE(names.may_be_taken(0, "b"));
    EXPECT_TRUE(names.may_be_taken(2, "c")) << "nobody can read it yet";
    EXPECT_FALSE(names.may_be_taken(2, "d"));
    EXPECT_TRUE(names.add("b"));
    EXPECT_FALSE(names.add("d")) << "it was taken for another one";
    EXPECT_TRUE(names.add("c"));
    constant_names all;
    EXPECT_TRUE(all.add("a"));
    EXPECT_FALSE(all.may_be_taken(1, "a")) << "there will be no more";

    content_plan shop = [] {
        schema types;
        const std::uint32_t type = types.add(schema_of<input_codec_test::Shop>);
        return content_plan(types, type);
    }();
    constant_names of_world;
    of_world.add("input_codec_test::Prices");
    of_world.add("somebody::Else");
    for (const std::uint64_t bits : {0, 1, 2, 3}) {
        const auto* const at = reinterpret_cast<const std::byte*>(&bits);
        EXPECT_EQ(shop.is_sound(at, at, at + sizeof bits, &of_world), bits < 2) << bits;
    }
}

TEST(input_codec, types_that_have_changed_are_told) {
    byte_writer to;
    logged_type::write(type_record<Cow>(), to);
    byte_reader from(to.written());
    const logged_type logged = logged_type::read(from);
    EXPECT_TRUE(from.is_at_end());
    EXPECT_TRUE(logged.check(type_record<Cow>()));
    const auto why = [&](auto&& change) {
        logged_type other = logged;
        change(other);
        const auto same = other.check(type_record<Cow>());
        return same ? std::string() : same.error().text;
    };
    EXPECT_EQ(why([](logged_type& t) { ++t.layout_hash; }),
              "the layout of recorded::Cow is another one than when it was recorded");
    EXPECT_EQ(why([](logged_type& t) { ++t.messages[1].layout_hash; }),
              "the layout of recorded::Letter is another one than when it was recorded");
    EXPECT_NE(why([](logged_type& t) { std::swap(t.messages[0], t.messages[1]); }), "");
    EXPECT_NE(why([](logged_type& t) { t.messages.push_back({"more", 1}); }), "");
    EXPECT_EQ(why([](logged_type& t) { t.messages.pop_back(); }), ""); // it was added since
}

} // namespace
