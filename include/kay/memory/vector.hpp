// SPDX-License-Identifier: MIT
//
// kay::vector<T>: a sequence that grows, relocates with its block and is saved as it is. Sixteen
// bytes: self-relative offset, size, capacity. Its elements lie in the block of the instance it is
// part of, or on the heap: in a handler that made it grow, in local variables.
//
// References to elements end when it grows, and when the handler returns. T is what may be state:
// numbers, ids, plain structs, containers. Thread rules are those of its owner.
#pragma once

#include <kay/core/assert.hpp>
#include <kay/core/storable.hpp>
#include <kay/core/type_name.hpp>
#include <kay/memory/elements.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace kay {

template <class T>
class vector {
public:
    using value_type = T;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;
    using reference = T&;
    using const_reference = const T&;
    using iterator = T*;
    using const_iterator = const T*;

    vector() = default;
    // By way of the default constructor: should an element throw, the others are destroyed.
    vector(std::initializer_list<T> values) : vector(values.begin(), values.end()) {}
    explicit vector(std::size_t count, const T& value = T()) : vector() { resize(count, value); }
    template <std::input_iterator It>
    vector(It first, It last) : vector() {
        assign(first, last);
    }
    vector(const vector& other) : vector(other.begin(), other.end()) {}
    vector(vector&& other) : vector() { take(other); }
    ~vector() { drop(); }

    vector& operator=(const vector& other) {
        if (this != &other) assign(other.begin(), other.end());
        return *this;
    }
    vector& operator=(vector&& other) {
        if (this != &other) take(other);
        return *this;
    }
    vector& operator=(std::initializer_list<T> values) {
        assign(values.begin(), values.end());
        return *this;
    }

    T* data() { return static_cast<T*>(detail::at_offset(this, offset_)); }
    const T* data() const { return static_cast<const T*>(detail::at_offset(this, offset_)); }
    std::size_t size() const { return size_; }
    std::size_t capacity() const { return capacity_ & capacity_mask; }
    bool empty() const { return size_ == 0; }
    static constexpr std::size_t max_size() { return capacity_mask; }

    T* begin() { return data(); }
    T* end() { return data() + size_; }
    const T* begin() const { return data(); }
    const T* end() const { return data() + size_; }

    T& operator[](std::size_t index) {
        KAY_ASSERT(index < size_);
        return data()[index];
    }
    const T& operator[](std::size_t index) const {
        KAY_ASSERT(index < size_);
        return data()[index];
    }
    T& front() { return (*this)[0]; }
    const T& front() const { return (*this)[0]; }
    T& back() { return (*this)[size_ - std::size_t{1}]; }
    const T& back() const { return (*this)[size_ - std::size_t{1}]; }

    operator std::span<T>() { return {data(), size()}; }
    operator std::span<const T>() const { return {data(), size()}; }

    void push_back(const T& value) { emplace_back(value); }
    void push_back(T&& value) { emplace_back(std::move(value)); }

    template <class... Args>
    T& emplace_back(Args&&... args) {
        if (size_ == capacity()) [[unlikely]] {
            T made = detail::make_value<T>(std::forward<Args>(args)...); // of an element, maybe
            const std::size_t twice = std::min(std::size_t{size_} * 2, max_size());
            grow_to(size_ < 4 ? 4 : std::max(size_ + std::size_t{1}, twice));
            return append(std::move(made));
        }
        T* const at = data() + size_;
        ::new (static_cast<void*>(at)) T(detail::make_value<T>(std::forward<Args>(args)...));
        ++size_;
        return *at;
    }

    void pop_back() {
        KAY_ASSERT(size_ > 0);
        shrink_to(size_ - std::size_t{1});
    }

    T* insert(const T* position, T value) {
        KAY_ASSERT(begin() <= position && position <= end());
        const auto index = position - data();
        emplace_back(std::move(value));
        detail::rotate_last(begin() + index, end());
        return begin() + index;
    }

    T* erase(const T* position) { return erase(position, position + 1); }
    T* erase(const T* first, const T* last) {
        KAY_ASSERT(begin() <= first && first <= last && last <= end());
        T* const to = begin() + (first - begin());
        detail::close_gap(to, to + (last - first), end());
        size_ -= static_cast<std::uint32_t>(last - first);
        note_shrunk();
        return to;
    }

    void clear() { shrink_to(0); }

    void resize(std::size_t count) {
        if (count <= size_) return shrink_to(count);
        reserve(count);
        while (size_ < count) append();
    }
    void resize(std::size_t count, const T& value) {
        if (count <= size_) return shrink_to(count);
        const T copy(value);
        reserve(count);
        while (size_ < count) append(copy);
    }
    void reserve(std::size_t count) {
        if (count > capacity()) grow_to(count);
    }

    template <std::input_iterator It>
    void assign(It first, It last) {
        if constexpr (std::forward_iterator<It>) {
            const auto count = static_cast<std::size_t>(std::distance(first, last));
            destroy_elements(0);
            size_ = 0;
            reserve(count);
            for (; first != last; ++first) append(*first);
            note_shrunk();
        } else {
            clear();
            for (; first != last; ++first) emplace_back(*first);
        }
    }

    void swap(vector& other) { std::swap(*this, other); }

    friend bool operator==(const vector& a, const vector& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }
    friend auto operator<=>(const vector& a, const vector& b)
        requires std::three_way_comparable<T>
    {
        return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
    }

private:
    friend struct detail::packer<vector<T>>;

    static constexpr std::uint32_t heap_bit = 1u << 31;
    static constexpr std::uint32_t capacity_mask = heap_bit - 1;
    static constexpr std::size_t capacity_worth_giving_back = 8;

    /// There is room. The element counts once it is made: its constructor may throw.
    template <class... Args>
    T& append(Args&&... args) {
        T* const at = ::new (static_cast<void*>(data() + size_)) T(std::forward<Args>(args)...);
        ++size_;
        return *at;
    }

    bool on_heap() const { return capacity_ & heap_bit; }

    void point_to(const void* elements) { offset_ = detail::offset_between(this, elements); }

    /// Room on the heap; elements move over. Throws std::bad_alloc and changes no element.
    void grow_to(std::size_t count) {
        detail::element_room<T> room(count, max_size());
        detail::move_elements(data(), size_, room.elements);
        free_heap();
        ++detail::block_changes;
        point_to(room.release());
        capacity_ = static_cast<std::uint32_t>(count) | heap_bit;
    }

    void destroy_elements(std::size_t from) {
        if constexpr (!std::is_trivially_destructible_v<T>) std::destroy(begin() + from, end());
    }

    void shrink_to(std::size_t count) {
        destroy_elements(count);
        size_ = static_cast<std::uint32_t>(count);
        note_shrunk();
    }

    void note_shrunk() {
        if (!on_heap() && capacity_ >= capacity_worth_giving_back && size_ <= capacity_ / 4)
            ++detail::block_changes;
    }

    /// Elements and heap; an empty vector without room is left.
    void drop() {
        destroy_elements(0);
        free_heap();
        forget();
    }

    void free_heap() {
        if (on_heap()) detail::free_elements(data());
    }

    void forget() {
        offset_ = 0;
        size_ = capacity_ = 0;
    }

    /// What `other` holds becomes ours: a heap buffer whole, elements in a block one by one.
    void take(vector& other) {
        if (other.on_heap()) {
            const T* const elements = other.data();
            const std::uint32_t size = other.size_, capacity = other.capacity_;
            other.forget();
            destroy_elements(0);
            if (!on_heap()) ++detail::block_changes;
            free_heap();
            point_to(elements);
            size_ = size;
            capacity_ = capacity;
        } else {
            destroy_elements(0);
            size_ = 0;
            reserve(other.size_);
            detail::move_elements(other.data(), other.size_, data());
            if (detail::has_containers<T> && other.size_) ++detail::block_changes;
            size_ = other.size_;
            other.size_ = 0;
            other.note_shrunk();
            note_shrunk();
        }
    }

    std::int64_t offset_ = 0; ///< from this object to the elements
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 0; ///< of elements; the top bit: they are on the heap
};

namespace detail {

template <class T>
struct packer<vector<T>> {
    static bool is_spilled(const vector<T>& v) {
        if (v.on_heap()) return true;
        if constexpr (has_containers<T>)
            for (const T& element : v)
                if (detail::is_spilled(element)) return true;
        return false;
    }

    static std::size_t content_bytes(const vector<T>& v) {
        if (v.empty()) return 0;
        std::size_t bytes = round_up(v.size() * sizeof(T), 8);
        if constexpr (has_containers<T>)
            for (const T& element : v) bytes += detail::content_bytes(element);
        return bytes;
    }

    static std::size_t weight(const vector<T>& v) {
        std::size_t sum = own_weight(v);
        if constexpr (has_containers<T>)
            for (const T& element : v) sum += detail::weight(element);
        return sum;
    }

    /// A quarter of what it holds where it spilled, what it has to spare (up to that) where not.
    static std::size_t own_weight(const vector<T>& v) {
        const std::size_t quarter = v.size() * sizeof(T) / 4;
        if (v.on_heap()) return std::max(quarter, sizeof(T));
        return std::min(quarter, (v.capacity() - v.size()) * sizeof(T));
    }

    static void pack(vector<T>& from, vector<T>& to, packing& p) {
        const std::size_t share = p.share(own_weight(from));
        std::size_t room = from.size() * sizeof(T);
        room = from.empty() && share == 0 ? 0 : round_up(room, 8) + share;
        const std::size_t capacity = room / sizeof(T);
        std::byte* const elements = p.cursor;
        p.cursor += room;
        if (capacity)
            to.point_to(elements);
        else
            to.offset_ = 0;
        to.capacity_ =
            static_cast<std::uint32_t>(std::min<std::size_t>(capacity, vector<T>::capacity_mask));
        if (from.empty()) return;
        std::memcpy(elements, static_cast<const void*>(from.data()), from.size() * sizeof(T));
        if constexpr (has_containers<T>)
            for (std::size_t i = 0; i < from.size(); ++i)
                pack_contents(from.data()[i], reinterpret_cast<T*>(elements)[i], p);
    }

    static void lift(vector<T>& v) {
        if (v.on_heap()) return; // and with it all inside
        if (v.empty())
            v.forget();
        else
            v.grow_to(v.size());
    }

    static void moved(vector<T>& v, std::ptrdiff_t by) {
        if (v.on_heap()) {
            v.offset_ -= by;
        } else if constexpr (has_containers<T>) {
            for (T& element : v) detail::moved(element, by);
        }
    }

    static void shifted(vector<T>& v, std::ptrdiff_t by) {
        if (v.capacity_) v.offset_ -= by;
    }

    static void release(vector<T>& v) {
        if constexpr (has_containers<T>)
            for (T& element : v) detail::release(element);
        v.free_heap();
        v.forget();
    }

    template <class Sink>
    static void visit(const vector<T>& v, Sink&& sink) {
        sink(std::uint64_t{v.size()});
        if constexpr (requires { sink.add_row(v.data(), v.size()); })
            sink.add_row(v.data(), v.size());
        else
            for (const T& element : v) visit_content(element, sink);
    }
};

template <class T>
struct described<vector<T>> {
    static constexpr auto name = concat("vector<", name_text<T>, ">");
    static constexpr std::uint64_t layout_hash = hash_layout("vector", layout_hash_of<T>);
    using elements = type_list<T>;
    static constexpr bool has_padding = false;
};

} // namespace detail
} // namespace kay
