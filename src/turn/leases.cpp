// SPDX-License-Identifier: MIT
#include "leases.hpp"

#include <kay/core/assert.hpp>

#include <cstring>

namespace kay::detail {

lease_entry leases::peek(std::uint32_t target, std::uint32_t type) {
    const box& b = boxes_[key(type, target)];
    if (!b.entries.empty()) return b.entries.back();
    return {striped_slot(place_, places_, b.striped_used), 1};
}

void leases::take(std::uint32_t target, std::uint32_t type) {
    box& b = boxes_[key(type, target)];
    if (b.entries.empty())
        ++b.striped_used;
    else
        b.entries.pop_back();
}

void leases::receive(std::uint32_t target, std::uint32_t type,
                     std::span<const lease_entry> granted) {
    auto& entries = boxes_[key(type, target)].entries;
    entries.insert(entries.end(), granted.begin(), granted.end());
}

leases::account& leases::account_of(std::uint32_t source, std::uint32_t type) {
    if (spawners_.size() == spawners_.capacity()) spawners_.reserve(spawners_.size() * 2 + 4);
    account& a = accounts_[key(type, source)];
    if (a.spawned == 0 && (spawners_.empty() || spawners_.back() != key(type, source)))
        spawners_.push_back(key(type, source));
    return a;
}

void leases::note_spawn(account& a, lease_entry used) noexcept {
    ++a.spawned;
    // A striped slot is in its first generation. Later it may be leased like any other.
    const bool was_leased = used.slot < own_slots_of(places_) || used.generation > 1;
    if (was_leased && a.outstanding) --a.outstanding;
}

void leases::add_to(hasher& sink) const {
    for (const auto& [where, b] : boxes_) {
        sink.add(where);
        sink.add(b.striped_used);
        sink.add(std::as_bytes(std::span(b.entries)));
    }
    for (const auto& [who, a] : accounts_) {
        sink.add(who);
        sink.add(a.spawned);
        sink.add(a.largest);
        sink.add(a.wanted);
        sink.add(a.outstanding);
    }
}

void leases::write(byte_writer& to) const {
    to.number(static_cast<std::uint32_t>(boxes_.size()));
    for (const auto& [where, b] : boxes_) {
        to.number(where);
        to.number(b.striped_used);
        to.number(static_cast<std::uint32_t>(b.entries.size()));
        to.bytes(std::as_bytes(std::span(b.entries)));
    }
    to.number(static_cast<std::uint32_t>(accounts_.size()));
    for (const auto& [who, a] : accounts_) {
        to.number(who);
        to.number(a.spawned);
        to.number(a.largest);
        to.number(a.wanted);
        to.number(a.outstanding);
    }
    to.numbers(std::span<const std::uint64_t>(spawners_));
}

bool leases::read(byte_reader& from) {
    boxes_.clear();
    accounts_.clear();
    for (auto left = from.number<std::uint32_t>(); left > 0 && !from.failed(); --left) {
        const auto where = from.number<std::uint64_t>();
        box b;
        b.striped_used = from.number<std::uint32_t>();
        const auto count = from.number<std::uint32_t>();
        const auto bytes = from.bytes(std::size_t{count} * sizeof(lease_entry));
        b.entries.resize(bytes.size() / sizeof(lease_entry));
        if (count) std::memcpy(b.entries.data(), bytes.data(), bytes.size());
        for (const lease_entry& e : b.entries)
            if (e.slot > slot_max || e.generation == 0 || e.generation > generation_max)
                from.fail();
        if (static_cast<std::uint32_t>(where) >= places_) from.fail();
        boxes_.emplace(where, std::move(b));
    }
    for (auto left = from.number<std::uint32_t>(); left > 0 && !from.failed(); --left) {
        const auto who = from.number<std::uint64_t>();
        if (static_cast<std::uint32_t>(who) >= places_) from.fail();
        account a;
        a.spawned = from.number<std::uint32_t>();
        a.largest = from.number<std::uint32_t>();
        a.wanted = from.number<std::uint32_t>();
        a.outstanding = from.number<std::uint32_t>();
        accounts_.emplace(who, a);
    }
    spawners_ = from.numbers<std::uint64_t>();
    for (const std::uint64_t who : spawners_)
        if (!accounts_.contains(who)) from.fail();
    return !from.failed();
}

} // namespace kay::detail
