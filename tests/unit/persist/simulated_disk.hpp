// SPDX-License-Identifier: MIT
//
// A disk in memory that fails on command. Between two syncs it keeps each sector of 512 bytes that
// was written as a write of its own; when the power is cut any of them may be there and any not,
// whatever their order was. Worlds read from one thread and write from another.
#pragma once

#include "../../../src/persist/disk.hpp"
#include "../../sanitizers.hpp"

#include <kay/core/random.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace kay::test {

/// Thrown out of a disk whose power is cut.
struct power_cut {};

class simulated_disk {
public:
    static constexpr std::size_t sector_bytes = 512;

    enum class operation { read, write, sync };

    /// A disk on this one; several may follow each other, as programs do.
    std::unique_ptr<detail::disk> open();

    /// The power is cut at the operation after so many more.
    void cut_power_after(std::uint64_t operations) { operations_left_ = operations; }
    /// What has become of the bytes: those that were durable, and of the others any.
    void restore_power(random_stream& random);

    /// The operation of a kind after so many more fails: a read or write after its first half, a
    /// sync at all. `for_good`: and all after it.
    void fail_after(operation what, std::uint64_t more, bool for_good = false) {
        failing_ = what;
        failures_after_ = more;
        fails_for_good_ = for_good;
    }
    void stop_failing() { failing_.reset(); }
    bool has_failed() const { return has_failed_; }
    /// The power is gone, and nobody is told but by errors.
    void cut_power_quietly_after(std::uint64_t operations) {
        quiet_operations_left_ = operations;
        is_quiet_ = true;
    }
    /// Operations of a kind so far.
    std::uint64_t count(operation what) const { return counts_[static_cast<std::size_t>(what)]; }

    /// A planted fault: syncs do nothing and say that they succeeded.
    bool lies_about_syncs = false;
    /// Another one: a write that fails does nothing, and says that it succeeded.
    bool lies_about_writes = false;

    /// Where no power is cut, what is not yet durable needs no memory.
    bool remembers_unsynced = true;

    std::uint64_t operations() const { return operations_; }
    /// As the next program would read it.
    std::vector<std::byte>& bytes() { return bytes_; }

private:
    friend class opened_disk;

    bool has_no_power() const { return is_quiet_ && quiet_operations_left_ == 0; }
    /// True: this operation fails.
    bool begin(operation what);

    std::vector<std::byte> bytes_;   ///< with all that was written
    std::vector<std::byte> durable_; ///< as of the last sync
    /// By sector, what it was to become, version by version.
    std::map<std::uint64_t, std::vector<std::vector<std::byte>>> pending_;
    std::optional<std::uint64_t> operations_left_;
    std::optional<operation> failing_;
    std::uint64_t failures_after_ = 0;
    bool fails_for_good_ = false;
    bool has_failed_ = false;
    bool is_off_ = false;
    std::uint64_t operations_ = 0;
    std::uint64_t counts_[3]{};
    std::uint64_t quiet_operations_left_ = 0;
    bool is_quiet_ = false;
    std::mutex mutex_;
};

/// How many cuts of power a test makes: KAY_POWER_CUTS, or a share that takes seconds, with
/// sanitizers too.
inline std::uint64_t cuts_wanted() {
    const char* const wanted = std::getenv("KAY_POWER_CUTS");
    return wanted ? std::strtoull(wanted, nullptr, 10) : is_sanitized ? 400 : 2000;
}

} // namespace kay::test
