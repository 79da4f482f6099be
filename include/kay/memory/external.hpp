// SPDX-License-Identifier: MIT
//
// kay::external<T>: what cannot be saved, owned by an actor: a socket, a cache, a file. It moves
// with the actor and ends with it; it is left out of snapshots, hashes and messages, and is empty
// after loading, so who uses it makes it when it is not there.
#pragma once

#include <kay/core/assert.hpp>
#include <kay/core/type_name.hpp>
#include <kay/memory/block.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace kay {

template <class T>
class external {
public:
    external() = default;
    /// A copy of an actor has nothing of its own.
    external(const external&) {}
    external(external&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
    external& operator=(const external& other) {
        if (this != &other) reset();
        return *this;
    }
    external& operator=(external&& other) noexcept {
        std::swap(pointer_, other.pointer_);
        return *this;
    }
    ~external() { reset(); }

    explicit operator bool() const { return pointer_ != nullptr; }
    T* get() const { return pointer_; }
    T& operator*() const {
        KAY_ASSERT(pointer_);
        return *pointer_;
    }
    T* operator->() const { return &**this; }

    template <class... Args>
    T& emplace(Args&&... args) {
        T* made = new T(std::forward<Args>(args)...);
        reset();
        pointer_ = made;
        return *made;
    }
    void reset() { delete std::exchange(pointer_, nullptr); }

private:
    friend struct detail::packer<external<T>>;

    T* pointer_ = nullptr;
#if UINTPTR_MAX == UINT32_MAX
    std::uint32_t reserved_ = 0; // eight bytes everywhere
#endif
};

namespace detail {

template <class T>
struct packer<external<T>> {
    static bool is_spilled(const external<T>&) { return false; }
    static std::size_t content_bytes(const external<T>&) { return 0; }
    static std::size_t weight(const external<T>&) { return 0; }
    static void pack(external<T>& from, external<T>& to, packing& p) {
        if (p.moves)
            from.pointer_ = nullptr; // `to` has its bits
        else
            to.pointer_ = nullptr;
    }
    static void lift(external<T>&) {}
    static void moved(external<T>&, std::ptrdiff_t) {}
    static void shifted(external<T>&, std::ptrdiff_t) {}
    static void release(external<T>& e) { e.reset(); }
    template <class Sink>
    static void visit(const external<T>&, Sink&&) {}
};

template <class T>
struct described<external<T>> {
    static constexpr auto name = concat("external");
    static constexpr std::uint64_t layout_hash = hash_layout("external");
    static constexpr bool storable = true;
    static constexpr bool sendable = false;
    static constexpr bool has_padding = false;
};

} // namespace detail
} // namespace kay
