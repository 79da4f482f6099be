// SPDX-License-Identifier: MIT
//
// An ecosystem on a meadow of fields: rabbits graze and breed, foxes hunt in the field they are in.
// Fields are actors and animals are state of their field, handed on by messages; everything random
// is drawn from the world, so that the same seed gives the same history on any number of cores.
#include <kay/kay.hpp>

#include <cstdint>
#include <cstdio>
#include <vector>

struct Field;
struct Season {};
struct Border {
    kay::id<Field> on;
};
struct Arrive {
    std::uint32_t rabbits;
    std::uint32_t foxes;
};

struct Field {
    using messages = kay::messages<Season, Border, Arrive>;
    kay::vector<kay::id<Field>> neighbours;
    std::uint32_t grass = 50;
    std::uint32_t rabbits = 0;
    std::uint32_t foxes = 0;

    void on(const Border& m, kay::world&) { neighbours.push_back(m.on); }
    void on(const Arrive& m, kay::world&) {
        rabbits += m.rabbits;
        foxes += m.foxes;
    }

    void on(const Season&, kay::world& w) {
        auto random = w.random();
        grass = grass + 20 > 100 ? 100 : grass + 20;
        const std::uint32_t fed = rabbits < grass / 2 ? rabbits : grass / 2;
        grass -= fed;
        rabbits = fed + fed / 2;
        // A fox that catches two rabbits breeds now and then; one that catches none may starve.
        std::uint32_t still = 0;
        for (std::uint32_t f = 0; f < foxes; ++f) {
            if (rabbits >= 2) {
                rabbits -= 2;
                still += kay::bernoulli(random, 0.3) ? 2 : 1;
            } else if (kay::bernoulli(random, 0.5)) {
                ++still;
            }
        }
        foxes = still;
        // A third of all animals moves on.
        Arrive leaving{rabbits / 3, foxes / 3};
        rabbits -= leaving.rabbits;
        foxes -= leaving.foxes;
        const auto n = kay::uniform_int(random, std::size_t{0}, neighbours.size() - 1);
        w.send(neighbours[n], leaving);
    }
};

int main() {
    constexpr std::uint32_t side = 64;
    kay::actor_system system{{.places = 16, .seed = 7}};
    system.add<Field>();
    // A stripe of the meadow for every place: neighbours are mostly near in memory, too.
    std::vector<kay::id<Field>> meadow;
    for (std::uint32_t y = 0; y < side; ++y)
        for (std::uint32_t x = 0; x < side; ++x) {
            Field field;
            field.rabbits = (x * 7 + y * 13) % 10;
            field.foxes = (x + y) % 16 == 0;
            meadow.push_back(system.spawn<Field>(kay::in_place{y / (side / 16)}, std::move(field)));
        }
    const auto border = [&](std::uint32_t x, std::uint32_t y, std::uint32_t nx, std::uint32_t ny) {
        system.send(meadow[y * side + x], Border{meadow[ny % side * side + nx % side]});
    };
    for (std::uint32_t y = 0; y < side; ++y)
        for (std::uint32_t x = 0; x < side; ++x) { // the meadow goes round at its edges
            border(x, y, x + 1, y);
            border(x, y, x + side - 1, y);
            border(x, y, x, y + 1);
            border(x, y, x, y + side - 1);
        }
    std::uint64_t rabbits = 0, foxes = 0;
    for (int year = 1; year <= 50; ++year) {
        for (int season = 0; season < 4; ++season) {
            system.send(kay::all<Field>, Season{});
            if (!system.turn()) return 1;
        }
        rabbits = foxes = 0;
        system.each<Field>([&](kay::id<Field>, const Field& f) {
            rabbits += f.rabbits;
            foxes += f.foxes;
        });
        if (year % 10 == 0)
            std::printf("year %2d: %6llu rabbits, %5llu foxes\n", year,
                        static_cast<unsigned long long>(rabbits),
                        static_cast<unsigned long long>(foxes));
    }
    std::printf("hash %016llx\n", static_cast<unsigned long long>(system.hash()));
    return rabbits > 0 ? 0 : 1;
}
