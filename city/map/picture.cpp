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
constexpr int margin = 40;
constexpr int legend_height = 130;

struct colour {
    double red, green, blue;
};

constexpr colour ground{0.075, 0.085, 0.11};
constexpr colour paper{0.11, 0.125, 0.16};
constexpr colour text_colour{0.86, 0.88, 0.92};
constexpr colour faint{0.55, 0.58, 0.64};

struct style {
    double width;    ///< metres of a lane as drawn
    double at_least; ///< pixels of the street
    colour line;
};

constexpr std::array<style, 7> styles{{
    {6.0, 3.0, {0.60, 0.50, 0.36}},
    {5.5, 2.6, {0.52, 0.46, 0.38}},
    {5.0, 2.0, {0.42, 0.45, 0.54}},
    {4.5, 1.5, {0.36, 0.39, 0.47}},
    {4.0, 1.1, {0.30, 0.33, 0.40}},
    {3.2, 0.8, {0.25, 0.28, 0.34}},
    {2.8, 0.7, {0.23, 0.26, 0.31}},
}};

/// Red where cars stand, over yellow, to green where they drive as they like.
colour traffic_colour(double share) {
    constexpr std::array<colour, 4> steps{
        {{0.93, 0.20, 0.27}, {0.98, 0.55, 0.18}, {0.98, 0.85, 0.30}, {0.25, 0.83, 0.49}}};
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
        width_ = std::max(900, static_cast<int>(wide * scale_) + 2 * margin);
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

    /// From the narrowest streets to the widest, so that those lie on top.
    void streets() {
        for (std::size_t kind = styles.size(); kind-- > 0;)
            for (const road& r : map_.roads) {
                if (static_cast<std::size_t>(r.kind) != kind) continue;
                set(styles[kind].line);
                course(r, offset_of(r, (r.lanes - 1) / 2.0));
                cairo_set_line_width(context(),
                                     std::max(styles[kind].at_least, lane_width(r) * r.lanes));
                cairo_stroke(context());
            }
    }

    void traffic(const std::vector<float>& lane_speeds) {
        for (std::size_t kind = styles.size(); kind-- > 0;)
            for (const road& r : map_.roads) {
                if (static_cast<std::size_t>(r.kind) != kind) continue;
                for (std::uint32_t l = 0; l < r.lanes; ++l) {
                    const float share = lane_speeds[r.first_lane + l];
                    if (share < 0) continue;
                    set(traffic_colour(static_cast<double>(share)));
                    course(r, offset_of(r, l));
                    cairo_set_line_width(context(), std::max(1.1, lane_width(r) * 0.8));
                    cairo_stroke(context());
                }
            }
    }

    void legend(const std::vector<std::string>& title) {
        set(paper);
        cairo_rectangle(context(), 0, height_, width_, legend_height);
        cairo_fill(context());
        double y = height_ + 36;
        for (std::size_t i = 0; i < title.size() && i < 3; ++i, y += 26)
            text(margin, y, title[i], i == 0 ? 21 : 15, i == 0 ? text_colour : faint);

        const double right = width_ - margin, bar = 240;
        for (int i = 0; i < 120; ++i) {
            set(traffic_colour(i / 119.0));
            cairo_rectangle(context(), right - bar + i * 2, height_ + 26, 2.2, 12);
            cairo_fill(context());
        }
        text(right - bar, height_ + 57, "standing", 14, faint);
        text(right - 86, height_ + 57, "at the limit", 14, faint);

        // The longest of 1, 2, 5, 10 ... metres that fits below the colours.
        double metres = 1;
        for (double m = 1; m * scale_ <= bar; m *= 10)
            for (double step : {1.0, 2.0, 5.0})
                if (m * step * scale_ <= bar) metres = m * step;
        set(faint);
        cairo_set_line_width(context(), 2);
        cairo_move_to(context(), right - bar, height_ + 80);
        cairo_rel_line_to(context(), 0, 8);
        cairo_rel_line_to(context(), metres * scale_, 0);
        cairo_rel_line_to(context(), 0, -8);
        cairo_stroke(context());
        const std::string length = metres >= 1000
                                       ? std::to_string(static_cast<int>(metres / 1000)) + " km"
                                       : std::to_string(static_cast<int>(metres)) + " m";
        text(right - bar + metres * scale_ + 8, height_ + 90, length, 14, faint);
        if (!map_.attribution.empty())
            text(right - bar, height_ + 114, map_.attribution, 13, faint);
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

    void text(double x, double y, const std::string& line, double size, const colour& c) {
        set(c);
        cairo_select_font_face(context(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                               CAIRO_FONT_WEIGHT_NORMAL);
        cairo_set_font_size(context(), size);
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
    c.streets();
    c.traffic(lane_speeds);
    c.legend(title);
    return c.write(file);
}

} // namespace city
