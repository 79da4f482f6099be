// SPDX-License-Identifier: MIT
//
// Where a run takes its decisions from: which thread goes on, which store a load reads. Either a
// walk through the tree of all decisions, depth first, or a random number generator with a seed.
// The first of the alternatives is always the ordinary one: the same thread goes on, the newest
// store is read.
#pragma once

#include <kay/core/assert.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace explorer {

class choices {
public:
    /// Every decision in turn.
    choices() = default;
    /// At random. The ordinary one is favoured, in some runs more than in others.
    explicit choices(std::uint64_t seed)
        : random_(true), generator_(seed), favour_(generator_() % 16) {}

    bool is_random() const { return random_; }

    /// One of 0 .. count-1.
    std::size_t choose(std::size_t count) {
        KAY_ASSERT(count > 0);
        if (count == 1) return 0;
        if (random_) return generator_() % 16 < favour_ ? 0 : generator_() % count;
        if (depth_ == path_.size()) path_.push_back({0, count});
        KAY_ASSERT(path_[depth_].count == count); // else a run depends on more than its decisions
        return path_[depth_++].chosen;
    }

    /// Begins the next run of the tree. False: that was the last.
    bool next() {
        KAY_ASSERT(depth_ == path_.size());
        while (!path_.empty() && path_.back().chosen + 1 == path_.back().count) path_.pop_back();
        depth_ = 0;
        if (path_.empty()) return false;
        ++path_.back().chosen;
        return true;
    }

private:
    struct decision {
        std::size_t chosen;
        std::size_t count;
    };
    bool random_ = false;
    std::mt19937_64 generator_;
    std::uint64_t favour_ = 0;
    std::vector<decision> path_; ///< of this run, from the root; empty at random
    std::size_t depth_ = 0;
};

} // namespace explorer
