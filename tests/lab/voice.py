"""Callers' voices: text, recordings, noise and silence as 8 kHz 16-bit mono samples of a telephone's narrow band."""

import array
import hashlib
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import wave

RATE = 8000
SOUNDS = pathlib.Path("/usr/share/asterisk/sounds")
RECORDED = {"en": SOUNDS / "en_US_f_Allison", "ru": SOUNDS / "ru_RU_f_IvrvoiceRU"}
CACHE = pathlib.Path(os.environ.get("PBXCTL_LAB_VOICES", pathlib.Path(tempfile.gettempdir()) / "pbxctl-lab-voices"))
SPEAK_LIMIT = 30  # seconds


def _run(*words, data=b""):
    return subprocess.run(words, input=data, capture_output=True, check=True, timeout=SPEAK_LIMIT).stdout


def _samples(data):
    samples = array.array("h", data)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _narrow(wav, gain="-3"):
    """Any WAV → raw 8 kHz, 300-3400 Hz, peak at `gain` dB: what a telephone lets through."""
    return _run("sox", "-", "-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", "-",
                "sinc", "300-3400", "gain", "-n", gain, data=wav)


def _speak(text, engine):
    """espeak:VOICE[:WORDS A MINUTE] or flite:VOICE"""
    program, voice, *rate = engine.split(":")
    if program == "espeak":
        return _run("espeak-ng", "-v", voice, "-s", *(rate or ["140"]), "--stdout", text)
    with tempfile.TemporaryDirectory() as folder:
        _run("flite", "-voice", voice, "-t", text, "-o", f"{folder}/said.wav")
        return pathlib.Path(folder, "said.wav").read_bytes()


def say(text, engine):
    """A synthetic voice; made once, then read from the cache."""
    key = hashlib.sha256(f"2|{engine}|{text}".encode()).hexdigest()[:24]
    kept = CACHE / f"{key}.raw"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=CACHE, delete=False) as draft:
            draft.write(_narrow(_speak(text, engine)))
        os.replace(draft.name, kept)
    return _samples(kept.read_bytes())


def recorded(language, name):
    """A human's recorded prompt, e.g. recorded("ru", "digits/5")"""
    return _samples(_narrow((RECORDED[language] / f"{name}.wav").read_bytes()))


def silence(seconds):
    return array.array("h", bytes(2 * int(seconds * RATE)))


def noise(seconds, level=600, seed=1):
    """Noise of a street: white, smoothed a little, swelling slowly; `level` is its root mean square. The same each time."""
    dice, last, samples = random.Random(seed), 0.0, array.array("h")
    for number in range(int(seconds * RATE)):
        last = 0.7 * last + 0.3 * dice.uniform(-1, 1)
        swell = 1 + 0.3 * math.sin(2 * math.pi * number / RATE / 1.7)
        samples.append(int(max(-32768, min(32767, last * swell * level * 4.1))))
    return samples


def mixed(one, other):
    """Two sounds at once, as long as the first."""
    return array.array("h", (max(-32768, min(32767, a + b)) for a, b in zip(one, other + silence(len(one) / RATE + 1))))


def level(samples):
    """Root mean square."""
    return math.sqrt(sum(s * s for s in samples) / len(samples)) if samples else 0.0


def write_wav(path, *channels):
    """One or two channels side by side; the shorter is filled up with silence."""
    length = max(len(c) for c in channels)
    rows = array.array("h", bytes(2 * length * len(channels)))
    for number, samples in enumerate(channels):
        rows[number:len(samples) * len(channels):len(channels)] = samples
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(rows.tobytes())
