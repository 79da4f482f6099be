// SPDX-License-Identifier: MIT
#include "simulated_disk.hpp"

#include <kay/core/distributions.hpp>

#include <algorithm>
#include <cstring>
#include <span>

namespace kay::test {

class opened_disk final : public detail::disk {
public:
    explicit opened_disk(simulated_disk& below) : below_(below) {}

    result<std::uint64_t> size() override {
        const std::lock_guard lock(below_.mutex_);
        return std::uint64_t{below_.bytes_.size()};
    }

    result<void> read(std::uint64_t at, std::span<std::byte> to) override {
        const std::lock_guard lock(below_.mutex_);
        if (below_.begin(simulated_disk::operation::read)) {
            to = to.first(to.size() / 2);
            if (at + to.size() <= below_.bytes_.size())
                std::memcpy(to.data(), below_.bytes_.data() + at, to.size());
            return failed("read");
        }
        if (at + to.size() > below_.bytes_.size())
            return error{error_code::bad_data, "the simulated disk ends before"};
        std::memcpy(to.data(), below_.bytes_.data() + at, to.size());
        return {};
    }

    result<void> write(std::uint64_t at, std::span<const std::byte> from) override {
        const std::lock_guard lock(below_.mutex_);
        const bool fails = below_.begin(simulated_disk::operation::write);
        if (fails && below_.has_no_power()) return failed("written");
        if (fails && below_.lies_about_writes) return {};
        if (fails) from = from.first(from.size() / 2);
        constexpr std::size_t sector = simulated_disk::sector_bytes;
        auto& bytes = below_.bytes_;
        bytes.resize(std::max<std::size_t>(bytes.size(), at + from.size()));
        std::memcpy(bytes.data() + at, from.data(), from.size());
        if (!below_.remembers_unsynced) return fails ? failed("written") : result<void>();
        for (std::uint64_t s = at / sector; s * sector < at + from.size(); ++s) {
            const auto* const first = bytes.data() + s * sector;
            const std::size_t count = std::min(sector, bytes.size() - s * sector);
            below_.pending_[s].emplace_back(first, first + count);
        }
        return fails ? failed("written") : result<void>();
    }

    result<void> sync() override {
        const std::lock_guard lock(below_.mutex_);
        if (below_.begin(simulated_disk::operation::sync)) {
            if (below_.has_no_power()) return failed("made durable");
            below_.pending_.clear(); // as systems do: what could not be written is forgotten
            return failed("made durable");
        }
        if (below_.lies_about_syncs) return {};
        if (below_.remembers_unsynced) below_.durable_ = below_.bytes_;
        below_.pending_.clear();
        return {};
    }

private:
    static error failed(const std::string& what) {
        return {error_code::io, "the simulated disk cannot be " + what};
    }

    simulated_disk& below_;
};

std::unique_ptr<detail::disk> simulated_disk::open() {
    return std::make_unique<opened_disk>(*this);
}

bool simulated_disk::begin(operation what) {
    ++operations_;
    ++counts_[static_cast<std::size_t>(what)];
    if (is_quiet_ && quiet_operations_left_ == 0) return true;
    if (is_quiet_) --quiet_operations_left_;
    if (is_off_) throw power_cut{};
    if (operations_left_ && (*operations_left_)-- == 0) {
        is_off_ = true;
        throw power_cut{};
    }
    if (failing_ != what) return false;
    if (failures_after_ > 0) {
        --failures_after_;
        return false;
    }
    if (!fails_for_good_) failing_.reset();
    has_failed_ = true;
    return true;
}

void simulated_disk::restore_power(random_stream& random) {
    const double share = uniform_real(random, 0, 1);
    for (const auto& [sector, versions] : pending_) {
        if (!bernoulli(random, share)) continue;
        const auto& chosen = versions[uniform_int(random, std::size_t{0}, versions.size() - 1)];
        const std::size_t at = sector * sector_bytes;
        durable_.resize(std::max(durable_.size(), at + chosen.size()));
        std::memcpy(durable_.data() + at, chosen.data(), chosen.size());
    }
    pending_.clear();
    bytes_ = durable_;
    is_off_ = false;
    is_quiet_ = false;
    operations_left_.reset();
}

} // namespace kay::test
