"""pbxctl oksana run as the lab's callers meet it: its configuration, its folders, its command line."""

import pathlib

import lab

PBXCTL = lab.BUILD / "pbxctl"
DIALOGS = lab.SOURCE / "scripts/examples/dialogs"
CONFIG = """[oksana]
dialogs = {dialogs}
recordings = {folder}/recordings
prompts = {prompts}
ring_time = 3s
[store]
path = {folder}/pbxctl.db
"""


class Robot:
    """One dialog with a journal of its own in `folder`; prompts rendered once are shared by all."""

    def __init__(self, dialog, folder, prompts=None):
        self.dialog, self.folder = dialog, pathlib.Path(folder)
        self.journal = self.folder / "pbxctl.db"
        self.config = self.folder / "pbxctl.conf"
        (self.folder / "recordings").mkdir(parents=True, exist_ok=True)
        self.config.write_text(CONFIG.format(dialogs=DIALOGS, folder=self.folder, prompts=prompts or self.folder / "prompts"))

    def program(self, *options):
        """What EAGI starts."""
        return [PBXCTL, "--config", self.config, "oksana", "run", self.dialog, *options]
