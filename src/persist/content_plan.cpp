// SPDX-License-Identifier: MIT
#include "content_plan.hpp"

#include "row_head.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace kay::detail {
namespace {

constexpr std::uint32_t heap_bit = 1u << 31;
constexpr std::string_view constant_name = "constant<";

} // namespace

content_plan::content_plan(const schema& types, std::uint32_t type) {
    size_ = types[type].size;
    alignment_ = types[type].alignment;
    add(types, type, 0);
}

void content_plan::add_range(std::uint32_t offset, std::uint32_t bytes) {
    if (!ranges_.empty() && ranges_.back().offset + ranges_.back().bytes == offset)
        ranges_.back().bytes += bytes;
    else
        ranges_.push_back({offset, bytes});
}

std::uint32_t content_plan::plan_of(const schema& types, std::uint32_t type) {
    plans_.push_back(content_plan(types, type));
    return static_cast<std::uint32_t>(plans_.size() - 1);
}

std::uint32_t content_plan::plan_of_entry(const schema& types, std::uint32_t key,
                                          std::uint32_t value) {
    const entry_layout entry(types[key], types[value]);
    content_plan made;
    made.size_ = entry.size;
    made.alignment_ = std::max(types[key].alignment, types[value].alignment);
    made.add(types, key, 0);
    made.add(types, value, entry.value_offset);
    plans_.push_back(std::move(made));
    return static_cast<std::uint32_t>(plans_.size() - 1);
}

void content_plan::add(const schema& types, std::uint32_t number, std::uint32_t offset) {
    const saved_type& type = types[number];
    switch (type.kind) {
    case value_kind::boolean: flags_.push_back(offset); [[fallthrough]];
    case value_kind::character:
    case value_kind::unsigned_number:
    case value_kind::signed_number:
    case value_kind::floating:
    case value_kind::id:
    case value_kind::trait_id: add_range(offset, type.size); break;
    case value_kind::opaque:
        add_range(offset, type.size);
        if (type.name.starts_with(constant_name))
            handles_.push_back(
                {offset, type.name.substr(constant_name.size(),
                                          type.name.size() - constant_name.size() - 1)});
        break;
    case value_kind::enumeration: add(types, type.parts[0], offset); break;
    case value_kind::structure:
        for (const saved_field& f : type.fields) add(types, f.type, offset + f.offset);
        break;
    case value_kind::array:
        for (std::uint32_t i = 0; i < type.count; ++i)
            add(types, type.parts[0], offset + i * types[type.parts[0]].size);
        break;
    case value_kind::vector:
    case value_kind::set:
        add_range(offset, type.size);
        rows_.push_back({offset, plan_of(types, type.parts[0])});
        break;
    case value_kind::map:
        add_range(offset, type.size);
        rows_.push_back({offset, plan_of_entry(types, type.parts[0], type.parts[1])});
        break;
    case value_kind::string: {
        add_range(offset, type.size);
        content_plan chars;
        chars.size_ = 1;
        chars.ranges_ = {{0, 1}};
        plans_.push_back(std::move(chars));
        rows_.push_back({offset, static_cast<std::uint32_t>(plans_.size() - 1)});
        break;
    }
    case value_kind::optional: {
        const std::uint32_t value = plan_of(types, type.parts[0]);
        const std::uint32_t value_bytes = types[type.parts[0]].size;
        if (plans_[value].is_plain()) // without a value its bytes are zero
            add_range(offset, type.size);
        else
            add_range(offset + value_bytes, type.size - value_bytes);
        flags_.push_back(offset + value_bytes);
        maybes_.push_back({offset, value});
        break;
    }
    case value_kind::external: handles_.push_back({offset, ""}); break;
    }
}

void content_plan::copy(const std::byte* from, std::byte* to) const {
    for (const range& r : ranges_) std::memcpy(to + r.offset, from + r.offset, r.bytes);
    for (const row& r : rows_) {
        const row_head head = row_head::read(from + r.offset);
        if (head.size == 0) continue;
        const content_plan& element = plans_[r.elements];
        const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(r.offset) + head.offset;
        if (element.is_plain()) {
            std::memcpy(to + first, from + first, std::size_t{head.size} * element.size_);
            continue;
        }
        for (std::uint32_t i = 0; i < head.size; ++i) {
            const std::ptrdiff_t at = first + static_cast<std::ptrdiff_t>(i) * element.size_;
            element.copy(from + at, to + at);
        }
    }
    for (const maybe& m : maybes_) {
        const content_plan& value = plans_[m.value];
        if (!value.is_plain() && from[m.offset + value.size_] != std::byte{0})
            value.copy(from + m.offset, to + m.offset);
    }
}

bool content_plan::is_sound(const std::byte* object, const std::byte* begin, const std::byte* end,
                            constant_names* constants) const {
    std::vector<taken> all;
    if (begin > object || static_cast<std::size_t>(end - object) < size_) return false;
    all.push_back({object, object + size_});
    if (!find_taken(object, begin, end, constants, all)) return false;
    std::sort(all.begin(), all.end(),
              [](const taken& a, const taken& b) { return a.begin < b.begin; });
    for (std::size_t i = 1; i < all.size(); ++i)
        if (all[i - 1].end > all[i].begin) return false;
    return true;
}

/// What leads to something that is not in the block.
bool content_plan::are_sound(const std::byte* object, constant_names& constants) const {
    for (const handle& h : handles_) {
        std::uint64_t bits;
        std::memcpy(&bits, object + h.offset, sizeof bits);
        if (bits == 0) continue;
        // Of a constant: its number plus one, and nothing above.
        if (h.type.empty() || !constants.may_be_taken(bits - 1, h.type)) return false;
    }
    return true;
}

bool content_plan::find_taken(const std::byte* object, const std::byte* begin, const std::byte* end,
                              constant_names* constants, std::vector<taken>& found) const {
    if (constants && !are_sound(object, *constants)) return false;
    for (const std::uint32_t flag : flags_)
        if (std::to_integer<unsigned>(object[flag]) > 1) return false;
    for (const row& r : rows_) {
        const std::byte* const at = object + r.offset;
        const row_head head = row_head::read(at);
        if (head.capacity & heap_bit || head.size > head.capacity) return false;
        if (head.capacity == 0) continue;
        const content_plan& element = plans_[r.elements];
        const std::uint64_t bytes = std::uint64_t{head.capacity} * element.size_;
        if (head.offset < begin - at || head.offset > end - at) return false;
        const std::byte* const first = at + head.offset;
        if (bytes > static_cast<std::uint64_t>(end - first)) return false;
        if (head.offset % element.alignment_ != 0) return false; // `at` is as aligned as can be
        found.push_back({first, first + bytes});
        if (element.rows_.empty() && element.maybes_.empty() && element.flags_.empty() &&
            element.handles_.empty())
            continue;
        for (std::uint32_t i = 0; i < head.size; ++i)
            if (!element.find_taken(first + std::size_t{i} * element.size_, begin, end, constants,
                                    found))
                return false;
    }
    for (const maybe& m : maybes_) {
        const content_plan& value = plans_[m.value];
        if (object[m.offset + value.size_] != std::byte{0} &&
            !value.find_taken(object + m.offset, begin, end, constants, found))
            return false;
    }
    return true;
}

} // namespace kay::detail
