// expect: kay: this message is too large
// names: Picture
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Picture {
    std::array<std::uint8_t, 5000> pixels;
};

struct Screen {
    using messages = kay::messages<Picture>;
    std::uint8_t first = 0;
    void on(const Picture& m, kay::world&) { first = m.pixels[0]; }
};

int main() {
    kay::actor_system system;
    system.add<Screen>();
    system.send(system.spawn<Screen>(), Picture{});
}
