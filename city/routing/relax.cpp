// SPDX-License-Identifier: MIT
#include "relax.hpp"

#include "relax_lanes.hpp"

namespace city {

void relax_row(const arc_row& row, std::uint32_t from_block, const labels* to,
               const std::uint32_t* bases, std::uint32_t base_count, std::uint32_t node) {
#ifdef CITY_HAS_AVX2_SOURCE
    static const bool wide = __builtin_cpu_supports("avx2");
    if (wide) return detail::relax_row_avx2(row, from_block, to, bases, base_count, node);
#endif
    relax_row_by<lanes_4>(row, from_block, to, bases, base_count, node);
}

} // namespace city
