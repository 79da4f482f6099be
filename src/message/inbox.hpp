// SPDX-License-Identifier: MIT
//
// The inbox of one actor type in one place, as it stood when the round began: the lanes that were
// handed over, in the order of the sending places. Reading is a pipeline over groups of packets.
// Four groups before it is handled, a group is decoded, and its slots are asked for; two groups
// before, these are read, which tells where the blocks lie, and the blocks are asked for. So
// neither slot nor block is waited for.
//
// One thread at a time: the worker that runs the place.
#pragma once

#include <kay/message/actor_type.hpp>
#include <kay/message/lane.hpp>
#include <kay/store/instance_store.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kay::detail {

/// What one place sent to one actor type in one place in a round.
struct inbox_segment {
    std::uint32_t type = 0;
    std::uint32_t source = 0;
    lane_chunk* first = nullptr;      ///< chunks are linked; each has its `used` set
    const std::byte* begin = nullptr; ///< first packet, in `first`
};

class inbox_reader {
public:
    /// Takes over segments of one type. `prefetches`: the store is larger than the core's own
    /// cache. False: there is no packet in them.
    bool open(std::span<const inbox_segment> segments, lane_chunk_cache& chunks,
              const instance_store& store, bool prefetches);

    /// What to handle now, at least one. Who handles them moves `next` up to `end`.
    batch& deliveries() { return batch_; }

    /// Gives back what has been handled and goes on. False: that was all.
    bool advance();

    /// What is left from deliveries().next on, as segments that can be opened again.
    void leave(std::vector<inbox_segment>& out);

private:
    static constexpr std::uint32_t group_size = 12;
    static constexpr std::uint32_t found_ahead = 2;   ///< groups before they are handled
    static constexpr std::uint32_t decoded_ahead = 4; ///< groups before they are handled

    /// Packets that are handled together, and the chunks that end among them.
    struct group {
        std::uint32_t count = 0;
        std::uint32_t version = 0; ///< of the store when it was looked into
        lane_chunk* ended_first = nullptr;
        lane_chunk* ended_last = nullptr;
        std::array<delivery, group_size> deliveries;
    };

    void decode(group& g);
    void decode_if_any(group& g);
    std::uint32_t ahead(std::uint32_t groups) const {
        const std::uint32_t index = handled_ + groups;
        return index < groups_.size() ? index : index - static_cast<std::uint32_t>(groups_.size());
    }
    void find(group& g) const;
    void handle(const group& g);
    void give_back(group& g);

    batch batch_;
    const instance_store* store_ = nullptr;
    bool prefetches_ = false;
    lane_chunk_cache* chunks_ = nullptr;
    std::span<const inbox_segment> segments_; ///< not yet begun
    std::uint32_t type_ = 0;
    lane_chunk* chunk_ = nullptr;      ///< is being decoded
    const std::byte* begin_ = nullptr; ///< of the packets in chunk_
    const std::byte* at_ = nullptr;
    const std::byte* end_ = nullptr;
    std::uint32_t handled_ = 0; ///< the group that is handled; those after it are under way
    std::array<group, decoded_ahead + 1> groups_;
};

} // namespace kay::detail
