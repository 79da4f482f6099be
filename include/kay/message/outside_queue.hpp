// SPDX-License-Identifier: MIT
//
// The outside queue: how any thread gets bytes into a running system. Many writers, one reader,
// no locks, nobody waits.
//
// Each writer appends to chunks of its own and publishes a record with one release store of its
// position; there is no read-modify-write for a record, only a few for each chunk. The reader visits
// the writers in the order of their numbers, first in, first out for each of them.
//
// What a chunk holds is a row of items, eight bytes of frame each and then:
//   record  the caller's bytes, padded to eight
//   large   the address of a block of its own, for a record that is too long for a chunk
//   jump    the address of the writer's next chunk; the last item of its chunk
// The reader follows the items until it meets the position that was published, so that chunks need
// no header and no shared link.
//
// Threads: make_writer and bytes_in_flight from any; a writer from one thread at a time; drain and
// trim from one thread at a time, the reader. Writers are destroyed before the queue.
#pragma once

#include <kay/core/assert.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <utility>

namespace kay::detail {

/// The atomic operations whose order is stronger than relaxed, so that a test can weaken each.
enum class outside_site : std::uint8_t {
    enlist,    ///< make_writer shows its lane to the reader
    adopt,     ///< the reader takes the new lanes
    commit,    ///< a writer publishes a record
    snapshot,  ///< the reader takes a writer's position
    close,     ///< a writer's last access to its lane
    give_back, ///< the reader hands an empty chunk back
    take_back, ///< the writer takes what was handed back
};
inline constexpr std::size_t outside_sites = 7;

/// What the queue is built on. Tests put another in its place, which explores interleavings.
struct std_atomics {
    template <class T>
    using atomic = std::atomic<T>;
    template <class T>
    using plain = T; ///< shared data whose accesses must be ordered by the atomics

    static constexpr std::size_t chunk_bytes = std::size_t{64} << 10;

    static constexpr std::memory_order order(outside_site, std::memory_order o) { return o; }
    static void note_write(const void*, std::size_t) {}
    static void note_read(const void*, std::size_t) {}
    static void* allocate(std::size_t bytes) { return std::aligned_alloc(64, (bytes + 63) / 64 * 64); }
    static void release(void* block) { std::free(block); }
};

template <class Atomics = std_atomics>
class outside_queue {
    struct lane;

public:
    static constexpr std::size_t record_bytes_max = std::numeric_limits<std::uint32_t>::max();

    /// One poster's end of the queue. What it has committed is delivered also after its destruction.
    class writer {
    public:
        writer(writer&& other) noexcept { swap(other); }
        writer& operator=(writer&& other) noexcept {
            writer(std::move(other)).swap(*this);
            return *this;
        }
        ~writer() {
            if (lane_) close();
        }

        /// Place among the writers: counts up in the order of registration.
        std::uint64_t number() const { return number_; }

        /// Room for one record, aligned to eight. Null: held back, because the budget is used up or
        /// the machine is out of memory; try again after the reader has drained. A second reserve
        /// without commit takes the place of the first. Wait-free but once in a chunk.
        std::byte* reserve(std::size_t bytes) {
            KAY_ASSERT(bytes <= record_bytes_max);
            if (record_item_bytes(bytes) > room()) [[unlikely]]
                return reserve_beyond(bytes);
            next_ = cursor_ + record_item_bytes(bytes);
            put_frame(cursor_, item::record, bytes);
            Atomics::note_write(cursor_ + frame_bytes, bytes);
            return cursor_ + frame_bytes;
        }

        /// Publishes what was reserved. Wait-free.
        void commit() {
            KAY_ASSERT(next_ != cursor_);
            cursor_ = next_;
            publish();
        }

    private:
        friend class outside_queue;

        writer(outside_queue* queue, lane* own, std::byte* chunk, std::uint64_t number)
            : queue_(queue), lane_(own), number_(number) {
            enter(chunk);
        }

        void swap(writer& other) noexcept {
            std::swap(queue_, other.queue_);
            std::swap(lane_, other.lane_);
            std::swap(number_, other.number_);
            std::swap(chunk_, other.chunk_);
            std::swap(cursor_, other.cursor_);
            std::swap(next_, other.next_);
            std::swap(end_, other.end_);
            std::swap(large_, other.large_);
            std::swap(large_bytes_, other.large_bytes_);
            std::swap(spare_, other.spare_);
        }

        std::size_t room() const { return static_cast<std::size_t>(end_ - cursor_); }

        void enter(std::byte* chunk) {
            chunk_ = cursor_ = next_ = chunk;
            end_ = chunk + usable_bytes;
        }

        // Release; partner: snapshot. All items before the position come along.
        void publish() {
            lane_->committed.store(address(cursor_), order(outside_site::commit, release));
        }

        std::byte* reserve_beyond(std::size_t bytes);
        std::byte* reserve_large(std::size_t bytes);
        bool leave_chunk();
        std::byte* take_chunk();
        void settle_large();
        void close();

        outside_queue* queue_ = nullptr;
        lane* lane_ = nullptr;
        std::uint64_t number_ = 0;
        std::byte* chunk_ = nullptr;
        std::byte* cursor_ = nullptr; ///< end of what is committed
        std::byte* next_ = nullptr;   ///< end of what is reserved; cursor_ when nothing is
        std::byte* end_ = nullptr;    ///< where the room for records ends
        std::byte* large_ = nullptr;  ///< a block whose reservation may still be open
        std::size_t large_bytes_ = 0;
        std::byte* spare_ = nullptr; ///< list of chunks that came back
    };

    /// Writers are held back while more than `budget_bytes` wait in chunks that they have left and in
    /// large records; a single one of those always passes. Beyond that each writer has the chunk it
    /// is in, and chunks are kept for their writers while all chunks together are within the budget.
    explicit outside_queue(std::size_t budget_bytes) : budget_(budget_bytes) {}
    ~outside_queue() {
        drain([](std::uint64_t, std::span<const std::byte>) {});
        KAY_ASSERT(lanes_ == nullptr); // a writer outlived its queue
    }
    outside_queue(const outside_queue&) = delete;
    outside_queue& operator=(const outside_queue&) = delete;

    /// Lock-free. Throws std::bad_alloc.
    writer make_writer();

    /// Calls f(writer_number, record) for everything that was committed when drain began, writer
    /// after writer; what is committed meanwhile waits for the next drain. Records live until their
    /// call returns. `f` may post and make writers; it must not throw. Returns the records.
    template <class F>
    std::size_t drain(F&& f);

    /// Gives chunks that were handed back and not taken since to the operating system's allocator.
    void trim();

    /// Counted in whole chunks that writers have left, and large records.
    // Relaxed: a number for people and budgets; nothing is reached through it.
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

    static constexpr auto relaxed = std::memory_order_relaxed;
    static constexpr auto acquire = std::memory_order_acquire;
    static constexpr auto release = std::memory_order_release;

    static constexpr std::size_t frame_bytes = sizeof(frame);
    static constexpr std::size_t link_item_bytes = frame_bytes + sizeof(std::uint64_t);
    static constexpr std::size_t usable_bytes = Atomics::chunk_bytes - link_item_bytes; ///< + a jump
    static constexpr std::uintptr_t closed_bit = 1; ///< of a position; items are aligned to eight
    static_assert(Atomics::chunk_bytes % 8 == 0 && usable_bytes >= link_item_bytes);

    /// What a writer and the reader share. The lines that they write are apart.
    struct lane {
        lane(std::uint64_t n, std::byte* first)
            : committed(address(first)), returned(nullptr), number(n), chunk(first), at(first) {}

        alignas(64) atomic<std::uintptr_t> committed; ///< end of the last record; closed_bit
        alignas(64) atomic<std::byte*> returned;      ///< stack of empty chunks, for the writer
        plain<std::uint64_t> number;
        plain<std::byte*> chunk;              ///< of the reader: where it is
        plain<std::byte*> at;                 ///< of the reader: the next item
        plain<std::uintptr_t> stop{0};        ///< of the reader: `committed` when the drain began
        plain<lane*> next{nullptr};           ///< first in newcomers_, then in lanes_
    };

    static std::memory_order order(outside_site site, std::memory_order o) {
        return Atomics::order(site, o);
    }
    static std::uintptr_t address(const std::byte* p) { return reinterpret_cast<std::uintptr_t>(p); }
    static constexpr std::size_t record_item_bytes(std::size_t bytes) {
        return frame_bytes + (bytes + 7) / 8 * 8;
    }

    static void put_frame(std::byte* at, item kind, std::size_t bytes) {
        const frame f{static_cast<std::uint32_t>(bytes), kind};
        Atomics::note_write(at, sizeof f);
        std::memcpy(at, &f, sizeof f);
    }
    static frame get_frame(const std::byte* at) {
        frame f;
        Atomics::note_read(at, sizeof f);
        std::memcpy(&f, at, sizeof f);
        return f;
    }
    static void put_link(std::byte* at, std::byte* to) {
        Atomics::note_write(at, sizeof to);
        std::memcpy(at, &to, sizeof to);
    }
    static std::byte* get_link(const std::byte* at) {
        std::byte* to;
        Atomics::note_read(at, sizeof to);
        std::memcpy(&to, at, sizeof to);
        return to;
    }

    bool claim(std::size_t bytes);
    void unclaim(std::size_t bytes) { in_flight_.fetch_sub(bytes, relaxed); }
    std::byte* allocate_chunk();
    void free_chunk(std::byte* chunk);
    void free_list(std::byte* chunks);

    void adopt();
    template <class F>
    std::size_t read(lane& from, F& f);
    void hand_back(lane& to, std::byte* chunk);
    void destroy(lane* l);

    const std::size_t budget_;
    bool draining_ = false;
    plain<lane*> lanes_{nullptr}; ///< of the reader, by number
    alignas(64) atomic<lane*> newcomers_{nullptr};
    atomic<std::uint64_t> next_number_{0};
    alignas(64) atomic<std::size_t> in_flight_{0};
    atomic<std::size_t> chunk_memory_{0}; ///< bytes of all chunks, wherever they are
};

template <class Atomics>
std::byte* outside_queue<Atomics>::writer::reserve_beyond(std::size_t bytes) {
    KAY_ASSERT(lane_ != nullptr);
    settle_large();
    const bool large = record_item_bytes(bytes) > usable_bytes;
    const std::size_t wanted = large ? link_item_bytes : record_item_bytes(bytes);
    if (wanted > room() && !leave_chunk()) return nullptr;
    return large ? reserve_large(bytes) : reserve(bytes);
}

template <class Atomics>
std::byte* outside_queue<Atomics>::writer::reserve_large(std::size_t bytes) {
    if (!queue_->claim(bytes)) return nullptr;
    auto* block = static_cast<std::byte*>(Atomics::allocate(bytes));
    if (!block) {
        queue_->unclaim(bytes);
        return nullptr;
    }
    put_frame(cursor_, item::large, bytes);
    put_link(cursor_ + frame_bytes, block);
    Atomics::note_write(block, bytes);
    next_ = cursor_ + link_item_bytes;
    end_ = cursor_; // so that whatever is reserved next settles this block first
    large_ = block;
    large_bytes_ = bytes;
    return block;
}

/// The last large block is the reader's by now, or nobody's if it was never committed.
template <class Atomics>
void outside_queue<Atomics>::writer::settle_large() {
    if (!large_) return;
    if (next_ != cursor_) {
        Atomics::release(large_);
        queue_->unclaim(large_bytes_);
        next_ = cursor_;
    }
    large_ = nullptr;
    end_ = chunk_ + usable_bytes;
}

/// Goes on to an empty chunk. False: held back.
template <class Atomics>
bool outside_queue<Atomics>::writer::leave_chunk() {
    if (!queue_->claim(Atomics::chunk_bytes)) return false;
    std::byte* const fresh = take_chunk();
    if (!fresh) {
        queue_->unclaim(Atomics::chunk_bytes);
        return false;
    }
    put_frame(cursor_, item::jump, 0);
    put_link(cursor_ + frame_bytes, fresh);
    enter(fresh);
    // At once, so that the reader can empty the old chunk even if this writer stays held back.
    publish();
    return true;
}

template <class Atomics>
std::byte* outside_queue<Atomics>::writer::take_chunk() {
    // Acquire; partner: give_back. The reader's last look at the chunks is over.
    if (!spare_)
        spare_ = lane_->returned.exchange(nullptr, order(outside_site::take_back, acquire));
    if (!spare_) return queue_->allocate_chunk();
    std::byte* const chunk = spare_;
    spare_ = get_link(chunk);
    return chunk;
}

template <class Atomics>
void outside_queue<Atomics>::writer::close() {
    settle_large();
    queue_->free_list(spare_);
    // Release; partner: snapshot. The reader frees the lane once it has seen this.
    lane_->committed.store(address(cursor_) | closed_bit, order(outside_site::close, release));
}

template <class Atomics>
auto outside_queue<Atomics>::make_writer() -> writer {
    std::byte* const chunk = allocate_chunk();
    if (!chunk) throw std::bad_alloc{};
    void* const room = Atomics::allocate(sizeof(lane));
    if (!room) {
        free_chunk(chunk);
        throw std::bad_alloc{};
    }
    // Relaxed: only that no number is given out twice.
    const std::uint64_t number = next_number_.fetch_add(1, relaxed);
    lane* const own = new (room) lane(number, chunk);
    // Relaxed, here and when the exchange fails: the lane that is found is not looked into.
    lane* first = newcomers_.load(relaxed);
    do own->next = first; // Release; partner: adopt. The lane's fields come along.
    while (!newcomers_.compare_exchange_weak(first, own, order(outside_site::enlist, release),
                                             relaxed));
    return writer(this, own, chunk, number);
}

/// Adds `bytes` to what is in flight if the budget allows it. Lock-free.
// Relaxed, all of in_flight_ and chunk_memory_: sums; what they count is published elsewhere.
template <class Atomics>
bool outside_queue<Atomics>::claim(std::size_t bytes) {
    std::size_t now = in_flight_.load(relaxed);
    do {
        if (now != 0 && (now >= budget_ || bytes > budget_ - now)) return false;
    } while (!in_flight_.compare_exchange_weak(now, now + bytes, relaxed, relaxed));
    return true;
}

template <class Atomics>
std::byte* outside_queue<Atomics>::allocate_chunk() {
    auto* chunk = static_cast<std::byte*>(Atomics::allocate(Atomics::chunk_bytes));
    if (chunk) chunk_memory_.fetch_add(Atomics::chunk_bytes, relaxed);
    return chunk;
}

template <class Atomics>
void outside_queue<Atomics>::free_chunk(std::byte* chunk) {
    chunk_memory_.fetch_sub(Atomics::chunk_bytes, relaxed);
    Atomics::release(chunk);
}

template <class Atomics>
void outside_queue<Atomics>::free_list(std::byte* chunks) {
    while (chunks) {
        std::byte* const next = get_link(chunks);
        free_chunk(chunks);
        chunks = next;
    }
}

/// Takes the new lanes into lanes_, by number.
template <class Atomics>
void outside_queue<Atomics>::adopt() {
    // Relaxed: a look whether the exchange is worth it.
    if (!newcomers_.load(relaxed)) return;
    // Acquire; partner: enlist. All lanes of the stack: each was put there by an exchange that
    // carries on the release of the ones below. Taking all at once leaves no room for ABA.
    lane* newest = newcomers_.exchange(nullptr, order(outside_site::adopt, acquire));
    lane* oldest = nullptr; // turned round, they come nearly in order
    while (newest) {
        lane* const next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    plain<lane*>* link = &lanes_;
    std::uint64_t before = 0;
    while (oldest) {
        lane* const next = oldest->next;
        const std::uint64_t number = oldest->number;
        if (number < before) link = &lanes_;
        for (lane* l = *link; l && l->number < number; l = *link) link = &l->next;
        oldest->next = static_cast<lane*>(*link);
        *link = oldest;
        before = number;
        oldest = next;
    }
}

template <class Atomics>
template <class F>
std::size_t outside_queue<Atomics>::drain(F&& f) {
    KAY_ASSERT(!draining_); // no drain within a drain
    draining_ = true;
    adopt();
    // Acquire; partners: commit, close.
    for (lane* l = lanes_; l; l = l->next)
        l->stop = l->committed.load(order(outside_site::snapshot, acquire));
    std::size_t records = 0;
    plain<lane*>* link = &lanes_;
    while (lane* l = *link) {
        records += read(*l, f);
        if (l->stop & closed_bit) {
            *link = static_cast<lane*>(l->next);
            destroy(l);
        } else {
            link = &l->next;
        }
    }
    draining_ = false;
    return records;
}

/// Delivers a lane's records up to its stop.
template <class Atomics>
template <class F>
std::size_t outside_queue<Atomics>::read(lane& from, F& f) {
    const std::uint64_t number = from.number;
    const std::uintptr_t stop = from.stop & ~closed_bit;
    std::byte* at = from.at;
    std::size_t records = 0;
    while (address(at) != stop) {
        const frame found = get_frame(at);
        std::byte* const body = at + frame_bytes;
        if (found.kind == item::record) {
            Atomics::note_read(body, found.bytes);
            f(number, std::span<const std::byte>(body, found.bytes));
            at += record_item_bytes(found.bytes);
            ++records;
        } else if (found.kind == item::jump) {
            at = get_link(body);
            hand_back(from, from.chunk);
            from.chunk = at;
            unclaim(Atomics::chunk_bytes);
        } else {
            KAY_ASSERT(found.kind == item::large);
            std::byte* const block = get_link(body);
            Atomics::note_read(block, found.bytes);
            f(number, std::span<const std::byte>(block, found.bytes));
            Atomics::release(block);
            unclaim(found.bytes);
            at += link_item_bytes;
            ++records;
        }
    }
    from.at = at;
    return records;
}

/// An emptied chunk goes to its writer, or is freed when all chunks are beyond the budget.
template <class Atomics>
void outside_queue<Atomics>::hand_back(lane& to, std::byte* chunk) {
    if (chunk_memory_.load(relaxed) > budget_) return free_chunk(chunk);
    // Relaxed, here and when the exchange fails: the chunk that is found is not looked into.
    std::byte* top = to.returned.load(relaxed);
    do put_link(chunk, top); // Release; partner: take_back. Our reads of the chunk are over.
    while (!to.returned.compare_exchange_weak(top, chunk, order(outside_site::give_back, release),
                                              relaxed));
}

template <class Atomics>
void outside_queue<Atomics>::trim() {
    // Relaxed: what is taken back here was put there by this same thread.
    for (lane* l = lanes_; l; l = l->next) free_list(l->returned.exchange(nullptr, relaxed));
}

/// Frees a lane that is closed and read to its end.
template <class Atomics>
void outside_queue<Atomics>::destroy(lane* l) {
    // Relaxed: as in trim.
    free_list(l->returned.exchange(nullptr, relaxed));
    free_chunk(l->chunk);
    l->~lane();
    Atomics::release(l);
}

} // namespace kay::detail
