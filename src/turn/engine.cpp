// SPDX-License-Identifier: MIT
#include "engine.hpp"

#include "float_mode.hpp"
#include "ticks.hpp"

#include <kay/core/log.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <thread>

namespace kay::detail {
namespace {

constexpr std::uint32_t places_max = 4096;
constexpr std::uint32_t workers_max = 1024;

/// A round with less to do than this is run by the calling thread alone: about ten microseconds,
/// which is what waking another thread costs.
constexpr std::uint64_t inline_work = std::uint64_t{16} << 10;

/// Whoever runs a round alone for longer than that wakes the others.
constexpr std::uint64_t alone_max = ticks_in(std::chrono::microseconds(20));

/// Work is cut into so many stretches for each worker: who is done early takes another one.
constexpr std::uint32_t stretches_for_each = 4;

std::uint32_t log2_of(std::uint32_t places) {
    return static_cast<std::uint32_t>(std::countr_zero(places));
}

std::uint32_t workers_for(const system_options& options) {
    const std::uint32_t wanted =
        options.workers ? options.workers : std::max(1u, std::thread::hardware_concurrency());
    return std::min(wanted, options.places);
}

/// After some of a round's places: even looking at the clock costs something.
bool is_time_to_look(std::uint32_t done, std::uint32_t places) {
    return (done == 1 || done == 4 || done % 8 == 0) && done < places;
}

error not_added(std::string_view type_name) {
    return {error_code::not_found, "actor type " + std::string(type_name) +
                                       " was not added to this system: call system.add<" +
                                       std::string(type_name) + ">() first"};
}

std::string text_of(const handler_failure& f) {
    return f.actor_type + (f.actor.bits ? '@' + to_string(f.actor) : std::string()) +
           " failed in the handler of " + f.message_type + ": " + f.text;
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
    : options_(options), shared_(log2_of(options.places), options.memory_bytes_max),
      outside_box_(log2_of(options.places)),
      posts_(std::make_shared<post_queue>(options.post_bytes_max)), workers_(workers_for(options)) {
    shared_.seed = options.seed;
    shared_.step = options.step;
    for (std::uint32_t i = 0; i < workers_.count(); ++i)
        caches_.push_back(std::make_unique<lane_chunk_cache>(shared_.lane_chunks));
    const std::uint32_t outboxes =
        workers_.count() == 1 ? 1
                              : 1 + std::min(options.places, workers_.count() * stretches_for_each);
    for (std::uint32_t i = 0; i < outboxes; ++i)
        outboxes_.push_back(std::make_unique<outbox>(log2_of(options.places)));
    for (std::uint32_t i = 0; i < options.places; ++i)
        places_.push_back(std::make_unique<place>(shared_, i));
    clock_ = std::make_unique<place>(shared_, options.places);
    outside_ = std::make_unique<place>(shared_, options.places + 1);
    outside_->use(outside_box_, *caches_[0]);
}

engine::~engine() {
    for_each_outbox([&](const outbox& o) {
        for (const std::uint32_t index : o.touched) {
            const lane& l = o.lanes()[index];
            outside_->release_spawned(o.type_of(index), l.first, l.first->data(), l.cursor);
        }
    });
    for (std::byte* block : shared_.constants) std::free(block);
}

void engine::remember(const error& e) {
    write_log(log_level::error, shared_.turn, {}, {}, e.text);
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
    return {};
}

void engine::begin() {
    shared_.types.begin();
    lay_out();
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
        if (shared_.types[t].singleton) places_[0]->make_singleton(t);
    if (options_.statistics) set_statistics(true);
}

/// Room for all types that there are.
void engine::lay_out() {
    const std::uint32_t types = shared_.types.count();
    for (auto& o : outboxes_) o->lay_out(types);
    if (late_box_) late_box_->lay_out(types);
    outside_box_.lay_out(types);
    for (auto& p : places_) p->lay_out();
    clock_->lay_out();
    outside_->lay_out();
    outside_->use(outside_box_, *caches_[0]);
    spread_.resize(types);
    last_post_ = look_up({}); // what was unknown may be known now
}

// ---- from outside, between turns

result<void> engine::accepts(raw_id to, std::uint32_t type, std::string_view type_name) const {
    const auto bad = [&](error_code code, const std::string& text) {
        return error{code, std::string(type_name) + '@' + to_string(to) + ' ' + text};
    };
    if (type >= shared_.types.count()) return not_added(type_name);
    if (to.bits == 0) return bad(error_code::invalid_argument, "names nobody");
    if (to.place() >= shared_.places)
        return bad(error_code::invalid_argument,
                   "is from another world: this one has places 0 to " +
                       std::to_string(shared_.places - 1));
    const instance_store* s = places_[to.place()]->store_if_any(type);
    if (!s || s->fate_of(to.slot(), to.generation()) == instance_store::fate::never_issued)
        return bad(error_code::invalid_argument,
                   "is from another world: this one never gave it to anybody");
    return {};
}

std::uint32_t engine::next_spread_place(std::uint32_t type) {
    return type < spread_.size() ? spread_[type]++ & (shared_.places - 1) : 0;
}

result<std::byte*> engine::spawn(std::uint32_t target, std::uint32_t type, std::size_t bytes,
                                 raw_id& made, std::string_view type_name) {
    if (type >= shared_.types.count()) return not_added(type_name);
    if (target >= shared_.places)
        return error{error_code::invalid_argument, no_such_place(target, shared_.places)};
#if defined(__cpp_exceptions)
    try {
        return outside_->spawn_hidden(*places_[target], type, bytes, made);
    } catch (const out_of_memory&) {
        return error{error_code::out_of_memory, "out of memory: no room for another " +
                                                    std::string(shared_.types[type].name) +
                                                    "; raise memory_bytes_max, or spawn less"};
    } catch (const std::bad_alloc&) {
        return error{error_code::out_of_memory, "out of memory"};
    } catch (const slots_exhausted&) {
        return error{error_code::exhausted,
                     std::string(shared_.types[type].name) + " has no ids left in place " +
                         std::to_string(target) + ": use more places, or spawn less"};
    }
#else
    return outside_->spawn_hidden(*places_[target], type, bytes, made);
#endif
}

std::uint32_t engine::add_constant(std::byte* block, std::uint64_t hash) {
    shared_.constants.push_back(block);
    constant_hashes_.push_back(hash);
    return static_cast<std::uint32_t>(shared_.constants.size() - 1);
}

void engine::replace_constant(std::uint32_t number, std::byte* block, std::uint64_t hash) {
    std::free(std::exchange(shared_.constants[number], block));
    constant_hashes_[number] = hash;
}

// ---- the turn

result<turn_summary> engine::turn() {
    const float_mode mode;
    if (failed_)
        return error{failed_->code, "the system has stopped because " + text_of(*failed_) +
                                        "; resume it, or make a new one"};
    if (!has_begun()) begin();
    if (!in_turn_) start_turn();
    return run_rounds();
}

void engine::start_turn() {
    in_turn_ = true;
    rounds_ = 0;
    messages_before_ = 0;
    for (const auto& p : places_) messages_before_ += p->messages_handled;
    ++shared_.turn;
    // What is due and what was accepted from outside comes in, whatever the budget.
    shared_.lane_chunks.set_bounded(false);
    for (auto& p : places_) {
        if (p->next_timer() > shared_.turn) continue;
        p->use(*outboxes_[0], *caches_[0]);
        p->fire_timers(*p, places_);
    }
    if (outside_->next_timer() <= shared_.turn) {
        clock_->use(*outboxes_[0], *caches_[0]);
        outside_->fire_timers(*clock_, places_);
    }
    posts_->queue.drain(
        [&](std::uint64_t, std::span<const std::byte> record) { take_post(record); });
    shared_.lane_chunks.set_bounded(true);
    written_ = {outboxes_[0].get(), &outside_box_};
}

void engine::take_post(std::span<const std::byte> record) {
    post_head head;
    std::memcpy(&head, record.data(), sizeof head);
    std::span<const std::byte> message = record.subspan(sizeof head);
    if (head.to == to_implementors) {
        std::vector<std::uint32_t> keys(head.actor_key);
        std::memcpy(keys.data(), message.data(), keys.size() * sizeof(std::uint32_t));
        outside_->put_to_implementors(
            keys, head.message_key, 0, shared_.places,
            message.subspan(round_up(keys.size() * sizeof(std::uint32_t), 8)));
        return;
    }
    if (head.actor_key != last_post_.actor_key || head.message_key != last_post_.message_key)
        last_post_ = look_up(head);
    const std::uint32_t type = last_post_.type, tag = last_post_.tag;
    if (type >= shared_.types.count() || tag >= shared_.types[type].handlers.size()) {
        ++outside_->dead_letter_total;
        return;
    }
    if (head.to != to_all) {
        if (raw_id{head.to}.generation() == 0) // nobody
            return outside_->count_dead_letter(type, tag);
        return outside_->put_bytes(raw_id{head.to}, type, tag, message);
    }
    for (std::uint32_t p = 0; p < shared_.places; ++p)
        outside_->put_bytes(raw_id{p, 0, broadcast_slot}, type, tag, message);
}

engine::post_recipient engine::look_up(const post_head& head) const {
    const std::uint32_t type = shared_.types.by_key(head.actor_key);
    const std::uint32_t tag =
        type < shared_.types.count() ? tag_of(shared_.types[type], head.message_key) : ~0u;
    return {head.actor_key, head.message_key, type, tag};
}

result<turn_summary> engine::run_rounds() {
    in_handlers_ = true;
    auto done = rounds();
    in_handlers_ = false;
    return done;
}

result<turn_summary> engine::rounds() {
    for (;;) {
        if (!lonely_rounds()) return stop_for_failures();
        hand_over();
        if (active_.empty()) return finish_turn();
        if (rounds_ >= options_.rounds_max) {
            rounds_ = 0; // whoever calls turn() again goes on for as long
            return round_bound_reached();
        }
        ++rounds_;
        run_active();
        for (place* p : ran_)
            if (p->failure()) return stop_for_failures();
    }
}

/// Rounds in which all was sent to one type in one place: straight from lane to handler, on this
/// thread. False: a handler failed.
bool engine::lonely_rounds() {
    if (written_.size() != 1 || !active_.empty()) return true;
    outbox& out = *written_.front();
    lane_chunk_cache& chunks = *caches_[0];
    place* target = nullptr;
    while (out.touched.size() == 1 && out.broadcasts.empty() && rounds_ < options_.rounds_max) {
        const std::uint32_t index = out.touched.front();
        const inbox_segment segment = out.take(index, 0);
        out.clear();
        if (drop_if_empty(segment)) break;
        target = places_[out.target_of(index)].get();
        ++rounds_;
        target->use(out, chunks);
        target->run_lonely(segment);
        if (target->failure()) break;
    }
    if (!target) return true;
    ran_.assign(1, target);
    return !target->failure();
}

/// Everything that was sent becomes what is handled next. Outboxes in the order of the places that
/// wrote them, so that what a place finds does not depend on who ran when.
void engine::hand_over() {
    for (std::uint32_t i = 0; i < written_.size(); ++i) hand_over(*written_[i], i);
    written_.clear();
    if (active_.size() > 1)
        std::sort(active_.begin(), active_.end(),
                  [](const place* a, const place* b) { return a->number() < b->number(); });
}

void engine::hand_over(outbox& from, std::uint32_t number) {
    for (const std::uint32_t index : from.touched) {
        const inbox_segment segment = from.take(index, number);
        if (drop_if_empty(segment)) continue;
        place& target = *places_[from.target_of(index)];
        if (target.incoming.empty()) active_.push_back(&target);
        target.incoming.push_back(segment);
        std::uint64_t work = 0;
        for (const lane_chunk* c = segment.first; c; c = c->next) work += c->used;
        target.incoming_work += work;
        active_work_ += work;
    }
    for (const outbox::sent_broadcast& b : from.broadcasts) {
        const instance_store* s = places_[b.place]->store_if_any(b.type);
        if (!s) continue;
        const std::uint64_t work = s->count() * 32;
        places_[b.place]->incoming_work += work;
        active_work_ += work;
    }
    from.clear();
}

/// A lane got room for a packet, and then the packet could not be made.
bool engine::drop_if_empty(const inbox_segment& segment) {
    if (segment.first->next || segment.first->used) return false;
    caches_[0]->give(segment.first);
    return true;
}

void engine::run_active() {
    std::uint32_t done = 0;
    if (active_work_ < inline_work || active_.size() == 1 || workers_.count() == 1)
        done = run_alone();
    if (done < active_.size()) run_in_parallel(done);
    active_work_ = 0;
    ran_.swap(active_);
    active_.clear();
}

/// Runs active places on this thread: all of them, or as many as until it turned out that others
/// are worth waking, since a few small messages may cause much work. Returns how many.
std::uint32_t engine::run_alone() {
    const auto places = static_cast<std::uint32_t>(active_.size());
    const bool may_wake = workers_.count() > 1 && places > 1;
    const std::uint64_t begun = may_wake ? ticks_now() : 0;
    outbox& out = *outboxes_[0];
    written_.push_back(&out);
    for (std::uint32_t i = 0; i < places; ++i) {
        active_[i]->use(out, *caches_[0]);
        active_[i]->run_round();
        const std::uint32_t done = i + 1;
        if (may_wake && is_time_to_look(done, places) && ticks_now() - begun > alone_max)
            return done;
    }
    return places;
}

/// Runs active places from `first` on, by all workers.
void engine::run_in_parallel(std::uint32_t first) {
    cut_into_stretches(first);
    const auto used = static_cast<std::uint32_t>(written_.size()); // outboxes of this round
    order_.resize(stretches_.size());
    for (std::uint32_t i = 0; i < order_.size(); ++i) {
        order_[i] = i;
        written_.push_back(outboxes_[used + i].get());
    }
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
        return stretches_[a].work != stretches_[b].work ? stretches_[a].work > stretches_[b].work
                                                        : a < b;
    });
    workers_.run(
        static_cast<std::uint32_t>(order_.size()), [&](std::uint32_t task, std::uint32_t worker) {
            const std::uint32_t number = order_[task];
            for (std::uint32_t i = stretches_[number].first; i < stretches_[number].end; ++i) {
                active_[i]->use(*outboxes_[used + number], *caches_[worker]);
                active_[i]->run_round();
            }
        });
}

/// Cuts the active places from `first` on, in the order of their numbers, into stretches of about
/// equal work, not more than there are outboxes left.
void engine::cut_into_stretches(std::uint32_t first) {
    stretches_.clear();
    const auto places = static_cast<std::uint32_t>(active_.size());
    const auto most = static_cast<std::uint32_t>(outboxes_.size() - written_.size());
    std::uint64_t left = 0;
    for (std::uint32_t i = first; i < places; ++i) left += active_[i]->incoming_work;
    for (std::uint32_t next = first; next < places;) {
        stretch s{next, next, 0};
        const auto stretches_left = most - static_cast<std::uint32_t>(stretches_.size());
        const std::uint64_t fair = left / stretches_left;
        // Goes on while that brings it nearer to its share.
        do s.work += active_[s.end++]->incoming_work;
        while (s.end < places &&
               (stretches_left == 1 || s.work + active_[s.end]->incoming_work / 2 <= fair));
        left -= s.work;
        next = s.end;
        stretches_.push_back(s);
    }
}

result<turn_summary> engine::finish_turn() {
    in_turn_ = false;
    constexpr std::uint64_t turns_between_trims = 32;
    if (shared_.turn % turns_between_trims == 0) {
        for (auto& p : places_) p->trim();
        shared_.chunks.trim();
        shared_.lane_chunks.trim();
        for (auto& cache : caches_) cache->give_back_all();
    }
    std::uint64_t messages = 0;
    for (const auto& p : places_) messages += p->messages_handled;
    return turn_summary{shared_.turn, rounds_, messages - messages_before_};
}

// ---- what goes wrong

result<turn_summary> engine::stop_for_failures() {
    for (place* p : ran_)
        if (p->failure()) {
            failed_ = *p->failure();
            break;
        }
    const error e{failed_->code, text_of(*failed_)};
    write_log(log_level::error, shared_.turn, {}, {}, e.text);
    return e;
}

result<turn_summary> engine::resume(bool skip) {
    if (!failed_) return error{error_code::invalid_argument, "nothing has failed"};
    const float_mode mode;
    failed_.reset();
    // What was left by the places that failed is done first; what the others sent waits. Only the
    // message that the error named is skipped: where more places failed, they are told of next.
    // What they send comes after all else, however many workers there are.
    if (!late_box_) {
        late_box_ = std::make_unique<outbox>(log2_of(shared_.places));
        late_box_->lay_out(shared_.types.count());
    }
    if (written_.empty() || written_.back() != late_box_.get()) written_.push_back(late_box_.get());
    bool goes_on = true;
    for (place* p : ran_) {
        if (!p->failure()) continue;
        if (goes_on) {
            p->failure().reset();
            ++(skip ? skipped_ : retried_);
            if (skip) p->skip_failed_message();
            p->use(*late_box_, *caches_[0]);
            p->run_round();
            goes_on = !skip;
        }
    }
    for (place* p : ran_)
        if (p->failure()) return stop_for_failures();
    return run_rounds();
}

error engine::round_bound_reached() const {
    std::vector<std::string> names;
    for (const place* p : active_)
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
