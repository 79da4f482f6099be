// SPDX-License-Identifier: MIT
//
// What can be seen of an engine between turns: its hash, its statistics, and what it sent to other
// worlds.
#include "engine.hpp"

#include "../message/packet_list.hpp"

#include <utility>

namespace kay::detail {

std::uint64_t engine::hash() {
    if (!has_begun()) begin();
    const auto place_count = static_cast<std::uint32_t>(places_.size());
    const std::uint32_t constant_count = shared_.constants.count();
    std::vector<std::uint64_t> parts(std::size_t{place_count} + constant_count);
    rounds_.threads().run(place_count + 1, [&](std::uint32_t i, std::uint32_t) {
        if (i < place_count)
            parts[i] = places_[i]->hash();
        else
            for (std::uint32_t c = 0; c < constant_count; ++c)
                parts[place_count + c] = shared_.constants.hash_of(c);
    });
    std::uint64_t h = combine(combine(shared_.seed, shared_.turn), outside_->hash());
    h = combine(h, static_cast<std::uint64_t>(shared_.step.count()));
    for (std::uint64_t part : parts) h = combine(h, part);
    for (std::uint32_t s : spread_) h = combine(h, s & (shared_.places - 1));
    if (const auto e = lost()) remember(*e);
    return h;
}

void engine::set_statistics(bool on) {
    options_.statistics = on;
    if (!has_begun()) return;
    for (auto& p : places_) p->set_statistics(on);
    clock_->set_statistics(on);
    outside_->set_statistics(on);
}

std::size_t engine::bytes_reserved() const {
    return shared_.chunks.bytes_reserved() + shared_.lane_chunks.bytes_reserved();
}

system_statistics engine::statistics() const {
    system_statistics all;
    all.turn = shared_.turn;
    all.messages_skipped = skipped_;
    all.messages_retried = retried_;
    all.posts_held_back = posts_->held_back.load(std::memory_order_relaxed);
    all.bytes_reserved = bytes_reserved();
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t) {
        type_statistics s;
        s.name = shared_.types[t].name;
        for (const handler_record& h : shared_.types[t].handlers)
            s.messages.push_back({std::string(h.name), 0, 0, 0});
        all.types.push_back(std::move(s));
    }
    const auto add_place = [&](const place& p) {
        all.messages += p.messages_handled;
        all.dead_letters += p.dead_letter_total;
        all.timers += p.timer_count();
        for (std::uint32_t t = 0; t < all.types.size(); ++t) {
            type_statistics& s = all.types[t];
            if (const instance_store* store = p.store_if_any(t)) {
                s.instances += store->count() + store->hidden_count();
                s.bytes += store->bytes();
            }
            for (std::uint32_t m = 0; m < s.messages.size(); ++m) {
                if (t < p.dead_letters.size() && m < p.dead_letters[t].size())
                    s.messages[m].dead_letters += p.dead_letters[t][m];
                if (!p.statistics()) continue;
                s.messages[m].handled += p.statistics()->types[t].handled[m];
                s.messages[m].sent += p.statistics()->types[t].sent[m];
            }
            if (p.statistics()) s.nanoseconds += p.statistics()->types[t].nanoseconds;
        }
        for (const inbox_segment& i : p.incoming)
            all.types[i.type].queued += count_packets(i.first, i.begin, nullptr);
    };
    for (const auto& p : places_) add_place(*p);
    add_place(*clock_);
    add_place(*outside_);
    rounds_.for_each_outbox([&](const outbox& o) {
        for (const std::uint32_t index : o.touched) {
            const lane& l = o.lanes()[index];
            all.types[o.type_of(index)].queued += count_packets(l.first, l.first->data(), l.cursor);
        }
    });
    return all;
}

std::vector<outbound_packet> engine::take_outbox() {
    std::vector<outbound_packet> all;
    const auto take = [&](place& p) {
        for (place::outbound& o : p.for_others) {
            // The header was written by the sender; its slot and generation are part of the id.
            all.push_back({o.to, std::string(shared_.types[o.type].name), std::move(o.packet)});
        }
        p.for_others.clear();
    };
    for (auto& p : places_) take(*p);
    take(*clock_);
    take(*outside_);
    return all;
}

} // namespace kay::detail
