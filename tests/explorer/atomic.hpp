// SPDX-License-Identifier: MIT
//
// What an explored program is written with: atomics with the interface of std::atomic, plain
// variables whose unordered accesses are found, and blocks of plain memory, whose accesses have to
// be noted before they are done.
#pragma once

#include "explorer/explorer.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <source_location>
#include <type_traits>
#include <utility>

namespace explorer {

template <class T>
class atomic {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t));
    using place = std::source_location;
    static constexpr auto seq_cst = std::memory_order_seq_cst;

public:
    atomic(T value = T{}) : location_(detail::shared().create(detail::self(), bits(value))) {}
    ~atomic() { detail::shared().destroy(detail::self(), location_); }
    atomic(const atomic&) = delete;
    atomic& operator=(const atomic&) = delete;

    T load(std::memory_order order = seq_cst, place where = place::current()) const {
        order = begin("load", false, order, where);
        return done(detail::shared().load(detail::self(), location_, order));
    }
    void store(T value, std::memory_order order = seq_cst, place where = place::current()) {
        order = begin("store", true, order, where);
        detail::shared().store(detail::self(), location_, bits(value), order);
        done(bits(value));
    }
    T exchange(T value, std::memory_order order = seq_cst, place where = place::current()) {
        return modify("exchange", order, where, [value](T) { return value; });
    }
    T fetch_add(T by, std::memory_order order = seq_cst, place where = place::current()) {
        return modify("add", order, where, [by](T old) { return static_cast<T>(old + by); });
    }
    T fetch_sub(T by, std::memory_order order = seq_cst, place where = place::current()) {
        return modify("subtract", order, where, [by](T old) { return static_cast<T>(old - by); });
    }
    bool compare_exchange_strong(T& expected, T desired, std::memory_order success = seq_cst,
                                 std::memory_order failure = seq_cst,
                                 place where = place::current()) {
        return compare_exchange(expected, desired, success, failure, where, false);
    }
    bool compare_exchange_weak(T& expected, T desired, std::memory_order success = seq_cst,
                               std::memory_order failure = seq_cst,
                               place where = place::current()) {
        return compare_exchange(expected, desired, success, failure, where, true);
    }

private:
    static std::uint64_t bits(T value) {
        std::uint64_t b = 0;
        std::memcpy(&b, &value, sizeof value);
        return b;
    }
    static T value(std::uint64_t b) {
        T v;
        std::memcpy(&v, &b, sizeof v);
        return v;
    }

    std::memory_order begin(const char* name, bool writes, std::memory_order order,
                            const place& where) const {
        return detail::begin({name, location_, writes, order, std::memory_order_relaxed, where})
            .first;
    }
    T done(std::uint64_t b) const {
        detail::end(b);
        return value(b);
    }

    template <class F>
    T modify(const char* name, std::memory_order order, const place& where, F change) {
        order = begin(name, true, order, where);
        const T old = value(detail::shared().modify(detail::self(), location_, order));
        detail::shared().modified(detail::self(), location_, bits(change(old)), order);
        done(bits(change(old)));
        return old;
    }

    bool compare_exchange(T& expected, T desired, std::memory_order success,
                          std::memory_order failure, const place& where, bool weak) {
        const auto orders =
            detail::begin({"compare-exchange", location_, true, success, failure, where});
        std::uint64_t found = bits(expected);
        if (weak && detail::spurious_failure()) {
            // A load, then, whatever it finds.
            found = detail::shared().load(detail::self(), location_, orders.second);
            expected = done(found);
            return false;
        }
        const bool changed = detail::shared().compare_exchange(
            detail::self(), location_, found, bits(desired), orders.first, orders.second);
        expected = value(found);
        detail::end(changed ? bits(desired) : found);
        return changed;
    }

    location_number location_;
};

/// Reads and writes of it must be ordered by something else. It cannot be used after its end.
template <class T>
class plain {
public:
    plain(T value = T{}) : cell_(detail::shared().create_cell()), value_(value) { touch(true); }
    plain(const plain& other) : plain(static_cast<T>(other)) {}
    ~plain() {
        touch(true);
        detail::shared().destroy_cell(cell_);
    }

    operator T() const {
        touch(false);
        return value_;
    }
    T operator->() const { return *this; }
    plain& operator=(T value) {
        touch(true);
        value_ = value;
        return *this;
    }
    plain& operator=(const plain& other) { return *this = static_cast<T>(other); }
    T operator++(int) {
        const T old = *this;
        *this = static_cast<T>(old + 1);
        return old;
    }

private:
    void touch(bool writes) const { detail::shared().touch(detail::self(), cell_, writes); }

    std::size_t cell_;
    T value_;
};

/// A block of plain memory, aligned to 64. All are to be released when the program ends.
inline void* allocate(std::size_t bytes) { return detail::shared().allocate(bytes); }
inline void release(void* block) { detail::shared().release(detail::self(), block); }

/// Within one block.
inline void note_read(const void* at, std::size_t bytes) {
    detail::shared().read(detail::self(), at, bytes);
}
inline void note_write(const void* at, std::size_t bytes) {
    detail::shared().write(detail::self(), at, bytes);
}

} // namespace explorer
