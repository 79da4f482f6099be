// SPDX-License-Identifier: MIT
#include "raw_demand.hpp"

#include <algorithm>
#include <array>

namespace city {
namespace {

constexpr std::size_t record_max = 1 << 16; ///< bytes
constexpr std::size_t columns_max = 1000;

/// Cuts bytes into records of fields. A field in quotes may hold separators, line ends and doubled
/// quotes. Lines that are empty or begin with # are none.
class record_reader {
public:
    explicit record_reader(input in) : rest_(in.rest), bytes_(std::move(in.start)) {
        if (bytes_.starts_with("\xef\xbb\xbf")) next_ = 3; // byte order mark
    }

    /// Comma, semicolon or tab: whichever the first record has.
    char separator = '\0';

    /// The next record; false at the end.
    bool read() {
        fields_.clear();
        ends_.clear();
        for (line_ = next_line_;;) {
            const int c = get();
            if (c < 0 && fields_.empty() && ends_.empty()) return false;
            const bool at_start = fields_.empty() && ends_.empty();
            if (at_start && c == '#') {
                for (int skipped = c; skipped >= 0 && skipped != '\n';) skipped = get();
                line_ = next_line_;
                continue;
            }
            if (at_start && (c == '\n' || c == '\r')) {
                line_ = next_line_;
                continue;
            }
            if (c == '"') {
                read_quoted();
                continue;
            }
            if (separator == '\0' && (c == ',' || c == ';' || c == '\t'))
                separator = static_cast<char>(c);
            const bool is_end = c < 0 || c == '\n';
            if (!is_end && c != separator) {
                push(c);
                continue;
            }
            ends_.push_back(fields_.size());
            if (ends_.size() > columns_max) fail("has more than 1000 columns");
            if (is_end) return true;
        }
    }

    std::size_t size() const { return ends_.size(); }
    std::string_view operator[](std::size_t i) const {
        const std::size_t first = i == 0 ? 0 : ends_[i - 1];
        return trimmed(std::string_view(fields_).substr(first, ends_[i] - first));
    }
    std::uint32_t line() const { return line_; }

    [[noreturn]] void fail(const std::string& what) const {
        throw broken_file("line " + std::to_string(line_) + ": " + what);
    }

private:
    /// Whether there is another byte.
    bool has_more() {
        if (next_ < bytes_.size()) return true;
        bytes_.resize(1 << 16);
        bytes_.resize(rest_.read(bytes_));
        next_ = 0;
        return !bytes_.empty();
    }
    int get() {
        if (!has_more()) return -1;
        const auto c = static_cast<unsigned char>(bytes_[next_++]);
        if (c == '\n') ++next_line_;
        return c;
    }
    void push(int c) {
        if (c == 0) fail("has a zero byte: this is no text");
        if (fields_.size() == record_max) fail("is longer than 65536 bytes: is this a table?");
        fields_.push_back(static_cast<char>(c));
    }
    void read_quoted() {
        for (;;) {
            int c = get();
            if (c < 0) fail("has a quote without end");
            if (c == '"') {
                if (!has_more() || bytes_[next_] != '"') return;
                c = get();
            }
            push(c);
        }
    }

    byte_source& rest_;
    std::string bytes_;
    std::size_t next_ = 0;
    std::string fields_;            ///< of the record, one after the other
    std::vector<std::size_t> ends_; ///< [field]: where it ends in fields_
    std::uint32_t line_ = 1, next_line_ = 1;
};

constexpr std::size_t none = ~std::size_t{0};

/// Where each column is.
class columns {
public:
    explicit columns(const record_reader& header) {
        for (std::size_t i = 0; i < header.size(); ++i) {
            std::string name(header[i]);
            for (char& c : name)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            if (!name.empty() && (*this)[name] != none)
                header.fail("has two columns called " + in_quotes(name));
            names_.push_back(std::move(name));
        }
    }
    std::size_t operator[](std::string_view name) const {
        const auto found = std::find(names_.begin(), names_.end(), name);
        return found == names_.end() ? none : static_cast<std::size_t>(found - names_.begin());
    }

private:
    std::vector<std::string> names_;
};

/// The columns of one end of a trip.
struct end_columns {
    std::size_t road, position, x, y, longitude, latitude;

    end_columns(const columns& all, const std::string& end)
        : road(all[end + "_road"]), position(all[end + "_position"]), x(all[end + "_x"]),
          y(all[end + "_y"]), longitude(all[end + "_lon"]), latitude(all[end + "_lat"]) {}

    bool is_there() const {
        return road != none || (x != none && y != none) || (longitude != none && latitude != none);
    }
};

/// The number of a road: 17, or r17 as in files for SUMO.
std::optional<std::int64_t> road_in(std::string_view text) {
    if (text.starts_with('r')) text.remove_prefix(1);
    if (text.empty() || text.size() > 10 ||
        text.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    std::int64_t number = 0;
    for (const char c : text) number = number * 10 + (c - '0');
    return number;
}

class row_reader {
public:
    row_reader(const record_reader& row, const columns& all, const road_map& map)
        : row_(row), map_(map), depart_(all["depart_s"]), purpose_(all["purpose"]),
          from_(all, "from"), to_(all, "to") {
        const char* const wanted =
            ": depart_s, and from_lon,from_lat,to_lon,to_lat or from_x,from_y,to_x,to_y or "
            "from_road,to_road are expected in the first line";
        if (depart_ == none) row.fail(std::string("has no column called depart_s") + wanted);
        if (!from_.is_there() || !to_.is_there())
            row.fail(std::string("has no columns for where trips ") +
                     (from_.is_there() ? "end" : "begin") + wanted);
    }

    raw_trip read(raw_demand& made) const {
        raw_trip trip;
        trip.line = row_.line();
        const auto seconds = seconds_in(field(depart_));
        if (!seconds)
            throw broken_file("depart_s is " + in_quotes(field(depart_)) +
                              ", which is neither seconds nor HH:MM:SS");
        check_departure(*seconds);
        trip.departure_s = *seconds;
        trip.from = end(from_);
        trip.to = end(to_);
        if (purpose_ == none || field(purpose_).empty()) return trip;
        if (const auto known = purpose_of(field(purpose_)))
            trip.what = *known;
        else
            made.purposes.add(trip.line, field(purpose_));
        return trip;
    }

private:
    std::string_view field(std::size_t column) const {
        if (column >= row_.size())
            throw broken_file("has " + std::to_string(row_.size()) +
                              " fields only, fewer than the first line");
        return row_[column];
    }
    double number(std::size_t column) const {
        const auto found = number_in(field(column));
        if (!found) throw broken_file(in_quotes(field(column)) + " is no number");
        return *found;
    }
    raw_end end(const end_columns& at) const {
        if (at.road != none) {
            raw_end made;
            const auto road = road_in(field(at.road));
            if (!road) throw broken_file(in_quotes(field(at.road)) + " is no number of a road");
            made.what = raw_end::form::road;
            made.number = *road;
            made.part = 0;
            if (at.position != none && !field(at.position).empty())
                made.position = static_cast<float>(std::clamp(number(at.position), -1e9, 1e9));
            else if (*road < static_cast<std::int64_t>(map_.roads.size()))
                made.position = map_.roads[static_cast<std::size_t>(*road)].length / 2;
            return made;
        }
        if (at.x != none && at.y != none) return end_in_plane(number(at.x), number(at.y));
        return end_on_earth(map_, number(at.longitude), number(at.latitude));
    }

    const record_reader& row_;
    const road_map& map_;
    std::size_t depart_, purpose_;
    end_columns from_, to_;
};

} // namespace

void read_csv_demand(input in, const road_map& map, const demand_limits& limits, raw_demand& made) {
    record_reader row(std::move(in));
    if (!row.read()) throw broken_file("is empty");
    const columns all(row);
    const row_reader reader(row, all, map);
    while (row.read()) {
        if (made.trips.size() == limits.trips_max)
            row.fail("is one trip more than the " + std::to_string(limits.trips_max) +
                     " that are allowed");
        try {
            made.trips.push_back(reader.read(made));
        } catch (const broken_file& e) {
            row.fail(e.what());
        }
    }
}

} // namespace city
