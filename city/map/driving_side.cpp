// SPDX-License-Identifier: MIT
#include "driving_side.hpp"

namespace city {
namespace {

struct box {
    double south, west, north, east;
};

/// Great Britain and Ireland (not France, nor the Faroes), Malta, Cyprus; Australia, New Zealand;
/// Japan, Hong Kong and Macau; India with Nepal, Bangladesh and Sri Lanka, Pakistan; Thailand,
/// Malaysia, Singapore, Brunei, Indonesia; eastern and southern Africa; Jamaica, Barbados.
constexpr box left[] = {
    {49.85, -10.8, 60.9, -5.0},   {50.0, -5.0, 51.2, 1.2},      {51.0, -5.0, 61.0, 1.8},
    {50.7, 0.9, 51.4, 1.45},      {35.75, 14.1, 36.1, 14.6},    {34.5, 32.2, 35.75, 34.7},
    {-44.0, 112.5, -10.0, 154.0}, {-48.0, 166.0, -34.0, 179.0}, {24.0, 122.9, 27.5, 131.5},
    {30.0, 129.2, 34.6, 132.2},   {32.5, 130.8, 46.0, 146.0},   {22.13, 113.52, 22.52, 114.45},
    {8.0, 68.1, 28.0, 88.1},      {28.0, 70.0, 33.0, 79.5},     {5.8, 79.5, 9.9, 82.0},
    {20.6, 88.0, 26.7, 92.7},     {26.3, 80.0, 30.4, 88.2},     {24.0, 61.5, 29.8, 70.0},
    {29.8, 66.5, 32.5, 71.0},     {32.5, 70.0, 37.0, 75.0},     {24.0, 89.5, 28.0, 95.0},
    {-11.0, 141.0, 0.0, 156.0},   {5.6, 97.3, 20.4, 101.2},     {14.4, 99.0, 17.8, 105.6},
    {13.2, 99.0, 14.4, 102.5},    {1.1, 99.6, 6.75, 104.6},     {0.8, 109.5, 7.4, 119.3},
    {-11.1, 95.0, 5.95, 119.0},   {-11.0, 119.0, 2.0, 124.0},   {-9.2, 124.0, 3.0, 141.0},
    {-35.0, 16.4, -17.0, 33.0},   {-4.7, 33.9, 4.6, 41.9},      {-11.7, 30.9, -1.0, 40.5},
    {-1.5, 29.6, 4.2, 35.0},      {-18.1, 22.0, -13.4, 30.0},   {-13.4, 24.0, -12.15, 29.8},
    {-15.0, 29.8, -8.2, 35.9},    {17.7, -78.4, 18.6, -76.1},   {13.0, -59.7, 13.4, -59.4},
};

} // namespace

bool drives_left_at(double latitude, double longitude) {
    for (const box& b : left)
        if (latitude >= b.south && latitude <= b.north && longitude >= b.west &&
            longitude <= b.east)
            return true;
    return false;
}

} // namespace city
