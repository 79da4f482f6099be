// SPDX-License-Identifier: MIT
//
// Packets that wait while a world is saved: what was sent from outside since the last turn, and, of
// a turn that has stopped in the middle, what its next round handles. A row of packets for each
// type in each place, in the order in which they are handled.
#include "rounds.hpp"

#include "../core/bytes.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

namespace kay::detail {
namespace {

/// Where packets wait.
enum class waiting : std::uint8_t {
    outside, ///< sent from outside, for the next turn
    sent,    ///< in the last round
    handed   ///< over to the place that handles them
};

/// Bytes of a row. Of a lane that is still written to, the last chunk ends at `end`.
std::vector<std::span<const std::byte>> parts_of(const lane_chunk* first, const std::byte* begin,
                                                 const std::byte* end) {
    std::vector<std::span<const std::byte>> parts;
    for (const lane_chunk* c = first; c; c = c->next) {
        const auto* const data = reinterpret_cast<const std::byte*>(c + 1);
        const std::byte* const until = c->next || !end ? data + c->used : end;
        parts.emplace_back(c == first ? begin : data, until);
    }
    return parts;
}

/// One row, or none where there is no packet in it: a lane may have got room for one that could not
/// be made, and a message may have been skipped. Returns how many.
std::uint32_t write_row(byte_writer& to, waiting where, std::uint32_t place, std::uint32_t type,
                        std::uint32_t source,
                        const std::vector<std::span<const std::byte>>& parts) {
    std::uint64_t bytes = 0;
    for (const auto& part : parts) bytes += part.size();
    if (bytes == 0) return 0;
    to.number(static_cast<std::uint8_t>(where));
    to.number(place);
    to.number(type);
    to.number(source);
    to.number(bytes);
    for (const auto& part : parts) to.bytes(part);
    return 1;
}

} // namespace

bool rounds::has_waiting() const {
    return has_sent_from_outside() ||
           std::any_of(written_.begin(), written_.end(),
                       [](const outbox* o) { return !o->touched.empty(); }) ||
           std::any_of(places_.begin(), places_.end(),
                       [](const auto& p) { return !p->incoming.empty(); });
}

void rounds::write_waiting(byte_writer& to) const {
    const auto failed = std::count_if(places_.begin(), places_.end(),
                                      [](const auto& p) { return p->failure().has_value(); });
    to.number(static_cast<std::uint32_t>(failed));
    for (const auto& p : places_)
        if (p->failure()) write(*p->failure(), to);
    byte_writer rows;
    std::uint32_t count = 0;
    const auto write_box = [&](const outbox& from, waiting where) {
        for (const std::uint32_t index : from.touched) {
            const lane& l = from.lanes()[index];
            count += write_row(rows, where, from.target_of(index), from.type_of(index), 0,
                               parts_of(l.first, l.first->data(), l.cursor));
        }
    };
    write_box(outside_box_, waiting::outside);
    for (const outbox* o : written_)
        if (o != &outside_box_) write_box(*o, waiting::sent);
    for (const auto& p : places_)
        for (const inbox_segment& s : p->incoming)
            count += write_row(rows, waiting::handed, p->number(), s.type, s.source,
                               parts_of(s.first, s.begin, nullptr));
    to.number(count);
    if (count == 0) return;
    for (const auto& p : places_) p->write_draws(to);
    to.bytes(rows.written());
}

bool rounds::read_waiting(byte_reader& from) {
    for (auto left = from.number<std::uint32_t>(); left > 0 && !from.failed(); --left) {
        handler_failure f = read_failure(from);
        if (f.place >= places_.size() || places_[f.place]->failure()) return false;
        place& p = *places_[f.place];
        ran_.push_back(&p);
        p.failure() = std::move(f);
    }
    const auto rows = from.number<std::uint32_t>();
    if (rows == 0) return !from.failed();
    for (const auto& p : places_) p->read_draws(from);
    outbox& sent = *outboxes_[0];
    outbox handed(shared_.places_log2);
    handed.lay_out(shared_.types.count());
    for (std::uint32_t i = 0; i < rows && !from.failed(); ++i) {
        const auto where = static_cast<waiting>(from.number<std::uint8_t>());
        const auto number = from.number<std::uint32_t>();
        const auto type = from.number<std::uint32_t>();
        const auto source = from.number<std::uint32_t>();
        const std::span<const std::byte> packets = from.bytes(from.number<std::uint64_t>());
        if (packets.empty() || where > waiting::handed || number >= places_.size() ||
            type >= shared_.types.count())
            return false;
        outbox& to = where == waiting::outside ? outside_box_
                     : where == waiting::sent  ? sent
                                               : handed;
        if (!read_packets(to, number, type, packets)) return false;
        if (where != waiting::handed) continue;
        place& p = *places_[number];
        if (p.incoming.empty() && !p.failure()) active_.push_back(&p);
        p.incoming.push_back(handed.take(handed.touched.front(), source));
        p.incoming_work += packets.size();
        active_work_ += packets.size();
        handed.clear();
    }
    if (!sent.touched.empty()) written_ = {&sent};
    return !from.failed();
}

bool rounds::read_packets(outbox& to, std::uint32_t target, std::uint32_t type,
                          std::span<const std::byte> packets) {
    lane& l = to.lanes()[lane_row(type, shared_.places_log2) + target];
    const std::span<const handler_record> handlers = shared_.types[type].handlers;
    while (!packets.empty()) {
        if (packets.size() < sizeof(packet_header)) return false;
        const packet_header header = read_header(packets.data());
        if (header.words() == 0 && packets.size() < 16) return false;
        const std::size_t bytes = whole_bytes(packets.data(), header);
        if (bytes < sizeof header || bytes % 8 || bytes > packets.size()) return false;
        if (header.tag() < first_control_tag &&
            (header.tag() >= handlers.size() ||
             bytes < packet_bytes(payload_bytes_of(handlers[header.tag()]))))
            return false;
        to.make_room(l, bytes, *caches_[0]);
        std::memcpy(l.cursor, packets.data(), bytes);
        l.cursor += bytes;
        packets = packets.subspan(bytes);
    }
    return true;
}

} // namespace kay::detail
