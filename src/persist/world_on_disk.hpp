// SPDX-License-Identifier: MIT
//
// A world file on any disk: for tests, which put one with faults below it.
#pragma once

#include "disk.hpp"

#include <kay/core/result.hpp>
#include <kay/persist/world_file.hpp>

#include <memory>
#include <string>

namespace kay::detail {

struct world_on_disk {
    /// `name` stands for the path in errors. Makes the file if there is nothing and it may write.
    static result<world_file> open(std::unique_ptr<disk> below, const std::string& name,
                                   bool may_write);
};

} // namespace kay::detail
