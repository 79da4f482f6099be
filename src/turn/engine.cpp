// SPDX-License-Identifier: MIT
#include "engine.hpp"

#include "control_packets.hpp"
#include "float_mode.hpp"

#include <kay/core/log.hpp>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <thread>

namespace kay::detail {
namespace {

constexpr std::uint32_t places_max = 4096;
constexpr std::uint32_t workers_max = 1024;

std::vector<std::unique_ptr<place>> make_places(shared_state& shared) {
    std::vector<std::unique_ptr<place>> places;
    for (std::uint32_t i = 0; i < shared.places; ++i)
        places.push_back(std::make_unique<place>(shared, i));
    return places;
}

std::uint32_t workers_for(const system_options& options) {
    const std::uint32_t wanted =
        options.workers ? options.workers : std::max(1u, std::thread::hardware_concurrency());
    return std::min(wanted, options.places);
}

} // namespace

result<void> engine::check(const system_options& o) {
    const auto bad = [](const std::string& text) {
        return error{error_code::invalid_argument, text};
    };
    if (o.places == 0 || o.places > places_max || !std::has_single_bit(o.places))
        return bad("places must be a power of two from 1 to 4096, not " + std::to_string(o.places));
    if (o.workers > workers_max)
        return bad("workers must be at most 1024 (0: one for each core), not " +
                   std::to_string(o.workers));
    if (o.step.count() <= 0) return bad("step must be longer than zero: it is one turn's time");
    if (o.rounds_max == 0) return bad("rounds_max must be at least 1");
    constexpr std::size_t least = std::size_t{8} << 20;
    if (o.memory_bytes_max && o.memory_bytes_max < least)
        return bad("memory_bytes_max must be 0 (no bound) or at least 8388608, not " +
                   std::to_string(o.memory_bytes_max));
    if (o.post_bytes_max < (std::size_t{64} << 10))
        return bad("post_bytes_max must be at least 65536, not " +
                   std::to_string(o.post_bytes_max));
    return {};
}

engine::engine(const system_options& options)
    : options_(options), shared_(options), places_(make_places(shared_)),
      clock_(std::make_unique<place>(shared_, options.places)),
      outside_(std::make_unique<place>(shared_, options.places + 1)),
      posts_(std::make_shared<post_queue>(options.post_bytes_max)),
      rounds_(shared_, places_, workers_for(options)) {
    rounds_.let_send_last(*outside_);
    outside_->inputs = &inputs_;
}

engine::~engine() {
    settle_frozen(true);
    rounds_.for_each_outbox([&](const outbox& o) {
        for (const std::uint32_t index : o.touched) {
            const lane& l = o.lanes()[index];
            release_spawned(shared_.types[o.type_of(index)], l.first, l.first->data(), l.cursor);
        }
    });
}

void engine::remember(const error& e) {
    write_log(log_level::error, shared_.turn, {}, {}, e.text);
    if (problem_) return;
    problem_ = lost(); // that is why, then
    if (!problem_) problem_ = e;
}

result<void> engine::add(const actor_type& type) {
    if (in_turn_) {
        const error e{error_code::invalid_argument,
                      "types are added between turns; this turn has stopped in the middle"};
        remember(e);
        return e;
    }
    auto added = shared_.types.add(type);
    if (!added) {
        remember(added.error());
        return added.error();
    }
    if (!*added || !has_begun()) return {};
    lay_out();
    if (type.singleton) places_[0]->make_singleton(shared_.types.count() - 1);
    inputs_.keep([&] { return type_input{&type}; });
    return {};
}

void engine::begin() {
    shared_.types.begin();
    begin_places();
}

void engine::begin_places() {
    lay_out();
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
        if (shared_.types[t].singleton) places_[0]->make_singleton(t);
    if (options_.statistics) set_statistics(true);
}

/// Room for all types that there are.
void engine::lay_out() {
    rounds_.lay_out();
    for (auto& p : places_) p->lay_out();
    clock_->lay_out();
    outside_->lay_out();
    rounds_.let_send_last(*outside_);
    spread_.resize(shared_.types.count());
    last_post_ = look_up({}); // what was unknown may be known now
}

// ---- the turn

result<turn_summary> engine::turn() {
    const float_mode mode;
    if (const auto e = lost()) return *e;
    if (failed_)
        return error{failed_->code, "the system has stopped because " + text_of(*failed_) +
                                        "; resume it, or make a new one"};
    if (!has_begun()) begin();
    if (in_turn_)
        inputs_.begin_step(shared_.turn, step_kind::go_on);
    else
        start_turn(post_rule::come_in);
    return run_rounds();
}

void engine::start_turn(post_rule posts) {
    settle_frozen(false);
    in_turn_ = true;
    round_count_ = 0;
    messages_before_ = 0;
    for (const auto& p : places_) messages_before_ += p->messages_handled;
    ++shared_.turn;
    // What is due and what was accepted from outside comes in, whatever the budget.
    shared_.lane_chunks.set_bounded(false);
    for (auto& p : places_) {
        if (p->next_timer() > shared_.turn) continue;
        rounds_.let_send_first(*p);
        p->fire_timers(*p, places_);
    }
    if (outside_->next_timer() <= shared_.turn) {
        rounds_.let_send_first(*clock_);
        outside_->fire_timers(*clock_, places_);
    }
    if (posts == post_rule::come_in)
        posts_->queue.drain([&](std::uint64_t, std::span<const std::byte> record) {
            if (inputs_.sink()) [[unlikely]]
                inputs_.sink()->take(sent_input{record});
            take_post(record);
        });
    shared_.lane_chunks.set_bounded(true);
    inputs_.begin_step(shared_.turn, step_kind::begin);
    rounds_.begin();
}

result<turn_summary> engine::run_rounds() {
    in_handlers_ = true;
    auto done = run_until_quiet();
    in_handlers_ = false;
    return done;
}

/// Rounds until no message is left, a handler fails, or there were too many.
result<turn_summary> engine::run_until_quiet() {
    for (;;) {
        if (const auto e = lost()) return stop_for_good(*e);
        if (const auto lonely = rounds_.run_lonely(options_.rounds_max - round_count_)) {
            round_count_ += lonely;
            if (const auto e = lost()) return stop_for_good(*e);
            if (rounds_.first_failed()) return stop_for_failures();
        }
        rounds_.hand_over();
        if (rounds_.active().empty()) return finish_turn();
        if (round_count_ >= options_.rounds_max) {
            round_count_ = 0; // whoever calls turn() again goes on for as long
            return round_bound_reached();
        }
        ++round_count_;
        rounds_.run();
        if (const auto e = lost()) return stop_for_good(*e);
        if (rounds_.first_failed()) return stop_for_failures();
    }
}

result<turn_summary> engine::finish_turn() {
    in_turn_ = false;
    if (inputs_.sink()) [[unlikely]]
        inputs_.sink()->end_turn(shared_.turn);
    constexpr std::uint64_t turns_between_trims = 32;
    if (shared_.turn % turns_between_trims == 0) {
        for (auto& p : places_) p->trim();
        trim_chunks();
        shared_.lane_chunks.trim();
        rounds_.trim();
    }
    std::uint64_t messages = 0;
    for (const auto& p : places_) messages += p->messages_handled;
    return turn_summary{shared_.turn, round_count_, messages - messages_before_};
}

// ---- what goes wrong

result<turn_summary> engine::stop_for_failures() {
    failed_ = *rounds_.first_failed()->failure();
    const error e{failed_->code, text_of(*failed_)};
    write_log(log_level::error, shared_.turn, {}, {}, e.text);
    return e;
}

/// A page is lost: nothing more is handled, since who lived there would miss it.
result<turn_summary> engine::stop_for_good(const error& e) const {
    write_log(log_level::error, shared_.turn, {}, {}, e.text);
    return e;
}

result<turn_summary> engine::resume(bool skip) {
    if (const auto e = lost()) return *e;
    if (!failed_) return error{error_code::invalid_argument, "nothing has failed"};
    const float_mode mode;
    inputs_.begin_step(shared_.turn, skip ? step_kind::skip : step_kind::retry);
    return go_on_after_failure(skip);
}

result<turn_summary> engine::go_on_after_failure(bool skip) {
    failed_.reset();
    // Only the message that the error named is skipped: where more places failed, they are told of
    // next.
    (skip ? skipped_ : retried_) += rounds_.go_on(skip);
    if (rounds_.first_failed()) return stop_for_failures();
    return run_rounds();
}

error engine::round_bound_reached() const {
    std::vector<std::string> names;
    for (const place* p : rounds_.active())
        for (const inbox_segment& s : p->incoming) {
            std::string name(shared_.types[s.type].name);
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        }
    std::sort(names.begin(), names.end());
    std::string list;
    for (const std::string& n : names) list += (list.empty() ? "" : ", ") + n;
    const error e{error_code::exhausted, "turn " + std::to_string(shared_.turn) +
                                             " did not end within " +
                                             std::to_string(options_.rounds_max) +
                                             " rounds: messages still go round among " + list +
                                             "; the queues are kept, the next turn() goes on"};
    write_log(log_level::error, shared_.turn, {}, {}, e.text);
    return e;
}

} // namespace kay::detail
