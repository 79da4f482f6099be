// SPDX-License-Identifier: MIT
//
// How a place spawns into another one and still knows the id at once: it holds slots of the other
// place, granted before. Who has none left takes never-used slots that are set apart for it.
// Both sides are kept here: what this place holds elsewhere, and what others hold here. Part of the
// saved world.
//
// One thread at a time: the worker that runs the place.
#pragma once

#include "../core/bytes.hpp"

#include <kay/core/hash.hpp>
#include <kay/store/instance_store.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace kay::detail {

class leases {
public:
    leases(std::uint32_t place, std::uint32_t places) : place_(place), places_(places) {}

    // ---- as the one who spawns

    /// The slot for the next instance of a type in another place. Throws slots_exhausted.
    lease_entry peek(std::uint32_t target, std::uint32_t type);
    /// That slot has been used.
    void take(std::uint32_t target, std::uint32_t type);
    /// The other place has granted more.
    void receive(std::uint32_t target, std::uint32_t type, std::span<const lease_entry> granted);

    // ---- as the one who is spawned into

    /// What another place holds here of one type.
    struct account {
        std::uint32_t spawned = 0;     ///< since the last grant
        std::uint32_t largest = 0;     ///< spawned, of all rounds
        std::uint32_t wanted = 0;      ///< outstanding is filled up to here; never less than it was
        std::uint32_t outstanding = 0; ///< granted and not yet used
    };

    /// Where note_spawn counts. Throws std::bad_alloc.
    account& account_of(std::uint32_t source, std::uint32_t type);
    void note_spawn(account& a, lease_entry used) noexcept;

    /// Somebody spawned here since the last grant.
    bool is_grant_due() const { return !spawners_.empty(); }

    /// Calls f(source, count) for each place that spawned here since the last call and has fewer
    /// slots than it needs, in the order of first spawns; f returns how many it granted. Cost: by
    /// those places. It needs three times what it ever used in a round: a grant arrives two rounds
    /// after the spawn that asked for it. Less would let steady spawning eat up striped slots. What
    /// goes beyond thousands is believed when it comes again: a world may be built in one round.
    template <class F>
    void grant(F&& f) {
        for (const std::uint64_t who : spawners_) {
            account& a = accounts_[who];
            const std::uint32_t used = std::min(a.spawned, std::max(a.largest, once_max));
            a.largest = std::max(a.largest, a.spawned);
            a.wanted = std::max(a.wanted, std::min(used * 3, outstanding_max()));
            a.spawned = 0;
            if (a.wanted > a.outstanding)
                a.outstanding += f(static_cast<std::uint32_t>(who), a.wanted - a.outstanding);
        }
        spawners_.clear();
    }

    void add_to(hasher& sink) const;
    /// Calls f(target, type, entries, how many striped slots were used) for what is held elsewhere.
    template <class F>
    void each_held(F&& f) const {
        for (const auto& [where, b] : boxes_)
            f(static_cast<std::uint32_t>(where), static_cast<std::uint32_t>(where >> 32),
              std::span<const lease_entry>(b.entries), b.striped_used);
    }

    /// read replaces all; false: these are no leases of such a place.
    void write(byte_writer& to) const;
    bool read(byte_reader& from);

private:
    static constexpr std::uint32_t once_max = 1000;

    /// Half of a place's slots are left for itself when all others hold as many as they may.
    std::uint32_t outstanding_max() const { return own_slots_of(places_) / places_ / 2; }

    struct box {
        std::vector<lease_entry> entries; ///< used from the back
        std::uint32_t striped_used = 0;
    };
    static std::uint64_t key(std::uint32_t type, std::uint32_t place) {
        return std::uint64_t{type} << 32 | place;
    }

    std::uint32_t place_;
    std::uint32_t places_;
    std::map<std::uint64_t, box> boxes_;        ///< by type and target
    std::map<std::uint64_t, account> accounts_; ///< by type and source
    /// Keys of accounts that spawned since the last grant; none between turns.
    std::vector<std::uint64_t> spawners_;
};

} // namespace kay::detail
