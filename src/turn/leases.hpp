// SPDX-License-Identifier: MIT
//
// How a place spawns into another one and still knows the id at once: it holds slots of the other
// place, granted before. Who has none left takes never-used slots that are set apart for it.
// Both sides are kept here: what this place holds elsewhere, and what others hold here. Part of the
// saved world.
//
// One thread at a time: the worker that runs the place.
#pragma once

#include <kay/core/hash.hpp>
#include <kay/store/instance_store.hpp>

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

    void note_spawn(std::uint32_t source, std::uint32_t type, std::uint32_t slot);

    /// Somebody has ever spawned here.
    bool has_accounts() const { return !accounts_.empty(); }

    /// Calls f(source, count) for each place that spawned instances of the type since the last call
    /// and has too few slots for twice as many; f returns how many it granted.
    template <class F>
    void grant(std::uint32_t type, F&& f) {
        const std::uint64_t first = key(type, 0);
        for (auto it = accounts_.lower_bound(first); it != accounts_.end() && it->first < key(type + 1, 0);
             ++it) {
            account& a = it->second;
            const std::uint32_t wanted = a.spawned * 2 < grant_max ? a.spawned * 2 : grant_max;
            a.spawned = 0;
            if (wanted > a.outstanding)
                a.outstanding += f(static_cast<std::uint32_t>(it->first), wanted - a.outstanding);
        }
    }

    void add_to(hasher& sink) const;

private:
    /// One grant fits a packet whose size fits its header.
    static constexpr std::uint32_t grant_max = 1000;

    struct box {
        std::vector<lease_entry> entries; ///< used from the back
        std::uint32_t striped_used = 0;
    };
    struct account {
        std::uint32_t spawned = 0;     ///< since the last grant
        std::uint32_t outstanding = 0; ///< granted and not yet used
    };
    static std::uint64_t key(std::uint32_t type, std::uint32_t place) {
        return std::uint64_t{type} << 32 | place;
    }

    std::uint32_t place_;
    std::uint32_t places_;
    std::map<std::uint64_t, box> boxes_;        ///< by type and target
    std::map<std::uint64_t, account> accounts_; ///< by type and source
};

} // namespace kay::detail
