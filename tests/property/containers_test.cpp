// SPDX-License-Identifier: MIT
//
// Every container against the standard one of its kind: random changes to two of them in a block,
// and between the changes the block is packed anew, copied, or moved to another address. It has
// exactly its room, so that the address sanitizer sees what is written beside it, and one that was
// left is overwritten before it is freed.
//
// A step is drawn as two numbers and values are made from them, so that a failure shrinks to the
// few steps that matter.
#include <kay/memory/map.hpp>
#include <kay/memory/optional.hpp>
#include <kay/memory/set.hpp>
#include <kay/memory/string.hpp>
#include <kay/memory/vector.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace containers_property {

using kay::detail::block_changes;
using kay::detail::is_spilled;
using kay::detail::packed_bytes;
using kay::detail::size_class_bytes;
using kay::detail::size_class_of;
using kay::detail::visit_content;
using kay::detail::wanted_bytes;

struct Wide {
    std::int64_t low = 0;
    std::int64_t high = 0;

    friend bool operator==(const Wide&, const Wide&) = default;
};

struct Item {
    std::int32_t number = 0;
    kay::string text;
    kay::vector<std::int16_t> marks;
    kay::optional<kay::string> note;

    friend bool operator==(const Item&, const Item&) = default;
};

struct item_model {
    std::int32_t number = 0;
    std::string text;
    std::vector<std::int16_t> marks;
    std::optional<std::string> note;

    friend bool operator==(const item_model&, const item_model&) = default;
};

/// Fails the property. RapidCheck's own macro takes each expression apart, and minutes to compile.
void require(bool holds, const char* what) {
    if (!holds) RC_FAIL(what);
}

/// The same numbers for the same seed.
class dice {
public:
    explicit dice(std::uint32_t seed) : state_(seed) {}
    std::uint32_t next() {
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::uint32_t>(state_ >> 33);
    }
    /// Below `end`, which is not zero.
    std::size_t operator()(std::size_t end) { return next() % end; }

private:
    std::uint64_t state_;
};

/// How a type is tested: the standard type that stands for it, how to make one of those, to turn it
/// into ours, to compare the two, and to change both alike.
template <class T>
struct kind {
    using model = T;
    static T make(dice& d) { return static_cast<T>(d(4) ? d(20) : d.next()); }
    static T from(const T& m) { return m; }
    static bool same(const T& x, const T& m) { return x == m; }
    static void change(T& x, T& m, dice& d) { x = m = make(d); }
};

template <class T>
using model_of = typename kind<T>::model;

template <class T>
T from_model(const model_of<T>& m) {
    return kind<T>::from(m);
}

template <class T>
bool same(const T& x, const model_of<T>& m) {
    return kind<T>::same(x, m);
}

/// A store hears of every container that goes to the heap, or it would move the block without it.
template <class T>
void move_into(T& x, T&& from) {
    const bool spilled = is_spilled(x);
    const unsigned before = block_changes;
    x = std::move(from);
    require(spilled || !is_spilled(x) || block_changes != before, "what comes in is counted");
}

/// Changes that every kind knows; `other` is a second one, inside or outside of the block.
template <class T>
void change_both(T& x, model_of<T>& m, T& other, model_of<T>& other_m, dice& d) {
    T& same_x = x;
    switch (d(9)) {
    case 0: x = same_x; break;
    case 1: x = std::move(same_x); break;
    case 2: x = other, m = other_m; break;
    case 3:
        move_into(x, std::move(other)), m = other_m;
        if constexpr (requires { other.empty(); })
            require(other.empty(), "what was moved from is empty");
        other = from_model<T>(other_m = kind<T>::make(d));
        break;
    case 4: std::swap(x, other), std::swap(m, other_m); break;
    case 5: { // out of the block, changed there, and back
        T taken(std::move(x));
        kind<T>::change(taken, m, d);
        move_into(x, std::move(taken));
        break;
    }
    case 6: { // a copy stays as it is
        const T copy(x);
        const model_of<T> copy_m(m);
        kind<T>::change(x, m, d);
        require(same(copy, copy_m), "a copy stays as it is");
        break;
    }
    case 7: move_into(x, from_model<T>(m = kind<T>::make(d))); break;
    default: require((x == other) == (m == other_m), "two compare as their models");
    }
}

template <class T>
void change(T& x, model_of<T>& m, T& other, model_of<T>& other_m, dice& d) {
    if (d(4) == 0)
        change_both(x, m, other, other_m, d);
    else
        kind<T>::change(x, m, d);
}

/// Changes something that lies inside of a container, with another one outside of the block.
template <class T>
void change_inside(T& x, model_of<T>& m, dice& d) {
    model_of<T> other_m = kind<T>::make(d);
    T other = from_model<T>(other_m);
    change(x, m, other, other_m, d);
    require(same(other, other_m), "what lies outside is the model's");
}

template <>
struct kind<Wide> {
    using model = Wide;
    static Wide make(dice& d) {
        const auto low = static_cast<std::int64_t>(d.next());
        return {low, -low};
    }
    static Wide from(const Wide& m) { return m; }
    static bool same(const Wide& x, const Wide& m) { return x == m; }
    static void change(Wide& x, Wide& m, dice& d) { x = m = make(d); }
};

template <>
struct kind<kay::string> {
    using model = std::string;
    static model make(dice& d) {
        std::string text(d(4) ? d(6) : d(40), ' ');
        for (char& c : text) c = static_cast<char>(d(8) ? 'a' + d(3) : d(256));
        return text;
    }
    static kay::string from(const model& m) { return m; }
    static bool same(const kay::string& x, const model& m) { return x.view() == m; }

    static void change(kay::string& x, model& m, dice& d) {
        const std::size_t size = m.size(), from = d(size + 1), count = d(size + 1);
        const std::string text = make(d);
        switch (d(12)) {
        case 0: x.append(text), m.append(text); break;
        case 1: x += x.view().substr(from, count), m += std::string(m.substr(from, count)); break;
        case 2: x = x.view().substr(from, count), m = std::string(m.substr(from, count)); break;
        case 3: x.push_back('x'), m.push_back('x'); break;
        case 4:
            if (size) x += x[size - 1], m += m[size - 1];
            break;
        case 5:
            if (size) x.pop_back(), m.pop_back();
            break;
        case 6: x.resize(count / 2 + from), m.resize(count / 2 + from); break;
        case 7: x.resize(count * 2, 'r'), m.resize(count * 2, 'r'); break;
        case 8: x.clear(), m.clear(); break;
        case 9: x.reserve(count * 2); break;
        case 10: x = std::string_view(text), m = text; break;
        default:
            if (size) x[from % size] = m[from % size] = 'w';
            require((x < kay::string(text)) == (m < text), "a string has its order");
        }
        if (m.size() > 200) x.resize(20), m.resize(20);
    }
};

template <class T>
struct kind<kay::vector<T>> {
    using model = std::vector<model_of<T>>;
    static model make(dice& d) {
        model m;
        for (std::size_t left = d(5); left > 0; --left) m.push_back(kind<T>::make(d));
        return m;
    }
    static kay::vector<T> from(const model& m) {
        kay::vector<T> v;
        for (const auto& element : m) v.push_back(from_model<T>(element));
        return v;
    }
    static bool same(const kay::vector<T>& x, const model& m) {
        return x.size() <= x.capacity() && x.empty() == m.empty() &&
               std::equal(x.begin(), x.end(), m.begin(), m.end(), containers_property::same<T>);
    }

    static void change(kay::vector<T>& x, model& m, dice& d) {
        const auto at = [](auto& v, std::size_t i) {
            return v.begin() + static_cast<std::ptrdiff_t>(i);
        };
        const std::size_t size = m.size(), place = d(size + 1), last = place + d(size - place + 1);
        const auto value = kind<T>::make(d);
        if (d(2) && size) return change_element(x, m, d);
        switch (d(14)) {
        case 0: x.push_back(from_model<T>(value)), m.push_back(value); break;
        case 1: x.emplace_back(), m.emplace_back(); break;
        case 2:
            if (size) x.pop_back(), m.pop_back();
            break;
        case 3: {
            const auto* made = x.insert(at(x, place), from_model<T>(value));
            require(made == at(x, place), "an insert tells its place");
            m.insert(at(m, place), value);
            break;
        }
        case 4:
            if (place < size) x.erase(at(x, place)), m.erase(at(m, place));
            break;
        case 5: x.erase(at(x, place), at(x, last)), m.erase(at(m, place), at(m, last)); break;
        case 6: x.clear(), m.clear(); break;
        case 7: x.resize(last), m.resize(last); break;
        case 8: x.resize(last + place), m.resize(last + place); break;
        case 9: x.resize(size + place, from_model<T>(value)), m.resize(size + place, value); break;
        case 10: x.reserve(size + place); break;
        case 11: {
            const model values = make(d);
            const kay::vector<T> ours = from(values);
            x.assign(ours.begin(), ours.end()), m = values;
            break;
        }
        case 12:
            for (int i = 0; i < 20; ++i) x.push_back(from_model<T>(value)), m.push_back(value);
            break;
        default: x.resize(size / 5), m.resize(size / 5);
        }
        if (m.size() > 60) x.resize(7), m.resize(7);
    }

    /// Changes of which an element of the vector itself is a part.
    static void change_element(kay::vector<T>& x, model& m, dice& d) {
        const std::size_t i = d(m.size()), j = d(m.size());
        const auto place = static_cast<std::ptrdiff_t>(j);
        switch (d(8)) {
        case 0: x.push_back(x[i]), m.push_back(m[i]); break;
        case 1: x.emplace_back(x[i]), m.emplace_back(m[i]); break;
        case 2: x.insert(x.begin() + place, x[i]), m.insert(m.begin() + place, m[i]); break;
        case 3: x.resize(m.size() + 3, x[i]), m.resize(m.size() + 3, m[i]); break;
        case 4: x[i] = x[j], m[i] = m[j]; break;
        case 5: std::swap(x[i], x[j]), std::swap(m[i], m[j]); break;
        case 6: {
            const auto value = m[i];
            m.push_back(value), x.push_back(std::move(x[i]));
            x[i] = from_model<T>(m[i] = kind<T>::make(d));
            break;
        }
        default: change_inside(x[i], m[i], d);
        }
    }
};

template <class K>
struct kind<kay::set<K>> {
    using model = std::set<model_of<K>>;
    static model make(dice& d) {
        model m;
        for (std::size_t left = d(6); left > 0; --left) m.insert(kind<K>::make(d));
        return m;
    }
    static kay::set<K> from(const model& m) {
        kay::set<K> s;
        for (auto at = m.rbegin(); at != m.rend(); ++at) s.insert(from_model<K>(*at));
        return s;
    }
    static bool same(const kay::set<K>& x, const model& m) {
        return x.empty() == m.empty() &&
               std::equal(x.begin(), x.end(), m.begin(), m.end(), containers_property::same<K>);
    }

    static void change(kay::set<K>& x, model& m, dice& d) {
        const auto key_m = kind<K>::make(d);
        const K key = from_model<K>(key_m);
        const std::size_t place = d(m.size() + 1);
        const auto own = std::next(m.begin(), static_cast<std::ptrdiff_t>(place));
        switch (d(9)) {
        case 0:
        case 1:
        case 2: {
            const auto [at, made] = x.insert(key);
            require(made == m.insert(key_m).second && *at == key, "an insert tells what it did");
            break;
        }
        case 3: require(x.erase(key) == m.erase(key_m), "an erase tells what it did"); break;
        case 4:
            if (own != m.end()) x.erase(x.begin()[place]), m.erase(own);
            break;
        case 5:
            if (own != m.end()) x.erase(x.begin() + place), m.erase(own);
            break;
        case 6:
            if (own != m.end()) require(!x.insert(x.begin()[place]).second, "its own key is there");
            break;
        case 7:
            if (d(4) == 0)
                x.clear(), m.clear();
            else
                x.reserve(place * 2);
            break;
        default:
            require(x.contains(key) == (m.count(key_m) == 1), "a key is found");
            require(x.lower_bound(key) - x.begin() ==
                        std::distance(m.begin(), m.lower_bound(key_m)),
                    "a lower bound is found");
        }
    }
};

template <class K, class V>
struct kind<kay::map<K, V>> {
    using model = std::map<model_of<K>, model_of<V>>;
    static model make(dice& d) {
        model m;
        for (std::size_t left = d(5); left > 0; --left) m[kind<K>::make(d)] = kind<V>::make(d);
        return m;
    }
    static kay::map<K, V> from(const model& m) {
        kay::map<K, V> x;
        for (auto at = m.rbegin(); at != m.rend(); ++at)
            x.insert(from_model<K>(at->first), from_model<V>(at->second));
        return x;
    }
    static bool same(const kay::map<K, V>& x, const model& m) {
        const auto equal = [](const auto& a, const auto& b) {
            return containers_property::same(a.key, b.first) &&
                   containers_property::same(a.value, b.second);
        };
        return x.empty() == m.empty() && std::equal(x.begin(), x.end(), m.begin(), m.end(), equal);
    }

    static void change(kay::map<K, V>& x, model& m, dice& d) {
        if (d(2) && !m.empty()) return change_entry(x, m, d);
        const auto key_m = kind<K>::make(d);
        const auto value_m = kind<V>::make(d);
        const K key = from_model<K>(key_m);
        switch (d(7)) {
        case 0: x[key] = from_model<V>(value_m), m[key_m] = value_m; break;
        case 1: x[key], m[key_m]; break;
        case 2:
            require(x.insert(key, from_model<V>(value_m)).second ==
                        m.emplace(key_m, value_m).second,
                    "an insert tells what it did");
            break;
        case 3:
            require(x.insert_or_assign(key, from_model<V>(value_m)).second ==
                        m.insert_or_assign(key_m, value_m).second,
                    "an assignment tells what it did");
            break;
        case 4: require(x.erase(key) == m.erase(key_m), "an erase tells what it did"); break;
        case 5:
            if (d(4) == 0)
                x.clear(), m.clear();
            else
                x.reserve(m.size() * 2);
            break;
        default:
            require(x.contains(key) == (m.count(key_m) == 1), "a key is found");
            require(x.lower_bound(key) - x.begin() ==
                        std::distance(m.begin(), m.lower_bound(key_m)),
                    "a lower bound is found");
        }
    }

    /// Changes of which an entry of the map itself is a part.
    static void change_entry(kay::map<K, V>& x, model& m, dice& d) {
        const std::size_t place = d(m.size());
        const auto own = std::next(m.begin(), static_cast<std::ptrdiff_t>(place));
        auto* const ours = x.begin() + place;
        const auto key_m = kind<K>::make(d);
        const K key = from_model<K>(key_m);
        switch (d(6)) {
        case 0: x.erase(ours->key), m.erase(own); break;
        case 1: x.erase(ours), m.erase(own); break;
        case 2: x.insert_or_assign(key, ours->value), m[key_m] = own->second; break;
        case 3: x.insert(key, ours->value), m.emplace(key_m, own->second); break;
        case 4: require(!x.insert(ours->key, V{}).second, "its own key is there"); break;
        default: change_inside(x.at(ours->key), own->second, d);
        }
    }
};

template <class T>
struct kind<kay::optional<T>> {
    using model = std::optional<model_of<T>>;
    static model make(dice& d) {
        if (d(3) == 0) return std::nullopt;
        return kind<T>::make(d);
    }
    static kay::optional<T> from(const model& m) {
        kay::optional<T> x;
        if (m) x = from_model<T>(*m);
        return x;
    }
    static bool same(const kay::optional<T>& x, const model& m) {
        return x.has_value() == m.has_value() && (!m || containers_property::same<T>(*x, *m));
    }

    static void change(kay::optional<T>& x, model& m, dice& d) {
        const auto value = kind<T>::make(d);
        switch (d(8)) {
        case 0: x = from_model<T>(value), m = value; break;
        case 1: x.emplace(), m.emplace(); break;
        case 2: x.reset(), m.reset(); break;
        case 3: x = std::nullopt, m = std::nullopt; break;
        case 4:
            if (m) x = *x;
            break;
        case 5:
            if (m) x.emplace(std::move(*x));
            break;
        case 6:
            require(
                containers_property::same<T>(x.value_or(from_model<T>(value)), m.value_or(value)),
                "it reads its value or another");
            break;
        default:
            if (m) change_inside(*x, *m, d);
        }
    }
};

template <>
struct kind<Item> {
    using model = item_model;
    static model make(dice& d) {
        model m;
        m.number = kind<std::int32_t>::make(d);
        m.text = kind<kay::string>::make(d);
        m.marks = kind<kay::vector<std::int16_t>>::make(d);
        m.note = kind<kay::optional<kay::string>>::make(d);
        return m;
    }
    static Item from(const model& m) {
        return {m.number, m.text, from_model<kay::vector<std::int16_t>>(m.marks),
                from_model<kay::optional<kay::string>>(m.note)};
    }
    static bool same(const Item& x, const model& m) {
        return x.number == m.number && x.text.view() == m.text &&
               containers_property::same(x.marks, m.marks) &&
               containers_property::same(x.note, m.note);
    }
    static void change(Item& x, model& m, dice& d) {
        switch (d(4)) {
        case 0: x.number = ++m.number; break;
        case 1: change_inside(x.text, m.text, d); break;
        case 2: change_inside(x.marks, m.marks, d); break;
        default: change_inside(x.note, m.note, d);
        }
    }
};

// ---- what visit_content has to tell, and where content may lie

using numbers = std::vector<std::int64_t>;

template <class M>
void tell(const M& m, numbers& told) {
    if constexpr (std::is_arithmetic_v<M>) {
        told.push_back(static_cast<std::int64_t>(m));
    } else if constexpr (std::is_same_v<M, Wide>) {
        told.insert(told.end(), {m.low, m.high});
    } else if constexpr (std::is_same_v<M, item_model>) {
        tell(m.number, told);
        tell(m.text, told);
        tell(m.marks, told);
        tell(m.note, told);
    } else if constexpr (requires { m.has_value(); }) {
        tell(m.has_value(), told);
        if (m) tell(*m, told);
    } else {
        tell(m.size(), told);
        for (const auto& element : m) {
            if constexpr (requires { typename M::mapped_type; }) {
                tell(element.first, told);
                tell(element.second, told);
            } else {
                tell(element, told);
            }
        }
    }
}

template <class T>
numbers visited(const T& object) {
    numbers told;
    visit_content(object, [&](auto value) { told.push_back(static_cast<std::int64_t>(value)); });
    return told;
}

using extent = std::pair<const void*, const void*>; ///< first byte and the one behind the last

/// The rooms of all containers in x.
template <class T>
void find_rooms(const T& x, std::vector<extent>& rooms) {
    if constexpr (std::is_same_v<T, Item>) {
        find_rooms(x.text, rooms);
        find_rooms(x.marks, rooms);
        find_rooms(x.note, rooms);
    } else if constexpr (requires { x.has_value(); }) {
        if (x) find_rooms(*x, rooms);
    } else if constexpr (requires { x.key; }) {
        find_rooms(x.key, rooms);
        find_rooms(x.value, rooms);
    } else if constexpr (requires { x.begin(); }) {
        std::size_t count = x.size();
        if constexpr (requires { x.capacity(); }) count = x.capacity();
        if (count) rooms.push_back({x.begin(), x.begin() + count});
        for (const auto& element : x) find_rooms(element, rooms);
    }
}

// ---- a block and its model

template <class T>
struct Frame {
    std::uint8_t before = 0xaa;
    T first;
    kay::string between;
    T second;
    std::uint16_t after = 0xbbbb;
};

template <class T>
struct frame_model {
    model_of<T> first, second;
    std::string between;
};

template <class T>
class block {
public:
    block() {
        Frame<T> empty{};
        room_ = packed_bytes(empty);
        at_ = allocate(room_);
        kay::detail::pack_move(empty, at_, room_);
    }
    block(const block&) = delete;
    block& operator=(const block&) = delete;
    ~block() { leave(); }

    Frame<T>& operator*() { return *reinterpret_cast<Frame<T>*>(at_ + shift_); }

    /// A packed one of so many bytes takes its place, `shift` bytes behind a sixteenfold address.
    void pack(std::size_t room, std::size_t shift) {
        std::byte* const fresh = allocate(room + shift);
        kay::detail::pack_move(**this, fresh + shift, room);
        trash(std::exchange(at_, fresh), room_ + shift_); // what is left there holds nothing
        room_ = room, shift_ = shift;
    }
    void settle(std::size_t shift) {
        pack(size_class_bytes(size_class_of(wanted_bytes(**this))), shift);
    }
    /// An exact copy takes its place.
    void copy(std::size_t shift) {
        const std::size_t room = packed_bytes(**this);
        std::byte* const fresh = allocate(room + shift);
        kay::detail::pack_copy(**this, fresh + shift);
        leave();
        at_ = fresh, room_ = room, shift_ = shift;
    }
    /// To another address, bytes alone.
    void relocate() {
        std::byte* const fresh = allocate(room_ + shift_);
        std::memcpy(fresh, at_, room_ + shift_);
        trash(std::exchange(at_, fresh), room_ + shift_);
    }

    /// Nothing is outside of the block, and no two containers share a byte.
    bool is_whole() {
        if (is_spilled(**this)) return false;
        std::vector<extent> rooms;
        const Frame<T>& f = **this;
        find_rooms(f.first, rooms);
        find_rooms(f.between, rooms);
        find_rooms(f.second, rooms);
        std::sort(rooms.begin(), rooms.end());
        const void* end = at_ + shift_ + sizeof(Frame<T>);
        for (const extent& room : rooms) {
            if (room.first < end) return false;
            end = room.second;
        }
        return end <= at_ + shift_ + room_;
    }

private:
    static std::byte* allocate(std::size_t bytes) {
        auto* at = static_cast<std::byte*>(std::malloc(bytes));
        std::memset(at, 0xcd, bytes);
        return at;
    }
    static void trash(std::byte* at, std::size_t bytes) {
        std::memset(at, 0xee, bytes);
        std::free(at);
    }
    void leave() {
        kay::detail::release(**this);
        trash(at_, room_ + shift_);
    }

    std::byte* at_ = nullptr;
    std::size_t room_ = 0, shift_ = 0;
};

template <class T>
void expect_same(block<T>& b, const frame_model<T>& m) {
    const Frame<T>& f = *b;
    require(same(f.first, m.first), "the first is its model");
    require(same(f.second, m.second), "the second is its model");
    require(same(f.between, m.between), "the string between is its model");
    require(f.before == 0xaa && f.after == 0xbbbb, "the fields beside are as they were");
    numbers told{0xaa};
    tell(m.first, told);
    tell(m.between, told);
    tell(m.second, told);
    told.push_back(0xbbbb);
    require(visited(f) == told, "visit_content tells what the model does");
}

template <class T>
void change_block(block<T>& b, frame_model<T>& m, dice& d) {
    const bool spilled = is_spilled(*b);
    const unsigned before = block_changes;
    Frame<T>& f = *b;
    switch (d(5)) {
    case 0:
    case 1: change(f.first, m.first, f.second, m.second, d); break;
    case 2:
    case 3: change(f.second, m.second, f.first, m.first, d); break;
    default: change_inside(f.between, m.between, d);
    }
    require(spilled || !is_spilled(*b) || block_changes != before, "growth is counted");
}

/// Packs, copies or moves the block.
template <class T>
void move_block(block<T>& b, dice& d) {
    const std::size_t shift = d(2) * 8;
    switch (d(5)) {
    case 0: b.settle(0); break;
    case 1: b.pack(packed_bytes(*b), shift); break;
    case 2: b.pack(packed_bytes(*b) + d(300), shift); break;
    case 3: b.copy(shift); break;
    default:
        if (is_spilled(*b)) b.settle(shift);
        b.relocate();
    }
    require(b.is_whole(), "all content lies in its block, and apart");
}

template <class T>
void behaves_as_its_model() {
    using steps = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
    EXPECT_TRUE(rc::check("content is the model's, wherever it lies", [] {
        const auto drawn = *rc::gen::scale(3.0, rc::gen::arbitrary<steps>());
        block<T> b;
        frame_model<T> m;
        for (const auto& [what, seed] : drawn) {
            dice d(seed);
            if (what % 3 < 2)
                change_block(b, m, d);
            else
                move_block(b, d);
            expect_same(b, m);
        }
        b.settle(0);
        expect_same(b, m);
    }));
}

TEST(vector, of_numbers_is_a_std_vector_in_a_moving_block) {
    behaves_as_its_model<kay::vector<std::int32_t>>();
    behaves_as_its_model<kay::vector<std::uint8_t>>();
    behaves_as_its_model<kay::vector<Wide>>();
}

TEST(vector, of_strings_is_a_std_vector_in_a_moving_block) {
    behaves_as_its_model<kay::vector<kay::string>>();
}

TEST(vector, of_structs_is_a_std_vector_in_a_moving_block) {
    behaves_as_its_model<kay::vector<Item>>();
}

TEST(vector, of_vectors_is_a_std_vector_in_a_moving_block) {
    behaves_as_its_model<kay::vector<kay::vector<kay::vector<std::int16_t>>>>();
    behaves_as_its_model<kay::vector<kay::optional<kay::vector<Wide>>>>();
}

TEST(string, is_a_std_string_in_a_moving_block) { behaves_as_its_model<kay::string>(); }

TEST(map, of_numbers_is_a_std_map_in_a_moving_block) {
    behaves_as_its_model<kay::map<std::uint8_t, std::int64_t>>();
}

TEST(map, of_strings_is_a_std_map_in_a_moving_block) {
    behaves_as_its_model<kay::map<std::int32_t, kay::string>>();
    behaves_as_its_model<kay::map<kay::string, kay::string>>();
}

TEST(map, of_containers_is_a_std_map_in_a_moving_block) {
    behaves_as_its_model<kay::map<std::int16_t, Item>>();
    behaves_as_its_model<kay::map<kay::string, kay::map<std::int32_t, kay::set<std::uint8_t>>>>();
}

TEST(set, of_numbers_is_a_std_set_in_a_moving_block) {
    behaves_as_its_model<kay::set<std::int64_t>>();
}

TEST(set, of_strings_is_a_std_set_in_a_moving_block) {
    behaves_as_its_model<kay::set<kay::string>>();
}

TEST(optional, of_numbers_is_a_std_optional_in_a_moving_block) {
    behaves_as_its_model<kay::optional<std::int32_t>>();
}

TEST(optional, of_containers_is_a_std_optional_in_a_moving_block) {
    behaves_as_its_model<kay::optional<kay::string>>();
    behaves_as_its_model<kay::optional<Item>>();
    behaves_as_its_model<kay::optional<kay::vector<kay::optional<kay::string>>>>();
}

} // namespace containers_property
