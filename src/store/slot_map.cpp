// SPDX-License-Identifier: MIT
#include <kay/store/slot_map.hpp>

#include "../core/bytes.hpp"
#include "reserve_one.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/hash.hpp>

#include <cstring>
#include <new>

namespace kay::detail {
namespace {

constexpr std::uint32_t meta_of(std::uint32_t generation, slot_state state) {
    return generation << 8 | static_cast<std::uint32_t>(state);
}

} // namespace

constinit slot_entry slot_map::empty_page[std::size_t{1} << page_log2] = {};

// ---- pages

bool slot_map::ensure_page(std::uint32_t page) {
    if (pages_.has(page)) return false;
    pages_.reach(page);
    std::memset(pages_.add(page, 1, chunk_pool::use::tables), 0, chunk_bytes);
    return true;
}

void slot_map::drop_page_of(std::uint32_t slot) { pages_.drop(slot >> page_log2); }

// ---- free, leased, live

lease_entry slot_map::take() {
    if (free_head_ != no_slot) {
        const std::uint32_t slot = free_head_;
        slot_entry& s = change(slot);
        if (s.state() != slot_state::free || s.generation() == 0) { // of a page that was lost
            KAY_ASSERT(pages_.is_lost());
            throw slots_exhausted{};
        }
        free_head_ = s.handle;
        s.meta = meta_of(s.generation(), slot_state::leased);
        return {slot, s.generation()};
    }
    if (fresh_ >= own_slots_) throw slots_exhausted{};
    ensure_page(fresh_ >> page_log2);
    const std::uint32_t slot = fresh_++;
    change(slot).meta = meta_of(1, slot_state::leased);
    return {slot, 1};
}

void slot_map::give_back(lease_entry slot) {
    change(slot.slot) = {free_head_, meta_of(slot.generation, slot_state::free)};
    free_head_ = slot.slot;
}

void slot_map::lease(std::size_t count, std::vector<lease_entry>& out) {
#if defined(__cpp_exceptions)
    try {
#endif
        for (; count; --count) {
            if (free_head_ == no_slot && fresh_ >= own_slots_) return;
            reserve_one(out);
            out.push_back(take());
        }
#if defined(__cpp_exceptions)
    } catch (const out_of_memory&) {
    } catch (const slots_exhausted&) {
    } catch (const std::bad_alloc&) { // so that is all
    }
#endif
}

void slot_map::free(std::uint32_t slot) {
    slot_entry& s = change(slot);
    if (s.generation() == generation_max) {
        s = {0, meta_of(generation_max, slot_state::retired)};
        return;
    }
    s = {free_head_, meta_of(s.generation() + 1, slot_state::free)};
    free_head_ = slot;
}

slot_fate slot_map::fate_of(std::uint32_t slot, std::uint32_t generation) const {
    if (!pages_.has(slot >> page_log2) || generation == 0) return slot_fate::never_issued;
    const slot_entry s = (*this)[slot];
    if (s.meta == 0 || generation > s.generation()) return slot_fate::never_issued;
    if (generation < s.generation()) return slot_fate::dead;
    switch (s.state()) {
    case slot_state::live: return slot_fate::alive;
    case slot_state::leased: return slot_fate::not_yet_born;
    case slot_state::retired: return slot_fate::dead;
    case slot_state::free: break;
    }
    return slot_fate::never_issued;
}

std::uint64_t slot_map::hash(std::uint64_t seed) const {
    std::uint64_t h = combine(seed, std::uint64_t{free_head_} << 32 | fresh_);
    for (std::uint32_t page = 0; page < pages_.size(); ++page)
        if (pages_.has(page))
            h = combine(combine(h, std::uint64_t{page}),
                        hash_bytes({pages_.read(page), chunk_bytes}));
    return h;
}

bool slot_map::is_sound() const {
    if (fresh_ > own_slots_) return false;
    std::uint64_t free = 0;
    for (std::uint32_t page = 0; page < pages_.size(); ++page) {
        if (!pages_.has(page)) continue;
        const slot_entry* const slots = slots_in(pages_.read(page));
        for (std::uint32_t i = 0; i <= page_mask; ++i) {
            const std::uint32_t slot = page << page_log2 | i;
            if (slots[i].meta == 0) continue;
            if (slot >= fresh_ && slot < own_slots_) return false;
            if (slots[i].generation() == 0 || slots[i].generation() > generation_max ||
                slots[i].state() > slot_state::retired)
                return false;
            free += slots[i].state() == slot_state::free;
        }
    }
    // A list of free slots that comes to its end within as many has each once.
    for (std::uint32_t slot = free_head_; slot != no_slot; slot = (*this)[slot].handle) {
        if (slot > slot_max || !pages_.has(slot >> page_log2) || free-- == 0 ||
            (*this)[slot].state() != slot_state::free || (*this)[slot].meta == 0)
            return false;
    }
    return true;
}

void slot_map::take_over(const slot_map& before) {
    for (std::uint32_t page = 0; page < before.pages_.size(); ++page) {
        if (!before.pages_.has(page)) continue;
        ensure_page(page);
        std::memcpy(pages_.change(page), before.pages_.read(page), chunk_bytes);
    }
    free_head_ = before.free_head_;
    fresh_ = before.fresh_;
}

void slot_map::write(byte_writer& to) const {
    to.number(free_head_);
    to.number(fresh_);
    to.number(pages_.count());
    std::uint32_t left = pages_.count();
    for (std::uint32_t page = 0; left > 0; ++page) {
        if (!pages_.has(page)) continue;
        to.number(page);
        to.number(pages_.number(page));
        --left;
    }
}

bool slot_map::read(byte_reader& from) {
    free_head_ = from.number<std::uint32_t>();
    fresh_ = from.number<std::uint32_t>();
    const auto count = from.number<std::uint32_t>();
    if (fresh_ > own_slots_) from.fail();
    for (std::uint32_t i = 0; i < count && !from.failed(); ++i) {
        const auto page = from.number<std::uint32_t>();
        const auto number = from.number<std::uint32_t>();
        if (page > slot_max >> page_log2 || pages_.has(page)) return false;
        pages_.reach(page);
        pages_.expect(page, 1, number);
    }
    if (free_head_ != no_slot && !pages_.has(free_head_ >> page_log2)) from.fail();
    if (fresh_ > 0 && !pages_.has((fresh_ - 1) >> page_log2)) from.fail();
    return !from.failed();
}

std::uint32_t striped_slot(std::uint32_t source, std::uint32_t places, std::uint32_t n) {
    const std::uint64_t stripe = std::uint64_t{n / 64} * places + source;
    const std::uint64_t top = (slot_max + 1) & ~63u;
    if ((stripe + 1) * 64 > top - own_slots_of(places)) throw slots_exhausted{};
    return static_cast<std::uint32_t>(top - (stripe + 1) * 64 + n % 64);
}

stripe_place stripe_of(std::uint32_t slot, std::uint32_t places) {
    constexpr std::uint32_t top = (slot_max + 1) & ~63u;
    const std::uint32_t stripe = (top - 1 - slot) / 64;
    return {stripe % places, stripe / places * 64 + slot % 64};
}

} // namespace kay::detail
