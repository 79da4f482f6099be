// SPDX-License-Identifier: MIT
//
// A schedule explorer: runs a small program of several threads over and over, each time with
// another interleaving of its atomic operations and other choices of the stores that its loads
// read, as far as the C++ memory model allows them. It looks for races, uses of dead memory, leaks,
// failed checks and asserts, and programs without end. A failure comes with a trace and is
// reproducible.
//
// The program is a function; its threads are fibers, its shared state is made of explorer::atomic
// and explorer::plain. It must decide by nothing but these, not spin, and own no other memory: a
// run that is cut short is not unwound.
//
// After M. Musuvathi et al., Finding and Reproducing Heisenbugs in Concurrent Programs (CHESS, OSDI
// 2008), for running a program again and again, points at synchronisation only, and the bound on
// preemptions; P. Godefroid, Partial-Order Methods (1996), for sleep sets; D. Vyukov's Relacy and
// tokio's Loom for programs written against simulated atomics.
#pragma once

#include "explorer/memory.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <new>
#include <optional>
#include <set>
#include <source_location>
#include <string>
#include <utility>

namespace explorer {

/// A memory order stronger than relaxed in the source of the program.
struct site {
    std::source_location where;
    bool on_failure; ///< the second order of a compare-exchange

    std::strong_ordering operator<=>(const site& other) const;
    bool operator==(const site& other) const { return (*this <=> other) == 0; }
};
std::string to_string(const site& s);

struct options {
    /// Nothing: all runs, depth first. Else random ones; run i has the seed seed + i.
    std::optional<std::uint64_t> seed = std::nullopt;
    std::size_t runs_max = 1'000'000;
    /// Bound on how often a run leaves a thread that could have gone on. Without a bound, runs that
    /// differ in the order of independent operations only are left out.
    std::size_t preemptions_max = std::numeric_limits<std::size_t>::max();
    std::size_t operations_max = 2'000;        ///< of a run; more count as no end
    std::size_t spurious_failures_max = 1;     ///< of weak compare-exchanges in a run
    std::optional<site> weaken = std::nullopt; ///< this order is taken for relaxed
};

struct report {
    std::size_t runs = 0;
    bool complete = false; ///< nothing is left to explore
    std::string failure;   ///< empty: none; else what, how to run it again, and the trace
    std::set<site> sites;  ///< orders that the program asked for
};

/// Runs `program` until it fails or the options say stop. Not from within a program.
report explore(const options& how, const std::function<void()>& program);

/// Ends the run and the exploration. For programs.
[[noreturn]] void fail(std::string what);
inline void check(bool condition, const char* what) {
    if (!condition) fail(what);
}

/// A free decision of the program: every value from 0 to count-1 is tried.
std::size_t choose(std::size_t count);

namespace detail {

/// What an atomic operation has to say before it is done.
struct operation {
    const char* name;
    location_number location;
    bool writes;
    std::memory_order order;
    std::memory_order failure; ///< of a compare-exchange, else relaxed
    std::source_location where;
};

memory& shared();
thread_number self();
/// Lets others go first. Then says which orders hold.
std::pair<std::memory_order, std::memory_order> begin(const operation& next);
void end(std::uint64_t value);
bool spurious_failure();

void* closure_room(std::size_t bytes);
thread_number start(void (*body)(void*), void* closure);
void join(thread_number t);

} // namespace detail

/// A thread of the program; it is joined at its end.
class thread {
public:
    template <class F>
    explicit thread(F body) {
        static_assert(alignof(F) <= alignof(std::max_align_t));
        number_ = detail::start(
            [](void* closure) {
                F* f = static_cast<F*>(closure);
                (*f)();
                f->~F();
            },
            new (detail::closure_room(sizeof(F))) F(std::move(body)));
    }
    ~thread() { detail::join(number_); }
    thread(const thread&) = delete;
    thread& operator=(const thread&) = delete;

private:
    thread_number number_;
};

} // namespace explorer
