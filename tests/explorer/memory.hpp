// SPDX-License-Identifier: MIT
//
// A simulated memory under the C++20 rules. Each atomic location keeps all its stores in
// modification order; each thread keeps what it knows: a vector clock of what happened before, and
// for each location the newest store that it has to respect. A load may read that store or any
// after it; a store or read-modify-write may take any place after it. An acquire load learns what
// the release store's thread knew, along release sequences too. Plain memory keeps, for each byte,
// who wrote and read last: two accesses without order are a race, whichever came first.
//
// After J. Kang et al., A Promising Semantics for Relaxed-Memory Concurrency (POPL 2017), for the
// views; B. Norris, B. Demsky, CDSChecker (OOPSLA 2013), for loads that read old stores; C.
// Flanagan, S. Freund, FastTrack (PLDI 2009), for races.
//
// Not here: fences, consume, and loads that read from the future (load buffering). Sequentially
// consistent operations are ordered location by location, in the order of execution.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace explorer {

inline constexpr std::size_t threads_max = 8;
inline constexpr std::size_t locations_max = 64;

using thread_number = std::uint8_t;
using location_number = std::uint16_t;

/// For each thread, how far in its life.
struct clock {
    std::array<std::uint32_t, threads_max> at{};

    void join(const clock& other) {
        for (std::size_t t = 0; t < threads_max; ++t)
            if (at[t] < other.at[t]) at[t] = other.at[t];
    }
    bool covers(const clock& other) const {
        for (std::size_t t = 0; t < threads_max; ++t)
            if (other.at[t] > at[t]) return false;
        return true;
    }
};

/// What a thread knows, and what a release store tells.
struct knowledge {
    clock happened;
    std::array<std::uint16_t, locations_max> seen{}; ///< by location: number of a store
};

/// Who touched a piece of plain memory.
struct cell {
    clock writes; ///< by thread: when it wrote last; 0: never
    clock reads;
};

class memory {
public:
    memory();

    /// A thread begins with what its parent knows; whoever joins it learns all it knew.
    void fork(thread_number parent, thread_number child);
    void join(thread_number finished, thread_number into);
    location_number create(thread_number t, std::uint64_t value);
    void destroy(thread_number t, location_number l);

    std::uint64_t load(thread_number t, location_number l, std::memory_order order);
    void store(thread_number t, location_number l, std::uint64_t value, std::memory_order order);
    /// A read-modify-write in two halves, with nothing between them.
    std::uint64_t modify(thread_number t, location_number l, std::memory_order order);
    void modified(thread_number t, location_number l, std::uint64_t value, std::memory_order order);
    /// The strong one: fails only if it reads another value, which may be an old one.
    bool compare_exchange(thread_number t, location_number l, std::uint64_t& expected,
                          std::uint64_t desired, std::memory_order success,
                          std::memory_order failure);
    /// How many stores of the location are later in its order than what was read or written last.
    std::size_t staleness() const { return staleness_; }

    /// Plain variables, which live elsewhere.
    std::size_t create_cell();
    void destroy_cell(std::size_t number) { variables_[number].live = false; }
    void touch(thread_number t, std::size_t number, bool writes);

    void read(thread_number t, const void* at, std::size_t bytes);
    void write(thread_number t, const void* at, std::size_t bytes);

    /// Blocks of plain memory, aligned to 64. A released one is kept, so that late accesses are
    /// found.
    void* allocate(std::size_t bytes);
    void release(thread_number t, void* block);
    std::size_t blocks_live() const;

private:
    struct one_store {
        std::uint64_t value;
        knowledge told;        ///< to whoever acquires; nothing if the store does not release
        std::size_t position;  ///< in the location's order
        bool followed = false; ///< by a read-modify-write, which nothing may come between
    };
    struct location {
        std::vector<one_store> stores;    ///< by number
        std::vector<std::uint16_t> order; ///< numbers of the stores, in modification order
        std::uint16_t consistent = 0;     ///< newest store of a sequentially consistent operation
        cell life;                        ///< written by begin and end, read by all operations
        bool live = true;
    };
    struct block {
        struct free_aligned {
            void operator()(std::byte* p) const;
        };
        std::unique_ptr<std::byte, free_aligned> bytes;
        std::vector<cell> cells;
        bool live = true;
    };

    struct variable {
        cell access;
        bool live = true;
    };

    void read(thread_number t, cell& c);
    void write(thread_number t, cell& c);
    location& use(thread_number t, location_number l);
    std::size_t first_readable(thread_number t, const location& at, location_number l,
                               std::memory_order order) const;
    std::uint64_t observe(thread_number t, location_number l, std::uint16_t number,
                          std::memory_order order);
    void insert(thread_number t, location_number l, std::size_t position, std::uint64_t value,
                std::memory_order order, const knowledge& sequence);
    void learn(knowledge& to, const knowledge& from);
    void tick(thread_number t); ///< what it does from now on is not part of what it has told
    std::span<cell> cells_of(const void* at, std::size_t bytes);

    std::array<knowledge, threads_max> threads_{};
    std::vector<location> locations_;
    std::vector<variable> variables_;
    std::map<std::uintptr_t, block> blocks_; ///< by address
    std::size_t staleness_ = 0;
    std::uint16_t modifying_ = 0;      ///< store that modify() read
    std::vector<std::size_t> scratch_; ///< places to choose from
};

} // namespace explorer
