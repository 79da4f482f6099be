// SPDX-License-Identifier: MIT
//
// A trait: the counter tells its listeners without knowing what they are.
#include <kay/kay.hpp>

#include <cstdio>

struct Increment {};
struct Changed {
    int value;
};
using Listener = kay::trait<Changed>; // whoever handles Changed

struct Listen {
    kay::id<Listener> who;
};

struct Counter {
    using messages = kay::messages<Increment, Listen>;
    int value = 0;
    kay::vector<kay::id<Listener>> listeners;

    void on(const Listen& m, kay::world&) { listeners.push_back(m.who); }
    void on(const Increment&, kay::world& w) {
        ++value;
        for (auto listener : listeners) w.send(listener, Changed{value});
    }
};

struct Display {
    using messages = kay::messages<Changed>;
    int shown = 0;
    void on(const Changed& m, kay::world&) { shown = m.value; }
};

struct Average {
    using messages = kay::messages<Changed>;
    int sum = 0, count = 0;
    void on(const Changed& m, kay::world&) {
        sum += m.value;
        ++count;
    }
};

int main() {
    kay::actor_system system;
    system.add<Counter, Display, Average>();
    auto counter = system.spawn<Counter>();
    auto display = system.spawn<Display>();
    auto average = system.spawn<Average>();
    system.send(counter, Listen{display}); // an id<Display> is an id<Listener>
    system.send(counter, Listen{average});
    for (int i = 0; i < 5; ++i) system.send(counter, Increment{});
    system.turn();
    std::printf("shown %d, average %d\n", system.find(display)->shown,
                system.find(average)->sum / system.find(average)->count);

    system.send(kay::all<Listener>, Changed{100}); // to every implementor
    system.turn();
    std::printf("shown %d\n", system.find(display)->shown);
    return system.find(display)->shown == 100 && system.find(average)->sum == 115 ? 0 : 1;
}
