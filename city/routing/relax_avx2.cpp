// SPDX-License-Identifier: MIT
//
// Compiled for processors with AVX2.
#include "relax_lanes.hpp"

namespace city::detail {

using lanes_8 = std::int32_t __attribute__((vector_size(32)));

void relax_row_avx2(const arc_row& row, std::uint32_t from_block, const labels* to,
                    const std::uint32_t* bases, std::uint32_t base_count, std::uint32_t node) {
    relax_row_by<lanes_8>(row, from_block, to, bases, base_count, node);
}

} // namespace city::detail
