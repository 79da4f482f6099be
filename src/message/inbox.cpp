// SPDX-License-Identifier: MIT
#include "inbox.hpp"

#include <kay/core/assert.hpp>
#include <kay/message/packet.hpp>

namespace kay::detail {

bool inbox_reader::open(std::span<const inbox_segment> segments, lane_chunk_cache& chunks,
                        const instance_store& store, bool prefetches) {
    KAY_ASSERT(!segments.empty());
    segments_ = segments;
    chunks_ = &chunks;
    store_ = &store;
    prefetches_ = prefetches;
    type_ = segments.front().type;
    chunk_ = nullptr;
    at_ = end_ = nullptr;
    handled_ = 0;
    for (group& g : groups_) decode_if_any(g);
    for (std::uint32_t i = 0; i <= found_ahead; ++i) find(groups_[i]);
    handle(groups_[0]);
    return batch_.next != batch_.end;
}

bool inbox_reader::advance() {
    group& free = groups_[handled_];
    if (free.ended_first) give_back(free);
    handled_ = ahead(1);
    group& now = groups_[handled_];
    if (now.count == 0) { // the last chunks may have ended just where the last group did
        for (group& g : groups_) give_back(g);
        return false;
    }
    handle(now);
    find(groups_[ahead(found_ahead)]);
    decode_if_any(free);
    return true;
}

void inbox_reader::decode_if_any(group& g) {
    if (chunk_ || !segments_.empty())
        decode(g);
    else
        g.count = 0;
}

void inbox_reader::handle(const group& g) {
    batch_ = {g.deliveries.data(), g.deliveries.data() + g.count, g.version};
}

void inbox_reader::decode(group& g) {
    const slot_lookup slots = store_->lookup();
    const bool prefetches = prefetches_;
    const std::byte *at = at_, *end = end_;
    std::uint32_t count = 0;
    std::size_t usual = 0; // bytes of the packet before
    while (count < group_size) {
        if (at == end) {
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
            at = begin_;
            end = chunk_->data() + chunk_->used;
            continue;
        }
        const packet_header header = read_header(at);
        g.deliveries[count++].packet = at;
        if (prefetches) __builtin_prefetch(&slots.entry(header.slot()));
        // Most packets are as long as the one before. Taking that for granted, as a branch, lets
        // the processor go on to the next packet before it has read this one's length.
        const std::size_t bytes = whole_bytes(at, header);
        if (bytes != usual) [[unlikely]] {
            usual = bytes;
            asm volatile("" : "+r"(usual)); // for the compiler to leave the branch
        }
        at += usual;
    }
    at_ = at;
    end_ = end;
    g.count = count;
}

void inbox_reader::find(group& g) const {
    const slot_lookup slots = store_->lookup();
    const std::size_t last_line = store_->last_line();
    const bool prefetches = prefetches_;
    const std::uint32_t count = g.count;
    std::uint64_t header_before = 0;
    block_address found;
    g.version = store_->version();
    for (std::uint32_t i = 0; i < count; ++i) {
        delivery& d = g.deliveries[i];
        const packet_header header = read_header(d.packet);
        if (header.bits == header_before) { // one recipient gets many
            d.to = found;
            continue;
        }
        header_before = header.bits;
        d.to = found = slots.find(header.slot(), header.generation());
        if (!prefetches || !found.block) continue;
        __builtin_prefetch(d.to.block, 1);
        __builtin_prefetch(d.to.block + last_line, 1);
    }
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
    const std::byte* first = batch_.next->packet;
    const auto keep = [&](lane_chunk* c, const std::byte* begin) {
        if (first) {
            if (first < c->data() || first >= c->data() + c->used) return chunks_->give(c);
            begin = first;
            first = nullptr;
        }
        out.push_back({type_, 0, c, begin});
    };
    for (std::uint32_t i = 0; i < groups_.size(); ++i) {
        group& g = groups_[ahead(i)];
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
