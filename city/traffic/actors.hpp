// SPDX-License-Identifier: MIT
//
// The actors of the traffic. A lane has the cars that are on it as its state and moves them each turn;
// an intersection decides who may enter which lane; a person rests, and drives somewhere at random.
//
// One car's way:  a person's timer wakes it -> Depart to the intersection at the start of its road ->
// Enter to a lane with room -> Step, turn by turn -> near the end Ask to the intersection there ->
// Granted with the next lane -> Enter to that one, and Credit back for the room that was left -> in its
// last road Arrived to the person.
//
// Room is kept as credits: the intersection at a lane's start has one for each car that still fits.
#pragma once

#include "idm.hpp"

#include <kay/kay.hpp>

#include <cstdint>

namespace city {

struct Lane;
struct Intersection;
struct Person;

/// Which turn to take from each road to come to each destination, by travel time on free roads.
/// Immutable; made when the world is built.
struct routes {
    kay::vector<std::uint32_t> destinations; ///< roads
    kay::vector<std::uint8_t> turns;         ///< [destination][road]: position among the road's turns
    kay::vector<std::uint32_t> next_roads;   ///< [road's first turn + turn]
    kay::vector<std::uint32_t> first_turns;  ///< [road]
    std::uint32_t roads = 0;

    std::uint32_t next(std::uint32_t destination, std::uint32_t road) const {
        return next_roads[first_turns[road] + turns[std::size_t{destination} * roads + road]];
    }
};

/// A car, 32 bytes of its lane's state.
struct car {
    kay::id<Person> driver;
    float position = 0; ///< of the front bumper, metres from the lane's start
    float speed = 0;    ///< metres in a second
    float wanted = 1;   ///< factor on the speed limit
    std::uint16_t destination = 0; ///< position in routes::destinations, where it is heading for
    std::uint16_t legs = 0;        ///< roads until it has arrived, if it is not there before
    std::uint64_t departure = 0;   ///< turn
};

struct Step {};
struct Enter {
    car who;
};
struct Granted {
    kay::id<Lane> next;
};
struct Ask {
    kay::id<Lane> from;
    std::uint32_t road = 0;     ///< that it comes from
    std::uint32_t next = 0;     ///< that it wants to go into
};
struct Credit {
    std::uint32_t lane = 0; ///< position among the lanes that begin at the intersection
};
struct Depart {
    kay::id<Person> driver;
    std::uint32_t road = 0;
    std::uint16_t destination = 0;
    std::uint16_t legs = 0;
    float wanted = 1;
};
struct Serve {};
struct Wake {};
struct Arrived {
    std::uint32_t road = 0;
    std::uint64_t turns = 0; ///< on the way, waiting for room included
};

struct Lane {
    using messages = kay::messages<Step, Enter, Granted>;

    kay::constant<routes> map;
    kay::id<Intersection> start;
    kay::id<Intersection> end;
    kay::id<Lane> granted; ///< where the first car may go on to
    std::uint32_t road = 0;
    std::uint32_t number = 0;   ///< in the whole map
    std::uint32_t at_start = 0; ///< position among the lanes of its start
    float length = 0;
    float speed_limit = 0;
    bool asked = false;
    std::uint64_t updates = 0; ///< cars moved so far
    kay::vector<car> cars;     ///< the first one in front

    void on(const Step&, kay::world& w);
    void on(const Enter& m, kay::world& w);
    void on(const Granted& m, kay::world&) { granted = m.next; }

private:
    bool is_last_road_of(const car& c, kay::world& w) const;
    void arrive(std::size_t index, kay::world& w);
};

/// One of the lanes that begin at an intersection.
struct exit_lane {
    kay::id<Lane> lane;
    std::uint32_t road = 0;
    std::uint32_t credits = 0;
    std::uint64_t free_at = 0; ///< turn from which the next car may enter
};

/// A car that waits to cross, or one that departs (from is null then).
struct waiting_car {
    kay::id<Lane> from;
    std::uint32_t road = 0; ///< that it comes from
    std::uint32_t next = 0; ///< that it wants to go into
    car who;                ///< of one that departs
};

struct Intersection {
    using messages = kay::messages<Ask, Credit, Depart, Serve>;

    kay::vector<exit_lane> exits;
    kay::vector<std::uint32_t> first_phase; ///< roads that have green in the first half of the cycle
    kay::vector<waiting_car> queue;
    bool signals = false;
    bool will_serve = false;     ///< a timer is set
    std::uint32_t approaches = 0; ///< roads that end here
    std::uint32_t last_from = ~0u; ///< road of the last car that crossed
    std::uint64_t cross_at = 0;  ///< turn from which a car of another road may cross

    void on(const Ask& m, kay::world& w);
    void on(const Credit& m, kay::world& w);
    void on(const Depart& m, kay::world& w);
    void on(const Serve&, kay::world& w);

private:
    void serve(kay::world& w);
    bool admit(const waiting_car& c, kay::world& w);
    bool has_green(std::uint32_t road, std::uint64_t turn) const;
};

/// Where the intersection at each road's start is.
struct road_starts {
    kay::vector<kay::id<Intersection>> at; ///< [road]
};

struct Person {
    using messages = kay::messages<Wake, Arrived>;

    kay::constant<routes> map;
    kay::constant<road_starts> starts;
    kay::id<Intersection> start; ///< of the road where it is
    std::uint32_t road = 0;
    bool away = false; ///< waits for room, or drives
    std::uint32_t trips = 0;
    std::uint64_t turns = 0; ///< on all trips

    void on(const Wake&, kay::world& w);
    void on(const Arrived& m, kay::world& w);
};

} // namespace city
