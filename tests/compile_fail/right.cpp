// compiles
// SPDX-License-Identifier: MIT
#include "add.hpp"

#include <array>
#include <cstdint>

namespace city {
enum class Colour : std::uint8_t { red, blue };

template <class Part, int Count>
struct Axle {
    Part parts[Count];
};

struct Wheel {
    float pressure = 2.5f;
    std::array<std::uint16_t, 3> marks{};
};

struct Car {
    float speed = 0;
    Colour colour = Colour::blue;
    bool parked = false;
    Axle<Wheel, 2> axles[2];
    double place[3] = {};

    void drive(float by) { speed += by; }
};

struct Stop {};
} // namespace city

int main() {
    add<city::Stop>();
    return add<city::Car>() == 0;
}
