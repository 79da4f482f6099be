// SPDX-License-Identifier: MIT
//
// Saves in which the k-th write, sync or piece of memory fails, for every k: what was saved before
// is there, the error is told, and the next save writes all that has changed.
#include "rookery.hpp"

#include "failing_new.hpp"

#include <map>
#include <memory>
#include <new>

namespace {

using namespace kay::test;
using namespace rookery;
using kay::load_options;

enum class told { no, by_error, by_exception };

/// A world that changes, is saved under trouble, and is compared with what is in the file then.
class failing_saves : public ::testing::Test {
protected:
    failing_saves() : system_(make(40, 60, 2)), known_(system_) {
        kay::set_log_level(kay::log_level::off);
        open_file();
    }
    ~failing_saves() override { kay::set_log_level(kay::log_level::warning); }

    void open_file() {
        disk_->remembers_unsynced = false;
        auto opened = open(*disk_);
        ASSERT_TRUE(opened) << opened.error().text;
        file_.emplace(std::move(*opened));
    }
    /// From now on into another file.
    void begin_file() {
        file_.reset();
        hashes_.clear();
        disk_ = std::make_unique<simulated_disk>();
        open_file();
        save("good");
    }
    /// In which there is nothing: all is to be written.
    void begin_other_file() {
        file_.reset();
        hashes_.clear();
        disk_ = std::make_unique<simulated_disk>();
        open_file();
    }
    void change() {
        send(system_, known_);
        const auto done = system_.turn();
        ASSERT_TRUE(done) << done.error().text;
        if (system_.turn_number() % 40 == 0) { // so that it stays as small as it is
            system_.send(kay::all<Leaf>, Leave{});
            for (int i = 0; i < 60; ++i) system_.spawn<Leaf>();
        }
    }
    void save(const std::string& name) {
        const auto saved = file_->save(system_, name);
        ASSERT_TRUE(saved) << saved.error().text;
        hashes_[name] = system_.hash();
    }
    /// With a turn in the middle: it has to leave pages to whoever writes them.
    told try_to_save(bool turns_meanwhile) {
        try {
            if (auto started = file_->start_save(system_, "bad"); !started) return told::by_error;
            if (turns_meanwhile) change();
            return file_->finish_save() ? told::no : told::by_error;
        } catch (const std::bad_alloc&) {
            return told::by_exception;
        }
    }
    /// By the next program; `hashes_` are those of snapshots that were saved.
    void check(const char* when, std::size_t k) {
        simulated_disk found;
        found.bytes() = disk_->bytes();
        auto file = open(found, false);
        ASSERT_TRUE(file) << when << ' ' << k << ": " << file.error().text;
        for (const auto& [name, hash] : hashes_) {
            auto loaded = load(*file, name, {.workers = 1, .verify = true});
            ASSERT_TRUE(loaded) << when << ' ' << k << ": " << loaded.error().text;
            ASSERT_EQ(loaded->hash(), hash) << when << ' ' << k << ", snapshot " << name;
        }
    }
    /// What is to hold after each attempt.
    void go_on(std::size_t k) {
        check("after failure", k);
        save("next");
        change();
        save("good");
        check("after the next save", k);
    }

    std::unique_ptr<simulated_disk> disk_ = std::make_unique<simulated_disk>();
    kay::actor_system system_;
    acquaintances known_;
    std::optional<kay::world_file> file_;
    std::map<std::string, std::uint64_t> hashes_;
};

TEST_F(failing_saves, each_write_and_sync) {
    for (const auto what : {simulated_disk::operation::write, simulated_disk::operation::sync}) {
        begin_file();
        for (const bool for_good : {false, true}) {
            std::size_t k = 0;
            for (bool failed = true; failed; ++k) {
                change();
                const std::uint64_t hash = system_.hash();
                disk_->fail_after(what, k, for_good);
                const std::uint64_t before = disk_->count(what);
                const told how = try_to_save(k % 2);
                disk_->stop_failing();
                failed = disk_->count(what) > before + k;
                ASSERT_EQ(how, failed ? told::by_error : told::no) << k;
                if (!failed) hashes_["bad"] = hash;
                go_on(k);
                if (HasFatalFailure()) return;
            }
            hashes_.erase("bad");
            EXPECT_GE(k, what == simulated_disk::operation::sync ? 3u : 8u);
        }
    }
}

/// The planted fault: whoever writes is not told.
TEST_F(failing_saves, a_disk_that_lies_about_writes_is_caught) {
    disk_->lies_about_writes = true;
    std::size_t lied = 0, missed = 0;
    for (std::size_t k = 0; k < 12; ++k) {
        change();
        const std::uint64_t hash = system_.hash();
        const std::uint64_t before = disk_->count(simulated_disk::operation::write);
        disk_->fail_after(simulated_disk::operation::write, k);
        ASSERT_EQ(try_to_save(false), told::no);
        disk_->stop_failing();
        if (disk_->count(simulated_disk::operation::write) <= before + k) continue;
        ++lied;
        simulated_disk found;
        found.bytes() = disk_->bytes();
        auto file = open(found, false);
        auto loaded = file ? load(*file, "bad", {.workers = 1, .verify = true})
                           : kay::result<kay::actor_system>(file.error());
        missed += !loaded || loaded->hash() != hash;
        begin_other_file();
        disk_->lies_about_writes = true;
    }
    EXPECT_GT(lied, 8u);
    EXPECT_GT(missed, lied / 2); // there are two copies of the superblock
}

/// With sanitizers each third one: they take thirty times as long.
TEST_F(failing_saves, each_piece_of_memory) {
    constexpr std::size_t step = is_sanitized ? 3 : 1;
    for (const bool is_first_save : {false, true}) {
        begin_file();
        for (const bool once : {true, false}) {
            std::size_t k = 0, by_error = 0, attempts = 0;
            for (bool failed = true; failed; k += step) {
                ++attempts;
                change();
                if (is_first_save) begin_other_file();
                const std::uint64_t hash = system_.hash();
                told how;
                {
                    const failing_new::anywhere limit(k, once);
                    how = try_to_save(false);
                }
                failed = failing_new::anywhere::has_failed();
                by_error += how == told::by_error;
                ASSERT_TRUE(failed || how == told::no) << k;
                // What can be done without is.
                if (how == told::no) hashes_["bad"] = hash;
                go_on(k);
                if (HasFatalFailure()) return;
                hashes_.erase("bad");
            }
            EXPECT_GT(k, 50u);
            EXPECT_GT(by_error, attempts / 2);
        }
    }
}

TEST_F(failing_saves, each_piece_of_memory_while_it_is_loaded) {
    begin_file();
    const std::uint64_t right = system_.hash();
    for (const bool verify : {false, true})
        for (const bool once : {true, false}) {
            std::size_t k = 0;
            for (bool failed = true; failed; ++k) {
                std::optional<kay::actor_system> loaded;
                {
                    const failing_new::anywhere limit(k, once);
                    try {
                        auto made = load(*file_, "good", {.workers = 1, .verify = verify});
                        if (made) loaded.emplace(std::move(*made));
                    } catch (const std::bad_alloc&) {}
                }
                failed = failing_new::anywhere::has_failed();
                if (!loaded) {
                    ASSERT_TRUE(failed);
                    continue;
                }
                const std::uint64_t hash = loaded->hash();
                if (hash != right) {
                    ASSERT_FALSE(loaded->turn()) << k;
                }
            }
            EXPECT_GT(k, 50u);
        }
}

/// The world has no memory for copies of what is being written: it waits for the writer.
TEST_F(failing_saves, a_world_without_memory_for_copies_waits) {
    kay::actor_system system{{.places = 2, .workers = 1, .memory_bytes_max = std::size_t{8} << 20}};
    system.add<Leaf>();
    do system.spawn<Leaf>();
    while (!system.take_problem());
    ASSERT_TRUE(system.turn());
    for (std::uint32_t i = 0; i < 5; ++i) {
        const std::uint64_t hash = system.hash();
        ASSERT_TRUE(file_->start_save(system, "full"));
        system.send(kay::all<Leaf>, Fall{i});
        const auto done = system.turn();
        ASSERT_TRUE(done) << done.error().text;
        ASSERT_TRUE(file_->finish_save());
        auto loaded = file_->load<Leaf>("full", {.workers = 1});
        ASSERT_TRUE(loaded) << loaded.error().text;
        ASSERT_EQ(loaded->hash(), hash);
    }
}

} // namespace
