// SPDX-License-Identifier: MIT
//
// The outside queue: how any thread gets bytes into a running system. Many writers, one reader,
// no locks but those of the allocator, nobody waits.
//
// Each writer has a lane of its own: a row of chunks, which only it fills. It publishes a record
// with one release store of its position, so that a record costs no read-modify-write, only a chunk
// does. The reader visits the lanes in the order in which they were made.
//
// What a chunk holds is a row of items, eight bytes of frame each and then:
//   record  the caller's bytes, padded to eight
//   large   the address of a block of its own, for a record that is too long for a chunk
//   jump    the address of the lane's next chunk; the last item of its chunk
// The reader follows the items until it meets the position that was published, so that chunks need
// no header. Emptied chunks go back to their writer over a stack, which it takes all at once.
//
// Threads: make_writer and bytes_in_flight from any; a writer from one thread at a time; drain from
// one thread at a time, the reader. Writers are destroyed before the queue.
#pragma once

#include <kay/core/assert.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <span>

namespace kay::detail {

/// What the queue is built on. Tests put another in its place, which explores interleavings.
struct std_atomics {
    template <class T>
    using atomic = std::atomic<T>;
    template <class T>
    using plain = T; ///< shared data whose accesses must be ordered by the atomics

    static constexpr std::size_t chunk_bytes = std::size_t{64} << 10;

    static void note_write(const void*, std::size_t) {}
    static void note_read(const void*, std::size_t) {}
    static void* allocate(std::size_t bytes) {
        return std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    }
    static void release(void* block) { std::free(block); }
};

template <class Atomics = std_atomics>
class outside_queue {
    struct lane;

public:
    static constexpr std::size_t record_bytes_max = std::numeric_limits<std::uint32_t>::max();

    /// One poster's end of the queue. What it has committed is delivered also after its
    /// destruction. Moved from, it can only be assigned to or destroyed.
    class writer {
    public:
        /// Room for one record, aligned to eight; commit has to follow. Null: held back, because
        /// the budget is used up or the machine is out of memory; try again after the reader has
        /// drained. Wait-free but once in a chunk and for records that are longer than a chunk.
        std::byte* reserve(std::size_t bytes) {
            KAY_ASSERT(bytes <= record_bytes_max);
            KAY_ASSERT(lane_->reserved == nullptr);
            if (record_item_bytes(bytes) > room()) [[unlikely]]
                return reserve_beyond(bytes);
            std::byte* const at = lane_->cursor;
            put_frame(at, item::record, bytes);
            lane_->reserved = at + record_item_bytes(bytes);
            Atomics::note_write(at + frame_bytes, bytes);
            return at + frame_bytes;
        }

        /// Publishes what was reserved. Wait-free.
        void commit() {
            KAY_ASSERT(lane_->reserved != nullptr);
            publish(lane_->reserved);
            lane_->reserved = nullptr;
        }

    private:
        friend class outside_queue;
        explicit writer(lane* own) : lane_(own) {}

        std::size_t room() const { return static_cast<std::size_t>(lane_->end - lane_->cursor); }

        void publish(std::byte* end) {
            lane_->cursor = end;
            // Release; partner: drain. All items before the position come along.
            lane_->committed.store(address(end), release);
        }

        /// reserve for what finds no room in this chunk.
        std::byte* reserve_beyond(std::size_t bytes) {
            const bool large = record_item_bytes(bytes) > usable_bytes;
            const std::size_t wanted = large ? link_item_bytes : record_item_bytes(bytes);
            if (wanted > room() && !leave_chunk()) return nullptr;
            if (!large) return reserve(bytes);

            outside_queue& queue = *lane_->queue;
            if (!queue.claim(bytes)) return nullptr;
            auto* const block = static_cast<std::byte*>(Atomics::allocate(bytes));
            if (!block) {
                queue.unclaim(bytes);
                return nullptr;
            }
            put_frame(lane_->cursor, item::large, bytes);
            put(lane_->cursor + frame_bytes, block);
            lane_->reserved = lane_->cursor + link_item_bytes;
            Atomics::note_write(block, bytes);
            return block;
        }

        /// Goes on to an empty chunk. False: held back.
        bool leave_chunk() {
            outside_queue& queue = *lane_->queue;
            if (!queue.claim(Atomics::chunk_bytes)) return false;
            std::byte* chunk = take_spare();
            if (!chunk) chunk = queue.allocate_chunk();
            if (!chunk) {
                queue.unclaim(Atomics::chunk_bytes);
                return false;
            }
            put_frame(lane_->cursor, item::jump, 0);
            put(lane_->cursor + frame_bytes, chunk);
            lane_->end = chunk + usable_bytes;
            // At once, so that the reader can empty the old chunk even if this writer stays held
            // back.
            publish(chunk);
            return true;
        }

        /// A chunk that came back, or null.
        std::byte* take_spare() {
            // Acquire; partner: hand_back. The reader is done with these chunks and has linked
            // them; each was put there by an exchange that carries on the release of the ones
            // below.
            if (!lane_->spare) lane_->spare = lane_->returned.exchange(nullptr, acquire);
            std::byte* const chunk = lane_->spare;
            if (chunk) lane_->spare = get<std::byte*>(chunk);
            return chunk;
        }

        struct closer {
            void operator()(lane* l) const {
                KAY_ASSERT(l->reserved == nullptr);
                // Release; partner: drain. The reader frees the lane once it sees this.
                l->committed.store(address(l->cursor) | closed_bit, release);
            }
        };
        std::unique_ptr<lane, closer> lane_;
    };

    /// Writers are held back while more than `budget_bytes` wait in chunks that they have left and
    /// in large records; a single one of those always passes. Beyond that each writer has the chunk
    /// it is in, and chunks are kept for their writers while all chunks together are within the
    /// budget.
    explicit outside_queue(std::size_t budget_bytes) : budget_(budget_bytes) {}
    ~outside_queue() {
        drain([](std::uint64_t, std::span<const std::byte>) {});
        KAY_ASSERT(lanes_ == nullptr); // a writer outlived its queue
    }
    outside_queue(const outside_queue&) = delete;
    outside_queue& operator=(const outside_queue&) = delete;

    /// Throws std::bad_alloc.
    writer make_writer() {
        std::byte* const chunk = allocate_chunk();
        if (!chunk) throw std::bad_alloc{};
        void* const room = Atomics::allocate(sizeof(lane));
        if (!room) {
            free_chunk(chunk);
            throw std::bad_alloc{};
        }
        lane* const own = new (room) lane(this, chunk);
        // Relaxed, here and when the exchange fails: the lane that is found is not looked into.
        lane* first = newcomers_.load(relaxed);
        do own->next = first; // Release; partner: adopt. The lane's fields come along.
        while (!newcomers_.compare_exchange_weak(first, own, release, relaxed));
        return writer(own);
    }

    /// Calls f(writer_number, record) for everything that was committed when drain began, writer
    /// after writer; what is committed meanwhile may wait for the next drain. Writers are numbered
    /// from zero in the order in which they were made. Records live until their call returns. `f`
    /// may post and make writers; it must not throw and not drain. Returns the records.
    template <class F>
    std::size_t drain(F&& f) {
        KAY_ASSERT(!draining_);
        draining_ = true;
        adopt();
        std::size_t records = 0;
        plain<lane*>* link = &lanes_;
        while (lane* l = *link) {
            // Acquire; partners: publish, closer.
            const std::uintptr_t position = l->committed.load(acquire);
            records += read(*l, position & ~closed_bit, f);
            if (position & closed_bit) {
                *link = static_cast<lane*>(l->next);
                destroy(l);
            } else {
                link = &l->next;
            }
        }
        draining_ = false;
        return records;
    }

    /// Counted in whole chunks that writers have left, and large records.
    std::size_t bytes_in_flight() const { return in_flight_.load(relaxed); }

private:
    template <class T>
    using atomic = typename Atomics::template atomic<T>;
    template <class T>
    using plain = typename Atomics::template plain<T>;

    enum class item : std::uint32_t { record, large, jump };
    struct frame {
        std::uint32_t bytes;
        item kind;
    };
    static constexpr std::size_t frame_bytes = sizeof(frame);
    static constexpr std::size_t link_item_bytes = frame_bytes + 8;
    static constexpr std::size_t usable_bytes =
        Atomics::chunk_bytes - link_item_bytes;     ///< + a jump
    static constexpr std::uintptr_t closed_bit = 1; ///< of a position; items are aligned to eight
    static_assert(Atomics::chunk_bytes % 8 == 0 && usable_bytes >= link_item_bytes);

    static constexpr auto relaxed = std::memory_order_relaxed;
    static constexpr auto acquire = std::memory_order_acquire;
    static constexpr auto release = std::memory_order_release;

    /// What a writer and the reader share. The lines that they write are apart.
    struct lane {
        lane(outside_queue* owner, std::byte* first)
            : queue(owner), cursor(first), end(first + usable_bytes), committed(address(first)),
              chunk(first), at(first) {}

        // Of the writer.
        alignas(64) const plain<outside_queue*> queue;
        plain<std::byte*> cursor;            ///< end of what is committed
        plain<std::byte*> reserved{nullptr}; ///< end of what is reserved; null: nothing is
        plain<std::byte*> end;               ///< where the room for items ends
        plain<std::byte*> spare{nullptr};    ///< list of chunks that came back
        atomic<std::uintptr_t> committed;    ///< end of the last item; closed_bit
        // Of the reader.
        alignas(64) atomic<std::byte*> returned{nullptr}; ///< stack of empty chunks, for the writer
        plain<std::byte*> chunk;
        plain<std::byte*> at; ///< the next item
        plain<std::uint64_t> number{0};
        plain<lane*> next{nullptr}; ///< first in newcomers_, then in lanes_
    };

    static std::uintptr_t address(const std::byte* p) {
        return reinterpret_cast<std::uintptr_t>(p);
    }
    static constexpr std::size_t record_item_bytes(std::size_t bytes) {
        return frame_bytes + (bytes + 7) / 8 * 8;
    }
    template <class T>
    static void put(std::byte* at, T value) {
        Atomics::note_write(at, sizeof value);
        std::memcpy(at, &value, sizeof value);
    }
    template <class T>
    static T get(const std::byte* at) {
        T value;
        Atomics::note_read(at, sizeof value);
        std::memcpy(&value, at, sizeof value);
        return value;
    }
    static void put_frame(std::byte* at, item kind, std::size_t bytes) {
        put(at, frame{static_cast<std::uint32_t>(bytes), kind});
    }

    /// Adds `bytes` to what is in flight if the budget allows it.
    bool claim(std::size_t bytes) {
        std::size_t now = in_flight_.load(relaxed);
        do {
            if (now != 0 && (now > budget_ || bytes > budget_ - now)) return false;
        } while (!in_flight_.compare_exchange_weak(now, now + bytes, relaxed, relaxed));
        return true;
    }
    void unclaim(std::size_t bytes) { in_flight_.fetch_sub(bytes, relaxed); }

    std::byte* allocate_chunk() {
        auto* chunk = static_cast<std::byte*>(Atomics::allocate(Atomics::chunk_bytes));
        if (chunk) chunk_memory_.fetch_add(Atomics::chunk_bytes, relaxed);
        return chunk;
    }
    void free_chunk(std::byte* chunk) {
        chunk_memory_.fetch_sub(Atomics::chunk_bytes, relaxed);
        Atomics::release(chunk);
    }

    /// Puts the new lanes at the end of lanes_, in the order in which they were made.
    void adopt() {
        // Relaxed: a look whether the exchange is worth it.
        if (!newcomers_.load(relaxed)) return;
        // Acquire; partner: make_writer. All lanes of the stack: each was put there by an exchange
        // that carries on the release of the ones below. Taking all leaves no room for ABA.
        lane* newest = newcomers_.exchange(nullptr, acquire);
        lane* oldest = nullptr;
        while (newest) {
            lane* const next = newest->next;
            newest->next = oldest;
            oldest = newest;
            newest = next;
        }
        plain<lane*>* link = &lanes_;
        while (lane* l = *link) link = &l->next;
        *link = oldest;
        for (lane* l = oldest; l; l = l->next) l->number = next_number_++;
    }

    /// Delivers a lane's records up to `stop`, a position that was published.
    template <class F>
    std::size_t read(lane& from, std::uintptr_t stop, F& f) {
        const std::uint64_t number = from.number;
        std::byte* at = from.at;
        std::size_t records = 0;
        const auto deliver = [&](const std::byte* record, std::size_t bytes) {
            Atomics::note_read(record, bytes);
            f(number, std::span<const std::byte>(record, bytes));
            ++records;
        };
        while (address(at) != stop) {
            const frame found = get<frame>(at);
            if (found.kind == item::record) {
                deliver(at + frame_bytes, found.bytes);
                at += record_item_bytes(found.bytes);
                continue;
            }
            std::byte* const to = get<std::byte*>(at + frame_bytes);
            if (found.kind == item::large) {
                deliver(to, found.bytes);
                Atomics::release(to);
                unclaim(found.bytes);
                at += link_item_bytes;
            } else {
                KAY_ASSERT(found.kind == item::jump);
                hand_back(from, from.chunk);
                unclaim(Atomics::chunk_bytes);
                from.chunk = at = to;
            }
        }
        from.at = at;
        return records;
    }

    /// An emptied chunk goes to its writer, or is freed when all chunks are beyond the budget.
    void hand_back(lane& to, std::byte* chunk) {
        if (chunk_memory_.load(relaxed) > budget_) return free_chunk(chunk);
        // Relaxed, here and when the exchange fails: the chunk that is found is not looked into.
        std::byte* top = to.returned.load(relaxed);
        do put(chunk, top); // Release; partner: take_spare. Our reads of the chunk are over.
        while (!to.returned.compare_exchange_weak(top, chunk, release, relaxed));
    }

    /// Frees a lane that is closed and read to its end.
    void destroy(lane* l) {
        free_chunk(l->chunk);
        // Relaxed: put there by the reader, or taken by the writer before its close.
        for (std::byte* chunk : {static_cast<std::byte*>(l->spare), l->returned.load(relaxed)})
            while (chunk) {
                std::byte* const next = get<std::byte*>(chunk);
                free_chunk(chunk);
                chunk = next;
            }
        l->~lane();
        Atomics::release(l);
    }

    const std::size_t budget_;
    // Of the reader, the next three.
    plain<bool> draining_{false};
    plain<lane*> lanes_{nullptr}; ///< by number
    plain<std::uint64_t> next_number_{0};
    alignas(64) atomic<lane*> newcomers_{nullptr}; ///< stack
    // Relaxed, all uses of these two: sums; what they count is published elsewhere.
    alignas(64) atomic<std::size_t> in_flight_{0};
    atomic<std::size_t> chunk_memory_{0}; ///< bytes of all chunks, wherever they are
};

} // namespace kay::detail
