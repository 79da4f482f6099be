// SPDX-License-Identifier: MIT
//
// The types of a world's constants by number, against which handles in anybody's bytes are checked:
// who reads a constant as another type than it is reads anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kay::detail {

class constant_names {
public:
    explicit constant_names(bool grows = false) : grows_(grows) {}

    std::uint32_t count() const { return static_cast<std::uint32_t>(names_.size()); }
    const std::string& operator[](std::uint32_t number) const { return names_[number]; }

    /// The next constant. False: there is a handle already that takes it for another type.
    bool add(std::string name) {
        const auto promised = promised_.find(names_.size());
        if (promised != promised_.end() && promised->second != name) return false;
        names_.push_back(std::move(name));
        return true;
    }
    /// Whether a handle may be of that type. Nobody can read a constant that is not there; where
    /// they grow, it is of that type if it comes.
    bool may_be_taken(std::uint64_t number, std::string_view type) {
        if (number < names_.size()) return names_[number] == type;
        return grows_ && promised_.emplace(number, type).first->second == type;
    }

private:
    std::vector<std::string> names_;
    std::unordered_map<std::uint64_t, std::string> promised_;
    bool grows_;
};

} // namespace kay::detail
