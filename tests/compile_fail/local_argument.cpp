// expect: kay: the type needs a name that is the same in every program
// names: storable_field<Car<.*Wheel>, .*, Car<.*Wheel> ?>
// SPDX-License-Identifier: MIT
#include "add.hpp"

template <class Part>
struct Car {
    Part wheel;
};

int main() {
    struct Wheel {
        float speed;
    };
    add<Car<Wheel>>();
}
