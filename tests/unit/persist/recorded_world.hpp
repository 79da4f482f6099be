// SPDX-License-Identifier: MIT
//
// A world whose outside does all that an outside can do, at random, as a function of a seed and the
// turn: for tests that record it, lose it and bring it back.
#pragma once

#include <kay/kay.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace recorded {

struct Poke { // padding inside
    std::uint8_t strength = 0;
    std::uint64_t value = 0;
};
struct Letter {
    kay::string text;
    std::uint16_t pages = 0;
    kay::vector<std::uint32_t> numbers;
};
struct Stumble { // fails at every second attempt, or always
    std::uint64_t value = 0;
    bool always = false;
};
struct Spin {
    std::uint32_t left = 0;
};
struct Empty {};
struct Prices {
    std::uint8_t kind = 0;
    kay::vector<double> milk;
};

using Both = kay::trait<Poke, Letter>;

struct Goat { // one size class
    using messages = kay::messages<Poke, Letter, Empty>;
    std::uint8_t coat = 0;
    std::uint64_t log = 0;

    void on(const Poke& m, kay::world& w) {
        log = kay::combine(log, kay::combine(m.value, m.strength + w.random().u64()));
        if (log % 64 == 0) w.die();
    }
    void on(const Letter& m, kay::world&) { log = kay::combine(log, m.text.size() + m.pages); }
    void on(const Empty&, kay::world&) { log = kay::mix(log); }
};

struct Cow {
    using messages = kay::messages<Poke, Letter, Stumble, Spin, Empty>;
    std::uint8_t coat = 0;
    std::uint64_t log = 0;
    std::uint32_t attempts = 0;
    kay::id<Both> friend_of;
    kay::constant<Prices> prices;
    kay::vector<std::uint64_t> heard;
    kay::string name;
    kay::external<std::string> cache;

    void remember(std::uint64_t value) {
        log = kay::combine(log, value);
        heard.push_back(log);
        if (heard.size() > log % 40) heard.clear();
    }
    void on(const Poke& m, kay::world& w) {
        remember(m.value);
        if (prices) remember(static_cast<std::uint64_t>(w[prices].milk[0] * 1000));
        if (m.strength == 0) return;
        const Poke next{static_cast<std::uint8_t>(m.strength - 1), log};
        switch (log % 8) {
        case 0: w.send(kay::local<Both>, next); break;
        case 1: {
            Cow calf;
            calf.prices = prices;
            calf.name = "calf";
            const auto place = static_cast<std::uint32_t>(log >> 8) % w.place_count();
            const auto born = w.spawn(kay::in_place{place}, std::move(calf));
            w.send(born, next);
            w.after(kay::turns{1 + log % 5}, born, next);
            break;
        }
        case 2: w.after(kay::turns{1 + log % 7}, w.id_of(*this), next); break;
        case 3: w.die(); break;
        default:
            if (friend_of) w.send(friend_of, next);
        }
    }
    void on(const Letter& m, kay::world&) {
        name = m.text;
        for (const std::uint32_t n : m.numbers) remember(n + m.pages);
    }
    void on(const Stumble& m, kay::world& w) {
        ++attempts;
        if (m.always || attempts % 2 == 1) return w.fail("stumbled");
        remember(m.value);
    }
    void on(const Spin& m, kay::world& w) {
        remember(m.left);
        if (m.left) w.send(w.id_of(*this), Spin{m.left - 1});
    }
    void on(const Empty&, kay::world&) { remember(1); }
};

struct Herd {
    static constexpr bool singleton = true;
    using messages = kay::messages<Poke, Letter>;
    std::uint64_t log = 0;
    void on(const Poke& m, kay::world&) { log = kay::combine(log, m.value); }
    void on(const Letter& m, kay::world&) { log = kay::combine(log, m.pages); }
};

/// These come to the world later.
struct Ape {
    using messages = kay::messages<Letter, Poke>;
    std::uint64_t log = 0;
    void on(const Poke& m, kay::world&) { log = kay::combine(log, m.value); }
    void on(const Letter& m, kay::world&) { log = kay::combine(log, m.pages); }
};
struct Fair {
    static constexpr bool singleton = true;
    using messages = kay::messages<Letter, Poke>;
    std::uint64_t log = 0;
    void on(const Poke& m, kay::world&) { log = kay::combine(log, m.value); }
    void on(const Letter& m, kay::world&) { log = kay::combine(log, m.pages); }
};

inline kay::system_options options_for(std::uint64_t seed, std::uint32_t workers) {
    return {.places = 8, .seed = seed, .workers = workers, .rounds_max = 60};
}

/// The outside of a world.
class driver {
public:
    /// `stumbles`: turns may stop in the middle.
    explicit driver(std::uint64_t seed, bool stumbles = true)
        : seed_(seed), late_turn_(5 + seed % 17), stumbles_(stumbles) {}

    static void add_types(kay::actor_system& system) { system.add<Cow, Goat, Herd>(); }

    bool has_late_types(std::uint64_t turn) const { return turn >= late_turn_; }

    /// What is part of the state at once.
    void keep(kay::actor_system& system) {
        auto random = random_for(system, 1);
        if (system.turn_number() + 1 == late_turn_) system.add<Fair, Ape>();
        for (auto count = some(random); count > 0; --count) keep_one(system, random);
    }
    /// What waits for the turn.
    void send(kay::actor_system& system) {
        auto random = random_for(system, 2);
        for (auto count = some(random); count > 0; --count) send_one(system, random);
    }
    /// A turn to its end, with all that goes wrong in it.
    std::uint64_t turn(kay::actor_system& system) {
        auto random = random_for(system, 3);
        auto done = system.turn();
        for (int stop = 0; !done && stop < 100; ++stop) {
            if (kay::bernoulli(random, 0.5)) keep_one(system, random);
            if (kay::bernoulli(random, 0.5)) send_one(system, random);
            using how = kay::actor_system::after_failure;
            if (done.error().code != kay::error_code::handler_failed)
                done = system.turn();
            else
                done = system.resume(kay::bernoulli(random, 0.4) ? how::skip : how::retry);
            ++stops;
        }
        return system.hash();
    }

    std::uint64_t stops = 0; ///< turns that had to be gone on with

    /// Another system goes on from here: posters are of a system.
    void leave_system() { poster_.reset(); }

private:
    kay::random_stream random_for(const kay::actor_system& system, std::uint64_t what) const {
        return {seed_, system.turn_number(), what};
    }
    static int some(kay::random_stream& random) {
        return kay::bernoulli(random, 0.4) ? 0 : kay::uniform_int(random, 0, 4);
    }
    template <class T>
    static T pick(const std::vector<T>& from, kay::random_stream& random) {
        if (from.empty()) return T{};
        return from[kay::uniform_int(random, std::size_t{0}, from.size() - 1)];
    }
    static Prices prices_for(kay::random_stream& random) {
        Prices prices;
        prices.kind = static_cast<std::uint8_t>(random.u64());
        for (auto n = kay::uniform_int(random, 1, 30); n > 0; --n)
            prices.milk.push_back(kay::uniform_real(random, 0, 10));
        return prices;
    }
    static Letter letter_for(kay::random_stream& random) {
        Letter letter;
        letter.text = std::string(kay::uniform_int(random, std::size_t{0}, std::size_t{70}), 'x');
        letter.pages = static_cast<std::uint16_t>(random.u64());
        for (auto n = kay::uniform_int(random, 0, 9); n > 0; --n)
            letter.numbers.push_back(static_cast<std::uint32_t>(random.u64()));
        return letter;
    }
    static Poke poke_for(kay::random_stream& random) {
        return {static_cast<std::uint8_t>(kay::uniform_int(random, 0, 6)), random.u64()};
    }

    void keep_one(kay::actor_system& system, kay::random_stream& random) {
        const auto cow = pick(cows_, random);
        switch (kay::uniform_int(random, 0, 9)) {
        case 0: prices_.push_back(system.make_constant(prices_for(random))); break;
        case 1:
            if (!prices_.empty()) system.set_constant(pick(prices_, random), prices_for(random));
            break;
        case 2:
            if (cow) timers_.push_back(system.every(kay::turns{random.u64() % 5}, cow, Empty{}));
            break;
        case 3:
            timers_.push_back(
                system.after(kay::turns{random.u64() % 9}, kay::all<Both>, poke_for(random)));
            break;
        case 4:
            timers_.push_back(system.every(kay::turns{3}, kay::the<Herd>, letter_for(random)));
            break;
        case 5:
            if (cow)
                timers_.push_back(
                    system.after(kay::turns{2}, kay::id<Both>(cow), poke_for(random)));
            break;
        case 6:
            if (cow && stumbles_)
                timers_.push_back(system.after(kay::turns{3}, cow, Stumble{random.u64()}));
            break;
        default:
            if (!timers_.empty()) system.cancel(pick(timers_, random));
        }
    }

    void send_one(kay::actor_system& system, kay::random_stream& random) {
        const auto cow = pick(cows_, random);
        switch (kay::uniform_int(random, 0, 15)) {
        case 0:
        case 1:
        case 2: {
            Cow born;
            born.coat = static_cast<std::uint8_t>(random.u64());
            born.friend_of = kay::id<Both>(cow);
            born.prices = pick(prices_, random);
            born.name = std::string(kay::uniform_int(random, std::size_t{0}, std::size_t{90}), 'c');
            born.cache.emplace("only this program has it");
            cows_.push_back(system.spawn(std::move(born)));
            break;
        }
        case 3: {
            const auto place = kay::uniform_int(random, 0u, 7u);
            goats_.push_back(system.spawn<Goat>(
                kay::in_place{place}, Goat{static_cast<std::uint8_t>(place), random.u64()}));
            break;
        }
        case 4:
            if (cow) system.send(cow, poke_for(random));
            break;
        case 5:
            if (cow) system.send(kay::id<Both>(cow), letter_for(random));
            break;
        case 6: system.send(kay::all<Both>, poke_for(random)); break;
        case 7: system.send(kay::all<Cow>, letter_for(random)); break;
        case 8: system.send(kay::the<Herd>, poke_for(random)); break;
        case 9:
            if (cow && stumbles_)
                system.send(cow, Stumble{random.u64(), kay::bernoulli(random, 0.3)});
            break;
        case 10:
            if (cow) system.send(cow, Spin{kay::uniform_int(random, 0u, stumbles_ ? 150u : 40u)});
            break;
        case 11: system.send(kay::all<Goat>, Empty{}); break;
        default: post_one(system, random);
        }
    }

    void post_one(kay::actor_system& system, kay::random_stream& random) {
        if (!poster_) poster_.emplace(system.make_poster());
        const auto goat = pick(goats_, random);
        switch (kay::uniform_int(random, 0, 4)) {
        case 0: poster_->post(goat, poke_for(random)); break; // or to nobody
        case 1: poster_->post(kay::all<Both>, letter_for(random)); break;
        case 2: poster_->post(kay::the<Herd>, poke_for(random)); break;
        case 3: poster_->post(kay::all<Ape>, poke_for(random)); break; // unknown at first
        default: poster_->post(kay::id<Both>(goat), poke_for(random));
        }
    }

    std::uint64_t seed_;
    std::uint64_t late_turn_;
    bool stumbles_;
    std::vector<kay::id<Cow>> cows_;
    std::vector<kay::id<Goat>> goats_;
    std::vector<kay::timer_id> timers_;
    std::vector<kay::constant<Prices>> prices_;
    std::optional<kay::poster> poster_;
};

} // namespace recorded
