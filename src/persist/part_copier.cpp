// SPDX-License-Identifier: MIT
#include "part_copier.hpp"

#include <cstring>

namespace kay::detail {

std::span<const std::byte> part_copier::copy(const frozen_page& page, const page_content& what) {
    const std::size_t bytes = page.chunks * chunk_bytes;
    const std::size_t used = what.rows ? what.rows * what.stride : what.stride ? 0 : bytes;
    copy_.resize(bytes);
    const content_plan* const plan = what.blocks ? &plan_of(*what.blocks) : nullptr;
    if (!plan || (plan->is_plain() && plan->size() == what.stride)) {
        std::memcpy(copy_.data(), page.at, used);
        std::memset(copy_.data() + used, 0, bytes - used);
        return copy_;
    }
    std::memset(copy_.data(), 0, bytes);
    for (std::size_t at = 0; at < used; at += what.stride)
        plan->copy(page.at + at, copy_.data() + at);
    return copy_;
}

const content_plan& part_copier::plan_of(const schema_node& type) {
    auto found = plans_.find(&type);
    if (found == plans_.end())
        found = plans_.emplace(&type, content_plan(types_, types_.add(type))).first;
    return found->second;
}

} // namespace kay::detail
