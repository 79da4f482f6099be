// SPDX-License-Identifier: MIT
#include "explorer/memory.hpp"

#include "explorer/explorer.hpp"

#include <kay/core/assert.hpp>

#include <algorithm>
#include <new>

namespace explorer {
namespace {

bool acquires(std::memory_order o) {
    return o == std::memory_order_acquire || o == std::memory_order_acq_rel ||
           o == std::memory_order_seq_cst;
}
bool releases(std::memory_order o) {
    return o == std::memory_order_release || o == std::memory_order_acq_rel ||
           o == std::memory_order_seq_cst;
}

constexpr std::align_val_t block_alignment{64};

} // namespace

void memory::block::free_aligned::operator()(std::byte* p) const {
    ::operator delete(p, block_alignment);
}

memory::memory() { threads_[0].happened.at[0] = 1; }

void memory::fork(thread_number parent, thread_number child) {
    threads_[child] = threads_[parent];
    threads_[child].happened.at[child] = 1;
    tick(parent);
}

void memory::join(thread_number finished, thread_number into) {
    learn(threads_[into], threads_[finished]);
}

void memory::tick(thread_number t) { ++threads_[t].happened.at[t]; }

void memory::learn(knowledge& to, const knowledge& from) {
    to.happened.join(from.happened);
    for (std::size_t l = 0; l < locations_.size(); ++l) {
        const auto& stores = locations_[l].stores;
        if (stores[to.seen[l]].position < stores[from.seen[l]].position) to.seen[l] = from.seen[l];
    }
}

location_number memory::create(thread_number t, std::uint64_t value) {
    KAY_ASSERT(locations_.size() < locations_max);
    location& fresh = locations_.emplace_back();
    fresh.stores.push_back({value, {}, 0, false});
    fresh.order.push_back(0);
    write(t, fresh.life);
    return static_cast<location_number>(locations_.size() - 1);
}

void memory::destroy(thread_number t, location_number l) {
    write(t, use(t, l).life);
    locations_[l].live = false;
}

memory::location& memory::use(thread_number t, location_number l) {
    if (!locations_[l].live) fail("an atomic is used after its end");
    read(t, locations_[l].life); // its begin happened before, and its end will have to come after
    return locations_[l];
}

/// Place of the oldest store that the thread may still read.
std::size_t memory::first_readable(thread_number t, const location& at, location_number l,
                                   std::memory_order order) const {
    std::size_t first = at.stores[threads_[t].seen[l]].position;
    if (order == std::memory_order_seq_cst)
        first = std::max(first, at.stores[at.consistent].position);
    return first;
}

std::uint64_t memory::observe(thread_number t, location_number l, std::uint16_t number,
                              std::memory_order order) {
    location& at = locations_[l];
    const one_store& found = at.stores[number];
    staleness_ = at.order.size() - 1 - found.position;
    threads_[t].seen[l] = number;
    if (acquires(order)) learn(threads_[t], found.told);
    if (order == std::memory_order_seq_cst && at.stores[at.consistent].position < found.position)
        at.consistent = number;
    return found.value;
}

void memory::insert(thread_number t, location_number l, std::size_t position, std::uint64_t value,
                    std::memory_order order, const knowledge& sequence) {
    location& at = locations_[l];
    const auto number = static_cast<std::uint16_t>(at.stores.size());
    staleness_ = at.order.size() - position;
    at.stores.push_back({value, sequence, position, false});
    at.order.insert(at.order.begin() + static_cast<std::ptrdiff_t>(position), number);
    for (std::size_t p = position; p < at.order.size(); ++p) at.stores[at.order[p]].position = p;
    threads_[t].seen[l] = number;
    if (order == std::memory_order_seq_cst) at.consistent = number;
    if (releases(order)) {
        learn(at.stores[number].told, threads_[t]);
        tick(t);
    }
}

std::uint64_t memory::load(thread_number t, location_number l, std::memory_order order) {
    const location& at = use(t, l);
    const std::size_t newest = at.order.size() - 1;
    const std::size_t count = newest - first_readable(t, at, l, order) + 1;
    return observe(t, l, at.order[newest - choose(count)], order);
}

void memory::store(thread_number t, location_number l, std::uint64_t value,
                   std::memory_order order) {
    const location& at = use(t, l);
    std::vector<std::size_t>& places = scratch_;
    places.assign(1, at.order.size());
    for (std::size_t p = at.order.size() - 1; p > first_readable(t, at, l, order); --p)
        if (!at.stores[at.order[p - 1]].followed) places.push_back(p);
    insert(t, l, places[choose(places.size())], value, order, {});
}

std::uint64_t memory::modify(thread_number t, location_number l, std::memory_order order) {
    const location& at = use(t, l);
    std::vector<std::size_t>& places = scratch_;
    places.clear();
    for (std::size_t p = at.order.size(); p-- > first_readable(t, at, l, order);)
        if (!at.stores[at.order[p]].followed) places.push_back(p);
    modifying_ = at.order[places[choose(places.size())]];
    return observe(t, l, modifying_, order);
}

void memory::modified(thread_number t, location_number l, std::uint64_t value,
                      std::memory_order order) {
    one_store& before = locations_[l].stores[modifying_];
    before.followed = true;
    // Carries on the release sequence that `before` is in.
    insert(t, l, before.position + 1, value, order, knowledge(before.told));
}

bool memory::compare_exchange(thread_number t, location_number l, std::uint64_t& expected,
                              std::uint64_t desired, std::memory_order success,
                              std::memory_order failure) {
    const location& at = use(t, l);
    std::vector<std::size_t>& places = scratch_;
    places.clear();
    for (std::size_t p = at.order.size(); p-- > first_readable(t, at, l, success);) {
        const one_store& found = at.stores[at.order[p]];
        if (found.value != expected || !found.followed) places.push_back(p);
    }
    const std::uint16_t number = at.order[places[choose(places.size())]];
    if (at.stores[number].value != expected) {
        expected = observe(t, l, number, failure);
        return false;
    }
    modifying_ = number;
    observe(t, l, number, success);
    modified(t, l, desired, success);
    return true;
}

void memory::read(thread_number t, cell& c) {
    const clock& now = threads_[t].happened;
    if (!now.covers(c.writes)) fail("a race: a read without order after a write");
    c.reads.at[t] = now.at[t];
}

void memory::write(thread_number t, cell& c) {
    const clock& now = threads_[t].happened;
    if (!now.covers(c.writes)) fail("a race: a write without order after a write");
    if (!now.covers(c.reads)) fail("a race: a write without order after a read");
    c.writes.at[t] = now.at[t];
}

std::size_t memory::create_cell() {
    variables_.emplace_back();
    return variables_.size() - 1;
}

void memory::touch(thread_number t, std::size_t number, bool writes) {
    variable& v = variables_[number];
    if (!v.live) fail("a plain variable is used after its end");
    if (writes)
        write(t, v.access);
    else
        read(t, v.access);
}

std::span<cell> memory::cells_of(const void* at, std::size_t bytes) {
    const auto first = reinterpret_cast<std::uintptr_t>(at);
    auto found = blocks_.upper_bound(first);
    if (found == blocks_.begin()) fail("plain memory that was never allocated");
    --found;
    block& b = found->second;
    const std::size_t offset = first - found->first;
    if (offset > b.cells.size() || bytes > b.cells.size() - offset)
        fail("an access beyond the end of a block");
    if (!b.live) fail("an access to a block that was released");
    return std::span(b.cells).subspan(offset, bytes);
}

void memory::read(thread_number t, const void* at, std::size_t bytes) {
    for (cell& c : cells_of(at, bytes)) {
        if (c.writes.at == clock{}.at) fail("a read of plain memory that was never written");
        read(t, c);
    }
}

void memory::write(thread_number t, const void* at, std::size_t bytes) {
    for (cell& c : cells_of(at, bytes)) write(t, c);
}

void* memory::allocate(std::size_t bytes) {
    auto* p =
        static_cast<std::byte*>(::operator new(std::max<std::size_t>(bytes, 1), block_alignment));
    block fresh;
    fresh.bytes.reset(p);
    fresh.cells.resize(bytes);
    blocks_.emplace(reinterpret_cast<std::uintptr_t>(p), std::move(fresh));
    return p;
}

void memory::release(thread_number t, void* at) {
    const auto found = blocks_.find(reinterpret_cast<std::uintptr_t>(at));
    if (found == blocks_.end()) fail("a release of what is not a block");
    write(t, at, found->second.cells.size());
    found->second.live = false;
}

std::size_t memory::blocks_live() const {
    return static_cast<std::size_t>(
        std::count_if(blocks_.begin(), blocks_.end(), [](const auto& b) { return b.second.live; }));
}

} // namespace explorer
