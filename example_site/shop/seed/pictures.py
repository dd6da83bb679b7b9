"""The shop's pictures, drawn in code: nothing is downloaded, and nothing large is kept in the repository.

Products and scenes are SVG, which stays sharp and weighs a kilobyte. Faces are PNG, as an operator's
portrait would be.
"""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 900, 720


def _svg(body: str, *, defs: str = "", width: int = WIDTH, height: int = HEIGHT) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<defs>{defs}</defs>{body}</svg>"
    ).encode()


def _gradient(name: str, *stops: str, across: bool = False) -> str:
    end = 'x2="1" y2="0"' if across else 'x2="0" y2="1"'
    marks = "".join(
        f'<stop offset="{index / max(1, len(stops) - 1):.2f}" stop-color="{colour}"/>'
        for index, colour in enumerate(stops)
    )
    return f'<linearGradient id="{name}" x1="0" y1="0" {end}>{marks}</linearGradient>'


def _studio(top: str, bottom: str, table: str, body: str, defs: str = "") -> bytes:
    """A product on a table before a plain wall, with its shadow."""
    return _svg(
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#wall)"/>'
        f'<circle cx="690" cy="190" r="240" fill="#fff" opacity=".14"/>'
        f'<path d="M0 560h{WIDTH}v160H0z" fill="{table}"/><path d="M0 560h{WIDTH}v7H0z" fill="#000" opacity=".08"/>'
        f'<ellipse cx="450" cy="604" rx="235" ry="24" fill="#000" opacity=".2"/>{body}',
        defs=_gradient("wall", top, bottom) + defs,
    )


def coffee_pot() -> bytes:
    return _studio(
        "#d9e3dc", "#c2d2c8", "#9c7a58",
        '<path d="M300 330c-90-20-128 30-160 92l34 20c28-46 54-64 126-40z" fill="#1f4e46"/>'
        '<path d="M590 316c150-40 170 190 8 212l-4-38c96-22 90-152 0-134z" fill="#173b35"/>'
        '<path d="M318 270h276l42 330H276z" fill="url(#pot)"/>'
        '<path d="M318 270h276l5 40H313z" fill="#123630"/><path d="M282 552h348l6 48H276z" fill="#123630" opacity=".55"/>'
        '<path d="M328 270c14-66 238-66 256 0z" fill="#245c52"/><circle cx="456" cy="206" r="20" fill="#c89b5e"/>'
        '<path d="M356 330l-24 230h34l12-230z" fill="#fff" opacity=".18"/>',
        _gradient("pot", "#1c4a42", "#2f7566", "#1b463f", across=True),
    )  # fmt: skip


def blanket() -> bytes:
    stripes = "".join(
        f'<path d="M210 {y}q240 26 480 0v{h}q-240 26-480 0z" fill="{colour}"/>'
        for y, h, colour in (
            (300, 16, "#b4532a"),
            (332, 8, "#b4532a"),
            (424, 16, "#2c4a41"),
            (456, 8, "#2c4a41"),
            (540, 16, "#b4532a"),
        )
    )
    fringe = "".join(
        f'<path d="M{x} 596v34" stroke="#d8cbb2" stroke-width="6" stroke-linecap="round"/>' for x in range(222, 690, 18)
    )
    return _studio(
        "#e8ddcd", "#d8c8b2", "#7d6a58",
        f'{fringe}<path d="M210 236q0-36 36-36h408q36 0 36 36v366H210z" fill="url(#wool)"/>'
        '<path d="M210 236q0-36 36-36h408q36 0 36 36v22q-240 30-480 0z" fill="#fff" opacity=".35"/>' + stripes,
        _gradient("wool", "#f1e8d8", "#dfd0b6"),
    )  # fmt: skip


def stool() -> bytes:
    return _studio(
        "#cfdadf", "#b7c8cf", "#8b765f",
        '<path d="M300 372 580 604" stroke="#8a5a33" stroke-width="26" stroke-linecap="round"/>'
        '<path d="M600 372 320 604" stroke="#a9713f" stroke-width="26" stroke-linecap="round"/>'
        '<path d="M262 352h376" stroke="#6e4525" stroke-width="24" stroke-linecap="round"/>'
        '<path d="M270 330q180 78 360 0v40q-180 86-360 0z" fill="#31566b"/>'
        '<path d="M270 330q180 78 360 0v12q-180 80-360 0z" fill="#fff" opacity=".2"/>'
        '<circle cx="450" cy="494" r="15" fill="#d9b36c"/>',
    )  # fmt: skip


def lantern() -> bytes:
    return _studio(
        "#25343c", "#3b505a", "#4b3d31",
        '<circle cx="450" cy="420" r="300" fill="url(#glow)"/>'
        '<path d="M350 250q100-190 200 0" fill="none" stroke="#c9ced0" stroke-width="12"/>'
        '<path d="M368 292h164l-24-56H392z" fill="#a33d23"/><path d="M344 292h212v26H344z" fill="#7f2c18"/>'
        '<rect x="362" y="318" width="176" height="210" rx="60" fill="#fdf2d0" opacity=".88"/>'
        '<path d="M450 386c40 44 44 98 0 118-44-20-40-74 0-118z" fill="#f08c2e"/><path d="M450 438c18 20 18 46 0 58-18-12-18-38 0-58z" fill="#fff3c4"/>'
        '<path d="M374 318v210M526 318v210" stroke="#7f2c18" stroke-width="10"/>'
        '<path d="M336 528h228l18 72H318z" fill="#a33d23"/><path d="M330 552h240" stroke="#7f2c18" stroke-width="8"/>',
        '<radialGradient id="glow"><stop offset="0" stop-color="#ffd98a" stop-opacity=".85"/>'
        '<stop offset="1" stop-color="#ffd98a" stop-opacity="0"/></radialGradient>',
    )  # fmt: skip


def cup() -> bytes:
    rings = "".join(
        f'<path d="M{270 + i * 14} {430 + i * 26}q170 60 {330 - i * 24} 0" fill="none" stroke="#9a6532" stroke-width="4" opacity=".4"/>'
        for i in range(5)
    )
    return _studio(
        "#dfe6d8", "#c6d2bc", "#6f7d62",
        '<path d="M596 392c40-40 150-46 152 18 2 62-98 74-166 70l12-40c40 2 100 2 100-30 0-26-52-14-78 12z" fill="#b07a41"/>'
        '<path d="M246 382h362c10 120-60 222-181 222S236 502 246 382z" fill="url(#wood)"/>'
        f'<ellipse cx="427" cy="384" rx="181" ry="46" fill="#dcae72"/><ellipse cx="427" cy="388" rx="158" ry="34" fill="#4a2d17"/>{rings}'
        '<path d="M392 330q-26-40 0-78t0-76M462 330q26-40 0-78t0-76" fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round" opacity=".5"/>',
        _gradient("wood", "#d7a566", "#b57b3f", "#96602c"),
    )  # fmt: skip


def rucksack() -> bytes:
    return _studio(
        "#e5dccb", "#d0c2a8", "#77644d",
        '<path d="M300 340c-70 20-84 190-44 240l40-12zM600 340c70 20 84 190 44 240l-40-12z" fill="#3a3226"/>'
        '<path d="M294 260q0-92 156-92t156 92l22 340H272z" fill="url(#canvas)"/>'
        '<path d="M286 268q0-96 164-96t164 96l6 104q-170 60-340 0z" fill="#5d6b45"/>'
        '<rect x="338" y="426" width="224" height="146" rx="22" fill="#66744d"/><path d="M338 448q0-22 22-22h180q22 0 22 22v26H338z" fill="#525f3b"/>'
        '<path d="M374 340v150M526 340v150" stroke="#8a5a33" stroke-width="20"/>'
        '<rect x="360" y="392" width="28" height="24" rx="4" fill="#d9b36c"/><rect x="512" y="392" width="28" height="24" rx="4" fill="#d9b36c"/>'
        '<path d="M412 172q38-54 76 0" fill="none" stroke="#8a5a33" stroke-width="16"/>',
        _gradient("canvas", "#6f7d54", "#4d5a38"),
    )  # fmt: skip


def axe() -> bytes:
    return _studio(
        "#d8dcde", "#c1c8cb", "#84684d",
        '<path d="M606 176q34 6 30 40L368 604h-56l244-404q14-26 50-24z" fill="url(#ash)"/>'
        '<path d="M352 560l34 22-18 22h-56z" fill="#6b2f1c"/>'
        '<path d="M520 190l88 54-34 56c-66-18-124 6-150 62-54-56-58-146-14-208 30 36 66 46 110 36z" fill="url(#steel)"/>'
        '<path d="M410 154c-44 62-40 152 14 208l12-20c-44-52-46-122-12-172z" fill="#f2f5f6"/>',
        _gradient("ash", "#dcb27a", "#b98548") + _gradient("steel", "#6b777d", "#424c52", across=True),
    )  # fmt: skip


def sweater() -> bytes:
    rows = "".join(
        f'<path d="M{x} {y}l12 14-12 14-12-14z" fill="#f3ead8"/>'
        for y in (322, 366)
        for x in range(330 + (y == 366) * 15, 585, 30)
    )
    return _studio(
        "#dccfc4", "#c9b8aa", "#5f6a66",
        '<path d="M330 232 196 330l44 262 76-12-14-196z" fill="#24463d"/><path d="M570 232l134 98-44 262-76-12 14-196z" fill="#24463d"/>'
        '<path d="M330 232q40-34 70-34 50 46 100 0 30 0 70 34l20 368H310z" fill="url(#knit)"/>'
        '<path d="M400 198q50 46 100 0l14 22q-64 62-128 0z" fill="#1a352e"/><path d="M312 566h276l2 34H310z" fill="#1a352e"/>'
        f'{rows}<path d="M318 416h264" stroke="#b4532a" stroke-width="10"/><path d="M317 434h266" stroke="#f3ead8" stroke-width="4"/>',
        _gradient("knit", "#2f5a4f", "#27493f"),
    )  # fmt: skip


def _trees(seed: int, base: int, low: int, high: int, colour: str, width: int = 1200) -> str:
    """A row of spruces whose feet stand on `base`."""
    chance = random.Random(seed)
    parts = []
    x = -20
    while x < width + 40:
        tall = chance.randint(low, high)
        wide = tall * 0.34
        parts.append(
            f"M{x} {base - tall}l{wide * 0.32:.0f} {tall * 0.36:.0f}h{-wide * 0.12:.0f}l{wide * 0.28:.0f} {tall * 0.3:.0f}h{-wide * 0.14:.0f}"
            f"l{wide * 0.3:.0f} {tall * 0.34:.0f}h{-wide * 1.28:.0f}l{wide * 0.3:.0f} {-tall * 0.34:.0f}h{-wide * 0.14:.0f}l{wide * 0.28:.0f} {-tall * 0.3:.0f}h{-wide * 0.12:.0f}z"
        )
        x += chance.randint(int(low * 0.2), int(high * 0.3))
    return (
        f'<path d="{"".join(parts)}" fill="{colour}"/><path d="M-10 {base - 6}h{width + 20}v600H-10z" fill="{colour}"/>'
    )


def forest_cabin() -> bytes:
    """The home page's scene: a red cabin by a lake, before sunrise."""
    return _svg(
        '<rect width="1200" height="900" fill="url(#sky)"/><circle cx="860" cy="300" r="74" fill="#fff1d2" opacity=".9"/>'
        '<path d="M-10 470 200 330l170 96 190-150 210 170 180-120 270 170v200H-10z" fill="#b9c9c3"/>'
        '<path d="M-10 520 160 430l220 80 240-120 240 130 360-90v160H-10z" fill="#93aea4"/>'
        + _trees(7, 610, 70, 130, "#5d8474")
        + _trees(11, 665, 110, 210, "#315c4d")
        + '<path d="M-10 660h1220v250H-10z" fill="url(#lake)"/>'
        '<path d="M-10 660h1220v26q-300 22-610 4T-10 694z" fill="#23463b"/>'
        '<path d="M700 574l104-86 104 86z" fill="#3a2a24"/><path d="M716 570h176v104H716z" fill="#a03c22"/>'
        '<path d="M748 600h38v74h-38z" fill="#f3ead8"/><path d="M822 598h46v40h-46z" fill="#ffd98a"/><path d="M845 598v40M822 618h46" stroke="#f3ead8" stroke-width="5"/>'
        '<path d="M846 486h26v40h-26z" fill="#3a2a24"/><path d="M860 478q-24-34 4-66t0-70" fill="none" stroke="#fff" stroke-width="12" stroke-linecap="round" opacity=".55"/>'
        '<path d="M722 702h170v50H722z" fill="#a03c22" opacity=".3"/><path d="M826 706h38v46h-38z" fill="#ffd98a" opacity=".45"/>'
        '<path d="M180 742h240M520 790h330M120 826h180M900 752h200M640 850h260" stroke="#fff" stroke-width="5" stroke-linecap="round" opacity=".35"/>'
        '<path d="M280 792q90 40 210 0l-20 34q-84 22-170 0z" fill="#5b3b25"/><path d="M280 792q90 20 210 0l-4 8q-100 22-202 0z" fill="#8a5a33"/>',
        defs=_gradient("sky", "#9fc0c4", "#e5d9c3", "#f6d8b1") + _gradient("lake", "#8fb0ab", "#577f7b", "#3d6461"),
        width=1200,
        height=900,
    )


def workshop() -> bytes:
    """The about page's scene: a bench under a window."""
    shavings = "".join(
        f'<path d="M{x} {y}q14-26 28 0t28 0" fill="none" stroke="#e7c48d" stroke-width="7"/>'
        for x, y in ((180, 640), (300, 660), (640, 648), (760, 662), (900, 640))
    )
    return _svg(
        '<rect width="1200" height="900" fill="url(#room)"/><rect x="330" y="90" width="540" height="380" rx="8" fill="#f3ead8"/>'
        '<svg x="350" y="110" width="500" height="340" viewBox="0 0 1200 816" preserveAspectRatio="none">'
        '<rect width="1200" height="816" fill="url(#out)"/>'
        + _trees(3, 620, 160, 330, "#6f9484")
        + _trees(5, 720, 180, 380, "#3c6656")
        + "</svg>"
        '<path d="M600 100v360M340 280h520" stroke="#f3ead8" stroke-width="14"/>'
        '<path d="M0 600h1200v70H0z" fill="#a87344"/><path d="M0 670h1200v230H0z" fill="#6b4529"/><path d="M0 600h1200v12H0z" fill="#c99763"/>'
        '<path d="M130 670h50v230h-50zM1020 670h50v230h-50z" fill="#553520"/>'
        '<path d="M420 520h210l34 80H400z" fill="#b57b3f"/><path d="M470 480h50l8 40h-66z" fill="#553520"/><path d="M560 470q50-10 50 50h-40z" fill="#8a5a33"/>'
        '<path d="M760 596q-6-70 74-70t74 70z" fill="#d7a566"/><ellipse cx="834" cy="530" rx="66" ry="13" fill="#4a2d17"/>'
        '<path d="M120 150h24v150h-24zM112 290h40l-6 90h-28z" fill="#40352c"/><path d="M200 150h20v120h-20zM186 262h48v36q-24 20-48 0z" fill="#40352c"/>'
        '<path d="M84 140h190v12H84z" fill="#8a5a33"/>' + shavings,
        defs=_gradient("room", "#c8b79d", "#a8957a") + _gradient("out", "#bcd4d6", "#f0e2c8"),
        width=1200,
        height=900,
    )


def portrait(*, backdrop: str, skin: str, hair: str, shirt: str, long_hair: bool = False) -> bytes:
    """A face as a flat drawing, 320 x 320 PNG."""
    size, scale = 320, 3
    image = Image.new("RGB", (size * scale, size * scale), backdrop)
    draw = ImageDraw.Draw(image)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return tuple(value * scale for value in (left, top, right, bottom))

    if long_hair:
        draw.rounded_rectangle(box(84, 84, 236, 262), radius=70 * scale, fill=hair)
    draw.ellipse(box(46, 232, 274, 430), fill=shirt)
    draw.rounded_rectangle(box(136, 186, 184, 262), radius=22 * scale, fill=skin)
    draw.ellipse(box(102, 78, 218, 218), fill=hair)
    draw.ellipse(box(108, 94, 212, 222), fill=skin)
    draw.pieslice(box(98, 66, 222, 190), 182, 358, fill=hair)
    for eye in (140, 180):
        draw.ellipse(box(eye - 5, 150, eye + 5, 161), fill="#2b2320")
    draw.arc(box(138, 164, 182, 200), 20, 160, fill="#8c4a3a", width=4 * scale)
    buffer = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
