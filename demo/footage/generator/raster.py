"""The z-buffer: which triangle a pixel sees. One kernel serves the picture, the shadow maps and the ground truth."""

import numpy as np
from numba import njit

from .arrays import Array

EMPTY = -1


@njit(cache=True, nogil=True)
def rasterize(x: Array, y: Array, closeness: Array, triangles: Array, first_name: int, nearest: float, buffer: Array, names: Array) -> None:
    """Draws triangles into `buffer` [h, w] (closeness, larger is nearer) and `names` [h, w] (first_name + index of the triangle).

    x, y in pixels, pixel centres at .5; closeness must be linear over the picture (1 / depth for a camera, height for a shadow map).
    Triangles with a corner at or below `nearest` closeness 0 (behind the camera) are left out.
    """
    height, width = buffer.shape
    for index in range(triangles.shape[0]):
        a, b, c = triangles[index, 0], triangles[index, 1], triangles[index, 2]
        za, zb, zc = closeness[a], closeness[b], closeness[c]
        if za <= nearest or zb <= nearest or zc <= nearest:
            continue
        xa, ya, xb, yb, xc, yc = x[a], y[a], x[b], y[b], x[c], y[c]
        left = max(0, int(np.floor(min(xa, xb, xc) - 0.5)))
        right = min(width - 1, int(np.ceil(max(xa, xb, xc) - 0.5)))
        top = max(0, int(np.floor(min(ya, yb, yc) - 0.5)))
        bottom = min(height - 1, int(np.ceil(max(ya, yb, yc) - 0.5)))
        if left > right or top > bottom:
            continue
        area = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya)
        if abs(area) < 1e-9:
            continue
        scale = 1.0 / area
        step_b, step_c = (yc - ya) * scale, -(yb - ya) * scale
        for row in range(top, bottom + 1):
            dy = row + 0.5 - ya
            dx = left + 0.5 - xa
            share_b = (dx * (yc - ya) - dy * (xc - xa)) * scale
            share_c = (dy * (xb - xa) - dx * (yb - ya)) * scale
            for column in range(left, right + 1):
                if share_b >= -1e-6 and share_c >= -1e-6 and share_b + share_c <= 1.000001:
                    z = za + share_b * (zb - za) + share_c * (zc - za)
                    if z > buffer[row, column]:
                        buffer[row, column] = z
                        names[row, column] = first_name + index
                share_b += step_b
                share_c += step_c


@njit(cache=True, nogil=True)
def rasterize_height(x: Array, y: Array, height_of: Array, triangles: Array, buffer: Array) -> None:
    """Draws triangles into a shadow map: `buffer` keeps the largest height towards the light."""
    rows, columns = buffer.shape
    for index in range(triangles.shape[0]):
        a, b, c = triangles[index, 0], triangles[index, 1], triangles[index, 2]
        xa, ya, xb, yb, xc, yc = x[a], y[a], x[b], y[b], x[c], y[c]
        left = max(0, int(np.floor(min(xa, xb, xc) - 0.5)))
        right = min(columns - 1, int(np.ceil(max(xa, xb, xc) - 0.5)))
        top = max(0, int(np.floor(min(ya, yb, yc) - 0.5)))
        bottom = min(rows - 1, int(np.ceil(max(ya, yb, yc) - 0.5)))
        if left > right or top > bottom:
            continue
        area = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya)
        if abs(area) < 1e-9:
            continue
        scale = 1.0 / area
        step_b, step_c = (yc - ya) * scale, -(yb - ya) * scale
        za, zb, zc = height_of[a], height_of[b] - height_of[a], height_of[c] - height_of[a]
        for row in range(top, bottom + 1):
            dy = row + 0.5 - ya
            dx = left + 0.5 - xa
            share_b = (dx * (yc - ya) - dy * (xc - xa)) * scale
            share_c = (dy * (xb - xa) - dx * (yb - ya)) * scale
            for column in range(left, right + 1):
                if share_b >= -1e-6 and share_c >= -1e-6 and share_b + share_c <= 1.000001:
                    z = za + share_b * zb + share_c * zc
                    if z > buffer[row, column]:
                        buffer[row, column] = z
                share_b += step_b
                share_c += step_c
