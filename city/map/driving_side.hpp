// SPDX-License-Identifier: MIT
//
// On which side of the road one drives.
#pragma once

namespace city {

/// By the country, in degrees; a table of boxes around those in which one keeps to the left. Right
/// to within some kilometres of a land border.
bool drives_left_at(double latitude, double longitude);

} // namespace city
