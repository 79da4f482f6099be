// SPDX-License-Identifier: MIT
//
// What can be seen of a place between turns: its hash, and its counts while somebody asks for them.
#include "place.hpp"

#include "../core/bytes.hpp"
#include "timer_packets.hpp"

#include <algorithm>

namespace kay::detail {

std::uint64_t place::hash() const {
    std::uint64_t h = mix(place_ + 1);
    for (std::uint32_t t = 0; t < stores_.size(); ++t) {
        const instance_store* s = stores_[t].get();
        if (!s) continue;
        const actor_type& type = shared_.types[t];
        h = s->hash_slots(combine(h, t));
        for (const instance_store::run& r : s->runs()) {
            h = combine(h, std::uint64_t{r.stride} << 32 | r.count);
            for (std::uint32_t done = 0, k = 0; done < r.count; done += r.rows_per_chunk, ++k) {
                const std::byte* const first = s->chunk_base(r.chunks[k]);
                const std::uint32_t rows = std::min(r.rows_per_chunk, r.count - done);
                h = type.hash_blocks ? type.hash_blocks(first, r.stride, rows, h)
                                     : hash_content(first, r.stride, rows, type.parts, h);
            }
        }
    }
    hasher sink(h);
    leases_.add_to(sink);
    timers_.add_keys_to(sink);
    timers_.each([&](const timer_wheel::entry& t) {
        sink.add(std::uint64_t{t.key.generation} << 32 | t.key.index);
        sink.add(t.due);
        sink.add(t.period);
        sink.add(t.type);
        sink.add(t.target);
        add_waiting_packet(sink, shared_.types, t.type, t.packet);
    });
    return sink.value();
}

void place::write(byte_writer& to) const {
    for (std::uint32_t t = 0; t < types_; ++t) {
        to.number(static_cast<std::uint8_t>(stores_[t] != nullptr));
        if (stores_[t]) stores_[t]->write(to);
    }
    leases_.write(to);
    timers_.write(to);
}

bool place::read(byte_reader& from, std::span<const migration* const> changes) {
    for (std::uint32_t t = 0; t < changes.size() && !from.failed(); ++t) {
        if (!from.number<std::uint8_t>()) continue;
        if (changes[t] ? !read_changed(from, t, *changes[t]) : !store(t).read(from)) return false;
    }
    return leases_.read(from) && timers_.read(from);
}

bool place::read_changed(byte_reader& from, std::uint32_t type, const migration& change) {
    instance_store before(change.blocks_before, shared_.chunks, shared_.epoch,
                          own_slots_of(places_));
    if (!before.read(from)) return false;
    if (!before.is_sound() || shared_.epoch.source->failure()) return false;
    store(type).take_over(before, change.make);
    return true;
}

void place::write_draws(byte_writer& to) const {
    to.number(draws_turn_);
    to.number(draws_);
}

void place::read_draws(byte_reader& from) {
    draws_turn_ = from.number<std::uint64_t>();
    draws_ = from.number<std::uint64_t>();
}

bool place::is_sound() const {
    return std::all_of(stores_.begin(), stores_.end(),
                       [](const auto& s) { return !s || s->is_sound(); }) &&
           timers_.is_sound(shared_.turn);
}

void place::set_statistics(bool on) {
    if (!on) {
        statistics_.reset();
        open_places_ = places_;
        return;
    }
    if (!statistics_) statistics_ = std::make_unique<place_statistics>();
    statistics_->types.resize(types_);
    for (std::uint32_t t = 0; t < types_; ++t) {
        statistics_->types[t].handled.resize(shared_.types[t].handlers.size());
        statistics_->types[t].sent.resize(shared_.types[t].handlers.size());
    }
    open_places_ = 0;
}

} // namespace kay::detail
