// SPDX-License-Identifier: MIT
#include "rounds.hpp"

#include "ticks.hpp"

#include <algorithm>
#include <chrono>

namespace kay::detail {
namespace {

/// A round with less to do than this is run by the calling thread alone: about ten microseconds,
/// which is what waking another thread costs.
constexpr std::uint64_t inline_work = std::uint64_t{16} << 10;

/// Whoever runs a round alone for longer than that wakes the others.
constexpr std::uint64_t alone_max = ticks_in(std::chrono::microseconds(20));

/// Work is cut into so many stretches for each worker: who is done early takes another one.
constexpr std::uint32_t stretches_for_each = 4;

/// After some of a round's places: even looking at the clock costs something.
bool is_time_to_look(std::uint32_t done, std::uint32_t places) {
    return (done == 1 || done == 4 || done % 8 == 0) && done < places;
}

} // namespace

rounds::rounds(shared_state& shared, std::span<const std::unique_ptr<place>> places,
               std::uint32_t worker_count)
    : shared_(shared), places_(places), outside_box_(shared.places_log2), workers_(worker_count) {
    for (std::uint32_t i = 0; i < worker_count; ++i)
        caches_.push_back(std::make_unique<lane_chunk_cache>(shared.lane_chunks));
    const std::uint32_t outboxes =
        worker_count == 1 ? 1 : 1 + std::min(shared.places, worker_count * stretches_for_each);
    for (std::uint32_t i = 0; i < outboxes; ++i)
        outboxes_.push_back(std::make_unique<outbox>(shared.places_log2));
}

void rounds::lay_out() {
    const std::uint32_t types = shared_.types.count();
    for (auto& o : outboxes_) o->lay_out(types);
    if (late_box_) late_box_->lay_out(types);
    outside_box_.lay_out(types);
}

void rounds::trim() {
    for (auto& cache : caches_) cache->give_back_all();
}

std::uint64_t rounds::run_lonely(std::uint64_t most) {
    if (written_.size() != 1 || !active_.empty()) return 0;
    outbox& out = *written_.front();
    lane_chunk_cache& chunks = *caches_[0];
    place* target = nullptr;
    std::uint64_t done = 0;
    while (out.touched.size() == 1 && out.broadcasts.empty() && done < most) {
        const std::uint32_t index = out.touched.front();
        const inbox_segment segment = out.take(index, 0);
        out.clear();
        if (drop_if_empty(segment)) break;
        target = places_[out.target_of(index)].get();
        ++done;
        target->use(out, chunks);
        target->run_lonely(segment);
        if (target->failure()) break;
    }
    if (target) ran_.assign(1, target);
    return done;
}

void rounds::hand_over() {
    for (std::uint32_t i = 0; i < written_.size(); ++i) hand_over(*written_[i], i);
    written_.clear();
    if (active_.size() > 1)
        std::sort(active_.begin(), active_.end(),
                  [](const place* a, const place* b) { return a->number() < b->number(); });
}

void rounds::hand_over(outbox& from, std::uint32_t number) {
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
bool rounds::drop_if_empty(const inbox_segment& segment) {
    if (segment.first->next || segment.first->used) return false;
    caches_[0]->give(segment.first);
    return true;
}

void rounds::run() {
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
std::uint32_t rounds::run_alone() {
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
void rounds::run_in_parallel(std::uint32_t first) {
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
void rounds::cut_into_stretches(std::uint32_t first) {
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

place* rounds::first_failed() const {
    for (place* p : ran_)
        if (p->failure()) return p;
    return nullptr;
}

std::uint32_t rounds::go_on(bool skip) {
    if (!late_box_) {
        late_box_ = std::make_unique<outbox>(shared_.places_log2);
        late_box_->lay_out(shared_.types.count());
    }
    if (written_.empty() || written_.back() != late_box_.get()) written_.push_back(late_box_.get());
    std::uint32_t messages = 0;
    for (place* p : ran_) {
        if (!p->failure()) continue;
        p->failure().reset();
        ++messages;
        if (skip) p->skip_failed_message();
        p->use(*late_box_, *caches_[0]);
        p->run_round();
        if (skip) break;
    }
    return messages;
}

} // namespace kay::detail
