// SPDX-License-Identifier: MIT
//
// What places send in a round: a lane for each actor type in each place. Places that run one after
// the other, in the order of their numbers, write into one outbox, so that each lane holds their
// packets in that order; outboxes of several workers are read in the order of their places. What
// a recipient finds is therefore the same for any number of them.
//
// One thread at a time.
#pragma once

#include "inbox.hpp"

#include <kay/message/lane.hpp>
#include <kay/message/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace kay::detail {

class outbox {
public:
    /// Throws out_of_memory.
    explicit outbox(std::uint32_t places_log2) : places_log2_(places_log2) { lay_out(0); }
    ~outbox();
    outbox(const outbox&) = delete;
    outbox& operator=(const outbox&) = delete;

    /// Makes room for so many types. What was sent stays. Throws out_of_memory.
    void lay_out(std::uint32_t types);

    /// By row of the type + target place. Valid until lay_out.
    lane* lanes() const { return lanes_; }
    std::uint32_t target_of(std::uint32_t lane) const { return lane & ((1u << places_log2_) - 1); }
    std::uint32_t type_of(std::uint32_t lane) const { return (lane >> places_log2_) - 1; }

    /// Room for a packet of `bytes` where the lane's last chunk has none left. Throws
    /// out_of_memory and leaves all as it was.
    std::byte* open_in_new_chunk(lane& l, std::size_t bytes, lane_chunk_cache& chunks) {
        if (l.first) return grow_lane(l, bytes, chunks);
        if (touched.size() == touched.capacity()) // so that nothing fails once there is a chunk
            touched.reserve(touched.size() * 2 + 8);
        lane_chunk* const chunk = chunks.take(bytes);
        std::byte* const at = chunk->data();
        l = {at + bytes, at + chunk->capacity, chunk, chunk};
        touched.push_back(static_cast<std::uint32_t>(&l - lanes_));
        return at;
    }
    /// The next packet of up to `bytes` on the lane cannot fail.
    void make_room(lane& l, std::size_t bytes, lane_chunk_cache& chunks) {
        if (static_cast<std::size_t>(l.end - l.cursor) >= bytes) return;
        open_in_new_chunk(l, bytes, chunks);
        l.cursor -= bytes;
    }

    /// Room for the reveal of one more instance: put_reveal cannot fail then.
    void make_reveal_room(lane& l, lane_chunk_cache& chunks) {
        make_room(l, sizeof(packet_header) + sizeof(lease_entry), chunks);
    }
    /// Reveals that follow each other on a lane are one packet.
    void put_reveal(lane& l, lease_entry who) {
        if (!extend_reveal(l)) {
            const auto header = packet_header::make(0, 0, reveal_tag, 2);
            l.last->used = static_cast<std::uint32_t>(l.cursor - l.last->data());
            std::memcpy(l.cursor, &header, sizeof header);
            l.cursor += sizeof header;
        }
        std::memcpy(l.cursor, &who, sizeof who);
        l.cursor += sizeof who;
    }

    /// What was sent on a lane, which is empty afterwards; `number` is the outbox's among those of
    /// the round.
    inbox_segment take(std::uint32_t lane, std::uint32_t number) {
        detail::lane& l = lanes_[lane];
        l.last->used = static_cast<std::uint32_t>(l.cursor - l.last->data());
        const inbox_segment taken{type_of(lane), number, l.first, l.first->data()};
        l = {};
        return taken;
    }

    /// Forgets what was sent; lanes have been taken.
    void clear() {
        touched.clear();
        broadcasts.clear();
    }

    /// Lanes that were written, by their index.
    std::vector<std::uint32_t> touched;
    /// Broadcasts that were sent, as target place and type: for estimates of work.
    struct sent_broadcast {
        std::uint32_t place;
        std::uint32_t type;
    };
    std::vector<sent_broadcast> broadcasts;

private:
    /// One entry more for the reveal packet that ends the lane. False: there is none.
    static bool extend_reveal(lane& l) {
        if (l.last->used == lane_chunk::no_reveal) return false;
        std::byte* const packet = l.last->data() + l.last->used;
        packet_header header = read_header(packet);
        if (packet + 8 * header.words() != l.cursor) return false;
        if (header.words() == packet_header::words_max) return false;
        header.bits += std::uint64_t{1} << packet_header::words_shift;
        std::memcpy(packet, &header, sizeof header);
        return true;
    }

    lane* lanes_ = nullptr;
    std::size_t bytes_ = 0;
    std::uint32_t places_log2_;
    std::uint32_t types_ = 0; ///< that there is room for
};

} // namespace kay::detail
