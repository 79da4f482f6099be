// SPDX-License-Identifier: MIT
#include "leases.hpp"

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

void leases::note_spawn(std::uint32_t source, std::uint32_t type, std::uint32_t slot) {
    account& a = accounts_[key(type, source)];
    ++a.spawned;
    if (slot < own_slots_of(places_) && a.outstanding) --a.outstanding;
}

void leases::add_to(hasher& sink) const {
    for (const auto& [where, b] : boxes_) {
        sink.add(where);
        sink.add(b.striped_used);
        sink.add(std::as_bytes(std::span(b.entries)));
    }
    for (const auto& [who, a] : accounts_) {
        sink.add(who);
        sink.add(a.outstanding);
    }
}

} // namespace kay::detail
