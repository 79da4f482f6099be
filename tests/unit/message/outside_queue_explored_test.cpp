// SPDX-License-Identifier: MIT
//
// The outside queue's own source under the schedule explorer: all runs of tiny programs, many
// random runs of bigger ones; and each of its memory orders is shown to matter, by taking it away.
#include "explorer/atomic.hpp"
#include "explorer/fiber.hpp"

#include <kay/message/outside_queue.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

template <std::size_t ChunkBytes>
struct explored {
    template <class T>
    using atomic = explorer::atomic<T>;
    template <class T>
    using plain = explorer::plain<T>;

    static constexpr std::size_t chunk_bytes = ChunkBytes;

    static void note_write(const void* at, std::size_t bytes) { explorer::note_write(at, bytes); }
    static void note_read(const void* at, std::size_t bytes) { explorer::note_read(at, bytes); }
    static void* allocate(std::size_t bytes) { return explorer::allocate(bytes); }
    static void release(void* block) { explorer::release(block); }
};

constexpr std::size_t frame = 8, link = 16;
/// A chunk for so many records of eight bytes.
template <std::size_t Records>
using queue_of = kay::detail::outside_queue<explored<Records*(frame + 8) + link>>;
constexpr std::size_t one_record_chunk = frame + 8 + link;

constexpr std::size_t writers_max = 4;
constexpr std::size_t short_bytes = sizeof(std::uint64_t);
constexpr std::size_t long_bytes = 72; ///< has to go into a block of its own

/// Posts and receives numbered records, and checks that they come in order, each once.
struct ledger {
    template <class Writer>
    bool post(Writer& w, std::size_t who, std::size_t bytes = short_bytes) {
        std::byte* at = w.reserve(bytes);
        if (!at) return false;
        const std::uint64_t value = who << 32 | posted[who];
        std::memcpy(at, &value, sizeof value);
        if (bytes > sizeof value)
            std::memset(at + sizeof value, static_cast<int>(bytes), bytes - 8);
        w.commit();
        ++posted[who];
        return true;
    }
    void receive(std::span<const std::byte> record) {
        std::uint64_t value;
        std::memcpy(&value, record.data(), sizeof value);
        const std::size_t who = value >> 32;
        explorer::check(who < writers_max, "a record that nobody wrote");
        explorer::check((value & 0xffffffff) == received[who], "a record out of order");
        for (std::byte b : record.subspan(sizeof value))
            explorer::check(b == static_cast<std::byte>(record.size()),
                            "a record with other bytes");
        ++received[who];
    }
    template <class Queue>
    std::size_t drain(Queue& q) {
        return q.drain([this](std::uint64_t, std::span<const std::byte> r) { receive(r); });
    }
    void check_all_received() const { explorer::check(posted == received, "a record is lost"); }

    std::array<std::uint64_t, writers_max> posted{};   ///< by writer, each only touched by its own
    std::array<std::uint64_t, writers_max> received{}; ///< of the reader
};

constexpr std::size_t ample = 1 << 20;

/// One writer, one record in a chunk: each record but the first leaves a chunk, and takes another.
template <std::size_t Records, std::size_t Drains>
void one_writer_goes_through_chunks() {
    queue_of<1> q(ample);
    ledger book;
    {
        explorer::thread writer([&] {
            auto w = q.make_writer();
            for (std::size_t i = 0; i < Records; ++i)
                explorer::check(book.post(w, 0), "held back within the budget");
        });
        for (std::size_t i = 0; i < Drains; ++i) book.drain(q);
    }
    book.drain(q);
    book.check_all_received();
    explorer::check(q.bytes_in_flight() == 0, "something is in flight for ever");
}

/// Writers begin and end while the reader looks.
template <std::size_t Writers, std::size_t Records, std::size_t Drains>
void writers_come_and_go() {
    queue_of<2> q(ample);
    ledger book;
    const auto write = [&](std::size_t who) {
        auto w = q.make_writer();
        for (std::size_t i = 0; i < Records; ++i) book.post(w, who);
    };
    {
        explorer::thread reader([&] {
            for (std::size_t i = 0; i < Drains; ++i) book.drain(q);
        });
        explorer::thread one([&] { write(0); });
        if constexpr (Writers > 1) write(1);
    }
    book.drain(q);
    book.check_all_received();
}

/// Several chunks come back while the writer takes one.
void a_chunk_is_taken_while_others_come_back() {
    queue_of<1> q(ample);
    ledger book;
    {
        auto w = q.make_writer();
        for (int i = 0; i < 3; ++i) book.post(w, 0);
        explorer::thread reader([&] { book.drain(q); });
        book.post(w, 0);
    }
    book.drain(q);
    book.check_all_received();
}

/// The budget is one chunk: the second leap is held back until the reader has gone on.
void a_writer_is_held_back() {
    queue_of<1> q(one_record_chunk);
    ledger book;
    std::size_t refused = 0;
    {
        explorer::thread writer([&] {
            auto w = q.make_writer();
            for (int i = 0; i < 4; ++i) refused += !book.post(w, 0);
        });
        book.drain(q);
        explorer::check(q.bytes_in_flight() <= one_record_chunk, "more than the budget in flight");
        book.drain(q);
    }
    book.drain(q);
    book.check_all_received();
    explorer::check(book.received[0] + refused == 4, "neither accepted nor refused");
    explorer::check(book.received[0] >= 2, "held back without a reason");
}

/// Two writers share a budget that has room for one leap.
void writers_share_a_budget() {
    queue_of<1> q(one_record_chunk);
    ledger book;
    auto v = q.make_writer();
    {
        explorer::thread other([&] {
            auto w = q.make_writer();
            for (int i = 0; i < 2; ++i) book.post(w, 1);
        });
        for (int i = 0; i < 2; ++i) book.post(v, 0);
        explorer::check(q.bytes_in_flight() <= one_record_chunk, "more than the budget in flight");
    }
    explorer::check(book.posted[0] + book.posted[1] == 3, "not exactly one leap");
    book.drain(q);
    { const auto ended = std::move(v); }
    book.drain(q);
    book.check_all_received();
}

void long_records_pass() {
    queue_of<1> q(ample);
    ledger book;
    {
        explorer::thread writer([&] {
            auto w = q.make_writer();
            book.post(w, 0, long_bytes);
            book.post(w, 0);
        });
        book.drain(q);
    }
    book.drain(q);
    book.check_all_received();
}

/// Everything at once, sizes and pauses at random.
void a_busy_afternoon() {
    queue_of<2> q(3 * (2 * (frame + 8) + link));
    ledger book;
    const auto write = [&](std::size_t who) {
        auto w = q.make_writer();
        for (int i = 0; i < 6; ++i) {
            const bool longer = explorer::choose(4) == 3;
            book.post(w, who, longer ? long_bytes : short_bytes);
        }
        auto moved = std::move(w);
        book.post(moved, who);
    };
    {
        explorer::thread reader([&] {
            for (int i = 0; i < 8; ++i) book.drain(q);
        });
        explorer::thread one([&] { write(0); });
        explorer::thread two([&] { write(1); });
        write(2);
    }
    // Its own posts, and new writers, may come out of a drain.
    std::size_t answers = 0;
    q.drain([&](std::uint64_t, std::span<const std::byte> r) {
        book.receive(r);
        if (answers == 2) return;
        ++answers;
        auto w = q.make_writer();
        book.post(w, 3);
    });
    book.drain(q);
    book.check_all_received();
    explorer::check(q.bytes_in_flight() == 0, "something is in flight for ever");
}

struct program {
    const char* name;
    std::function<void()> run;
};

const std::vector<program>& tiny_programs() {
    static const std::vector<program> all{
        {"one record, one drain", one_writer_goes_through_chunks<1, 1>},
        {"two chunks", one_writer_goes_through_chunks<2, 2>},
        {"three chunks", one_writer_goes_through_chunks<3, 2>},
        {"chunks come back", a_chunk_is_taken_while_others_come_back},
        {"a writer comes and goes", writers_come_and_go<1, 2, 2>},
        {"two writers come and go", writers_come_and_go<2, 1, 1>},
        {"held back", a_writer_is_held_back},
        {"a shared budget", writers_share_a_budget},
        {"long records", long_records_pass},
    };
    return all;
}

const std::vector<program>& bigger_programs() {
    static const std::vector<program> all{
        {"many chunks", one_writer_goes_through_chunks<12, 6>},
        {"two writers of more records", writers_come_and_go<2, 6, 6>},
        {"a busy afternoon", a_busy_afternoon},
    };
    return all;
}

class outside_queue_explored : public testing::Test {
protected:
    void SetUp() override {
#ifdef EXPLORER_UNDER_TSAN
        GTEST_SKIP()
            << "a hundred times slower, and one thread gives this sanitizer nothing to find";
#endif
    }
};

TEST_F(outside_queue_explored, all_runs_of_tiny_programs_pass) {
    for (const program& p : tiny_programs()) {
        const explorer::report r = explorer::explore({}, p.run);
        EXPECT_EQ(r.failure, "") << p.name;
        EXPECT_TRUE(r.complete) << p.name << ": " << r.runs << " runs";
        RecordProperty(p.name, static_cast<int>(r.runs));
    }
}

TEST_F(outside_queue_explored, thousands_of_random_runs_of_bigger_programs_pass) {
    for (const program& p : bigger_programs()) {
        const explorer::report r = explorer::explore({.seed = 1, .runs_max = 3'000}, p.run);
        EXPECT_EQ(r.failure, "") << p.name;
    }
}

/// All orders stronger than relaxed that the queue's source asks for.
std::set<explorer::site> orders_of_the_queue() {
    std::set<explorer::site> all;
    for (const auto* programs : {&tiny_programs(), &bigger_programs()})
        for (const program& p : *programs)
            all.merge(explorer::explore({.seed = 1, .runs_max = 50}, p.run).sites);
    return all;
}

TEST_F(outside_queue_explored, no_order_can_be_weakened_without_being_caught) {
    const std::set<explorer::site> orders = orders_of_the_queue();
    EXPECT_EQ(orders.size(), 7u); // each is named with its partner in the header
    for (const explorer::site& weak : orders) {
        std::string caught;
        for (const program& p : tiny_programs()) {
            caught = explorer::explore({.runs_max = 20'000, .weaken = weak}, p.run).failure;
            if (!caught.empty()) break;
        }
        EXPECT_NE(caught, "") << to_string(weak);
    }
}

} // namespace
