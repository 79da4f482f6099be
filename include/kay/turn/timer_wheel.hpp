// SPDX-License-Identifier: MIT
//
// The timers of one place: a hierarchical timing wheel (Varghese and Lauck, Hashed and Hierarchical
// Timing Wheels, SOSP 1987), with cost by what is due. Six levels of 64 lists; a timer lies in the
// level of the highest six bits in which its due turn differs from the present one, so that every
// due turn of 36 bits has a list; the farther ones wait in a list of their own.
//
// Timers live in nodes of 64 bytes, in pages that are saved as they are, linked by numbers: no
// pointer is part of them. A packet longer than a node goes on in further ones. One thread at a
// time.
#pragma once

#include <kay/core/hash.hpp>
#include <kay/memory/page_directory.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace kay::detail {

class byte_writer;
class byte_reader;

/// Names a timer of one wheel; all zero is none. A node whose generation is used up is not used
/// again.
struct timer_key {
    std::uint32_t index = 0;
    std::uint32_t generation = 0;
};

class timer_wheel {
public:
    timer_wheel(chunk_pool& pool, page_epoch& epoch);
    ~timer_wheel();
    timer_wheel(const timer_wheel&) = delete;
    timer_wheel& operator=(const timer_wheel&) = delete;

    /// Says that it is `turn` by now, where nothing is due up to then; before an add, so that what
    /// is added goes to the list of its distance.
    void reach(std::uint64_t turn) {
        if (next_due_ > turn && turn > now_) now_ = turn;
    }

    /// A timer for `due_turn`, or the next one if that has gone by; then every `period` turns,
    /// zero: once. Type, target and packet come back as they are.
    timer_key add(std::uint64_t due_turn, std::uint64_t period, std::uint32_t type,
                  std::uint32_t target, std::span<const std::byte> packet);

    /// False when it has fired, was cancelled or never was.
    bool cancel(timer_key timer);

    /// Fires all that is due up to `turn`, in the order of due turns, then of add (of re-arming for
    /// those that repeat). f(type, target, packet, repeats) returns false to end a repeating one;
    /// it may add and cancel timers, its own too. Returns how many fired.
    template <class F>
    std::size_t advance(std::uint64_t turn, F&& f) {
        std::size_t fired = 0;
        while (next_due_ <= turn) {
            for (firing_ = take_due(); firing_ != none;) {
                const std::uint32_t index = firing_;
                std::uint32_t type, target;
                std::span<const std::byte> packet;
                bool repeats = false, goes_on = false;
                if (begin_fire(index, type, target, packet, repeats)) {
                    ++fired;
                    goes_on = f(type, target, packet, repeats);
                }
                end_fire(index, goes_on);
            }
            next_due_ = soonest();
        }
        reach(turn);
        return fired;
    }

    std::size_t size() const { return size_; }
    /// Nothing is due before; the greatest number of all when there is no timer.
    std::uint64_t next_due() const { return next_due_; }
    std::size_t bytes() const { return pages_.count() * chunk_bytes; }

    struct entry {
        timer_key key;
        std::uint64_t due;
        std::uint64_t period;
        std::uint32_t type;
        std::uint32_t target;
        std::span<const std::byte> packet;
    };
    /// Calls f(entry) for all of them, list by list: an order that depends on their history alone.
    template <class F>
    void each(F&& f) const {
        std::vector<std::byte> packet;
        for (std::uint32_t number = 0; number < list_count; ++number)
            for (std::uint32_t index = first_of(number); index != none && is_timer(index);)
                f(read(index, packet));
    }
    /// Puts f(entry) in the place of the first eight bytes of each packet: what f returns.
    template <class F>
    void change_heads(F&& f) {
        std::vector<std::byte> packet;
        for (std::uint32_t number = 0; number < list_count; ++number)
            for (std::uint32_t index = first_of(number); index != none && is_timer(index);) {
                const std::uint32_t timer = index;
                const std::uint64_t head = f(read(index, packet));
                if (std::memcmp(&head, packet.data(), sizeof head) != 0) set_head(timer, head);
            }
    }

    /// Between turns: all but what is in the pages. read is for a new wheel, and makes the pages,
    /// to be filled; then is_sound says whether the lists in them make sense, after all that was
    /// due up to `turn`. False: this does not.
    void write(byte_writer& to) const;
    bool read(byte_reader& from);
    bool is_sound(std::uint64_t turn) const;
    page_directory& pages() { return pages_; }
    const page_directory& pages() const { return pages_; }

    /// Adds how many there are and which keys are given out next. Cost: by the free nodes.
    void add_keys_to(hasher& sink) const;

private:
    static constexpr std::uint32_t nodes_log2 = 10; ///< nodes in a page
    static constexpr unsigned level_bits = 6;
    static constexpr unsigned levels = 6;
    static constexpr std::uint32_t list_count =
        levels * 64 + 1; ///< the last one: farther than all levels
    static constexpr std::uint64_t never = ~std::uint64_t{0};
    static constexpr std::uint32_t none = 0; ///< node 0 is not used

    /// A list of timers, as the first and last of its nodes.
    struct list {
        std::uint32_t first = none;
        std::uint32_t last = none;
    };
    static constexpr std::uint32_t far_list = levels * 64;
    static constexpr std::uint32_t firing_list = far_list + 1; ///< taken out, to be fired

    struct node;
    struct tail_node;
    struct tables {
        std::array<list, list_count> lists{};
        std::array<std::uint64_t, levels> used{}; ///< bit i of level l: its list i is not empty
    };

    const node& at(std::uint32_t index) const;
    node& change(std::uint32_t index);
    tail_node& change_tail(std::uint32_t index);
    std::uint32_t first_of(std::uint32_t number) const;
    /// The timer at a node; `index` becomes that of the next one in its list.
    entry read(std::uint32_t& index, std::vector<std::byte>& packet) const;
    void copy_packet(const node& n, std::byte* to) const;
    bool is_timer(std::uint32_t index) const;
    void set_head(std::uint32_t index, std::uint64_t head);
    std::uint32_t take_node();
    void free_timer(std::uint32_t index);
    std::uint32_t list_of(std::uint64_t due) const;
    void put(std::uint32_t index);
    void unlink(std::uint32_t index);
    std::uint32_t take_list(std::uint32_t number);
    /// Moves on to next_due_ and takes out what is due then; what lay in a list for longer spans
    /// goes to lists for shorter ones.
    std::uint32_t take_due();
    std::uint64_t soonest() const;
    bool begin_fire(std::uint32_t index, std::uint32_t& type, std::uint32_t& target,
                    std::span<const std::byte>& packet, bool& repeats);
    void end_fire(std::uint32_t index, bool goes_on);

    std::unique_ptr<tables> tables_; ///< null until the first timer
    page_directory pages_;
    std::vector<std::byte> packet_; ///< of the timer that fires
    std::uint64_t now_ = 0;
    std::uint64_t next_due_ = never;
    std::size_t size_ = 0;
    std::uint32_t free_ = none; ///< linked through next
    std::uint32_t fresh_ = 1;   ///< nodes from here on were never used
    std::uint32_t firing_ = none;
};

} // namespace kay::detail
