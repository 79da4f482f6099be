// SPDX-License-Identifier: MIT
//
// The actors of the traffic. A lane has the cars that are on it as its state and moves them each
// turn; an intersection decides who may enter which lane; a person rests, and drives somewhere at
// random.
//
// One car's way:  a person's timer wakes it -> Depart to the intersection at the start of its road
// -> Enter to a lane with room -> Step, turn by turn -> near the end Ask to the intersection there
// -> Granted with the next lane, and Credit back for the room that will be left -> Enter to the
// next lane -> in its last road Arrived to the person.
//
// Room is kept as credits: the intersection at a lane's start has one for each car that still fits.
// So nobody stops on a crossing. Full streets in a ring would still wait for each other for good.
// Against that, nobody departs into a lane that is half full, who has waited long for room takes
// another turn, and who has waited longer still gives up (GiveUp) and parks.
#pragma once

#include "crossing.hpp"
#include "idm.hpp"
#include "routes.hpp"

#include <kay/kay.hpp>

#include <cstdint>
#include <span>

namespace city {

struct Lane;
struct Intersection;
struct Person;

/// A car, 32 bytes of its lane's state.
struct car {
    kay::id<Person> driver;
    float position = 0;            ///< of the front bumper, metres from the lane's start
    float speed = 0;               ///< metres in a second
    float wanted = 1;              ///< factor on the speed limit
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
struct GiveUp {};
struct Ask {
    kay::id<Lane> from;
    std::uint32_t road = 0;  ///< that it comes from
    std::uint32_t next = 0;  ///< that it wants to go into
    std::uint32_t other = 0; ///< that it takes when there is no room for long
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
struct Serve {
    std::uint64_t at = 0; ///< turn; an old timer is known by it
};
struct Wake {
    std::uint64_t rested = 0; ///< turns
};
struct Arrived {
    std::uint32_t road = 0;
    std::uint64_t turns = 0; ///< on the way, waiting for room included
    bool gave_up = false;
};

struct Lane {
    using messages = kay::messages<Step, Enter, Granted, GiveUp>;

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
    bool through = false;      ///< one may not stop here: a motorway
    std::uint64_t updates = 0; ///< cars moved so far
    kay::vector<car> cars;     ///< the first one in front

    void on(const Step&, kay::world& w);
    void on(const Enter& m, kay::world& w);
    void on(const Granted& m, kay::world& w);
    void on(const GiveUp&, kay::world& w);

private:
    bool is_last_road_of(const car& c, kay::world& w) const;
    void ask(const car& first, kay::world& w);
    void leave(kay::world& w);
    void park(std::size_t index, bool gave_up, kay::world& w);
};

/// One of the lanes that begin at an intersection.
struct exit_lane {
    kay::id<Lane> lane;
    std::uint32_t road = 0;
    std::uint16_t position = 0;    ///< on the dial
    std::uint16_t capacity = 0;    ///< cars
    std::uint32_t credits = 0;     ///< for cars that still fit
    std::uint64_t free_at = 0;     ///< turn from which the next car may enter
    std::uint64_t departed_at = 0; ///< turn in which the last car from the side of the road did
};

/// One of the roads that end at an intersection.
struct approach {
    std::uint32_t road = 0;
    std::uint16_t position = 0; ///< on the dial
    bool first_phase = false;   ///< at signals: which of the two phases is its
};

/// A car that waits to cross.
struct asking_car {
    kay::id<Lane> from;
    std::uint32_t road = 0; ///< that it comes from
    std::uint32_t next = 0; ///< that it wants to go into
    std::uint32_t other = 0;
    std::uint64_t since = 0; ///< turn
};

/// A car at the side of a road that waits to depart.
struct departing_car {
    std::uint32_t road = 0;
    car who;
};

/// A car on the crossing.
struct crossing_car {
    movement way;
    std::uint64_t until = 0; ///< turn
};

struct Intersection {
    using messages = kay::messages<Ask, Credit, Depart, Serve>;

    kay::vector<exit_lane> exits;
    kay::vector<approach> approaches;
    kay::vector<asking_car> asking;       ///< one a lane at most, first come first
    kay::vector<departing_car> departing; ///< first come first
    kay::vector<crossing_car> crossing;
    bool signals = false;
    bool first_green = true;        ///< the first phase has green, from green_at on
    std::uint64_t green_at = 0;     ///< turn
    std::uint64_t used_at = 0;      ///< turn in which the last car got leave to cross
    std::uint64_t serve_at = ~0ull; ///< turn of the next timer; none is set at the highest

    void on(const Ask& m, kay::world& w);
    void on(const Credit& m, kay::world& w);
    void on(const Depart& m, kay::world& w);
    void on(const Serve& m, kay::world& w);

private:
    /// What came of trying to let a car go.
    struct verdict {
        bool done = false;           ///< it goes, or gives up
        bool claims = false;         ///< others that cut its way have to wait for it
        movement way;                ///< if it claims
        std::uint64_t again = ~0ull; ///< turn from which it is worth trying again
    };

    void serve(kay::world& w);
    // The next three lower `again` to the turn in which there is more to do.
    void switch_signals(std::uint64_t& again, std::uint64_t now);
    void let_squeeze_in(std::uint64_t& again, kay::world& w);
    void let_depart(std::uint64_t& again, kay::world& w);
    verdict admit(const asking_car& c, std::span<const movement> claimed, kay::world& w);
    exit_lane* roomiest(std::uint32_t road);
    void depart(std::size_t index, exit_lane& into, kay::world& w);
    const approach& approach_of(const asking_car& c) const;
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
    bool away = false;       ///< waits for room, or drives
    std::uint32_t trips = 0; ///< that ended where it wanted
    std::uint32_t given_up = 0;
    std::uint64_t turns = 0; ///< on those trips

    void on(const Wake&, kay::world& w);
    void on(const Arrived& m, kay::world& w);
};

/// Between two trips, and before the first.
kay::turns rest_of_a_person(kay::random_stream& random);

} // namespace city
