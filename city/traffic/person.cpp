// SPDX-License-Identifier: MIT
#include "actors.hpp"

namespace city {
namespace {

constexpr double mean_rest_s = 2400;                 ///< between two trips
constexpr std::uint32_t legs_min = 3, legs_max = 30; ///< roads of a trip beside its first

} // namespace

kay::turns rest_of_a_person(kay::random_stream& random) {
    const double rest_s = kay::exponential(random, 1 / mean_rest_s);
    return kay::turns{static_cast<std::uint64_t>(rest_s * 10) + 10};
}

void Person::on(const Wake&, kay::world& w) {
    auto random = w.random();
    const auto count = static_cast<std::uint32_t>(w[map].destinations.size());
    const auto destination = kay::uniform_int(random, 0u, count - 1);
    const auto legs = kay::uniform_int(random, legs_min, legs_max);
    away = true;
    w.send(start, Depart{w.id_of(*this), road, static_cast<std::uint16_t>(destination),
                         static_cast<std::uint16_t>(legs),
                         static_cast<float>(kay::uniform_real(random, 0.85, 1.15))});
}

void Person::on(const Arrived& m, kay::world& w) {
    away = false;
    if (m.gave_up) {
        ++given_up;
    } else {
        ++trips;
        turns += m.turns;
    }
    road = m.road;
    start = w[starts].at[road];
    auto random = w.random();
    const kay::turns rest = rest_of_a_person(random);
    w.after(rest, w.id_of(*this), Wake{rest.count});
}

} // namespace city
