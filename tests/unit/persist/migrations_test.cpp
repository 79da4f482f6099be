// SPDX-License-Identifier: MIT
//
// Worlds whose types have changed since they were saved. A program has each type once, so the file
// is changed instead: what was saved as Cow1 is called Cow2 in it, as if that had been its name.
#include "../../../src/persist/page_file.hpp"
#include "herd_world.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace migrations_test {

struct Grow {
    float by = 0;
};
struct Shrink {
    float by = 0;
};
struct Wait {};

struct Breed1 {
    std::uint32_t legs = 4;
    std::uint32_t tails = 1;
};
struct Breed2 {
    std::uint32_t legs = 4;
    float milk = 0;
};

struct Cow1 {
    using messages = kay::messages<Grow, Shrink, Wait>;
    float weight = 0;
    kay::vector<std::uint32_t> calves;
    kay::id<Cow1> friend_of;
    kay::constant<Breed1> breed;

    void on(const Grow& m, kay::world& w) {
        weight += m.by * static_cast<float>(w[breed].legs);
        calves.push_back(static_cast<std::uint32_t>(w.turn()));
    }
    void on(const Shrink& m, kay::world&) { weight -= m.by; }
    void on(const Wait&, kay::world& w) { w.die(); }
};

/// Its weight is a double, its friend is gone, a name is new, and its messages are in another
/// order.
struct Cow2 {
    using messages = kay::messages<Shrink, Wait, Grow>;
    kay::string name;
    double weight = 0;
    kay::vector<std::uint64_t> calves;

    void on(const Grow& m, kay::world&) { weight += double{m.by}; }
    void on(const Shrink& m, kay::world&) { weight -= double{m.by}; }
    void on(const Wait&, kay::world&) { name = "waited"; }
};

/// The same layout, but nobody waits any more.
struct Cow3 {
    using messages = kay::messages<Grow, Shrink>;
    float weight = 0;
    kay::vector<std::uint32_t> calves;
    kay::id<Cow3> friend_of;
    kay::constant<Breed1> breed;
    void on(const Grow&, kay::world&) {}
    void on(const Shrink&, kay::world&) {}
};

/// Reads what was saved as Breed1 and is called Breed2 in the file.
struct Cow4 {
    using messages = kay::messages<Grow, Shrink, Wait>;
    float weight = 0;
    kay::vector<std::uint32_t> calves;
    kay::id<Cow4> friend_of;
    kay::constant<Breed2> breed;
    void on(const Grow& m, kay::world& w) { weight += m.by * w[breed].milk; }
    void on(const Shrink&, kay::world&) {}
    void on(const Wait&, kay::world&) {}
};

} // namespace migrations_test

namespace {

using namespace kay::detail;
using namespace migrations_test;

class changed_types : public world_file_test::in_file {
protected:
    /// Saves a herd of Cow1, 5 of which die and 60 of which have calves.
    void save(bool with_timer) {
        kay::actor_system system{{.places = 4, .seed = 1, .workers = 2}};
        system.add<Cow1>();
        const auto breed = system.make_constant(Breed1{3, 1});
        for (std::uint32_t i = 0; i < 200; ++i) {
            Cow1 cow;
            cow.weight = static_cast<float>(i);
            cow.breed = breed;
            cow.friend_of = cows_.empty() ? kay::id<Cow1>{} : cows_.back();
            cows_.push_back(system.spawn(kay::in_place{i % 4}, std::move(cow)));
        }
        ASSERT_TRUE(system.turn());
        for (int turn = 0; turn < 3; ++turn) {
            for (std::size_t i = 0; i < 60; ++i) system.send(cows_[i], Grow{2});
            if (turn == 1)
                for (std::size_t i = 100; i < 105; ++i) system.send(cows_[i], Wait{});
            ASSERT_TRUE(system.turn());
        }
        if (with_timer) system.after(kay::turns{2}, cows_[7], Shrink{0.5f});
        ASSERT_TRUE(open().save(system, "herd"));
    }

    /// As if a type had had another name, as long, when it was saved.
    void rename(std::string_view from, std::string_view to) {
        auto disk = open_disk(path_, open_mode::make_or_write);
        ASSERT_TRUE(disk);
        auto opened = page_file::open(std::move(*disk), true);
        ASSERT_TRUE(opened);
        page_file& file = **opened;
        const auto before = file.find("herd");
        snapshot_record record = before->record();
        page_file::attempt attempt(file);
        const auto renamed = [&](blob_ref at, blob_kind kind) {
            std::vector<std::byte> bytes = *file.read_blob(at, kind);
            auto* const text = reinterpret_cast<char*>(bytes.data());
            for (char* p = text;;) {
                p = std::search(p, text + bytes.size(), from.begin(), from.end());
                if (p == text + bytes.size()) break;
                std::copy(to.begin(), to.end(), p);
            }
            return *attempt.write_blob(bytes, kind);
        };
        record.manifest = renamed(record.manifest, blob_kind::manifest);
        record.schema = renamed(record.schema, blob_kind::schema);
        ASSERT_TRUE(file.read_table(*before));
        const auto made = attempt.write_snapshot(record, before->table().pages, nullptr);
        ASSERT_TRUE(made);
        ASSERT_TRUE(attempt.commit({*made}));
    }

    std::vector<kay::id<Cow1>> cows_;
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_F(changed_types, another_layout_is_refused_with_the_difference) {
    save(false);
    rename("::Cow1", "::Cow2");
    const auto refused = open().load<Cow2>("herd");
    ASSERT_FALSE(refused);
    const std::string& text = refused.error().text;
    EXPECT_TRUE(has(text, path_)) << text;
    EXPECT_TRUE(has(text, "Cow2.weight: was f4, is f8")) << text;
    EXPECT_TRUE(has(text, "Cow2.friend_of: was there")) << text;
    EXPECT_TRUE(has(text, "Cow2.name: is new (string")) << text;
}

TEST_F(changed_types, actors_become_what_a_migration_makes_of_them) {
    save(true);
    rename("::Cow1", "::Cow2");
    kay::migrations changes;
    changes.add<Cow1, Cow2>([](const Cow1& before, Cow2& now) {
        now.weight = double{before.weight};
        now.name = "cow of a name that needs room: " + std::to_string(before.calves.size());
        for (const std::uint32_t calf : before.calves) now.calves.push_back(calf);
    });
    auto file = open();
    auto system = file.load<Cow2>("herd", {.workers = 2, .changes = &changes});
    ASSERT_TRUE(system) << system.error().text;
    EXPECT_EQ(system->count<Cow2>(), 195u);
    for (std::size_t i = 0; i < cows_.size(); ++i) {
        const Cow2* const cow = system->find(kay::id<Cow2>{cows_[i].raw()});
        ASSERT_EQ(cow == nullptr, i >= 100 && i < 105) << i;
        if (!cow) continue;
        EXPECT_EQ(cow->weight, static_cast<double>(i) + (i < 60 ? 18 : 0)) << i;
        EXPECT_EQ(cow->calves.size(), i < 60 ? 3u : 0u) << i;
        EXPECT_EQ(cow->name,
                  i < 60 ? "cow of a name that needs room: 3" : "cow of a name that needs room: 0");
    }
    // Its timer waits with a message that has another place in the list by now.
    for (int turn = 0; turn < 3; ++turn) ASSERT_TRUE(system->turn());
    EXPECT_EQ(system->find(kay::id<Cow2>{cows_[7].raw()})->weight, 7 + 18 - 0.5);
    // What died is not there, and new ones have ids of their own.
    const auto born = system->spawn<Cow2>();
    ASSERT_TRUE(system->turn());
    EXPECT_EQ(std::count_if(cows_.begin(), cows_.end(),
                            [&](kay::id<Cow1> old) { return old.bits == born.bits; }),
              0);
    // The old version stays until the new one is there.
    EXPECT_FALSE(file.load<Cow2>("herd"));
    const std::uint64_t hash = system->hash();
    ASSERT_TRUE(file.save(*system, "new herd"));
    EXPECT_TRUE(file.load<Cow2>("herd", {.changes = &changes}));
    auto again = file.load<Cow2>("new herd", {.verify = true});
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->hash(), hash);
}

TEST_F(changed_types, a_migration_from_another_layout_is_refused_and_one_that_throws_is_an_error) {
    save(false);
    rename("::Cow1", "::Cow2");
    kay::migrations wrong;
    wrong.add<Breed1, Cow2>([](const Breed1&, Cow2&) {});
    const auto refused = open().load<Cow2>("herd", {.changes = &wrong});
    ASSERT_FALSE(refused);
    EXPECT_TRUE(has(refused.error().text, "the migration of migrations_test::Cow2 is from another"))
        << refused.error().text;
    kay::migrations throwing;
    throwing.add<Cow1, Cow2>([](const Cow1& before, Cow2&) {
        if (before.weight == 150) throw std::runtime_error("this cow has no name");
    });
    const auto failed = open().load<Cow2>("herd", {.changes = &throwing});
    ASSERT_FALSE(failed);
    EXPECT_TRUE(has(failed.error().text, "this cow has no name")) << failed.error().text;
}

TEST_F(changed_types, a_timer_with_a_message_that_is_gone_is_refused) {
    save(true);
    rename("::Cow1", "::Cow3");
    auto good = open().load<Cow3>("herd");
    EXPECT_TRUE(good) << good.error().text; // Shrink is there
    EXPECT_EQ(good->count<Cow3>(), 195u);
}

TEST_F(changed_types, a_message_of_a_timer_that_is_gone_is_named) {
    {
        kay::actor_system system{{.places = 4}};
        system.add<Cow1>();
        const auto cow = system.spawn<Cow1>();
        ASSERT_TRUE(system.turn());
        system.after(kay::turns{5}, cow, Wait{});
        ASSERT_TRUE(open().save(system, "herd"));
    }
    rename("::Cow1", "::Cow3");
    const auto refused = open().load<Cow3>("herd");
    ASSERT_FALSE(refused);
    EXPECT_TRUE(has(refused.error().text, "migrations_test::Wait")) << refused.error().text;
}

TEST_F(changed_types, a_constant_of_another_layout_is_refused) {
    save(false);
    rename("::Breed1", "::Breed2");
    const auto refused = open().load<Cow1, Cow4>("herd");
    ASSERT_FALSE(refused);
    EXPECT_TRUE(has(refused.error().text, "Breed2.tails: was there")) << refused.error().text;
    EXPECT_TRUE(has(refused.error().text, "Breed2.milk: is new")) << refused.error().text;
}

} // namespace
