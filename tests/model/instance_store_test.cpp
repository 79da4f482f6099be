// SPDX-License-Identifier: MIT
//
// The instance store against maps of what has to be in it: births, reveals, deaths, moves to
// another size class, writes, slots leased and given back, epochs. After every step all ids that
// there ever were are looked up, all rows are walked, and what was not marked is compared
// with what was there when the epoch began; pages that are saved slowly, with what they were then.
// A second store in other, used memory makes every step, too: order of walks, marks and hash have
// to be the same.
//
// The model does not say which free slot is taken nor in what order a walk goes. A step is drawn as
// two numbers and everything else is made from them, so that a failure shrinks to the few steps
// that matter.
#include "unit/store/epochs.hpp"

#include <kay/store/instance_store.hpp>

#include <kay/memory/block.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace instance_store_model {

using kay::chunk_bytes;
using kay::chunk_pool;
using kay::generation_max;
using kay::detail::block_address;
using kay::detail::block_traits;
using kay::detail::frozen_pages;
using kay::detail::instance_store;
using kay::detail::lease_entry;
using kay::detail::size_class_bytes;
using kay::detail::size_class_of;
using kay::detail::slots_exhausted;
using kay::detail::striped_slot;
using fate = instance_store::fate;

/// All that a step decides comes from here (splitmix64; Steele, Lea and Flood, 2014).
class dice {
public:
    explicit dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t operator()(std::uint64_t bound) {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        return (z ^ z >> 31) % bound;
    }

private:
    std::uint64_t state_;
};

/// A block has its number at both ends and somewhere between.
std::array<std::size_t, 3> places_in(std::size_t bytes, std::uint64_t number) {
    return {0, number * 40 % (bytes / 8) * 8, bytes - 8};
}
void put_number(std::byte* block, std::size_t bytes, std::uint64_t number) {
    for (std::size_t at : places_in(bytes, number)) std::memcpy(block + at, &number, 8);
}
std::uint64_t number_of(const std::byte* block, std::size_t bytes) {
    std::uint64_t number, other;
    std::memcpy(&number, block, 8);
    for (std::size_t at : places_in(bytes, number)) {
        std::memcpy(&other, block + at, 8);
        RC_ASSERT(number == other);
    }
    return number;
}

struct row {
    std::uint32_t slot, chunk;
    std::size_t offset;
    std::uint64_t number;
    bool hidden;

    friend auto operator<=>(const row&, const row&) = default;
};

/// A page that is being saved, as it was when its epoch ended.
struct frozen_copy {
    std::uint32_t page;
    std::vector<std::byte> bytes;
};

/// A store with the pool and the epoch that it needs.
struct herd {
    kay::detail::page_epoch epoch;
    kay::detail::page_numbers numbers;
    chunk_pool pool;
    instance_store store;
    std::unique_ptr<frozen_pages> frozen; ///< that is being saved
    std::vector<frozen_copy> copies;      ///< those that have yet to be written, last to first

    herd(const block_traits& traits, std::uint32_t own_slots, bool in_used_memory)
        : store(traits, pool, epoch, own_slots) {
        if (!in_used_memory) return;
        std::vector<std::byte*> chunks;
        for (int i = 0; i < 40; ++i) chunks.push_back(pool.take());
        for (std::byte* chunk : chunks) std::memset(chunk, 0xa5, chunk_bytes);
        for (std::byte* chunk : chunks) pool.give(chunk);
    }

    ~herd() {
        if (!frozen) return;
        frozen->abandon();
        frozen->reap(pool);
        epoch.frozen = nullptr;
    }

    /// Ends the epoch. What was marked in it is saved from now on, or at once.
    void raise_epoch(bool slowly) {
        end_snapshot();
        frozen = store_epochs::freeze(store, epoch, numbers);
        for (std::uint32_t i = frozen->size(); i-- > 0;) {
            const kay::detail::frozen_page& p = (*frozen)[i];
            copies.push_back({i, {p.at, p.at + p.chunks * chunk_bytes}});
        }
        if (!slowly) end_snapshot();
    }
    /// Writes some pages: they are as they were when the epoch ended, whatever was done since.
    void write_pages(std::size_t count) {
        for (; count && !copies.empty(); --count) {
            const auto& [page, bytes] = copies.back();
            RC_ASSERT(std::memcmp((*frozen)[page].at, bytes.data(), bytes.size()) == 0);
            frozen->copied(page);
            copies.pop_back();
        }
    }
    void end_snapshot() {
        if (!frozen) return;
        write_pages(~std::size_t{0});
        frozen->reap(pool);
        epoch.frozen = nullptr;
        frozen.reset();
    }

    /// Every row that is no gap, in the order of a broadcast.
    std::vector<row> rows() const {
        std::vector<row> all;
        std::size_t gaps = 0;
        for (const instance_store::run& r : store.runs())
            for (std::uint32_t i = 0; i < r.count; ++i) {
                const std::uint32_t chunk = r.chunks.at(i / r.rows_per_chunk);
                const std::size_t offset = std::size_t{i % r.rows_per_chunk} * r.stride;
                const std::byte* block = store.chunk_base(chunk) + offset;
                const std::uint32_t slot = store.slot_at(chunk, offset);
                if (store.find(slot, store.generation_of(slot)).block != block) {
                    ++gaps;
                    continue;
                }
                all.push_back({slot, chunk, offset, number_of(block, r.stride), i >= r.visible});
            }
        RC_ASSERT(gaps == store.gap_count());
        return all;
    }
};

/// The bytes that an instance asks for: from many to a chunk to many chunks for one.
constexpr std::array<std::size_t, 7> sizes{64, 1500, 5000, 16'000, 24'000, 40'000, 140'000};

class trial {
public:
    trial(bool has_containers, std::uint32_t own_slots)
        : has_containers_(has_containers), own_slots_(own_slots),
          first_(traits(has_containers), own_slots, false),
          second_(traits(has_containers), own_slots, true) {}

    void step(std::uint32_t what, std::uint64_t seed) {
        dice d(seed);
        switch (what % 16) {
        case 0: take_and_build(d, false); break;
        case 1: take_and_build(d, true); break;
        case 2:
            for (auto n = d(12); n > 0; --n) take_and_build(d, d(4) == 0);
            break;
        case 3: reveal(d); break;
        case 4: destroy(d); break;
        case 5:
            for (auto n = d(8); n > 0; --n) destroy(d);
            break;
        case 6: change_class(d); break;
        case 7: write(d); break;
        case 8: raise_epoch(); break;
        case 9: lease(d(6)); break;
        case 10: d(2) ? give_back(d) : build_leased(d); break;
        case 11: build_striped(d); break;
        case 12: both([](herd& h) { h.store.close_gaps(); }); break;
        case 13:
            for (auto n = d(12); n > 0; --n) spawn(d);
            break;
        case 14: reveal_many(d); break;
        case 15:
            first_.write_pages(d(4));
            if (first_.frozen) first_.frozen->reap(first_.pool);
            break;
        }
    }

    void check() const {
        const std::vector<row> rows = first_.rows();
        RC_ASSERT(rows == second_.rows());
        RC_ASSERT(first_.store.hash_slots(1) == second_.store.hash_slots(1));
        check_ids(first_.store);
        check_ids(second_.store);
        check_version();
        check_rows(rows);
        check_memory();
        check_dirty(rows);
    }

private:
    struct instance {
        std::uint64_t number;
        std::size_t bytes;
        bool hidden;
    };
    enum class state { free, leased, live, retired };
    struct slot_record {
        state what;
        std::uint32_t generation;
        friend bool operator==(slot_record, slot_record) = default;
    };
    using id = std::pair<std::uint32_t, std::uint32_t>; // slot and generation

    static block_traits traits(bool has_containers) {
        return {has_containers ? 64u : 5000u, has_containers, nullptr};
    }
    std::size_t stride_for(std::size_t bytes) const {
        return has_containers_ ? size_class_bytes(size_class_of(bytes)) : (bytes + 15) / 16 * 16;
    }
    template <class F>
    void both(F&& f) {
        f(first_);
        f(second_);
    }
    template <class F>
    const instance* choose(dice& d, id& chosen, F&& fits) const {
        std::vector<id> ids;
        for (const auto& [key, what] : alive_)
            if (fits(what)) ids.push_back(key);
        if (ids.empty()) return nullptr;
        chosen = ids[d(ids.size())];
        return &alive_.at(chosen);
    }

    // ---- steps

    std::size_t count_free() const {
        return static_cast<std::size_t>(std::count_if(
            slots_.begin(), slots_.end(), [](auto& s) { return s.second.what == state::free; }));
    }

    /// A slot that was just given out is free, or one of the place's own that was never used.
    void note_taken(lease_entry taken) {
        const auto known = slots_.find(taken.slot);
        if (known == slots_.end()) {
            RC_ASSERT(taken.slot < own_slots_);
            RC_ASSERT(taken.generation == 1u);
            ++fresh_used_;
        } else {
            RC_ASSERT(known->second == (slot_record{state::free, taken.generation}));
        }
        slots_[taken.slot] = {state::leased, taken.generation};
    }

    void take_and_build(dice& d, bool hidden) {
        const bool exhausted = count_free() == 0 && fresh_used_ == own_slots_;
        std::vector<lease_entry> taken;
        both([&](herd& h) {
            try {
                taken.push_back(h.store.take_slot());
            } catch (const slots_exhausted&) {}
        });
        RC_ASSERT(taken.size() == (exhausted ? 0u : 2u));
        if (exhausted) return;
        RC_ASSERT(taken[0].slot == taken[1].slot && taken[0].generation == taken[1].generation);
        note_taken(taken[0]);
        build(d, taken[0], hidden);
    }

    void build(dice& d, lease_entry slot, bool hidden) {
        const std::size_t bytes = has_containers_ ? sizes[d(sizes.size())] : 5000;
        const instance made{++last_number_, bytes, hidden};
        both([&](herd& h) {
            put_number(h.store.create(slot, bytes, hidden), stride_for(bytes), made.number);
        });
        alive_[{slot.slot, slot.generation}] = made;
        slots_[slot.slot] = {state::live, slot.generation};
        pages_.insert(slot.slot >> instance_store::page_log2);
    }

    /// Taking and building in one, mostly of what is as small as can be.
    void spawn(dice& d) {
        const bool exhausted = count_free() == 0 && fresh_used_ == own_slots_;
        const std::size_t bytes = has_containers_ && d(8) == 0
                                      ? sizes[d(sizes.size())]
                                      : traits(has_containers_).fixed_bytes;
        const instance made{++last_number_, bytes, true};
        std::vector<lease_entry> taken;
        both([&](herd& h) {
            try {
                lease_entry slot{};
                put_number(h.store.create_hidden(bytes, slot), stride_for(bytes), made.number);
                taken.push_back(slot);
            } catch (const slots_exhausted&) {}
        });
        RC_ASSERT(taken.size() == (exhausted ? 0u : 2u));
        if (exhausted) return;
        RC_ASSERT(taken[0].slot == taken[1].slot && taken[0].generation == taken[1].generation);
        note_taken(taken[0]);
        alive_[{taken[0].slot, taken[0].generation}] = made;
        slots_[taken[0].slot] = {state::live, taken[0].generation};
        pages_.insert(taken[0].slot >> instance_store::page_log2);
    }

    /// Most hidden ones, in the order of their births, and one that has died.
    void reveal_many(dice& d) {
        std::map<std::uint64_t, id> hidden;
        for (const auto& [key, what] : alive_)
            if (what.hidden && d(8) > 0) hidden[what.number] = key;
        std::vector<lease_entry> entries;
        for (const auto& [number, key] : hidden) {
            if (!dead_.empty() && d(4) == 0)
                entries.push_back({dead_.begin()->first, dead_.begin()->second});
            entries.push_back({key.first, key.second});
            alive_[key].hidden = false;
        }
        both([&](herd& h) {
            h.store.reveal(reinterpret_cast<const std::byte*>(entries.data()), entries.size());
        });
    }

    void reveal(dice& d) {
        id chosen;
        if (!choose(d, chosen, [](const instance& i) { return i.hidden; })) return;
        both([&](herd& h) { h.store.reveal({chosen.first, chosen.second}); });
        alive_[chosen].hidden = false;
    }

    void destroy(dice& d) {
        id chosen;
        if (!choose(d, chosen, [](const instance&) { return true; })) return;
        both([&](herd& h) { h.store.destroy(chosen.first); });
        alive_.erase(chosen);
        dead_.insert(chosen);
        slots_[chosen.first] = chosen.second == generation_max
                                   ? slot_record{state::retired, chosen.second}
                                   : slot_record{state::free, chosen.second + 1};
    }

    void change_class(dice& d) {
        id chosen;
        const std::size_t bytes = sizes[d(sizes.size())];
        if (!has_containers_ || !choose(d, chosen, [&](const instance& i) {
                return stride_for(i.bytes) != stride_for(bytes);
            }))
            return;
        instance& moved = alive_[chosen];
        both([&](herd& h) {
            std::byte* target = h.store.begin_move(chosen.first, bytes);
            RC_ASSERT(number_of(h.store.block_of(chosen.first), stride_for(moved.bytes)) ==
                      moved.number);
            put_number(target, stride_for(bytes), moved.number);
            h.store.finish_move(chosen.first);
            RC_ASSERT(h.store.block_of(chosen.first) == target);
        });
        moved.bytes = bytes;
    }

    void write(dice& d) {
        id chosen;
        if (!choose(d, chosen, [](const instance&) { return true; })) return;
        instance& written = alive_[chosen];
        written.number = ++last_number_;
        both([&](herd& h) {
            const auto [block, chunk, unused] = h.store.find(chosen.first, chosen.second);
            RC_ASSERT(block != nullptr);
            const std::ptrdiff_t moved = h.store.mark_dirty(chunk);
            put_number(block + moved, stride_for(written.bytes), written.number);
        });
    }

    /// One store is saved page by page while it is used, the other one at once.
    void raise_epoch() {
        first_.raise_epoch(true);
        second_.raise_epoch(false);
        rows_then_ = first_.rows();
        slots_then_ = slots_;
    }

    void lease(std::size_t count) {
        const std::size_t there_are = count_free() + own_slots_ - fresh_used_;
        std::vector<lease_entry> granted, granted_too;
        first_.store.lease(count, granted);
        second_.store.lease(count, granted_too);
        RC_ASSERT(granted.size() == std::min(count, there_are));
        RC_ASSERT(granted_too.size() == granted.size());
        for (std::size_t i = 0; i < granted.size(); ++i) {
            RC_ASSERT(granted[i].slot == granted_too[i].slot);
            note_taken(granted[i]);
            pages_.insert(granted[i].slot >> instance_store::page_log2);
        }
    }

    bool choose_leased(dice& d, lease_entry& chosen) const {
        std::vector<lease_entry> leased;
        for (const auto& [slot, s] : slots_)
            if (s.what == state::leased) leased.push_back({slot, s.generation});
        if (leased.empty()) return false;
        chosen = leased[d(leased.size())];
        return true;
    }
    void give_back(dice& d) {
        lease_entry chosen;
        if (!choose_leased(d, chosen)) return;
        both([&](herd& h) { h.store.give_back(chosen); });
        slots_[chosen.slot].what = state::free;
    }
    void build_leased(dice& d) {
        lease_entry chosen;
        if (choose_leased(d, chosen)) build(d, chosen, d(2));
    }

    /// A birth that another place sent into a striped slot, whose generations soon end.
    void build_striped(dice& d) {
        const std::uint32_t slot = striped_slot(1, 2, static_cast<std::uint32_t>(d(200)));
        const auto generation = generation_max - static_cast<std::uint32_t>(d(3));
        if (!slots_.count(slot)) build(d, {slot, generation}, d(2));
    }

    // ---- checks

    /// What was found before is found there again while the version is the same.
    void check_version() const {
        const instance_store& store = first_.store;
        if (store.version() == version_then_)
            for (const auto& [key, then] : found_then_) {
                const auto [block, chunk, unused] = store.find(key.first, key.second);
                RC_ASSERT(block == then.block);
                RC_ASSERT(chunk == then.chunk);
            }
        found_then_.clear();
        for (const auto& [key, what] : alive_) found_then_[key] = store.find(key.first, key.second);
        version_then_ = store.version();
    }

    void check_ids(const instance_store& store) const {
        for (const auto& [key, what] : alive_) {
            const auto [block, chunk, unused] = store.find(key.first, key.second);
            RC_ASSERT(block != nullptr);
            RC_ASSERT(number_of(block, stride_for(what.bytes)) == what.number);
            RC_ASSERT(block == store.block_of(key.first));
            RC_ASSERT(chunk == store.chunk_of(key.first));
            RC_ASSERT(store.block_bytes(key.first) == stride_for(what.bytes));
            RC_ASSERT(store.generation_of(key.first) == key.second);
            RC_ASSERT(store.fate_of(key.first, key.second) == fate::alive);
        }
        for (const auto& [slot, generation] : dead_) {
            RC_ASSERT(store.find(slot, generation).block == nullptr);
            RC_ASSERT(store.fate_of(slot, generation) == fate::dead);
        }
        for (const auto& [slot, s] : slots_) {
            if (s.what == state::live || s.what == state::retired) continue;
            RC_ASSERT(store.find(slot, s.generation).block == nullptr);
            RC_ASSERT(store.fate_of(slot, s.generation) ==
                      (s.what == state::leased ? fate::not_yet_born : fate::never_issued));
        }
        const auto hidden =
            std::count_if(alive_.begin(), alive_.end(), [](auto& a) { return a.second.hidden; });
        RC_ASSERT(store.hidden_count() == static_cast<std::size_t>(hidden));
        RC_ASSERT(store.count() + store.hidden_count() == alive_.size());
    }

    /// Each instance has one row, a hidden one among the hidden.
    void check_rows(const std::vector<row>& rows) const {
        RC_ASSERT(rows.size() == alive_.size());
        std::set<std::uint32_t> met;
        for (const row& r : rows) {
            RC_ASSERT(met.insert(r.slot).second);
            const slot_record& s = slots_.at(r.slot);
            RC_ASSERT(s.what == state::live);
            const instance& expected = alive_.at({r.slot, s.generation});
            RC_ASSERT(r.number == expected.number);
            RC_ASSERT(r.hidden == expected.hidden);
        }
    }

    /// A run has at most one chunk that is empty, and none when it has no rows.
    void check_memory() const {
        for (const herd* h : {&first_, &second_}) {
            std::size_t chunks = pages_.size();
            for (const instance_store::run& r : h->store.runs()) {
                const std::size_t needed = (r.count + r.rows_per_chunk - 1) / r.rows_per_chunk;
                RC_ASSERT(r.chunks.size() >= needed);
                RC_ASSERT(r.chunks.size() <= (r.count ? needed + 1 : 0));
                chunks += r.chunks.size() * r.chunk_count;
            }
            chunks += h->store.rows().count();
            if (!h->frozen) RC_ASSERT(h->pool.bytes_in_use() == chunks * chunk_bytes);
            RC_ASSERT(h->store.bytes() >= chunks * chunk_bytes);
        }
    }

    /// What was not marked is as it was when the epoch began.
    void check_dirty(const std::vector<row>& rows) const {
        std::set<std::uint32_t> chunks, pages;
        const store_epochs::parts marked = store_epochs::marked(first_.store);
        RC_ASSERT(marked == store_epochs::marked(second_.store));
        for (const auto& [kind, index] : marked)
            if (kind != store_epochs::part::rows)
                (kind == store_epochs::part::slots ? pages : chunks).insert(index);

        std::map<std::pair<std::uint32_t, std::size_t>, std::uint64_t> blocks_then;
        std::map<std::uint32_t, std::pair<std::uint32_t, std::size_t>> homes_then;
        for (const row& r : rows_then_) {
            blocks_then[{r.chunk, r.offset}] = r.number;
            homes_then[r.slot] = {r.chunk, r.offset};
        }
        for (const row& r : rows) {
            if (!chunks.count(r.chunk)) {
                const auto then = blocks_then.find({r.chunk, r.offset});
                RC_ASSERT(then != blocks_then.end());
                RC_ASSERT(then->second == r.number);
            }
            if (!pages.count(r.slot >> instance_store::page_log2)) {
                const auto then = homes_then.find(r.slot);
                RC_ASSERT(then != homes_then.end());
                RC_ASSERT(then->second == std::pair(r.chunk, r.offset));
            }
        }
        for (const auto& [slot, s] : slots_) {
            if (pages.count(slot >> instance_store::page_log2)) continue;
            const auto then = slots_then_.find(slot);
            RC_ASSERT(then != slots_then_.end());
            RC_ASSERT(then->second == s);
        }
    }

    bool has_containers_;
    std::uint32_t own_slots_;
    herd first_, second_;
    std::map<id, instance> alive_;
    std::set<id> dead_;
    std::map<std::uint32_t, slot_record> slots_; ///< every slot that was ever given out
    std::uint32_t fresh_used_ = 0;               ///< own slots among them
    std::set<std::uint32_t> pages_;              ///< of slots that were given out
    std::uint64_t last_number_ = 0;
    std::vector<row> rows_then_; ///< when the epoch began
    std::map<std::uint32_t, slot_record> slots_then_;
    mutable std::map<id, block_address> found_then_; ///< at the last check
    mutable std::uint32_t version_then_ = 0;
};

void behaves_as_its_model(bool has_containers) {
    using steps = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
    EXPECT_TRUE(rc::check("every step leaves what the model says", [=] {
        const auto own_slots = *rc::gen::inRange<std::uint32_t>(1, 60);
        const auto drawn = *rc::gen::scale(2.0, rc::gen::arbitrary<steps>());
        trial t(has_containers, own_slots);
        t.check();
        for (const auto& [what, seed] : drawn) {
            t.step(what, seed);
            t.check();
        }
    }));
}

TEST(instance_store_model, blocks_of_one_size) { behaves_as_its_model(false); }
TEST(instance_store_model, blocks_of_many_sizes) { behaves_as_its_model(true); }

} // namespace instance_store_model
