"""The output of a program that a '.conf' file names with '#exec'."""

from __future__ import annotations

import shlex
import subprocess
import threading

from asterism import files

EXEC_SECONDS = 60
"""The time limit of a program of ``#exec``, in seconds."""


def output_of(command: str) -> bytes:
    """The output of a program, within the time limit and the size limit of a file.

    Raises:
        OSError: the program cannot be run.
        ValueError: the command line is invalid, or the program failed, took too long or wrote too much.
    """
    # Asterisk passes the text to a shell; here it is split into words and run directly.
    words, null = shlex.split(command), subprocess.DEVNULL
    with subprocess.Popen(words, stdin=null, stdout=subprocess.PIPE, stderr=null) as program:
        clock = threading.Timer(EXEC_SECONDS, program.kill)
        clock.daemon = True
        clock.start()
        output = program.stdout.read(files.TEXT + 1) if program.stdout else b""
        if len(output) > files.TEXT:
            program.kill()
        status = program.wait()
        in_time = clock.is_alive()
        clock.cancel()
    if len(output) > files.TEXT:
        raise ValueError(f"the program wrote more than {files.TEXT // files.MIB} MiB")
    if not in_time:
        raise ValueError(f"the program took longer than {EXEC_SECONDS} seconds")
    if status:
        raise ValueError(f"the program ended with {status}")
    return output
