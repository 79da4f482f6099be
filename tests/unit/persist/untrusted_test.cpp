// SPDX-License-Identifier: MIT
//
// Files from anybody: every page, manifest and schema may have been changed, and its checksums been
// made right again. Nothing of it may lead outside (run with sanitizers).
#include "../../../src/persist/page_file.hpp"
#include "herd_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <span>
#include <vector>

namespace untrusted_test {

struct Beast;
struct Table {
    kay::vector<std::uint32_t> numbers;
};
struct Other {
    std::uint64_t number = 0;
};
struct Roar {
    std::uint32_t loud = 0;
    kay::vector<std::uint16_t> how;
    kay::constant<Table> table;
};
struct Sleep {};

/// Reads all that it has, whatever it is; grows, shrinks, has young ones and dies.
struct Beast {
    using messages = kay::messages<Roar, Sleep>;
    kay::vector<std::uint32_t> numbers;
    kay::string name;
    kay::map<std::uint32_t, kay::string> known;
    kay::optional<kay::vector<float>> maybe;
    bool is_awake = true;
    kay::id<Beast> friend_of;
    kay::constant<Table> table;
    kay::constant<Other> other;
    kay::external<int> cache;
    kay::random_stream chance;
    std::uint64_t sum = 0;

    void on(const Roar& m, kay::world& w) {
        for (const std::uint32_t n : numbers) sum += n;
        for (const char c : name) sum += static_cast<unsigned char>(c);
        for (const auto& [key, value] : known) sum += key + value.size();
        if (maybe)
            for (const float f : *maybe) sum += static_cast<std::uint64_t>(f > 0);
        for (const std::uint16_t h : m.how) sum += h;
        if (table)
            for (const std::uint32_t n : w[table].numbers) sum += n;
        if (other) sum += w[other].number;
        if (!cache) cache.emplace(1);
        sum += static_cast<std::uint64_t>(*cache) + is_awake;
        numbers.push_back(m.loud);
        known[m.loud % 7] = "grown";
        name += "x";
        if (numbers.size() > 9) numbers.clear();
        const auto drawn = w.random()();
        if (drawn % 5 == 0) w.send(friend_of, Sleep{});
        if (drawn % 7 == 0) w.spawn<Beast>(kay::in_place{static_cast<std::uint32_t>(drawn % 2)});
        if (drawn % 11 == 0) w.die();
        if (drawn % 13 == 0) w.after(kay::turns{2}, friend_of, Roar{1, {2, 3}, table});
    }
    void on(const Sleep&, kay::world&) { is_awake = false; }
};

} // namespace untrusted_test

namespace {

using namespace kay::detail;
using namespace untrusted_test;

class untrusted : public world_file_test::in_file {
protected:
    untrusted() {
        kay::actor_system system{{.places = 2, .seed = 4, .workers = 1}};
        system.add<Beast>();
        Table table;
        table.numbers = {4, 5, 6};
        const auto numbers = system.make_constant(std::move(table));
        const auto other = system.make_constant(Other{7});
        kay::id<Beast> last;
        for (std::uint32_t i = 0; i < 60; ++i) {
            Beast beast;
            beast.numbers.resize(i % 9, i);
            beast.name = std::string(i % 20, 'n');
            for (std::uint32_t k = 0; k < i % 4; ++k) beast.known[k] = std::string(k * 5, 'k');
            if (i % 3 == 0) beast.maybe = kay::vector<float>{1.0f, 2.0f};
            beast.friend_of = last;
            beast.table = numbers;
            if (i % 2) beast.other = other;
            last = system.spawn(kay::in_place{i % 2}, std::move(beast));
        }
        for (std::uint32_t turn = 0; turn < 4; ++turn) {
            system.send(kay::all<Beast>, Roar{turn, {1, 2}, numbers});
            EXPECT_TRUE(system.turn());
        }
        system.after(kay::turns{3}, last, Roar{9, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, numbers});
        EXPECT_TRUE(open().save(system, "a"));
        hash_ = system.hash();
        auto file = page_file::open(*open_disk(path_, open_mode::read), false);
        const auto snapshot = (*file)->find("a");
        manifest_ = *(*file)->read_blob(snapshot->record().manifest, blob_kind::manifest);
        schema_ = *(*file)->read_blob(snapshot->record().schema, blob_kind::schema);
        for (std::uint32_t p = 0; p < snapshot->table().pages.size(); ++p) {
            std::vector<std::byte>& page = pages_.emplace_back(extent_bytes);
            if (!snapshot->table().pages[p].extent) continue;
            EXPECT_TRUE((*file)->read_page(p, snapshot->table().pages[p],
                                           std::span<std::byte, extent_bytes>(page)));
        }
    }

    /// A file of them, with good checksums.
    void write(bool has_shared_pages = false) {
        std::filesystem::remove(path_);
        auto file = page_file::open(*open_disk(path_, open_mode::make_or_write), true);
        page_file::attempt attempt(**file);
        snapshot_record record;
        record.name = "a";
        record.turn = 4;
        record.manifest = *attempt.write_blob(manifest_, blob_kind::manifest);
        record.schema = *attempt.write_blob(schema_, blob_kind::schema);
        std::vector<page_ref> refs;
        for (std::uint32_t p = 0; p < pages_.size(); ++p)
            refs.push_back(
                *attempt.write_page(p, std::span<const std::byte, extent_bytes>(pages_[p])));
        if (has_shared_pages) refs[1].extent = refs[0].extent;
        const auto made = attempt.write_snapshot(record, refs, nullptr);
        ASSERT_TRUE(made);
        ASSERT_TRUE(attempt.commit({*made}));
    }
    kay::result<kay::actor_system> load() {
        auto file = kay::world_file::open_to_read(path_);
        EXPECT_TRUE(file);
        return file->load_untrusted<Beast>("a", {.workers = 1});
    }
    /// Loads the file as it is by now. True: it was taken, and went on for some turns.
    bool is_taken() {
        write();
        auto system = load();
        if (!system) {
            problem_ = system.error().text;
            EXPECT_NE(problem_.find(path_), std::string::npos) << problem_;
            return false;
        }
        for (std::uint32_t turn = 0; turn < 3; ++turn) {
            system->send(kay::all<Beast>, Roar{turn, {7}, {}});
            if (!system->turn()) break;
        }
        system->hash();
        return true;
    }
    /// The blocks of all beasts, in the pages.
    void each_block(const std::function<void(std::byte*)>& f) {
        for (auto& page : pages_)
            for (std::size_t at = 0; at + sizeof(Beast) <= page.size(); at += 16) {
                const auto* const beast = reinterpret_cast<const Beast*>(page.data() + at);
                std::uint64_t bits[2];
                std::memcpy(bits, &beast->table, sizeof bits);
                if (bits[0] == 1 && bits[1] <= 2 && beast->cache.get() == nullptr)
                    f(page.data() + at);
            }
    }

    std::uint64_t hash_ = 0;
    std::vector<std::byte> manifest_, schema_;
    std::vector<std::vector<std::byte>> pages_;
    std::string problem_;
};

TEST_F(untrusted, a_good_file_is_loaded_as_it_was) {
    write();
    auto system = load();
    ASSERT_TRUE(system) << system.error().text;
    EXPECT_EQ(system->hash(), hash_);
    EXPECT_TRUE(is_taken());
}

TEST_F(untrusted, what_leads_outside_of_an_actor_is_refused) {
    const auto pages = pages_;
    const auto expect_refused = [&](const char* what, auto&& change) {
        pages_ = pages;
        int blocks = 0;
        each_block([&](std::byte* block) {
            if (blocks++ == 5) change(block);
        });
        ASSERT_GT(blocks, 20);
        EXPECT_FALSE(is_taken()) << what;
        EXPECT_NE(problem_.find("Beast in place"), std::string::npos) << what << ": " << problem_;
    };
    const auto put = [](std::byte* at, auto value) { std::memcpy(at, &value, sizeof value); };
    expect_refused("an offset", [&](std::byte* b) {
        put(b + offsetof(Beast, numbers), std::int64_t{1} << 40);
        put(b + offsetof(Beast, numbers) + 8, std::uint32_t{3});
        put(b + offsetof(Beast, numbers) + 12, std::uint32_t{3});
    });
    expect_refused("a size",
                   [&](std::byte* b) { put(b + offsetof(Beast, name) + 8, ~std::uint32_t{0}); });
    expect_refused("a capacity", [&](std::byte* b) {
        put(b + offsetof(Beast, name) + 12, std::uint32_t{1} << 20);
    });
    expect_refused("a heap bit", [&](std::byte* b) {
        put(b + offsetof(Beast, known) + 12, std::uint32_t{1} << 31);
    });
    expect_refused("a bool",
                   [&](std::byte* b) { put(b + offsetof(Beast, is_awake), std::uint8_t{2}); });
    expect_refused("a pointer",
                   [&](std::byte* b) { put(b + offsetof(Beast, cache), std::uint64_t{0x1000}); });
    expect_refused("a constant of another type",
                   [&](std::byte* b) { put(b + offsetof(Beast, other), std::uint64_t{1}); });
    expect_refused("a constant that is not there",
                   [&](std::byte* b) { put(b + offsetof(Beast, table), std::uint64_t{77}); });
}

TEST_F(untrusted, pages_that_share_their_place_are_refused) {
    write(true);
    const auto system = load();
    ASSERT_FALSE(system);
    EXPECT_NE(system.error().text.find("two pages"), std::string::npos) << system.error().text;
}

TEST_F(untrusted, messages_that_wait_are_refused) {
    kay::actor_system system{{.places = 2}};
    system.add<Beast>();
    system.spawn<Beast>();
    std::filesystem::remove(path_);
    ASSERT_TRUE(open().save(system, "a"));
    const auto refused = load();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("messages wait"), std::string::npos);
}

TEST_F(untrusted, whatever_is_changed_in_it_nothing_leads_outside) {
    const auto manifest = manifest_, schema = schema_;
    const auto pages = pages_;
    const char* const wanted = std::getenv("KAY_MUTATIONS");
    const int rounds = wanted ? std::atoi(wanted) : 150;
    std::random_device device;
    const auto seed = device();
    std::mt19937_64 random(seed);
    SCOPED_TRACE("seed " + std::to_string(seed));
    int taken = 0;
    for (int i = 0; i < rounds; ++i) {
        manifest_ = manifest;
        schema_ = schema;
        pages_ = pages;
        for (auto left = 1 + random() % 3; left > 0; --left) {
            const auto kind = random() % 16;
            std::vector<std::byte>& bytes = kind == 0   ? manifest_
                                            : kind == 1 ? schema_
                                                        : pages_[random() % pages_.size()];
            // Where something is.
            std::size_t at = random() % bytes.size();
            for (int tries = 0; tries < 2000 && bytes[at] == std::byte{0}; ++tries)
                at = random() % bytes.size();
            if (random() % 2)
                bytes[at] ^= std::byte(1u << random() % 8);
            else
                bytes[at] = std::byte(random() % 256);
        }
        taken += is_taken();
    }
    EXPECT_GT(taken, rounds / 10) << "numbers may be what they like";
    EXPECT_LT(taken, rounds) << "nothing was noticed";
}

} // namespace
