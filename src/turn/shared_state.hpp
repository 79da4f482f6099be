// SPDX-License-Identifier: MIT
//
// What all places of a world read. Changed between turns only; the pools are for any thread at any
// time.
#pragma once

#include "constants.hpp"
#include "type_table.hpp"

#include <kay/memory/chunk_pool.hpp>
#include <kay/memory/page_directory.hpp>
#include <kay/memory/page_numbers.hpp>
#include <kay/message/lane.hpp>
#include <kay/turn/options.hpp>

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kay::detail {

struct shared_state {
    std::uint32_t places;
    std::uint32_t places_log2;
    std::uint64_t seed;
    std::chrono::nanoseconds step;
    std::uint64_t turn = 0;
    page_epoch epoch;
    page_numbers numbers; ///< of the pages that have been saved
    type_table types;
    chunk_pool chunks;
    lane_chunk_pool lane_chunks;
    detail::constants constants;

    explicit shared_state(const system_options& options)
        : places(options.places),
          places_log2(static_cast<std::uint32_t>(std::countr_zero(options.places))),
          seed(options.seed), step(options.step), types(places_log2),
          chunks(options.memory_bytes_max), lane_chunks(options.memory_bytes_max) {}
};

} // namespace kay::detail
