"""G.711 µ-law, both ways, by tables (ITU-T G.711 table 2a)."""

import array

BIAS, CLIP = 0x84, 32635


def _encode(sample):
    sign, size = (0x80, -sample) if sample < 0 else (0, sample)
    size = min(size, CLIP) + BIAS
    exponent = size.bit_length() - 8
    return ~(sign | exponent << 4 | size >> (exponent + 3) & 0x0F) & 0xFF


def _decode(code):
    code = ~code & 0xFF
    size = (((code & 0x0F) << 3) + BIAS << (code >> 4 & 0x07)) - BIAS
    return -size if code & 0x80 else size


ENCODED = bytes(_encode(sample if sample < 32768 else sample - 65536) for sample in range(65536))
DECODED = [_decode(code) for code in range(256)]
SILENCE = b"\xff" * 160


def encode(samples):
    return bytes(ENCODED[sample & 0xFFFF] for sample in samples)


def decode(data):
    return array.array("h", (DECODED[code] for code in data))
