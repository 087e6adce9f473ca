"""Diagrams of the sample wiki: PNG by pillow, SVG and draw.io by hand."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

INK, PAPER, WATER, SAND, LINE = "#1d3540", "#ffffff", "#d7eef0", "#f6ecd6", "#5b8a91"

Box = tuple[int, int, int, int, str, str]
"""Left, top, width, height, colour, words (lines by \\n)."""
Arrow = tuple[int, int, int, int]


def drawings() -> dict[str, bytes]:
    """Every diagram by file name."""
    return {
        "tributary-overview.png": _picture((1000, 420), TRIBUTARY, TRIBUTARY_ARROWS, "Tributary"),
        "tributary-overview.svg": _svg((1000, 420), TRIBUTARY, TRIBUTARY_ARROWS, "Tributary"),
        "heron-topology.png": _picture((820, 400), TOPOLOGY, TOPOLOGY_ARROWS, "One Heron, five Reedlines"),
        "heron-block.png": _picture((820, 360), HERON, HERON_ARROWS, "Heron G2"),
        "heron-block.drawio": _drawio(HERON, HERON_ARROWS),
        "inc-41-sessions.png": _sessions(),
        "ebro-map.svg": _svg((900, 360), EBRO, EBRO_ARROWS, "Ebro rollout: reaches and phases"),
    }


TRIBUTARY: Sequence[Box] = (
    (30, 170, 120, 70, SAND, "Reedline\ngauges"),
    (190, 170, 120, 70, SAND, "Heron\ngateway"),
    (350, 170, 110, 70, WATER, "weir"),
    (500, 170, 110, 70, WATER, "sluice"),
    (660, 80, 120, 70, WATER, "strata"),
    (660, 270, 120, 70, WATER, "beacon"),
    (840, 60, 130, 50, PAPER, "lookout"),
    (840, 130, 130, 50, PAPER, "delta (API)"),
    (840, 280, 130, 50, PAPER, "SMS, voice,\nwebhooks"),
    (350, 320, 110, 60, WATER, "keystone"),
)
TRIBUTARY_ARROWS: Sequence[Arrow] = (
    (150, 205, 190, 205),
    (310, 205, 350, 205),
    (460, 205, 500, 205),
    (610, 195, 660, 130),
    (610, 215, 660, 290),
    (780, 100, 840, 85),
    (780, 125, 840, 155),
    (780, 305, 840, 305),
    (405, 320, 405, 240),
)
TOPOLOGY: Sequence[Box] = (
    (350, 60, 130, 70, SAND, "Heron G2\non the mast"),
    (40, 270, 110, 60, WATER, "Reedline 4\n1.2 km"),
    (190, 300, 110, 60, WATER, "Reedline 4\n2.9 km"),
    (350, 300, 110, 60, WATER, "Reedline 2\n0.4 km"),
    (510, 300, 110, 60, WATER, "Reedline 4\n4.4 km"),
    (670, 270, 110, 60, WATER, "Reedline 4\n6.8 km"),
    (630, 60, 150, 70, PAPER, "mobile network\nLTE-M"),
)
TOPOLOGY_ARROWS: Sequence[Arrow] = (
    (95, 270, 360, 130),
    (245, 300, 385, 130),
    (405, 300, 412, 130),
    (565, 300, 440, 130),
    (725, 270, 465, 130),
    (480, 95, 630, 95),
)
HERON: Sequence[Box] = (
    (30, 50, 150, 60, SAND, "Panel 20 W"),
    (30, 150, 150, 60, SAND, "LiFePO4\n12 V 18 Ah"),
    (240, 100, 150, 60, SAND, "Power, always on\n38 uA"),
    (240, 220, 150, 60, WATER, "Secure element"),
    (450, 100, 150, 60, WATER, "Processor\nflash 72 h"),
    (650, 50, 140, 60, WATER, "LoRaWAN\n868 MHz"),
    (650, 160, 140, 60, WATER, "LTE-M modem\n2 SIM"),
)
HERON_ARROWS: Sequence[Arrow] = (
    (180, 80, 240, 120),
    (180, 180, 240, 140),
    (390, 130, 450, 130),
    (390, 250, 500, 160),
    (600, 120, 650, 85),
    (600, 140, 650, 185),
)
EBRO: Sequence[Box] = (
    (30, 60, 150, 60, "#cde8cf", "Reinosa"),
    (220, 90, 150, 60, "#cde8cf", "Miranda\nphase 1: 48"),
    (410, 130, 150, 60, "#fbe3b0", "Tudela\nAragon joins"),
    (580, 180, 150, 60, "#fbe3b0", "Zaragoza\nphase 2: 104"),
    (720, 270, 150, 60, "#e4e7e8", "Tortosa, delta\nphase 3: 60"),
)
EBRO_ARROWS: Sequence[Arrow] = ((180, 95, 220, 115), (370, 125, 410, 155), (560, 165, 600, 180), (730, 225, 770, 270))


def _picture(size: tuple[int, int], boxes: Sequence[Box], arrows: Sequence[Arrow], title: str) -> bytes:
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((24, 14), title, fill=INK, font=ImageFont.load_default(22))
    for left, top, width, height, colour, words in boxes:
        draw.rounded_rectangle((left, top, left + width, top + height), 8, fill=colour, outline=LINE, width=2)
        middle = (left + width / 2, top + height / 2)
        draw.multiline_text(middle, words, fill=INK, font=ImageFont.load_default(16), anchor="mm", align="center")
    for x1, y1, x2, y2 in arrows:
        draw.line((x1, y1, x2, y2), fill=LINE, width=3)
        draw.ellipse((x2 - 5, y2 - 5, x2 + 5, y2 + 5), fill=INK)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.quantize(32).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _sessions() -> bytes:
    """Connected gateways over the hours of INC-41: (hour, sessions) corners joined by lines."""
    corners = [(3.0, 3655), (4.2, 3655), (4.22, 2515), (6.5, 2520), (7.0, 2990), (7.5, 3480), (7.9, 3646), (9.0, 3650)]
    image = Image.new("RGB", (820, 360), PAPER)
    draw = ImageDraw.Draw(image)
    small = ImageFont.load_default(14)
    for sessions in (2000, 2500, 3000, 3500, 4000):
        y = _height(sessions)
        draw.line((70, y, 790, y), fill="#e3e9ea")
        draw.text((60, y), f"{sessions}", fill=INK, font=small, anchor="rm")
    for hour in range(3, 10):
        draw.text((70 + (hour - 3) * 120, 325), f"{hour:02d}:00", fill=INK, font=small, anchor="mm")
    draw.line([(70 + (hour - 3) * 120, _height(sessions)) for hour, sessions in corners], fill="#c2482d", width=4)
    draw.text((70, 16), "weir_sessions, INC-41 (UTC)", fill=INK, font=ImageFont.load_default(18))
    return _png(image)


def _height(sessions: int) -> float:
    return 300 - (sessions - 2000) / 2000 * 240


def _svg(size: tuple[int, int], boxes: Sequence[Box], arrows: Sequence[Arrow], title: str) -> bytes:
    lines = "".join(
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{LINE}" stroke-width="3"/>' for x1, y1, x2, y2 in arrows
    )
    shapes = "".join(_svg_box(box) for box in boxes)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" font-family="sans-serif">'
    return (
        f'{head}<title>{title}</title><rect width="100%" height="100%" fill="{PAPER}"/>{lines}{shapes}</svg>'.encode()
    )


def _svg_box(box: Box) -> str:
    left, top, width, height, colour, words = box
    rows = words.split("\n")
    first = top + height / 2 + 6 - 9 * (len(rows) - 1)
    text = "".join(
        f'<text x="{left + width / 2}" y="{first + 18 * row}" text-anchor="middle" fill="{INK}">{word}</text>'
        for row, word in enumerate(rows)
    )
    shape = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="8" fill="{colour}" stroke="{LINE}"/>'
    return shape + text


def _drawio(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> bytes:
    """An uncompressed draw.io file, whose labels can be read as text."""
    style = "rounded=1;whiteSpace=wrap;html=1;fillColor="
    cells = "".join(
        f'<mxCell id="b{number}" value="{words}" style="{style}{colour};" vertex="1" parent="1">'
        f'<mxGeometry x="{left}" y="{top}" width="{width}" height="{height}" as="geometry"/></mxCell>'
        for number, (left, top, width, height, colour, words) in enumerate(boxes)
    ).replace("\n", "&#10;")
    edges = "".join(
        f'<mxCell id="e{number}" edge="1" parent="1"><mxGeometry relative="1" as="geometry">'
        f'<mxPoint x="{x1}" y="{y1}" as="sourcePoint"/><mxPoint x="{x2}" y="{y2}" as="targetPoint"/>'
        "</mxGeometry></mxCell>"
        for number, (x1, y1, x2, y2) in enumerate(arrows)
    )
    root = f'<root><mxCell id="0"/><mxCell id="1" parent="0"/>{cells}{edges}</root>'
    return f'<mxfile><diagram name="Heron G2"><mxGraphModel>{root}</mxGraphModel></diagram></mxfile>'.encode()
