// SPDX-License-Identifier: MIT
//
// An ecosystem on a meadow of fields: rabbits graze and breed, foxes hunt in the field they are in.
// Fields are actors and animals are state of their field, handed on by messages; everything random is
// drawn from the world, so that the same seed gives the same history on any number of cores.
#include <kay/kay.hpp>

#include <cstdint>
#include <cstdio>

struct Season {};
struct Arrive {
    std::uint32_t rabbits;
    std::uint32_t foxes;
};

struct Field {
    using messages = kay::messages<Season, Arrive>;
    kay::vector<kay::id<Field>> neighbours;
    std::uint32_t grass = 50;
    std::uint32_t rabbits = 0;
    std::uint32_t foxes = 0;

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
    // Every place is given a stripe of the meadow; ids are known before the first turn.
    const auto field_at = [](std::uint32_t x, std::uint32_t y) {
        const std::uint32_t place = y % side / (side / 16);
        return kay::id<Field>{kay::raw_id{place, 1, y % side % (side / 16) * side + x % side}};
    };
    for (std::uint32_t y = 0; y < side; ++y)
        for (std::uint32_t x = 0; x < side; ++x) {
            Field field;
            field.neighbours = {field_at(x + 1, y), field_at(x + side - 1, y), field_at(x, y + 1),
                                field_at(x, y + side - 1)};
            field.rabbits = (x * 7 + y * 13) % 10;
            field.foxes = (x + y) % 16 == 0;
            const auto made = system.spawn<Field>(kay::in_place{field_at(x, y).place()},
                                                  std::move(field));
            if (made != field_at(x, y)) return 1;
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
