#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""Runs a job as DataX's own datax.py does, for tools that start DataX: Apache DolphinScheduler, datax-web and the like.

It takes the same options, hands the job to bin/transvase beside it, and prints the same table at the end. Everything goes to
standard output, as there. The exit code is 0 when the job succeeded, 143 or 130 after a signal, and 1 after any failure.
Needs Python 2.7 or 3.
"""

from __future__ import print_function

import io
import json
import optparse
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time

try:
    from shlex import quote
except ImportError:  # Python 2
    from pipes import quote

TRANSVASE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "transvase")

SUCCEEDED = 0
FAILED = 1
SIGNALLED = (130, 143)


def options():
    parser = optparse.OptionParser(usage="%prog [options] JOB")
    parser.add_option("-j", "--jvm", metavar="OPTIONS", default="", help="options for Java, for example \"-Xms1g -Xmx1g\"")
    parser.add_option("-p", "--params", metavar="VARIABLES", default="", help="variables of the job: \"-Dtoday=2026-01-31\"")
    parser.add_option("--loglevel", metavar="LEVEL", default="info", help="debug and trace show the log")
    parser.add_option("-d", "--debug", action="store_true", help="as --loglevel debug; opens no port")
    parser.add_option("--jobid", metavar="ID", help="has no effect: a job is known by its file's name")
    parser.add_option("-m", "--mode", metavar="MODE", help="has no effect: a job always runs in one process")
    parser.add_option("-r", "--reader", metavar="TYPE", help="with -w: shows what the parameters of these step types are")
    parser.add_option("-w", "--writer", metavar="TYPE", help="see -r")
    return parser


def java_options(jvm):
    """The words of -j as a shell would see them, and the variables in it.

    datax-web gives options for Java and variables in one argument, in which -p is glued to what stands before it.
    """
    words = " ".join(shlex.split(jvm)).split()
    for at, word in enumerate(words):
        if word.startswith("-p-D"):
            return words[:at], [word[len("-p"):]] + words[at + 1:]
    return words, []


def command(given, variables, job, report):
    run = [TRANSVASE, "run", job, "--report", report, "--progress", "plain"]
    for text in (given.params, " ".join(quote(variable) for variable in variables)):
        if text.strip():
            run += ["-p", text]
    if given.debug or given.loglevel.lower() in ("debug", "trace", "all"):
        run.append("--verbose")
    return run


def environment(java):
    variables = dict(os.environ)
    added = [variables.get("TRANSVASE_JAVA_OPTS", "").strip()] + java
    variables["TRANSVASE_JAVA_OPTS"] = " ".join(part for part in added if part)
    return variables


def run(given, job):
    """The exit code of the job and its report, which is None when there is none."""
    try:
        java, variables = java_options(given.jvm)
    except ValueError:
        show(u"error: the options of -j end within quotes; close them\n")
        return FAILED, None
    handle, report = tempfile.mkstemp(prefix="datax-", suffix=".json")
    os.close(handle)
    try:
        children = []
        pending = []

        def forward(number, frame):
            pending.append(number)
            for started in children:
                started.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, forward)
        # datax-web reads standard error only when standard output has ended, so a long job must not fill it.
        child = subprocess.Popen(
            command(given, variables, job, report), env=environment(java), stderr=subprocess.STDOUT
        )
        children.append(child)
        for number in list(pending):  # what came while it was being started
            child.send_signal(number)
        code = wait(child)
        with io.open(report, encoding="utf-8") as text:
            content = text.read()
        return code, json.loads(content) if content.strip() else None
    finally:
        os.remove(report)


def wait(child):
    while True:
        try:
            return child.wait()
        except (IOError, OSError):  # Python 2 is interrupted by a signal that it has handled
            continue


def stringify(count):
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= size:
            return "%.2f%s" % (float(count) / size, unit)
    return "%dB" % count


def table(report, begun, ended):
    """What DataX prints last, which other tools look for."""
    seconds = max(1, int(ended - begun))
    read = report["read"]
    rows = (
        (u"任务启动时刻", "%-18s", clock(begun)),
        (u"任务结束时刻", "%-18s", clock(ended)),
        (u"任务总计耗时", "%19s", "%ds" % int(ended - begun)),
        (u"任务平均流量", "%19s", stringify(read["bytes"] // seconds) + "/s"),
        (u"记录写入速度", "%19s", "%drec/s" % (read["records"] // seconds)),
        (u"读出记录总数", "%19s", str(read["records"])),
        (u"读写失败总数", "%19s", str(report["dirty"]["records"])),
    )
    return u"\n" + u"".join((u"%-26s: " + form + u"\n") % (name, value) for name, form, value in rows)


def clock(moment):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment))


def show(text):
    out = getattr(sys.stdout, "buffer", sys.stdout)
    out.write(text.encode("utf-8"))
    out.flush()


def main():
    parser = options()
    given, jobs = parser.parse_args()
    if given.reader and given.writer:
        for step, kind in ((given.reader, "reader"), (given.writer, "writer")):
            if subprocess.call([TRANSVASE, "describe", step, kind]) != 0:
                return FAILED
        return SUCCEEDED
    if len(jobs) != 1:
        parser.print_help()
        return FAILED
    begun = time.time()
    code, report = run(given, jobs[0])
    if report is not None and report["status"] != "STOPPED":
        show(table(report, begun, time.time()))
    return code if code == SUCCEEDED or code in SIGNALLED else FAILED


if __name__ == "__main__":
    sys.exit(main())
