// expect: kay: this actor is too large
// names: Screen
// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

struct Look {};

struct Screen {
    using messages = kay::messages<Look>;
    std::array<std::uint8_t, 40'000> pixels{};
    void on(const Look&, kay::world&) {}
};

int main() {
    kay::actor_system system;
    system.add<Screen>();
    system.spawn<Screen>();
}
