// SPDX-License-Identifier: MIT
#include "inbox.hpp"

#include <kay/core/assert.hpp>
#include <kay/message/packet.hpp>

namespace kay::detail {

bool inbox_reader::open(std::span<const inbox_segment> segments, lane_chunk_cache& chunks,
                        const instance_store* store) {
    KAY_ASSERT(!segments.empty());
    segments_ = segments;
    chunks_ = &chunks;
    store_ = store;
    type_ = segments.front().type;
    chunk_ = nullptr;
    at_ = end_ = nullptr;
    handled_ = 0;
    decode(groups_[0]);
    if (chunk_ || !segments_.empty()) {
        decode(groups_[1]);
        prefetch_blocks(groups_[0]);
        decode(groups_[2]);
        prefetch_blocks(groups_[1]);
    } else {
        groups_[1].count = groups_[2].count = 0;
    }
    batch_ = {groups_[0].packets.data(), 0, groups_[0].count};
    return batch_.end > 0;
}

bool inbox_reader::advance() {
    group& free = groups_[handled_];
    if (free.ended_first) give_back(free);
    handled_ = handled_ == 2 ? 0 : handled_ + 1;
    group& now = groups_[handled_];
    if (now.count == 0) { // the last chunks may have ended just where the last group did
        for (group& g : groups_) give_back(g);
        return false;
    }
    batch_ = {now.packets.data(), 0, now.count};
    prefetch_blocks(groups_[handled_ == 2 ? 0 : handled_ + 1]);
    free.count = 0;
    if (chunk_ || !segments_.empty()) decode(free);
    return true;
}

void inbox_reader::decode(group& g) {
    std::uint32_t count = 0;
    std::size_t usual = 0; // bytes of the packet before
    while (count < group_size) {
        if (at_ == end_) {
            if (chunk_) { // this chunk ends with the packets of this group
                lane_chunk* const ended = chunk_;
                chunk_ = ended->next;
                ended->next = nullptr;
                (g.ended_last ? g.ended_last->next : g.ended_first) = ended;
                g.ended_last = ended;
                if (chunk_) begin_ = chunk_->data();
            }
            if (!chunk_) {
                if (segments_.empty()) break;
                chunk_ = segments_.front().first;
                begin_ = segments_.front().begin;
                segments_ = segments_.subspan(1);
            }
            at_ = begin_;
            end_ = chunk_->data() + chunk_->used;
            continue;
        }
        const packet_header header = read_header(at_);
        g.packets[count++] = at_;
        if (store_) store_->prefetch_slot(header.slot());
        // Most packets are as long as the one before. Taking that for granted, as a branch, lets
        // the processor go on to the next packet before it has read this one's length.
        const std::size_t bytes = whole_bytes(at_, header);
        if (bytes != usual) [[unlikely]]
            usual = bytes;
        asm("" : "+r"(usual));
        at_ += usual;
    }
    g.count = count;
}

void inbox_reader::prefetch_blocks(const group& g) const {
    if (!store_) return;
    asm volatile(""); // an effect, for g++ not to leave out the calls
    for (std::uint32_t i = 0; i < g.count; ++i)
        store_->prefetch_block(read_header(g.packets[i]).slot());
}

void inbox_reader::give_back(group& g) {
    for (lane_chunk *c = g.ended_first, *next; c; c = next) {
        next = c->next;
        chunks_->give(c);
    }
    g.ended_first = g.ended_last = nullptr;
}

void inbox_reader::leave(std::vector<inbox_segment>& out) {
    KAY_ASSERT(batch_.next < batch_.end);
    const std::byte* first = batch_.packets[batch_.next];
    const auto keep = [&](lane_chunk* c, const std::byte* begin) {
        if (first) {
            if (first < c->data() || first >= c->data() + c->used) return chunks_->give(c);
            begin = first;
            first = nullptr;
        }
        out.push_back({type_, 0, c, begin});
    };
    for (std::uint32_t i = 0; i < groups_.size(); ++i) {
        group& g = groups_[(handled_ + i) % groups_.size()];
        for (lane_chunk *c = g.ended_first, *next; c; c = next) {
            next = c->next;
            c->next = nullptr;
            keep(c, c->data());
        }
        g.ended_first = g.ended_last = nullptr;
        g.count = 0;
    }
    if (chunk_) keep(chunk_, begin_);
    KAY_ASSERT(!first);
    out.insert(out.end(), segments_.begin(), segments_.end());
    segments_ = {};
    chunk_ = nullptr;
    at_ = end_ = nullptr;
}

} // namespace kay::detail
