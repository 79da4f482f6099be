// SPDX-License-Identifier: MIT
//
// The one file that sees cairo.
#include "picture.hpp"

#include "../output_file.hpp"

#include <cairo.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>

namespace city {
namespace {

constexpr int longest_side = 2000; ///< pixels of the map
constexpr int narrowest = 1000;    ///< pixels: as wide as the legend needs
constexpr int margin = 44;
constexpr int legend_height = 208;

struct colour {
    double red, green, blue;
};

constexpr colour ground{0.067, 0.078, 0.102};
constexpr colour paper{0.102, 0.118, 0.150};
constexpr colour text_colour{0.90, 0.92, 0.95};
constexpr colour faint{0.62, 0.66, 0.72};

/// Streets have no hue, so that all colour is traffic: the wider, the lighter.
struct style {
    double width;    ///< metres of a lane as drawn
    double at_least; ///< pixels of the street
    double traffic;  ///< pixels of a lane with cars, at least
    colour line;
};

constexpr std::array<style, 7> styles{{
    {6.0, 3.4, 1.7, {0.56, 0.61, 0.71}},
    {5.5, 3.0, 1.6, {0.50, 0.55, 0.65}},
    {5.0, 2.3, 1.4, {0.41, 0.46, 0.55}},
    {4.5, 1.8, 1.3, {0.36, 0.40, 0.49}},
    {4.0, 1.4, 1.2, {0.31, 0.35, 0.43}},
    {3.2, 1.0, 1.0, {0.26, 0.29, 0.36}},
    {2.8, 0.9, 1.0, {0.24, 0.27, 0.33}},
}};

/// What the legend shows of them.
struct sample {
    road_class kind;
    const char* name;
};
constexpr std::array<sample, 4> samples{{{road_class::motorway, "motorway, trunk road"},
                                         {road_class::primary, "main road"},
                                         {road_class::tertiary, "through street"},
                                         {road_class::residential, "street"}}};

/// Red where cars stand, over yellow, to the green of the sea where they drive as they may: told
/// apart by those who see no difference between red and green too.
colour traffic_colour(double share) {
    constexpr std::array<colour, 4> steps{
        {{0.90, 0.15, 0.25}, {0.98, 0.52, 0.16}, {0.99, 0.87, 0.36}, {0.16, 0.80, 0.69}}};
    const double at = std::clamp(share, 0.0, 1.0) * 3;
    const auto low = std::min<std::size_t>(static_cast<std::size_t>(at), 2);
    const double part = at - static_cast<double>(low);
    const auto mixed = [&](double a, double b) { return a + (b - a) * part; };
    return {mixed(steps[low].red, steps[low + 1].red),
            mixed(steps[low].green, steps[low + 1].green),
            mixed(steps[low].blue, steps[low + 1].blue)};
}

struct surface_closer {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
    void operator()(cairo_t* c) const { cairo_destroy(c); }
};

class canvas {
public:
    explicit canvas(const road_map& map) : map_(map) {
        float west = 1e9f, east = -1e9f, south = 1e9f, north = -1e9f;
        for (const point& p : map.points) {
            west = std::min(west, p.x);
            east = std::max(east, p.x);
            south = std::min(south, p.y);
            north = std::max(north, p.y);
        }
        west_ = west;
        north_ = north;
        const double wide = std::max(1.0f, east - west), high = std::max(1.0f, north - south);
        scale_ = (longest_side - 2 * margin) / std::max(wide, high);
        width_ = std::max(narrowest, static_cast<int>(wide * scale_) + 2 * margin);
        height_ = static_cast<int>(high * scale_) + 2 * margin;
        left_ = (width_ - wide * scale_) / 2;
        surface_.reset(
            cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_, height_ + legend_height));
        context_.reset(cairo_create(surface_.get()));
        set(ground);
        cairo_paint(context());
        cairo_set_line_cap(context(), CAIRO_LINE_CAP_ROUND);
        cairo_set_line_join(context(), CAIRO_LINE_JOIN_ROUND);
    }

    /// From the narrowest streets to the widest with their traffic, so that those lie on top.
    void streets(const std::vector<float>& lane_speeds) {
        for (std::size_t kind = styles.size(); kind-- > 0;) {
            const auto each = [&](auto draw) {
                for (const road& r : map_.roads)
                    if (static_cast<std::size_t>(r.kind) == kind) draw(r);
            };
            // An edge in the colour of the ground sets off what leads over other streets.
            if (styles[kind].at_least > 2)
                each([&](const road& r) { street(r, ground, width(r) + 1.6); });
            each([&](const road& r) { street(r, styles[kind].line, width(r)); });
            each([&](const road& r) { traffic(r, lane_speeds); });
        }
    }

    void legend(const std::vector<std::string>& title) {
        set(paper);
        cairo_rectangle(context(), 0, height_, width_, legend_height);
        cairo_fill(context());
        constexpr double column = 270, gap = 44, line = 27;
        const double traffic_left = width_ - margin - column,
                     streets_left = traffic_left - gap - 220, top = height_ + 92;
        const double title_width = width_ - 2 * margin, left_width = streets_left - gap - margin;
        if (!title.empty()) text(margin, height_ + 50, title[0], 28, text_colour, title_width);
        for (std::size_t i = 1; i < title.size() && i < 4; ++i)
            text(margin, top + 5 + line * static_cast<double>(i - 1), title[i], 18, faint,
                 left_width);
        if (!map_.attribution.empty())
            text(margin, top + 5 + line * 3, "map data " + std::string(map_.attribution), 15, faint,
                 left_width);

        double y = top;
        for (const sample& s : samples) {
            const style& drawn = styles[static_cast<std::size_t>(s.kind)];
            set(drawn.line);
            cairo_set_line_width(context(), drawn.at_least * 1.6);
            cairo_move_to(context(), streets_left, y);
            cairo_rel_line_to(context(), 42, 0);
            cairo_stroke(context());
            text(streets_left + 58, y + 5, s.name, 16, faint);
            y += line;
        }
        colours(traffic_left, top - 8, column);
        scale_bar(traffic_left, top + 62, column - 70);
    }

    kay::result<void> write(const std::string& file) {
        return write_whole(file, "picture", [&](const std::string& path) -> std::string {
            const auto status = cairo_surface_write_to_png(surface_.get(), path.c_str());
            return status == CAIRO_STATUS_SUCCESS ? "" : cairo_status_to_string(status);
        });
    }

private:
    cairo_t* context() { return context_.get(); }
    void set(const colour& c) { cairo_set_source_rgb(context(), c.red, c.green, c.blue); }

    /// What the colours of traffic say: of lanes where there are cars.
    void colours(double x, double y, double wide) {
        constexpr int steps = 90;
        for (int i = 0; i < steps; ++i) {
            set(traffic_colour(i / (steps - 1.0)));
            cairo_rectangle(context(), x + i * wide / steps, y, wide / steps + 0.5, 14);
            cairo_fill(context());
        }
        text(x, y + 34, "cars stand", 16, faint);
        const std::string fast = "at the speed limit";
        text(x + wide - width_of(fast, 16), y + 34, fast, 16, faint);
    }

    /// The longest of 1, 2, 5, 10 ... metres that fits.
    void scale_bar(double x, double y, double wide) {
        double metres = 1;
        for (double m = 1; m * scale_ <= wide; m *= 10)
            for (double step : {1.0, 2.0, 5.0})
                if (m * step * scale_ <= wide) metres = m * step;
        set(faint);
        cairo_set_line_width(context(), 2);
        cairo_move_to(context(), x + 1, y);
        cairo_rel_line_to(context(), 0, 10);
        cairo_rel_line_to(context(), metres * scale_, 0);
        cairo_rel_line_to(context(), 0, -10);
        cairo_stroke(context());
        const std::string length = metres >= 1000
                                       ? std::to_string(static_cast<int>(metres / 1000)) + " km"
                                       : std::to_string(static_cast<int>(metres)) + " m";
        text(x + metres * scale_ + 12, y + 12, length, 16, faint);
    }

    void street(const road& r, const colour& c, double wide) {
        set(c);
        course(r, offset_of(r, (r.lanes - 1) / 2.0));
        cairo_set_line_width(context(), wide);
        cairo_stroke(context());
    }

    void traffic(const road& r, const std::vector<float>& lane_speeds) {
        const double wide =
            std::max(styles[static_cast<std::size_t>(r.kind)].traffic, lane_width(r) * 0.75);
        for (std::uint32_t l = 0; l < r.lanes; ++l) {
            const float share = lane_speeds[r.first_lane + l];
            if (share < 0) continue;
            set(traffic_colour(static_cast<double>(share)));
            course(r, offset_of(r, l));
            cairo_set_line_width(context(), wide);
            cairo_stroke(context());
        }
    }

    /// Ramps are narrower than what they lead to.
    double width(const road& r) const {
        const double full =
            std::max(styles[static_cast<std::size_t>(r.kind)].at_least, lane_width(r) * r.lanes);
        return r.link ? full * 0.7 : full;
    }
    double lane_width(const road& r) const {
        return styles[static_cast<std::size_t>(r.kind)].width * scale_;
    }
    /// Metres to the right of the street's middle: lanes of the two directions lie side by side.
    double offset_of(const road& r, double lane) const {
        const double width = std::max(lane_width(r), 1.2);
        return map_.drives_left ? width * (lane + 0.5 - r.lanes) : width * (lane + 0.5);
    }

    void course(const road& r, double offset) {
        const point* p = map_.points.data() + r.first_point;
        for (std::uint32_t i = 0; i < r.points; ++i) {
            const point a = p[i > 0 ? i - 1 : 0], b = p[i + 1 < r.points ? i + 1 : i];
            const double dx = b.x - a.x, dy = b.y - a.y;
            const double length = std::max(std::hypot(dx, dy), 1e-6);
            const double x = left_ + (p[i].x - west_) * scale_ + dy / length * offset;
            const double y = margin + (north_ - p[i].y) * scale_ + dx / length * offset;
            if (i == 0)
                cairo_move_to(context(), x, y);
            else
                cairo_line_to(context(), x, y);
        }
    }

    void font(double size) {
        cairo_select_font_face(context(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                               CAIRO_FONT_WEIGHT_NORMAL);
        cairo_set_font_size(context(), size);
    }
    double width_of(const std::string& line, double size) {
        font(size);
        cairo_text_extents_t extents;
        cairo_text_extents(context(), line.c_str(), &extents);
        return extents.x_advance;
    }
    /// Smaller where it would be wider than `most`.
    void text(double x, double y, const std::string& line, double size, const colour& c,
              double most = 1e9) {
        const double wide = width_of(line, size);
        if (wide > most) font(size * most / wide);
        set(c);
        cairo_move_to(context(), x, y);
        cairo_show_text(context(), line.c_str());
    }

    const road_map& map_;
    double west_ = 0, north_ = 0, scale_ = 1, left_ = 0;
    int width_ = 0, height_ = 0;
    std::unique_ptr<cairo_surface_t, surface_closer> surface_;
    std::unique_ptr<cairo_t, surface_closer> context_;
};

} // namespace

kay::result<void> draw_picture(const road_map& map, const std::vector<float>& lane_speeds,
                               const std::vector<std::string>& title, const std::string& file) {
    canvas c(map);
    c.streets(lane_speeds);
    c.legend(title);
    return c.write(file);
}

} // namespace city
