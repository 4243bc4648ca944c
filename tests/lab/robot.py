"""pbxctl oksana run as the lab's callers meet it: its configuration, its folders, its command line."""

import pathlib

import lab

PBXCTL = lab.BUILD / "pbxctl"
DIALOGS = lab.SOURCE / "scripts/examples/dialogs"
PROMPTS = lab.BUILD / "lab-prompts"
CONFIG = """[oksana]
dialogs = {dialogs}
recordings = {folder}/recordings
prompts = {prompts}
ring_time = 3s
[store]
path = {journal}
"""


class Robot:
    """One dialog, its folder, and its journal there unless another is named; prompts rendered once serve all."""

    def __init__(self, dialog, folder, prompts=PROMPTS, journal=None):
        self.dialog, self.folder = dialog, pathlib.Path(folder)
        self.journal = pathlib.Path(journal or self.folder / "pbxctl.db")
        self.config = self.folder / "pbxctl.conf"
        (self.folder / "recordings").mkdir(parents=True, exist_ok=True)
        self.config.write_text(CONFIG.format(dialogs=DIALOGS, folder=self.folder, prompts=prompts, journal=self.journal))

    def program(self, *options):
        """What EAGI starts."""
        return [PBXCTL, "--config", self.config, "oksana", "run", self.dialog, *options]
