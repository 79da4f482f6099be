// SPDX-License-Identifier: MIT
//
// Copies pages of a world as they go to a file: what means nothing is zero.
#pragma once

#include "content_plan.hpp"
#include "schema.hpp"

#include <kay/memory/frozen_pages.hpp>

#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace kay::detail {

class part_copier {
public:
    /// Types that it meets are added to the schema.
    explicit part_copier(schema& types) : types_(types) {}

    /// All chunks of a page. Valid until the next call.
    std::span<const std::byte> copy(const frozen_page& page);

private:
    const content_plan& plan_of(const schema_node& type);

    schema& types_;
    std::map<const schema_node*, content_plan> plans_;
    std::vector<std::byte> copy_;
};

} // namespace kay::detail
