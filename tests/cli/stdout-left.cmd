# the reader has gone before the first word: no message, but no success either
python3 -c 'import os, subprocess; r, w = os.pipe(); os.close(r); print(subprocess.call(["pbxctl", "help"], stdout=w))'
