// SPDX-License-Identifier: MIT
//
// Which bytes of a type mean something, as a list made once from its schema: what is saved is these
// and zeros between them. So padding, spare room and what cannot be saved (kay::external) never
// leave the process, and equal worlds have equal pages.
#pragma once

#include "constant_names.hpp"
#include "schema.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kay::detail {

class content_plan {
public:
    content_plan(const schema& types, std::uint32_t type);

    /// The whole object is bytes that mean something, and nothing of it lies elsewhere.
    bool is_plain() const {
        return rows_.empty() && maybes_.empty() && ranges_.size() == 1 && ranges_[0].bytes == size_;
    }
    std::uint32_t size() const { return size_; }

    /// Copies an object and what its containers hold to the same offsets from `to`, which is zero.
    /// Both are blocks that end no earlier than what the containers hold.
    void copy(const std::byte* from, std::byte* to) const;

    /// Everything that an object's containers lead to lies within [begin, end) of its own block,
    /// where nothing else of it lies; counts and flags are in their bounds. Where `constants` is
    /// given, those that the object leads to are of the type that they are taken for, and nothing
    /// is in the place of a kay::external. For anybody's
    /// bytes.
    bool is_sound(const std::byte* object, const std::byte* begin, const std::byte* end,
                  constant_names* constants = nullptr) const;

private:
    struct range {
        std::uint32_t offset;
        std::uint32_t bytes;
    };
    /// An offset, size and capacity, and elements of a plan of their own.
    struct row {
        std::uint32_t offset;
        std::uint32_t elements; ///< in plans_
    };
    /// A kay::constant, by the name of its type; or where none is named, a kay::external.
    struct handle {
        std::uint32_t offset;
        std::string type;
    };
    struct maybe {
        std::uint32_t offset;
        std::uint32_t value; ///< in plans_
    };

    /// Bytes of a block that something lies in.
    struct taken {
        const std::byte* begin;
        const std::byte* end;
    };

    void add(const schema& types, std::uint32_t type, std::uint32_t offset);
    void add_range(std::uint32_t offset, std::uint32_t bytes);
    std::uint32_t plan_of(const schema& types, std::uint32_t type);
    std::uint32_t plan_of_entry(const schema& types, std::uint32_t key, std::uint32_t value);
    bool find_taken(const std::byte* object, const std::byte* begin, const std::byte* end,
                    constant_names* constants, std::vector<taken>& found) const;
    bool are_sound(const std::byte* object, constant_names& constants) const;
    content_plan() = default;

    std::uint32_t size_ = 0;
    std::uint32_t alignment_ = 1; ///< a power of two up to alignment_max
    std::vector<range> ranges_;
    std::vector<std::uint32_t> flags_; ///< offsets of bools: zero or one
    std::vector<row> rows_;
    std::vector<maybe> maybes_;
    std::vector<handle> handles_;
    std::vector<content_plan> plans_; ///< of elements and values
};

} // namespace kay::detail
