// SPDX-License-Identifier: MIT
//
// The actors of the traffic. A lane has the cars that are on it as its state and moves them each
// turn; an intersection decides who may cross it when, and into which lane; a person lives, and
// drives somewhere now and then.
//
// One car's way:  a person's timer wakes it -> Depart, with directions, to a lane at the road where
// it is -> in a gap of the traffic the car is on the road -> Step, turn by turn -> Change to the
// lane beside it, which takes the car in and says Changed, or does nothing -> near the end Ask to
// the intersection there -> Granted with the next lane, which hears of it too (Coming), and tells
// from now on where its last car is (Tail) -> Enter to the next lane, Crossed to the intersection
// -> when few turns are known MoreTurns to the person, and Directions back -> in its last road
// Arrived to the person.
//
// Each message takes a round, and each turn has as many rounds as are needed: what is asked in a
// turn is answered in it, and no car is ever in two lanes when a turn ends.
//
// Room is kept as credits: the intersection at a lane's start has one for each car that still fits.
// So nobody stops on a crossing. Full streets in a ring would still wait for each other for good.
// Against that, nobody departs into a lane that is half full, who has waited long for room takes
// another turn, and who has waited longer still gives up (GiveUp) and parks.
#pragma once

#include "../people/day_plan.hpp"
#include "car.hpp"
#include "crossing.hpp"
#include "flows.hpp"
#include "idm.hpp"
#include "mobil.hpp"
#include "street_net.hpp"

#include <kay/kay.hpp>

#include <cstdint>
#include <span>

namespace city {

struct Step {};
struct Depart {
    car who;
};
struct Enter {
    car who;
    std::uint32_t from = no_lane; ///< lane
};
/// May I come into your lane?
struct Change {
    car who;
    std::uint32_t from = no_lane; ///< lane
    float staying = 0;            ///< worth_of_staying
    bool must = false;
};
struct Changed {
    std::uint16_t ticket = 0;
};
struct Ask {
    std::uint32_t from = 0; ///< lane
    std::uint32_t turn = 0; ///< in the whole map
    std::uint32_t eta = 0;  ///< turn in which it would be there
    std::uint16_t ticket = 0;
    bool moves = false; ///< fast enough to be across soon
};
struct Granted {
    std::uint32_t next = no_lane;
    std::uint16_t ticket = 0;
    std::uint8_t speed = turn::any_speed; ///< decimetres in a second
    bool detour = false;                  ///< it is another turn than was asked for
};
/// Somebody will come from that lane.
struct Coming {
    std::uint32_t from = 0;
};
/// Where the last car of a lane is, for those who come into it.
struct Tail {
    std::uint32_t lane = 0;
    float rear = 0; ///< metres from the lane's start
    float speed = 0;
};
struct Crossed {
    std::uint32_t from = 0; ///< lane
    std::uint16_t ticket = 0;
};
struct GiveUp {
    std::uint16_t ticket = 0;
};
/// A lane has room for so many more, or fewer.
struct Room {
    std::uint32_t lane = 0;
    std::int32_t cars = 0;
};
struct Serve {
    std::uint64_t at = 0; ///< turn; an old timer is known by it
};
struct MoreTurns {
    std::uint32_t lane = 0;
    std::uint16_t ticket = 0;
    std::uint8_t known = 0; ///< turns; none: it does not know where it is
};
struct Directions {
    directions way;
    float stop_at = 0;
    std::uint16_t ticket = 0;
};
struct Wake {};
struct Arrived {
    std::uint32_t road = 0;
    float position = 0;
    float distance = 0; ///< driven, metres
    bool gave_up = false;
};
/// A trip has ended.
struct Ended {
    trip_record trip;
};
struct Lane {
    using messages = kay::messages<Step, Depart, Enter, Change, Changed, Granted, Coming, Tail,
                                   GiveUp, Directions>;

    /// Somebody at the side of the road who wants to drive.
    struct departing {
        car who;
        std::uint32_t since = 0; ///< turn
    };
    /// A lane from which somebody will come.
    struct feeder {
        kay::id<Lane> id;
        std::uint32_t lane = 0;
        std::uint32_t cars = 0;
    };
    /// The end of the lane into which the first one will go, as it was in a turn.
    struct tail {
        std::uint32_t lane = no_lane;
        std::uint32_t turn = 0;
        float rear = 0;
        float speed = 0;
    };

    // First what says whether there is anything to do: most lanes are empty, and no more of them is
    // read.
    kay::vector<car> cars;          ///< the first one in front
    kay::vector<departing> waiting; ///< first come first
    kay::vector<feeder> coming;
    tail beyond;
    kay::constant<street_net> net;
    std::uint32_t number = 0; ///< in the whole map
    std::uint32_t road = 0;
    std::uint8_t index = 0;  ///< in the road, from the left one on
    std::uint8_t of = 1;     ///< lanes of the road
    bool must_stop = false;  ///< before it asks: a stop sign
    bool asks_early = false; ///< the road has priority, or signals
    std::uint16_t last_ticket = 0;
    std::uint16_t capacity = 0; ///< cars
    float length = 0;
    float speed_limit = 0;
    float mean_time_s = 0;      ///< of those who drove along it, smoothed
    std::uint32_t timed_at = 0; ///< turn of the last one
    std::uint32_t passed = 0;   ///< cars that drove on at its end
    std::uint64_t updates = 0;  ///< cars moved so far

    void on(const Step&, kay::world& w) {
        if (!cars.empty() || !waiting.empty()) step(w);
    }
    void on(const Depart& m, kay::world& w);
    void on(const Enter& m, kay::world& w);
    void on(const Change& m, kay::world& w);
    void on(const Changed& m, kay::world& w);
    void on(const Granted& m, kay::world& w);
    void on(const Coming& m, kay::world& w);
    void on(const Tail& m, kay::world& w);
    void on(const GiveUp& m, kay::world& w);
    void on(const Directions& m, kay::world& w);

private:
    void step(kay::world& w);
    bool move(kay::world& w);
    void park_those_who_are_there(kay::world& w);
    void drive_on(kay::world& w);
    void ask(kay::world& w);
    /// -1 to the left, 1 to the right, 0 to stay.
    struct lane_wish {
        int side = 0;
        bool must = false;
    };

    void change_lanes(kay::world& w);
    lane_wish wish_to_change(std::size_t at, const street_net& n, std::uint32_t now) const;
    void let_depart(kay::world& w);
    void tell_tail(kay::world& w) const;

    std::uint16_t new_ticket();
    car* find(std::uint16_t ticket);
    std::size_t place_for(float position) const;
    bool lets_turn(const car& c, const street_net& net) const;
    void park(std::size_t index, bool gave_up, kay::world& w);
    void tell_room(std::int32_t more, kay::world& w) const;
    void want_directions(const car& c, kay::world& w) const;
    void insert(std::size_t index, car c);
    float wanted_speed(const car& c) const {
        return static_cast<float>(c.wanted) * 0.01f * speed_limit;
    }
    neighbour seen(const car& c) const { return {c.position, c.speed, wanted_speed(c)}; }
};

/// One of the lanes that begin at an intersection.
struct exit_lane {
    std::uint32_t lane = 0;
    std::int32_t credits = 0; ///< for cars that still fit
};

/// A car that waits to cross, with all that it takes to decide: it is looked at again and again.
struct request {
    std::uint32_t from = 0; ///< lane
    std::uint32_t turn = 0;
    std::uint32_t eta = 0;       ///< turn
    std::uint32_t since = 0;     ///< turn
    std::uint32_t into_road = 0; ///< first lane of the road it turns into
    movement way;
    std::uint16_t ticket = 0;
    std::uint8_t into_lanes = 0; ///< of that road, a bit each
    std::uint8_t rank = 0;
    std::uint8_t speed = turn::any_speed;
    bool moves = false;
    bool second = false; ///< phase of the signals
};

/// A car that has leave to cross, or is across.
struct crossing_car {
    movement way;
    std::uint32_t from = 0;  ///< lane
    std::uint32_t to = 0;    ///< lane
    std::uint32_t enter = 0; ///< turn
    std::uint32_t leave = 0; ///< turn
    std::uint16_t ticket = 0;
    bool gone = false;
};

struct Intersection {
    using messages = kay::messages<Ask, Crossed, Room, Serve>;

    kay::constant<street_net> net;
    std::uint32_t number = 0;
    std::uint32_t offset = 0; ///< of its signals, turns
    bool signals = false;
    bool right_before_left = false;
    kay::vector<exit_lane> exits;
    kay::vector<std::uint32_t> second_phase; ///< roads that end here with the other phase
    kay::vector<request> asking;             ///< first come first
    kay::vector<crossing_car> crossing;
    std::uint64_t serve_at = ~0ull; ///< turn of the next timer; none is set at the highest

    void on(const Ask& m, kay::world& w);
    void on(const Crossed& m, kay::world& w);
    void on(const Room& m, kay::world& w);
    void on(const Serve& m, kay::world& w);

private:
    /// What came of looking at a request.
    enum class verdict : std::uint8_t {
        granted,
        comes_nearer, ///< has yet to see who comes from the right
        waits_for_green,
        waits_for_room,
        waits_for_others
    };

    void serve(kay::world& w);
    std::uint64_t serve_rank(std::uint8_t rank, std::span<const movement> claims, kay::world& w);
    static bool claims_its_way(const request& r, std::uint32_t now);
    bool lets_the_right_go(const request& r, std::uint32_t now) const;
    bool is_second(std::uint32_t road) const;
    std::uint32_t leave_of(const request& r, std::uint32_t now) const;
    verdict admit(const request& r, std::span<const movement> claims, kay::world& w);
    bool give_way_to_patience(const request& r, const street_net& net, kay::world& w);
    bool is_free(const movement& way, std::uint32_t from, std::uint32_t to, std::uint32_t enter,
                 std::uint32_t leave, std::uint32_t now) const;
    exit_lane* roomiest(std::uint32_t first_lane, std::uint8_t lanes);
    void grant(const request& r, exit_lane& into, bool detour, kay::world& w);
};

/// How somebody spends the time.
enum class life : std::uint8_t {
    resident, ///< days at home, at work, in shops, by plan
    listed,   ///< the trips of a list, and nothing else
    restless, ///< from road to road at random
};

/// A trip of a list.
struct listed_trip {
    std::uint32_t departure = 0; ///< turn
    std::uint32_t to = 0;        ///< road
    float stop_at = 0;           ///< metres from its start
    purpose what = purpose::other;
};

struct Person {
    using messages = kay::messages<Wake, MoreTurns, Arrived>;

    kay::constant<street_net> net;
    std::uint32_t number = 0;
    std::uint32_t road = 0; ///< where it is, or where it began to drive
    float position = 0;     ///< metres from the road's start
    std::uint32_t to = 0;   ///< road, while it is away
    float stop_at = 0;
    std::uint32_t departure = 0; ///< turn
    std::uint32_t heard = 0;     ///< turn of the news that it has taken into account
    std::int32_t slower_ms = 0;  ///< that the rest of the way has become since it looked for it
    std::uint16_t next_turn = 0; ///< position in `turns` of the first that the car does not know
    std::uint16_t day = 0;       ///< of its plan
    std::uint8_t activity = 0;   ///< of that day, which it leaves next, or has left
    std::uint8_t wanted = 100;   ///< speed, in percent of the limit
    life kind = life::restless;
    purpose what_for = purpose::other; ///< it is away
    bool away = false;                 ///< waits for a gap, or drives
    resident who;                      ///< of a resident
    kay::vector<std::uint8_t> turns;   ///< of the way, codes of directions
    kay::vector<listed_trip> list;     ///< the last one comes first

    void on(const Wake&, kay::world& w);
    void on(const MoreTurns& m, kay::world& w);
    void on(const Arrived& m, kay::world& w);

    /// From when it may leave an activity of its day's plan, in seconds since the first midnight:
    /// finds the next departure of its days and sets `day` and `activity`. When that is, in the
    /// same seconds; far away if it never drives.
    std::uint64_t plan_next(day_plan today, std::uint32_t activity, std::uint64_t from_s,
                            const street_net& net);
    /// What a resident does on a day.
    day_plan plan_of(std::uint32_t day, const street_net& net) const;

private:
    bool find_way(std::uint32_t from, float at, const street_net& net, kay::world& w);
    bool is_still_good(std::uint32_t from, std::size_t next, const street_net& net,
                       const traffic_news& news);
    directions next_directions(std::uint32_t known);
    void choose(const street_net& net, kay::world& w);
    void depart(const street_net& net, kay::world& w);
    void log_trip(const Arrived& m, const street_net& net, kay::world& w) const;
    void wait_for_next(kay::world& w);
};

/// Trips are kept until others end in the next minute.
inline constexpr std::uint32_t trips_kept_turns = 600;

/// What happened in a place: sums of the trips that began there, and the latest ones.
struct TripLog {
    using messages = kay::messages<Ended>;

    flows sums;
    std::uint64_t travel_turns = 0; ///< of those that arrived
    std::uint32_t start_s = 0;      ///< as street_net's
    std::uint32_t minute = 0;       ///< of the trips, which end in turns (minute * 600, + 600]
    bool keeps = false;             ///< trips
    kay::vector<trip_record> trips;

    void on(const Ended& m, kay::world&);
};

/// The city has been made.
struct Founded {
    kay::constant<street_net> net;
    life kind = life::resident; ///< of its people
    bool fixed_routes = false;  ///< nobody hears of jams
};

/// The one that knows the whole, for a program that has loaded it.
struct CityHall {
    using messages = kay::messages<Founded>;
    static constexpr bool singleton = true;

    Founded city;

    void on(const Founded& m, kay::world&) { city = m; }
};

inline constexpr std::uint64_t never_s = ~0ull;

/// Between two trips of the restless.
kay::turns rest_of_a_person(kay::random_stream& random, double mean_s);

} // namespace city
