"""Encodes and decodes with Python what compare_test.go does with package text.

Without arguments: a line "codec section sha256" for each codec named on the
standard input. With a codec and a section: the lines behind that sum.
"""

import functools
import hashlib
import sys

TABLES = "gbk gb2312 gb18030 big5 cp950 shift_jis cp932 euc_jp euc_kr cp949 hz".split()
RULES = "ascii latin-1 utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be".split()
DECODE = "strict replace ignore backslashreplace".split()
ENCODE = "strict replace ignore backslashreplace xmlcharrefreplace".split()
POOL = bytes(range(0x80, 0x100)) + b"09~{}~{}\n!0Aa\xff\xfe\x00\x00\xd8\xdc\xa4\xd4\xa4\x8f\x84\x31\xa4\x37"
SIGNATURE = b"\xef\xbb\xbf"


def as_list(generator):
    return functools.cache(lambda *args: list(generator(*args)))


@as_list
def strings(errors, wide):
    """All strings of one byte; for wide codecs those of two and some longer ones."""
    yield from (bytes([a]) for a in range(256))
    if not wide:
        return
    step = 1 if errors == "strict" else 11
    yield from (bytes([i >> 8, i & 0xFF]) for i in range(0, 0x10000, step))
    x = 1
    for i in range(4000):
        s = bytearray()
        for _ in range(3 + i % 9):
            x = (x * 1103515245 + 12345) % 2**31
            s.append(POOL[(x >> 16) % len(POOL)])
        yield bytes(s)


@as_list
def points(errors, wide):
    """All code points, or as many as are worth the time they cost."""
    full = errors == "replace" or wide and errors == "strict"
    for c in range(0, 0x110000 if wide and errors == "replace" else 0x10000, 1 if full else 29):
        if not 0xD800 <= c <= 0xDFFF:
            yield chr(c)
    yield "\U0001F600"


@functools.cache
def joined(errors, wide):
    return "\n".join(points(errors, wide))


def decoded(codec, data, errors):
    try:
        return data.decode(codec, errors).encode().hex()
    except UnicodeDecodeError as e:
        skipped = 3 if codec == "utf-8-sig" and data.startswith(SIGNATURE) else 0
        return f"!{e.start + skipped},{e.end + skipped},{e.reason}"


def encoded(codec, text):
    try:
        return text.encode(codec).hex()
    except UnicodeEncodeError as e:
        return f"!{e.start}"


def lines(codec, section):
    wide = codec in TABLES + RULES
    kind, errors = section.split("-")
    if kind == "decode":
        return [decoded(codec, s, errors) for s in strings(errors, wide)]
    if errors == "strict":
        return [encoded(codec, "ab" + c) for c in points(errors, wide)]
    return [joined(errors, wide).encode(codec, errors).hex()]


def digest(codec, section):
    return hashlib.sha256("\n".join(lines(codec, section)).encode()).hexdigest()


if len(sys.argv) > 1:
    print("\n".join(lines(*sys.argv[1:])))
else:
    for codec in sys.stdin.read().split():
        for section in ["decode-" + e for e in DECODE] + ["encode-" + e for e in ENCODE]:
            print(codec, section, digest(codec, section))
