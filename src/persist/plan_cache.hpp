// SPDX-License-Identifier: MIT
//
// The content plans of a program's types, each made when it is first needed. One thread at a time.
#pragma once

#include "content_plan.hpp"
#include "schema.hpp"

#include <kay/core/schema.hpp>

#include <unordered_map>

namespace kay::detail {

class plan_cache {
public:
    const content_plan& of(const schema_node& type) {
        auto found = plans_.find(&type);
        if (found == plans_.end())
            found = plans_.emplace(&type, content_plan(types_, types_.add(type))).first;
        return found->second;
    }

private:
    schema types_;
    std::unordered_map<const schema_node*, content_plan> plans_;
};

} // namespace kay::detail
