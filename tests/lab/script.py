"""Scripts of calls: what a caller does and what must happen, in the form of a dialog's own tests.

    [by surname, then busy]             ; one call
    voice = espeak:ru+f2                ; whose voice, for this call or, above the first call, for all
    noise = 300                         ; a street behind the caller, its root mean square
    confirm = Вы сказали: *             ; what she asks when unsure: the caller says `yes`
    yes = да
    again = 2                           ; so often the caller says his words again when she asks for them
    < Здравствуйте! *                   ; Oksana says; * is anything
    > соедините с ивановой              ; the caller says
    > (key 1)    (silence)    (hangup)  ; or does
    >> замолчи                          ; while she speaks, not when she is silent
    > (noise 2)                         ; two seconds of nothing but noise
    = transfer 105 context who=105      ; what happens, as the journal words it
"""

import dataclasses
import pathlib
import re

SETTINGS = {"voice": str, "noise": int, "confirm": str, "yes": str, "again": int}


class ScriptError(Exception):
    pass


@dataclasses.dataclass
class Script:
    title: str
    settings: dict
    lines: list = dataclasses.field(default_factory=list)  # ("<" | ">" | ">>" | "=", words)

    def wanted(self):
        """What the journal must show: her words and what happened, in order."""
        return [(mark, words) for mark, words in self.lines if mark not in (">", ">>")]


def read(path):
    """All calls of a file."""
    scripts, common = [], {}
    for number, line in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
        line = re.sub(r"(^|\s);.*", "", line).strip()
        setting = re.fullmatch(r"(\w+)\s*=\s*(.+)", line)
        if not line:
            continue
        if line.startswith("["):
            scripts.append(Script(line.strip("[]"), dict(common)))
        elif line[0] in "<>=" and scripts:
            mark = ">>" if line.startswith(">>") else line[0]
            scripts[-1].lines.append((mark, line.removeprefix(mark).strip()))
        elif setting and setting[1] in SETTINGS:
            (scripts[-1].settings if scripts else common)[setting[1]] = SETTINGS[setting[1]](setting[2])
        else:
            raise ScriptError(f"{path}:{number}: not understood: {line}")
    return scripts


def fits(pattern, words):
    """`*` is anything; an `=` line may end early: `transfer 105` fits `transfer 105 context who=105`."""
    expression = ".*".join(re.escape(part) for part in re.split(r"\s*\*\s*", pattern))
    return re.fullmatch(expression, words.strip(), re.DOTALL) is not None


def difference(script, transcript):
    """The first line that is not as wanted, in words; None when the call went as the script says."""
    happened = [(mark, words) for mark, words in transcript if mark not in (">", ">>")]
    for number, (mark, pattern) in enumerate(script.wanted()):
        if number >= len(happened):
            return f"wanted {mark} {pattern}, but the call ended"
        if happened[number][0] != mark or not fits(pattern, happened[number][1]):
            return f"wanted {mark} {pattern}, but it was {' '.join(happened[number])}"
    extra = happened[len(script.wanted()):]
    return f"wanted no more, but there was {' '.join(extra[0])}" if extra else None
