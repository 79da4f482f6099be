// SPDX-License-Identifier: MIT
//
// What it costs to save a large world while it goes on, and to open it:
//
//   save_bench [--gib N] [--turns N] FILE
//
// A world of N GiB (4) of actors of 64 bytes, all of which change in every turn, is saved into
// FILE, which is made and removed, and again five times. Told are: the usual turn, the pause, turns
// until the save was durable, bytes written to those that changed; then what a save costs when one
// in a hundred chunks has changed; then opening the file, with the operating system's copy of it
// dropped before, up to the end of a turn in which one actor gets a message. The loaded world is
// checked against the saved one.
#include <kay/kay.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace save_bench {

struct Tick {
    float dt = 0;
};
struct Touch {};
struct Body {
    using messages = kay::messages<Tick, Touch>;
    float position[3]{};
    float velocity[3]{};
    std::uint64_t number = 0;
    std::uint64_t ticks = 0;
    std::uint64_t touched = 0;
    std::uint64_t unused[2]{};

    void on(const Tick& m, kay::world&) {
        for (int i = 0; i < 3; ++i) position[i] += velocity[i] * m.dt;
        ++ticks;
    }
    void on(const Touch&, kay::world&) { ++touched; }
};
static_assert(sizeof(Body) == 64);

struct Make {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};
struct Maker {
    using messages = kay::messages<Make>;
    std::uint32_t made = 0;
    void on(const Make& m, kay::world& w) {
        for (std::uint64_t i = 0; i < m.count; ++i) {
            Body body;
            body.number = m.first + i;
            body.velocity[0] = static_cast<float>(i % 97);
            w.spawn<Body>(std::move(body));
        }
        ++made;
    }
};

} // namespace save_bench

namespace {

using namespace save_bench;

using clock_type = std::chrono::steady_clock;
double ms_since(clock_type::time_point then) {
    return std::chrono::duration<double, std::milli>(clock_type::now() - then).count();
}
double ms(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}
double median(std::vector<double> all) {
    std::sort(all.begin(), all.end());
    return all.empty() ? 0 : all[all.size() / 2];
}

template <class T>
T good(kay::result<T> done) {
    if (done) return std::move(*done);
    std::fprintf(stderr, "save_bench: %s\n", done.error().text.c_str());
    std::exit(1);
}

double turn_ms(kay::actor_system& system) {
    system.send(kay::all<Body>, Tick{0.1f});
    const auto began = clock_type::now();
    static_cast<void>(good(system.turn()));
    return ms_since(began);
}

/// For the next one who opens it to read it from the disk.
void drop_from_memory(const std::string& file) {
    const int f = ::open(file.c_str(), O_RDONLY);
    ::fsync(f);
    ::posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED);
    ::close(f);
}

struct saving {
    kay::save_summary done;
    std::vector<double> turns; ///< while it was written
};
saving save_while_it_goes_on(kay::world_file& file, kay::actor_system& system,
                             const std::string& name) {
    saving made;
    if (auto started = file.start_save(system, name); !started) {
        std::fprintf(stderr, "save_bench: %s\n", started.error().text.c_str());
        std::exit(1);
    }
    while (!file.progress().is_done) made.turns.push_back(turn_ms(system));
    made.done = good(file.finish_save());
    return made;
}

} // namespace

int main(int count, char** words) {
    double gib = 4;
    std::size_t turns = 12;
    std::string path;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--gib" && i + 1 < count)
            gib = std::atof(words[++i]);
        else if (word == "--turns" && i + 1 < count)
            turns = static_cast<std::size_t>(std::atoi(words[++i]));
        else
            path = word;
    }
    if (path.empty() || gib <= 0 || turns == 0 || std::filesystem::exists(path)) {
        std::fprintf(stderr, "save_bench: [--gib N] [--turns N] FILE, which must not be there\n");
        return 2;
    }
    constexpr std::uint32_t places = 16;
    const auto bodies = static_cast<std::uint64_t>(gib * (1u << 30) / sizeof(Body));
    kay::actor_system system{{.places = places, .seed = 1}};
    system.add<Body, Maker>();
    for (std::uint32_t p = 0; p < places; ++p)
        system.send(system.spawn<Maker>(kay::in_place{p}),
                    Make{bodies / places * p, bodies / places});
    static_cast<void>(good(system.turn()));

    std::vector<double> usual;
    for (std::size_t i = 0; i < turns; ++i) usual.push_back(turn_ms(system));
    auto file = good(kay::world_file::open(path));
    const saving whole = save_while_it_goes_on(file, system, "all");
    std::vector<double> after;
    for (std::size_t i = 0; i < turns; ++i) after.push_back(turn_ms(system));
    // Copies of what is being written need memory, which a system that is fresh, above all a
    // virtual one, may take seconds to find; it is kept for the saves that follow.
    std::vector<saving> again;
    for (int i = 0; i < 5; ++i) {
        for (std::size_t k = 0; k < turns; ++k) turn_ms(system);
        again.push_back(save_while_it_goes_on(file, system, "again"));
    }

    // One of a hundred chunks changes: 1,024 bodies lie in each.
    static_cast<void>(good(file.save(system, "still")));
    std::vector<kay::id<Body>> some;
    std::uint64_t next = 0;
    system.each<Body>([&](kay::id<Body> id, const Body&) {
        if (next++ % 102'400 == 0) some.push_back(id);
    });
    for (const kay::id<Body> id : some) system.send(id, Touch{});
    static_cast<void>(good(system.turn()));
    const auto few = good(file.save(system, "few"));
    const std::uint64_t hash = system.hash();

    std::vector<double> opened, begun;
    for (int i = 0; i < 5; ++i) {
        drop_from_memory(path);
        const auto began = clock_type::now();
        auto cold = good(kay::world_file::open_to_read(path));
        auto loaded = good(cold.load<Body, Maker>("few"));
        opened.push_back(ms_since(began));
        loaded.send(some[some.size() / 2], Touch{});
        static_cast<void>(good(loaded.turn()));
        begun.push_back(ms_since(began));
    }
    drop_from_memory(path);
    const auto began = clock_type::now();
    auto cold = good(kay::world_file::open_to_read(path));
    auto loaded = good(cold.load<Body, Maker>("few"));
    loaded.send(some[some.size() / 2], Touch{});
    static_cast<void>(good(loaded.turn()));
    system.send(some[some.size() / 2], Touch{});
    static_cast<void>(good(system.turn()));
    const bool is_same = loaded.hash() == system.hash() && loaded.hash() != hash;
    const double read_ms = ms_since(began);

    const double usual_ms = median(usual), worst = *std::max_element(usual.begin(), usual.end());
    const auto tell = [&](const char* name, const saving& s) {
        std::printf(
            "  \"%s\": {\"pause_ms\": %.3f, \"seconds\": %.2f, \"changed\": %llu, "
            "\"written_to_changed\": %.4f, \"turns\": %zu, \"turn_median_times\": %.2f, "
            "\"turn_max_times\": %.2f},\n",
            name, ms(s.done.pause), ms(s.done.duration) / 1000,
            static_cast<unsigned long long>(s.done.bytes_changed),
            static_cast<double>(s.done.bytes_written) / static_cast<double>(s.done.bytes_changed),
            s.turns.size(), median(s.turns) / usual_ms,
            s.turns.empty() ? 0 : *std::max_element(s.turns.begin(), s.turns.end()) / usual_ms);
    };
    std::printf(
        "{\"gib\": %.2f, \"workers\": %u,\n  \"turn_ms\": {\"median\": %.1f, \"max\": %.1f, "
        "\"after\": %.1f},\n",
        gib, system.workers(), usual_ms, worst, median(after));
    tell("first_save", whole);
    for (std::size_t i = 0; i < again.size(); ++i)
        tell(("everything_changed_" + std::to_string(i + 1)).c_str(), again[i]);
    std::printf(
        "  \"one_of_a_hundred\": {\"pause_ms\": %.3f, \"seconds\": %.3f, \"changed\": %llu, "
        "\"written\": %llu},\n",
        ms(few.pause), ms(few.duration) / 1000, static_cast<unsigned long long>(few.bytes_changed),
        static_cast<unsigned long long>(few.bytes_written));
    std::printf("  \"open_ms\": %.2f, \"first_turn_ms\": %.2f, \"read_all_ms\": %.0f, "
                "\"file_bytes\": %llu, \"same\": %s}\n",
                median(opened), median(begun), read_ms,
                static_cast<unsigned long long>(std::filesystem::file_size(path)),
                is_same ? "true" : "false");
    std::filesystem::remove(path);
    return is_same ? 0 : 1;
}
