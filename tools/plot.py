# SPDX-License-Identifier: MIT
"""Draws lines and points over two axes, as SVG."""

COLOURS = ["#c0392b", "#2c7fb8", "#7a7a7a", "#41ab5d"]
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 440, 70, 50, 36, 62


def step_of(largest):
    """A round distance of marks on an axis."""
    size = 1
    while size * 10 < largest:
        size *= 10
    for part in (0.2, 0.5, 1, 2):
        if largest / (size * part) <= 8:
            return size * part
    return size * 5


def quoted(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def svg(title, x_title, y_title, curves, labels_right=False):
    """A picture of curves, (label, [(x, y)], is_line) each; both axes begin at zero."""
    x_most = max(x for _, points, _ in curves for x, _ in points) or 1
    y_most = max(y for _, points, _ in curves for _, y in points) * 1.05 or 1

    def at(x, y):
        return (LEFT + (WIDTH - LEFT - RIGHT) * x / x_most, HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y / y_most)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
           'font-family="sans-serif" font-size="12">', '<rect width="100%" height="100%" fill="white"/>',
           f'<text x="{LEFT}" y="22" font-size="15">{quoted(title)}</text>',
           f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 14}" text-anchor="end">{quoted(x_title)}</text>',
           f'<text x="{LEFT}" y="{TOP - 10}">{quoted(y_title)}</text>']
    for i in range(int(x_most / step_of(x_most)) + 1):
        mark = i * step_of(x_most)
        x, y = at(mark, 0)
        out.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{mark:g}</text>')
    for i in range(int(y_most / step_of(y_most)) + 1):
        mark = i * step_of(y_most)
        x, y = at(0, mark)
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{mark:g}</text>')
    for i, (label, points, is_line) in enumerate(curves):
        colour = COLOURS[i % len(COLOURS)]
        places = [at(x, y) for x, y in points]
        if is_line:
            course = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            out.append(f'<polyline points="{course}" fill="none" stroke="{colour}" stroke-width="2"/>')
        else:
            out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
        x, anchor = (WIDTH - RIGHT, "end") if labels_right else (LEFT + 12, "start")
        out.append(f'<text x="{x}" y="{TOP + 14 + 18 * i}" fill="{colour}" text-anchor="{anchor}">'
                   f'{quoted(label)}</text>')
    return "\n".join(out + ["</svg>", ""])
