// SPDX-License-Identifier: MIT
#include <kay/turn/timer_wheel.hpp>

#include "../core/bytes.hpp"

#include <kay/core/assert.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace kay::detail {

/// A timer. Its packet begins here and goes on in tail nodes.
struct timer_wheel::node {
    static constexpr std::size_t room = 16;

    std::uint32_t generation; ///< of the timer; odd while there is one
    std::uint32_t next;       ///< in its list; of a free node: the next free one
    std::uint32_t previous;
    std::uint32_t type;
    std::uint64_t due;
    std::uint64_t period;
    std::uint32_t target;
    std::uint32_t packet_bytes;
    std::uint32_t tail;  ///< first tail node of the packet
    std::uint16_t where; ///< number of its list
    std::uint16_t cancelled;
    std::byte packet[room];
};

struct timer_wheel::tail_node {
    static constexpr std::size_t room = 56;

    std::uint32_t generation; ///< kept for the timers that use the node later
    std::uint32_t next;
    std::byte packet[room];
};

namespace {
/// Of a free node, which goes up when a timer begins there and when it ends. A node of a higher
/// one is not used again.
constexpr std::uint32_t generation_end = std::numeric_limits<std::uint32_t>::max() - 2;
constexpr bool may_be_used(std::uint32_t generation) {
    return generation % 2 == 0 && generation < generation_end;
}
} // namespace

timer_wheel::timer_wheel(chunk_pool& pool, page_epoch& epoch) : pages_(pool, epoch) {
    static_assert(sizeof(node) == 64 && sizeof(tail_node) == 64);
}
timer_wheel::~timer_wheel() = default;

// ---- nodes

namespace {
constexpr std::size_t offset_of(std::uint32_t index, std::uint32_t nodes_log2) {
    return std::size_t{index & ((1u << nodes_log2) - 1)} * 64;
}
} // namespace

const timer_wheel::node& timer_wheel::at(std::uint32_t index) const {
    return *reinterpret_cast<const node*>(pages_.read(index >> nodes_log2) +
                                          offset_of(index, nodes_log2));
}

/// Others than before may lie elsewhere from then on: what is changed is asked for anew.
timer_wheel::node& timer_wheel::change(std::uint32_t index) {
    return *reinterpret_cast<node*>(pages_.change(index >> nodes_log2) +
                                    offset_of(index, nodes_log2));
}

timer_wheel::tail_node& timer_wheel::change_tail(std::uint32_t index) {
    return reinterpret_cast<tail_node&>(change(index));
}

/// What is in a list is one, unless its page was lost: then the world has stopped, and this only
/// has to come to an end.
bool timer_wheel::is_timer(std::uint32_t index) const {
    if (at(index).generation % 2 == 1) return true;
    KAY_ASSERT(pages_.is_lost());
    return false;
}

std::uint32_t timer_wheel::take_node() {
    if (free_ != none) {
        const std::uint32_t index = free_;
        free_ = at(index).next;
        return index;
    }
    const std::uint32_t page = fresh_ >> nodes_log2;
    if (!pages_.has(page)) {
        pages_.reach(page);
        std::memset(pages_.add(page, 1, chunk_pool::use::tables), 0, chunk_bytes);
    }
    return fresh_++;
}

void timer_wheel::free_timer(std::uint32_t index) {
    for (std::uint32_t n = at(index).tail; n != none;) {
        tail_node& tail = change_tail(n);
        const std::uint32_t next = tail.next;
        std::memset(tail.packet, 0, sizeof tail.packet); // what is saved is what means something
        tail.next = free_;
        free_ = n;
        n = next;
    }
    node& timer = change(index);
    const std::uint32_t generation = timer.generation;
    std::memset(&timer, 0, sizeof timer);
    timer.generation = generation;
    if (!may_be_used(++timer.generation)) return; // retired
    timer.next = free_;
    free_ = index;
}

timer_key timer_wheel::add(std::uint64_t due_turn, std::uint64_t period, std::uint32_t type,
                           std::uint32_t target, std::span<const std::byte> packet) {
    if (!tables_) tables_ = std::make_unique<tables>();
    const std::uint32_t index = take_node();
    node& timer = change(index);
    ++timer.generation;
    timer.type = type;
    timer.due = std::max(due_turn, now_ + 1);
    timer.period = period;
    timer.target = target;
    timer.packet_bytes = static_cast<std::uint32_t>(packet.size());
    timer.tail = none;
    timer.cancelled = 0;
    std::size_t done = std::min(packet.size(), node::room);
    if (done) std::memcpy(timer.packet, packet.data(), done);
    std::uint32_t last = none;
    while (done < packet.size()) {
        const std::uint32_t more = take_node();
        tail_node& tail = change_tail(more);
        const std::size_t part = std::min(packet.size() - done, tail_node::room);
        std::memcpy(tail.packet, packet.data() + done, part);
        tail.next = none;
        (last == none ? change(index).tail : change(last).next) = more;
        last = more;
        done += part;
    }
    put(index);
    ++size_;
    if (at(index).due < next_due_) next_due_ = soonest();
    return {index, at(index).generation};
}

bool timer_wheel::cancel(timer_key key) {
    if (key.index == none || key.index >= fresh_) return false;
    const node& timer = at(key.index);
    if (timer.generation != key.generation || key.generation % 2 == 0 || timer.cancelled)
        return false;
    --size_;
    if (timer.where == firing_list) {
        change(key.index).cancelled = 1; // end_fire frees it
        return true;
    }
    unlink(key.index);
    free_timer(key.index);
    next_due_ = soonest();
    return true;
}

// ---- lists

std::uint32_t timer_wheel::list_of(std::uint64_t due) const {
    const unsigned level = (static_cast<unsigned>(std::bit_width(due ^ now_)) - 1) / level_bits;
    if (level >= levels) return far_list;
    return level * 64 + static_cast<std::uint32_t>(due >> (level * level_bits) & 63);
}

void timer_wheel::put(std::uint32_t index) {
    node& timer = change(index);
    const std::uint32_t number =
        timer.due == now_ ? static_cast<std::uint32_t>(now_ & 63) : list_of(timer.due);
    list& l = tables_->lists[number];
    timer.where = static_cast<std::uint16_t>(number);
    timer.next = none;
    timer.previous = l.last;
    (l.last == none ? l.first : change(l.last).next) = index;
    l.last = index;
    if (number < far_list) tables_->used[number / 64] |= std::uint64_t{1} << number % 64;
}

void timer_wheel::unlink(std::uint32_t index) {
    const node timer = at(index);
    list& l = tables_->lists[timer.where];
    (timer.previous == none ? l.first : change(timer.previous).next) = timer.next;
    (timer.next == none ? l.last : change(timer.next).previous) = timer.previous;
    if (l.first == none && timer.where < far_list)
        tables_->used[timer.where / 64] &= ~(std::uint64_t{1} << timer.where % 64);
}

std::uint32_t timer_wheel::take_list(std::uint32_t number) {
    list& l = tables_->lists[number];
    const std::uint32_t first = l.first;
    l = {};
    if (number < far_list) tables_->used[number / 64] &= ~(std::uint64_t{1} << number % 64);
    return first;
}

std::uint64_t timer_wheel::soonest() const {
    if (size_ == 0) return never;
    for (unsigned level = 0; level < levels; ++level) {
        const std::uint64_t used = tables_->used[level];
        if (!used) continue;
        const unsigned shift = level * level_bits;
        const std::uint64_t above = now_ >> (shift + level_bits) << level_bits;
        return (above | static_cast<std::uint64_t>(std::countr_zero(used))) << shift;
    }
    return ((now_ >> levels * level_bits) + 1) << levels * level_bits;
}

std::uint32_t timer_wheel::take_due() {
    now_ = std::max(now_, next_due_);
    unsigned level = 0;
    while (level < levels && !tables_->used[level]) ++level;
    std::uint32_t number = far_list;
    if (level < levels)
        number = level * 64 + static_cast<std::uint32_t>(std::countr_zero(tables_->used[level]));
    std::uint32_t first = take_list(number);
    if (level == 0) {
        for (std::uint32_t n = first; n != none; n = at(n).next)
            change(n).where = static_cast<std::uint16_t>(firing_list);
        return first;
    }
    for (std::uint32_t next; first != none; first = next) {
        next = at(first).next;
        if (is_timer(first)) put(first);
    }
    return none;
}

// ---- firing

bool timer_wheel::begin_fire(std::uint32_t index, std::uint32_t& type, std::uint32_t& target,
                             std::span<const std::byte>& packet, bool& repeats) {
    const node& timer = at(index);
    if (timer.cancelled || !is_timer(index)) return false;
    repeats = timer.period != 0;
    type = timer.type;
    target = timer.target;
    if (timer.packet_bytes <= node::room) {
        packet = {timer.packet, timer.packet_bytes};
    } else {
        packet_.resize(timer.packet_bytes);
        copy_packet(timer, packet_.data());
        packet = packet_;
    }
    if (!repeats) { // has fired: it cannot be cancelled any more
        change(index).cancelled = 1;
        --size_;
    }
    return true;
}

void timer_wheel::end_fire(std::uint32_t index, bool goes_on) {
    node& timer = change(index);
    firing_ = timer.next;
    if (timer.cancelled) return free_timer(index);
    if (!goes_on) {
        --size_;
        return free_timer(index);
    }
    const std::uint64_t due = timer.due + timer.period;
    timer.due = std::max(due < timer.due ? never - 1 : due, now_ + 1);
    put(index);
}

std::uint32_t timer_wheel::first_of(std::uint32_t number) const {
    return tables_ ? tables_->lists[number].first : none;
}

timer_wheel::entry timer_wheel::read(std::uint32_t& index, std::vector<std::byte>& packet) const {
    const node& n = at(index);
    const timer_key key{index, n.generation};
    index = n.next;
    packet.resize(n.packet_bytes);
    copy_packet(n, packet.data());
    return {key, n.due, n.period, n.type, n.target, packet};
}

void timer_wheel::add_keys_to(hasher& sink) const {
    sink.add(std::uint64_t{size_});
    sink.add(fresh_);
    for (std::uint32_t n = free_; n != none; n = at(n).next)
        sink.add(std::uint64_t{at(n).generation} << 32 | n);
}

void timer_wheel::set_head(std::uint32_t index, std::uint64_t head) {
    std::memcpy(change(index).packet, &head, sizeof head);
}

void timer_wheel::copy_packet(const node& n, std::byte* to) const {
    std::size_t done = std::min<std::size_t>(n.packet_bytes, node::room);
    std::memcpy(to, n.packet, done);
    for (std::uint32_t t = n.tail; t != none; t = at(t).next) {
        const auto& tail = reinterpret_cast<const tail_node&>(at(t));
        const std::size_t part = std::min<std::size_t>(n.packet_bytes - done, tail_node::room);
        std::memcpy(to + done, tail.packet, part);
        done += part;
    }
    std::memset(to + done, 0, n.packet_bytes - done); // of a page that was lost
}

// ---- saving

void timer_wheel::write(byte_writer& to) const {
    KAY_ASSERT(firing_ == none);
    to.number(now_);
    to.number(next_due_);
    to.number(static_cast<std::uint64_t>(size_));
    to.number(free_);
    to.number(fresh_);
    to.number(pages_.size());
    for (std::uint32_t page = 0; page < pages_.size(); ++page) to.number(pages_.number(page));
    to.number(static_cast<std::uint8_t>(tables_ != nullptr));
    if (!tables_) return;
    for (const list& l : tables_->lists) {
        to.number(l.first);
        to.number(l.last);
    }
    for (const std::uint64_t used : tables_->used) to.number(used);
}

bool timer_wheel::read(byte_reader& from) {
    now_ = from.number<std::uint64_t>();
    next_due_ = from.number<std::uint64_t>();
    size_ = from.number<std::uint64_t>();
    free_ = from.number<std::uint32_t>();
    fresh_ = from.number<std::uint32_t>();
    const auto count = from.number<std::uint32_t>();
    const std::uint64_t nodes = std::max<std::uint64_t>(std::uint64_t{count} << nodes_log2, 1);
    if (count > from.left() / sizeof(std::uint32_t) || fresh_ == none || fresh_ > nodes)
        return false;
    for (std::uint32_t page = 0; page < count; ++page) {
        pages_.reach(page);
        pages_.expect(page, 1, from.number<std::uint32_t>());
    }
    const bool has_tables = from.number<std::uint8_t>() != 0;
    if (!has_tables) return size_ == 0 && free_ == none && !from.failed();
    tables_ = std::make_unique<tables>();
    for (list& l : tables_->lists) {
        l.first = from.number<std::uint32_t>();
        l.last = from.number<std::uint32_t>();
    }
    for (std::uint64_t& used : tables_->used) used = from.number<std::uint64_t>();
    return !from.failed();
}

/// Every node is in the list that its due turn leads to, or free, or part of a packet, or retired,
/// or as new.
bool timer_wheel::is_sound(std::uint64_t turn) const {
    if (now_ > turn || next_due_ <= turn || next_due_ != soonest()) return false;
    std::vector<bool> seen(fresh_);
    const auto is_new = [&](std::uint32_t index) {
        if (index == none || index >= fresh_ || seen[index]) return false;
        seen[index] = true;
        return true;
    };
    std::size_t timers = 0;
    for (std::uint32_t number = 0; tables_ && number < list_count; ++number) {
        const list& l = tables_->lists[number];
        std::uint32_t previous = none;
        for (std::uint32_t index = l.first; index != none; index = at(index).next) {
            if (!is_new(index)) return false;
            const node& n = at(index);
            if (!may_be_used(n.generation - 1) || n.previous != previous || n.where != number ||
                n.cancelled || n.due <= turn || list_of(n.due) != number)
                return false;
            std::size_t done = std::min<std::size_t>(n.packet_bytes, node::room);
            for (std::uint32_t t = n.tail; t != none; t = at(t).next) {
                if (!is_new(t) || !may_be_used(at(t).generation) || done >= n.packet_bytes)
                    return false;
                done += std::min<std::size_t>(n.packet_bytes - done, tail_node::room);
            }
            if (done != n.packet_bytes) return false;
            previous = index;
            ++timers;
        }
        if (l.last != previous) return false;
        if (number < far_list &&
            (tables_->used[number / 64] >> number % 64 & 1) != (l.first != none ? 1u : 0u))
            return false;
    }
    for (std::uint32_t index = free_; index != none; index = at(index).next)
        if (!is_new(index) || !may_be_used(at(index).generation)) return false;
    for (std::uint32_t index = fresh_; index >> nodes_log2 < pages_.size(); ++index)
        if (at(index).generation != 0) return false;
    return timers == size_;
}

} // namespace kay::detail
