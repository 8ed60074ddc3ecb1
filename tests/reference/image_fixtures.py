"""Writes the encoded pictures of src/evenface/image/testdata and what Pillow decodes from them.

Run once with Pillow >= 11 and numpy; the files are stored so that the tests need neither.
"""

import colorsys
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

FOLDER = pathlib.Path(__file__).parents[2] / "src/evenface/image/testdata"
WIDTH, HEIGHT = 48, 32


def quadrants():
    """Four colours, so that every one of the eight orientations looks different."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[: HEIGHT // 2, : WIDTH // 2] = (220, 60, 40)
    pixels[: HEIGHT // 2, WIDTH // 2 :] = (40, 200, 80)
    pixels[HEIGHT // 2 :, : WIDTH // 2] = (50, 70, 210)
    pixels[HEIGHT // 2 :, WIDTH // 2 :] = (240, 220, 190)
    return Image.fromarray(pixels)


def png16(path, pixels):
    """A 16-bit PNG (grey or RGB), which Pillow cannot write."""
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 16, 2 if pixels.ndim == 3 else 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def with_orientation(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def shown(path):
    """What a viewer shows: rotated, 8 bits, over white."""
    picture = ImageOps.exif_transpose(Image.open(path))
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture).astype(np.uint32) // 257).astype(np.uint8))
    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def write_pictures():
    rgb = quadrants()
    faded = rgb.convert("RGBA")
    faded.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))))
    rgb.save(FOLDER / "rgb.jpg", quality=95, subsampling=0)
    rgb.save(FOLDER / "progressive.jpg", quality=95, subsampling=0, progressive=True)
    rgb.convert("L").save(FOLDER / "grey.jpg", quality=95)
    rgb.convert("CMYK").save(FOLDER / "cmyk.jpg", quality=95, subsampling=0)
    rgb.save(FOLDER / "rgb.png")
    rgb.convert("L").save(FOLDER / "grey.png")
    rgb.quantize(8).save(FOLDER / "palette.png")
    faded.save(FOLDER / "alpha.png")
    faded.convert("LA").save(FOLDER / "grey_alpha.png")
    png16(FOLDER / "grey16.png", np.asarray(rgb.convert("L")).astype(np.uint16) * 257)
    rgb.save(FOLDER / "lossy.webp", quality=95)
    rgb.save(FOLDER / "lossless.webp", lossless=True)
    faded.save(FOLDER / "alpha.webp", lossless=True, exact=True)
    rgb.save(FOLDER / "turned.webp", lossless=True, exif=with_orientation(6))
    rgb.save(FOLDER / "turned.png", exif=with_orientation(8))
    for value in range(1, 9):
        rgb.save(FOLDER / f"orientation_{value}.jpg", quality=95, subsampling=0, exif=with_orientation(value))


def expectation(path):
    picture = shown(path)
    width, height = picture.size
    points = [(x, y) for y in (4, height - 5) for x in (4, width - 5)]
    return {
        "file": path.name,
        "width": width,
        "height": height,
        "points": [{"x": x, "y": y, "rgb": picture.getpixel((x, y))} for x, y in points],
    }


def turn_hue(pixel, turn):
    h, s, v = colorsys.rgb_to_hsv(*(c / 255 for c in pixel))
    return [round(255 * c) for c in colorsys.hsv_to_rgb((h + turn) % 1, s, v)]


def colour_changes():
    """Pillow's ImageEnhance and Python's colorsys on random pixels."""
    rng = np.random.default_rng(7)
    pixels = rng.integers(0, 256, (4, 6, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    enhance = {
        "brightness": ImageEnhance.Brightness,
        "contrast": ImageEnhance.Contrast,
        "saturation": ImageEnhance.Color,
    }
    cases = [
        {"change": name, "value": value, "pixels": np.asarray(kind(picture).enhance(value)).ravel().tolist()}
        for name, kind in enhance.items()
        for value in (0.0, 0.6, 1.3)
    ]
    cases += [
        {
            "change": "hue",
            "value": turn,
            "pixels": [c for p in pixels.reshape(-1, 3).tolist() for c in turn_hue(p, turn)],
        }
        for turn in (0.1, -0.35, 0.5)
    ]
    return {"width": 6, "height": 4, "pixels": pixels.ravel().tolist(), "cases": cases}


def main():
    FOLDER.mkdir(exist_ok=True)
    write_pictures()
    files = sorted(p for p in FOLDER.iterdir() if p.suffix in {".jpg", ".png", ".webp"})
    (FOLDER / "decoded.json").write_text(json.dumps([expectation(p) for p in files], indent=1) + "\n")
    quadrants().save(FOLDER / "animated.webp", save_all=True, append_images=[quadrants().rotate(180)], lossless=True)
    (FOLDER / "colours.json").write_text(json.dumps(colour_changes()) + "\n")


if __name__ == "__main__":
    main()
