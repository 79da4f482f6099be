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

/// What is in a page: so many rows that mean something, of blocks of a type, or, where that is not
/// known, of bytes. No bytes in a row: all of the page.
struct page_content {
    const schema_node* blocks = nullptr;
    std::size_t stride = 0;
    std::uint32_t rows = 0;
};

class part_copier {
public:
    /// Types that it meets are added to the schema.
    explicit part_copier(schema& types) : types_(types) {}

    /// All chunks of a page. Valid until the next call.
    std::span<const std::byte> copy(const frozen_page& page, const page_content& what);

private:
    const content_plan& plan_of(const schema_node& type);

    schema& types_;
    std::map<const schema_node*, content_plan> plans_;
    std::vector<std::byte> copy_;
};

} // namespace kay::detail
