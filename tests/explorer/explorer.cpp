// SPDX-License-Identifier: MIT
#include "explorer/explorer.hpp"

#include "explorer/choices.hpp"
#include "explorer/fiber.hpp"

#include <kay/core/assert.hpp>

#include <array>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

namespace explorer {
namespace {

const char* name(std::memory_order o) {
    switch (o) {
    case std::memory_order_relaxed: return "relaxed";
    case std::memory_order_consume: return "consume";
    case std::memory_order_acquire: return "acquire";
    case std::memory_order_release: return "release";
    case std::memory_order_acq_rel: return "acq_rel";
    case std::memory_order_seq_cst: return "seq_cst";
    }
    return "?";
}

std::string place_of(const std::source_location& where) {
    const std::string path = where.file_name();
    return path.substr(path.find_last_of('/') + 1) + ":" + std::to_string(where.line());
}

enum class state : std::uint8_t { absent, ready, joining, finished };

struct one_thread {
    state now = state::absent;
    thread_number joins = 0;
    bool at_operation = false; ///< stands before `next`; else before code that others cannot see
    bool asleep = false;       ///< going on with it now leads to what was explored already
    detail::operation next{};
    void (*body)(void*) = nullptr;
    void* closure = nullptr;
};

struct step {
    thread_number thread;
    detail::operation what;
    std::uint64_t value;
    std::size_t later; ///< stores of the location after the one read or written
};

/// One run of the program. The stacks are kept for the next.
class run {
public:
    using stacks = std::array<std::unique_ptr<fiber>, threads_max>;

    run(const options& how, choices& source, stacks& fibers, std::set<site>& sites)
        : how_(how), choices_(source), fibers_(fibers), sites_(sites) {}

    /// Returns what is wrong, or nothing.
    const std::string& perform(const std::function<void()>& program);

    [[noreturn]] void fail(std::string what) {
        failure_ = std::move(what);
        leave();
    }
    std::size_t choose(std::size_t count) { return choices_.choose(count); }
    std::pair<std::memory_order, std::memory_order> begin(const detail::operation& next);
    void end(std::uint64_t value) {
        trace_.back().value = value;
        trace_.back().later = memory_.staleness();
    }
    bool spurious_failure();
    void* closure_room(std::size_t bytes);
    thread_number start(void (*body)(void*), void* closure);
    void join(thread_number t);
    std::string trace() const;

    memory memory_;
    thread_number self_ = 0;

private:
    [[noreturn]] void leave() {
        outside_.enter(*fibers_[self_]);
        std::abort(); // nobody enters it again
    }
    static void run_thread(void* of);
    bool can_go_on(const one_thread& t) const {
        return t.now == state::ready ||
               (t.now == state::joining && threads_[t.joins].now == state::finished);
    }
    bool leaves_out_equals() const {
        return !choices_.is_random() && how_.preemptions_max == options{}.preemptions_max;
    }
    thread_number pick();
    void let_go_on(thread_number t);
    void wake(const detail::operation& done);
    std::memory_order order(const detail::operation& next, bool on_failure);

    const options& how_;
    choices& choices_;
    stacks& fibers_;
    std::set<site>& sites_;
    fiber outside_{fiber::of_caller{}};
    std::array<one_thread, threads_max> threads_{};
    std::size_t threads_made_ = 0;
    std::size_t preemptions_ = 0;
    std::size_t spurious_failures_ = 0;
    std::vector<step> trace_;
    std::vector<std::unique_ptr<std::byte[]>> closures_;
    std::string failure_;
};

run* running = nullptr;

const std::string& run::perform(const std::function<void()>& program) {
    running = this;
    const auto start_program = [](void* closure) {
        (*static_cast<const std::function<void()>*>(closure))();
        if (running->memory_.blocks_live() > 0) running->fail("memory was not released");
    };
    start(start_program, const_cast<std::function<void()>*>(&program));
    fibers_[0]->enter(outside_);
    running = nullptr;
    return failure_;
}

thread_number run::start(void (*body)(void*), void* closure) {
    KAY_ASSERT(threads_made_ < threads_max);
    const auto t = static_cast<thread_number>(threads_made_++);
    threads_[t].now = state::ready;
    threads_[t].body = body;
    threads_[t].closure = closure;
    if (t > 0) memory_.fork(self_, t);
    if (!fibers_[t]) fibers_[t] = std::make_unique<fiber>();
    fibers_[t]->start(&run::run_thread, &threads_[t]);
    return t;
}

void run::run_thread(void* of) {
    auto* self = static_cast<one_thread*>(of);
    self->body(self->closure);
    self->now = state::finished;
    if (running->self_ == 0) running->leave(); // it has joined all others
    running->let_go_on(running->pick());
    std::abort(); // nobody picks it again
}

void run::join(thread_number t) {
    one_thread& self = threads_[self_];
    self.now = state::joining;
    self.joins = t;
    if (!can_go_on(self)) let_go_on(pick());
    self.now = state::ready;
    memory_.join(t, self_);
}

/// Chooses who goes on. Never this thread unless it can.
thread_number run::pick() {
    std::array<thread_number, threads_max> could{};
    std::size_t count = 0;
    bool asleep = false;
    const auto consider = [&](std::size_t t) {
        if (!can_go_on(threads_[t])) return;
        if (leaves_out_equals() && threads_[t].asleep)
            asleep = true;
        else
            could[count++] = static_cast<thread_number>(t);
    };
    // What no other thread can see may as well be done at once.
    for (std::size_t t = 0; t < threads_made_; ++t)
        if (can_go_on(threads_[t]) && !threads_[t].at_operation)
            return static_cast<thread_number>(t);
    const bool could_stay = can_go_on(threads_[self_]);
    consider(self_);
    if (!could_stay || preemptions_ < how_.preemptions_max)
        for (std::size_t t = 0; t < threads_made_; ++t)
            if (t != self_) consider(t);
    if (count == 0 && asleep) leave();
    KAY_ASSERT(count > 0);
    const std::size_t chosen = choose(count);
    for (std::size_t i = 0; i < chosen; ++i) threads_[could[i]].asleep = true;
    if (could_stay && could[chosen] != self_) ++preemptions_;
    return could[chosen];
}

void run::let_go_on(thread_number t) {
    if (t == self_) return;
    fiber& from = *fibers_[self_];
    const thread_number before = self_;
    self_ = t;
    fibers_[t]->enter(from);
    KAY_ASSERT(self_ == before);
}

/// Threads that slept because their next operation was explored before `done` wake if that matters.
void run::wake(const detail::operation& done) {
    for (one_thread& t : threads_)
        if (t.asleep && t.next.location == done.location && (t.next.writes || done.writes))
            t.asleep = false;
}

std::pair<std::memory_order, std::memory_order> run::begin(const detail::operation& next) {
    one_thread& self = threads_[self_];
    self.next = next;
    self.at_operation = true;
    let_go_on(pick());
    self.at_operation = false;
    wake(next);
    trace_.push_back({self_, next, 0, 0});
    if (trace_.size() > how_.operations_max) fail("no end in sight");
    return {order(next, false), order(next, true)};
}

std::memory_order run::order(const detail::operation& next, bool on_failure) {
    const std::memory_order asked = on_failure ? next.failure : next.order;
    if (asked == std::memory_order_relaxed) return asked;
    const site at{next.where, on_failure};
    sites_.insert(at);
    return how_.weaken && *how_.weaken == at ? std::memory_order_relaxed : asked;
}

bool run::spurious_failure() {
    if (spurious_failures_ >= how_.spurious_failures_max || choose(2) == 0) return false;
    ++spurious_failures_;
    return true;
}

void* run::closure_room(std::size_t bytes) {
    return closures_.emplace_back(new std::byte[bytes]).get();
}

std::string run::trace() const {
    std::string text;
    for (const step& s : trace_) {
        text += "  thread " + std::to_string(s.thread) + "  " + place_of(s.what.where) + "  " +
                s.what.name + " " + name(s.what.order) + " of a" + std::to_string(s.what.location) +
                ": " + std::to_string(s.value);
        if (s.later > 0) text += ", " + std::to_string(s.later) + " behind the newest";
        text += "\n";
    }
    return text;
}

void assert_failed(const char* expression, const char* file, int line) {
    if (running)
        fail(std::string("assert ") + expression + " at " + file + ":" + std::to_string(line));
}

} // namespace

std::string to_string(const site& s) {
    return place_of(s.where) + ":" + std::to_string(s.where.column()) +
           (s.on_failure ? ", on failure" : "");
}

std::strong_ordering site::operator<=>(const site& other) const {
    const auto key = [](const site& s) {
        return std::make_tuple(s.where.line(), s.where.column(), s.on_failure,
                               std::string_view(s.where.file_name()));
    };
    return key(*this) <=> key(other);
}

report explore(const options& how, const std::function<void()>& program) {
    KAY_ASSERT(running == nullptr);
    const kay::assert_hook before = kay::set_assert_hook(assert_failed);
    report result;
    run::stacks fibers;
    choices source;
    while (result.runs < how.runs_max && !result.complete) {
        if (how.seed) source = choices(*how.seed + result.runs);
        run one(how, source, fibers, result.sites);
        ++result.runs;
        const std::string& failure = one.perform(program);
        if (!failure.empty()) {
            result.failure = failure + "\nin run " + std::to_string(result.runs) +
                             (how.seed ? ", of seed " + std::to_string(*how.seed + result.runs - 1)
                                       : std::string(", all in order")) +
                             "\n" + one.trace();
            break;
        }
        if (!how.seed) result.complete = !source.next();
    }
    kay::set_assert_hook(before);
    return result;
}

void fail(std::string what) {
    KAY_ASSERT(running != nullptr);
    running->fail(std::move(what));
}

std::size_t choose(std::size_t count) { return running->choose(count); }

namespace detail {

memory& shared() { return running->memory_; }
thread_number self() { return running->self_; }
std::pair<std::memory_order, std::memory_order> begin(const operation& next) {
    return running->begin(next);
}
void end(std::uint64_t value) { running->end(value); }
bool spurious_failure() { return running->spurious_failure(); }
void* closure_room(std::size_t bytes) { return running->closure_room(bytes); }
thread_number start(void (*body)(void*), void* closure) { return running->start(body, closure); }
void join(thread_number t) { running->join(t); }

} // namespace detail
} // namespace explorer
