// SPDX-License-Identifier: MIT
//
// Queues made for many threads, behind one interface: a queue<Writers> has writers, of which each
// is used by one thread, and is drained by one thread.
//
//   moodycamel       moodycamel::ConcurrentQueue, with tokens for producers and consumer
//   moodycamel_bulk  the same in bulk: a writer gathers 64 packets and hands them over together
//   lockfree         boost::lockfree::queue, many producers and many consumers
//   lockfree_spsc    boost::lockfree::spsc_queue, one producer, a ring of fixed size
#pragma once

#include "../workload.hpp"

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <concurrentqueue/concurrentqueue.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <thread>

namespace bench::peers {

/// 16 bytes and whom they are for.
struct packet {
    std::uint64_t to;
    std::uint64_t value;
    std::uint64_t unused;
};

class moodycamel_queue {
public:
    class writer {
    public:
        explicit writer(moodycamel_queue& to) : queue_(to.queue_), token_(to.queue_) {}
        void push(const packet& p) { queue_.enqueue(token_, p); }
        void flush() {}

    private:
        moodycamel::ConcurrentQueue<packet>& queue_;
        moodycamel::ProducerToken token_;
    };

    /// Calls f for what is there; returns how many.
    template <class F>
    std::size_t drain(F&& f) {
        std::size_t count = 0;
        for (packet p; queue_.try_dequeue(token_, p); ++count) f(p);
        return count;
    }

private:
    moodycamel::ConcurrentQueue<packet> queue_;
    moodycamel::ConsumerToken token_{queue_};
};

class moodycamel_bulk_queue {
public:
    static constexpr std::size_t bulk = 64;

    class writer {
    public:
        explicit writer(moodycamel_bulk_queue& to) : queue_(to.queue_), token_(to.queue_) {}
        void push(const packet& p) {
            gathered_[count_++] = p;
            if (count_ == bulk) flush();
        }
        void flush() {
            queue_.enqueue_bulk(token_, gathered_.data(), count_);
            count_ = 0;
        }

    private:
        moodycamel::ConcurrentQueue<packet>& queue_;
        moodycamel::ProducerToken token_;
        std::array<packet, bulk> gathered_;
        std::size_t count_ = 0;
    };

    template <class F>
    std::size_t drain(F&& f) {
        std::array<packet, bulk> taken;
        std::size_t count = 0;
        while (const std::size_t n = queue_.try_dequeue_bulk(token_, taken.data(), bulk)) {
            for (std::size_t i = 0; i < n; ++i) f(taken[i]);
            count += n;
        }
        return count;
    }

private:
    moodycamel::ConcurrentQueue<packet> queue_;
    moodycamel::ConsumerToken token_{queue_};
};

class lockfree_queue {
public:
    class writer {
    public:
        explicit writer(lockfree_queue& to) : queue_(to.queue_) {}
        void push(const packet& p) { queue_.push(p); }
        void flush() {}

    private:
        boost::lockfree::queue<packet>& queue_;
    };

    template <class F>
    std::size_t drain(F&& f) {
        return queue_.consume_all(f);
    }

private:
    boost::lockfree::queue<packet> queue_{1'024}; // it grows, and keeps its nodes
};

/// Room for a whole burst, as one thread fills it before it drains it.
class lockfree_spsc_queue {
public:
    class writer {
    public:
        explicit writer(lockfree_spsc_queue& to) : queue_(to.queue_) {}
        void push(const packet& p) {
            while (!queue_.push(p)) std::this_thread::yield();
        }
        void flush() {}

    private:
        boost::lockfree::spsc_queue<packet>& queue_;
    };

    template <class F>
    std::size_t drain(F&& f) {
        return queue_.consume_all(f);
    }

private:
    boost::lockfree::spsc_queue<packet> queue_{1'000'000};
};

} // namespace bench::peers
