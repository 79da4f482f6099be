// SPDX-License-Identifier: MIT
//
// The program of the first page: cars that drive, honk and end.
#include <kay/kay.hpp>

#include <cstdio>

struct Car;
struct Drive {
    float dv;
}; // a message: a plain struct
struct Honk {
    kay::id<Car> by;
};

struct Car {                                     // an actor: a plain struct
    using messages = kay::messages<Drive, Honk>; // the only registration
    float speed = 0;
    kay::vector<kay::id<Car>> heard; // grows, relocates, persists

    void on(const Drive& m, kay::world&) { speed += m.dv; }
    void on(const Honk& m, kay::world& w) {
        heard.push_back(m.by);
        if (heard.size() > 9) w.die();
    }
};

int main() {
    kay::actor_system system{{.places = 16, .seed = 42}};
    system.add<Car>();
    auto car = system.spawn<Car>();       // kay::id<Car>, eight bytes
    system.send(car, Drive{3});           // to one
    system.send(kay::all<Car>, Drive{1}); // to every car, everywhere
    system.turn();                        // until nothing is left to do
    std::printf("%s drives at %.0f\n", to_string(car).c_str(), system.find(car)->speed);

    for (int i = 0; i < 10; ++i) system.send(car, Honk{car});
    system.turn();
    std::printf("after ten honks there are %zu cars\n", system.count<Car>());
    return system.count<Car>() == 0 ? 0 : 1;
}
