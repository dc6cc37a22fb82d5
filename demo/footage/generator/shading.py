"""From 'which triangle' to light: textures, many soft lights with shadow maps, gloss. The inner loop of the renderer."""

import numpy as np
from numba import njit

from .arrays import Array


@njit(cache=True, nogil=True, inline="always")
def texel(texels: Array, textures: Array, texture: int, level: int, u: float, v: float) -> tuple[float, float, float, float]:
    """Colour and roughness at a place of a repeating texture, bilinear."""
    start, width, height = textures[texture, level, 0], textures[texture, level, 1], textures[texture, level, 2]
    fx, fy = (u - np.floor(u)) * width - 0.5, (v - np.floor(v)) * height - 0.5
    x0, y0 = int(np.floor(fx)), int(np.floor(fy))
    fx -= x0
    fy -= y0
    x1, y1 = (x0 + 1) % width, (y0 + 1) % height
    x0, y0 = x0 % width, y0 % height
    p, q = start + (y0 * width + x0) * 4, start + (y0 * width + x1) * 4
    r, s = start + (y1 * width + x0) * 4, start + (y1 * width + x1) * 4
    wp, wq, wr, ws = (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy
    red = (texels[p] * wp + texels[q] * wq + texels[r] * wr + texels[s] * ws) / 255.0
    green = (texels[p + 1] * wp + texels[q + 1] * wq + texels[r + 1] * wr + texels[s + 1] * ws) / 255.0
    blue = (texels[p + 2] * wp + texels[q + 2] * wq + texels[r + 2] * wr + texels[s + 2] * ws) / 255.0
    rough = (texels[p + 3] * wp + texels[q + 3] * wq + texels[r + 3] * wr + texels[s + 3] * ws) / 255.0
    return red * red, green * green, blue * blue, rough * rough


@njit(cache=True, nogil=True, inline="always")
def lit_share(shadow: Array, x: float, y: float, height: float) -> float:
    """How much of a light arrives: bilinear comparison with the four nearest places of its shadow map; outside of it all."""
    size = shadow.shape[0]
    fx, fy = x - 0.5, y - 0.5
    x0, y0 = int(np.floor(fx)), int(np.floor(fy))
    if x0 < 0 or y0 < 0 or x0 >= size - 1 or y0 >= size - 1:
        return 1.0
    fx -= x0
    fy -= y0
    total = 0.0
    if shadow[y0, x0] <= height:
        total += (1 - fx) * (1 - fy)
    if shadow[y0, x0 + 1] <= height:
        total += fx * (1 - fy)
    if shadow[y0 + 1, x0] <= height:
        total += (1 - fx) * fy
    if shadow[y0 + 1, x0 + 1] <= height:
        total += fx * fy
    return total


@njit(cache=True, nogil=True, fastmath=True)
def shade(
    names: Array, x: Array, y: Array, closeness: Array, points: Array, triangles: Array, normals: Array, uv: Array, material: Array,
    materials: Array, textures: Array, texels: Array, time: float, eye: Array, lights: Array, maps: Array, shadows: Array, ambient: Array, total: Array,
) -> None:
    """Adds the light of one pass to `total` [h, w, 3].

    lights [l, 10]: direction to the light, colour, place, reference distance² (0: no falloff). maps [l, 3, 4]: place and height in its shadow map.
    ambient [3, 3]: light from below, reflection of the floor, reflection of the ceiling.
    """
    rows, columns = names.shape
    for row in range(rows):
        for column in range(columns):
            index = names[row, column]
            if index < 0:
                continue
            a, b, c = triangles[index, 0], triangles[index, 1], triangles[index, 2]
            dx, dy = column + 0.5 - x[a], row + 0.5 - y[a]
            abx, aby, acx, acy = x[b] - x[a], y[b] - y[a], x[c] - x[a], y[c] - y[a]
            scale = 1.0 / (abx * acy - acx * aby)
            sb, sc = (dx * acy - dy * acx) * scale, (dy * abx - dx * aby) * scale
            wa, wb, wc = (1 - sb - sc) * closeness[a], sb * closeness[b], sc * closeness[c]
            norm = 1.0 / (wa + wb + wc)
            wa *= norm
            wb *= norm
            wc *= norm
            px = wa * points[a, 0] + wb * points[b, 0] + wc * points[c, 0]
            py = wa * points[a, 1] + wb * points[b, 1] + wc * points[c, 1]
            pz = wa * points[a, 2] + wb * points[b, 2] + wc * points[c, 2]
            nx = wa * normals[index, 0, 0] + wb * normals[index, 1, 0] + wc * normals[index, 2, 0]
            ny = wa * normals[index, 0, 1] + wb * normals[index, 1, 1] + wc * normals[index, 2, 1]
            nz = wa * normals[index, 0, 2] + wb * normals[index, 1, 2] + wc * normals[index, 2, 2]
            length = 1.0 / np.sqrt(nx * nx + ny * ny + nz * nz + 1e-12)
            vx, vy, vz = eye[0] - px, eye[1] - py, eye[2] - pz
            distance = 1.0 / np.sqrt(vx * vx + vy * vy + vz * vz)
            vx *= distance
            vy *= distance
            vz *= distance
            if nx * vx + ny * vy + nz * vz < 0:
                length = -length
            nx *= length
            ny *= length
            nz *= length
            kind = material[index]
            red, green, blue = materials[kind, 0], materials[kind, 1], materials[kind, 2]
            rough, specular, emission, metal = materials[kind, 3], materials[kind, 4], materials[kind, 5], materials[kind, 9]
            texture = int(materials[kind, 6])
            if texture >= 0:
                u = wa * uv[index, 0, 0] + wb * uv[index, 1, 0] + wc * uv[index, 2, 0] + materials[kind, 7] * time
                v = wa * uv[index, 0, 1] + wb * uv[index, 1, 1] + wc * uv[index, 2, 1] + materials[kind, 8] * time
                ubx, uby = uv[index, 1, 0] - uv[index, 0, 0], uv[index, 1, 1] - uv[index, 0, 1]
                ucx, ucy = uv[index, 2, 0] - uv[index, 0, 0], uv[index, 2, 1] - uv[index, 0, 1]
                density = abs((ubx * ucy - ucx * uby) * scale) * textures[texture, 0, 1] * textures[texture, 0, 2]
                level = int(min(4.0, max(0.0, 0.5 * np.log2(density + 1e-9))))
                tr, tg, tb, rough = texel(texels, textures, texture, level, u, v)
                red *= tr
                green *= tg
                blue *= tb
            er, eg, eb, sr, sg, sb_ = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            glossy = specular > 0.015
            power = max(2.0, 2.0 / (rough * rough * rough * rough + 1e-4) - 2.0) if glossy else 1.0
            power = min(power, 120.0)
            for k in range(lights.shape[0]):
                facing = nx * lights[k, 0] + ny * lights[k, 1] + nz * lights[k, 2]
                if facing <= 0:
                    continue
                qx, qy, qz = px + 0.010 * nx, py + 0.010 * ny, pz + 0.010 * nz
                mx = maps[k, 0, 0] * qx + maps[k, 0, 1] * qy + maps[k, 0, 2] * qz + maps[k, 0, 3]
                my = maps[k, 1, 0] * qx + maps[k, 1, 1] * qy + maps[k, 1, 2] * qz + maps[k, 1, 3]
                mh = maps[k, 2, 0] * qx + maps[k, 2, 1] * qy + maps[k, 2, 2] * qz + maps[k, 2, 3]
                arrives = lit_share(shadows[k], mx, my, mh + 0.006)
                if arrives <= 0:
                    continue
                if lights[k, 9] > 0:
                    lx, ly, lz = lights[k, 6] - px, lights[k, 7] - py, lights[k, 8] - pz
                    arrives *= min(4.0, lights[k, 9] / (lx * lx + ly * ly + lz * lz))
                share = facing * arrives
                er += share * lights[k, 3]
                eg += share * lights[k, 4]
                eb += share * lights[k, 5]
                if glossy:
                    hx, hy, hz = lights[k, 0] + vx, lights[k, 1] + vy, lights[k, 2] + vz
                    nh = (nx * hx + ny * hy + nz * hz) / np.sqrt(hx * hx + hy * hy + hz * hz)
                    if nh > 0:
                        gloss = share * (power + 8.0) * 0.125 * nh**power
                        sr += gloss * lights[k, 3]
                        sg += gloss * lights[k, 4]
                        sb_ += gloss * lights[k, 5]
            below = 0.5 - 0.5 * nz + 0.12
            er += below * ambient[0, 0]
            eg += below * ambient[0, 1]
            eb += below * ambient[0, 2]
            nv = nx * vx + ny * vy + nz * vz
            fresnel = (specular + (1 - specular) * (1 - nv) ** 5 * (1 - rough)) if glossy else 0.0
            up = 2 * nv * nz - vz
            mirror = min(1.0, max(0.0, up * 1.2 + 0.15))
            dull = 1 - metal
            for channel in range(3):
                env = ambient[1, channel] * (1 - mirror) + ambient[2, channel] * mirror
                base = red if channel == 0 else green if channel == 1 else blue
                light = er if channel == 0 else eg if channel == 1 else eb
                shine = sr if channel == 0 else sg if channel == 1 else sb_
                tint = dull + metal * base * 3.0
                value = base * (light * (1 - 0.6 * metal) + emission)
                value += tint * (specular * shine + (fresnel + metal * 0.35) * env)
                total[row, column, channel] += value
