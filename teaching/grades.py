"""Grade what a class handed in.

    make grades SUBMISSIONS=folder               all exercises
    make grades SUBMISSIONS=folder NOTEBOOKS="03 04"

Writes into build/grades/:

    grades.csv   a row for each student
    canvas.csv   the points in the form that Canvas imports
    class.html   which exercises were solved, which mistakes were made; names nobody
                 but in its last, folded part
    rows.jsonl   the rows as they come: a run that was interrupted goes on from there

Each function runs in processes of its own; `running.py` says what that keeps off and
what not. What is in a student's folder, and which names stand for an id, is said in
`submissions.py`. The test inputs are drawn from the id.

Moodle reads grades.csv as the grading worksheet of an assignment. Of its columns it
wants Identifier, Grade and Last modified (grade), by their English names, and skips
points above the assignment's maximum: set that to what the column `of` says. Canvas
makes an assignment of every column that it does not know, so canvas.csv has only its
own five (Student to Section) and one for the points, whose name you may change to that
of an assignment you have; a student whom no file name gave Canvas's number is looked up
by SIS Login ID. All this is from the source code of both (importgradeslib.php,
gradebook_importer.rb) and from Canvas's guide, and was tried on neither.
"""

import argparse
import csv
import io
import json
import os
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from publish.sources import digest
from rnncourse.checker.exercises import EXERCISES
from teaching.classpage import count, page
from teaching.running import ROOT, Ended, Runner
from teaching.solutions import prints_of_solutions
from teaching.submissions import clean, submissions_in
from teaching.tasks import all_tasks
from teaching.turns import Busy, alone_in

BUILD = ROOT / "build" / "grades"
WORKERS = 2
MOST = 600  # seconds for a student
WARNING = (
    "What they handed in runs here, as you, within limits that careful malice gets "
    "around: teaching/running.py says which."
)
LATE = f"Not called: what stands before it took {MOST} seconds."
TITLE = "A recurrent network, from scratch"  # of the column that Canvas imports
SHEET = "Last modified (grade)"  # without this column Moodle refuses the file
MADE_BY = ("rnnlib/*.py", "rnncourse/checker/**/*.py", "teaching/*.py")
MADE_BY += ("notebooks/*.ipynb",)


def main(arguments=None):
    """The program."""
    parser = argparse.ArgumentParser(
        prog="python -m teaching.grades", description="Grade what a class handed in."
    )
    parser.add_argument("submissions", help="a folder: see teaching/submissions.py")
    parser.add_argument("--notebooks", default="", help='such as "03 04"; all if empty')
    parser.add_argument("--to", type=Path, default=BUILD, help="the folder of results")
    options = parser.parse_args(arguments)
    try:
        tasks = chosen(options.notebooks.split())
        rows = grade(options.submissions, tasks, options.to)
    except (ValueError, Ended, Busy) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. The same command goes on from here.")
    unread = sum(bool(row["problem"]) for row in rows)
    say(f"{options.to}: grades.csv, canvas.csv, class.html; {len(rows)} students")
    if unread:
        say(f"Of {unread} nothing could be read; the column note says why.")


def say(text):
    """Show progress. While results are compared, sys.stderr is another's."""
    print(text, file=sys.__stderr__, flush=True)


def chosen(numbers):
    """The exercises of these notebooks, of all if there are none, as Tasks.

    ValueError: a number that no notebook with exercises has.
    """
    tasks = [task for task in all_tasks() if task.kind == "exercise"]
    known = list(dict.fromkeys(task.notebook for task in tasks))
    for number in numbers:
        if number not in known:
            raise ValueError(
                f"NOTEBOOKS: expected numbers among {' '.join(known)}, got {number!r}"
            )
    return [task for task in tasks if task.notebook in (numbers or known)]


def grade(folder, tasks, to):
    """Grade the submissions in a folder and write the results: the rows, by id.

    What rows.jsonl holds of the same files, from the same course, is taken over.
    ValueError: `folder` is no folder of submissions, or holds `to`. Busy: another run
    writes into `to`.
    """
    folder, to = Path(folder).resolve(), Path(to).resolve()
    if to == folder or folder in to.parents:
        raise ValueError(f"--to: expected a folder outside of {folder}, got {to}")
    submissions = submissions_in(folder)
    with alone_in(to):
        by = f"{digest(MADE_BY)} {' '.join(task.name for task in tasks)}"
        journal = Journal(to / "rows.jsonl", by)
        rows, left, taken = {}, [], 0
        for one in submissions:
            if one.problem:
                rows[one.id] = row_of(one, one.problem)
            elif held := journal.rows.get((one.id, one.digest())):
                rows[one.id], taken = held, taken + 1
            else:
                left.append(one)
        if taken:
            say(f"{taken} of {len(submissions)} taken over from the last run")
        if left:
            say(WARNING)
            with Runner([folder, to]) as runner:
                for one, row in rows_as_they_come(runner, left, tasks):
                    journal.add(row, one.digest())
                    rows[one.id] = row
                    say(f"{len(rows)} of {len(submissions)}, {one.id}: {in_short(row)}")
        rows = [rows[one.id] for one in submissions]
        write(to / "grades.csv", table(rows, tasks))
        write(to / "canvas.csv", canvas(rows, tasks))
        write(to / "class.html", page(rows, tasks, alike(rows)))
        return rows


def rows_as_they_come(runner, submissions, tasks):
    """Pairs (submission, row), each as soon as it is judged."""
    with ThreadPoolExecutor(WORKERS) as pool:
        asked = {pool.submit(judged, runner, one, tasks): one for one in submissions}
        try:
            for done in as_completed(asked):
                one, error = asked[done], done.exception()
                if error is None or isinstance(error, Ended):
                    row = done.result()
                else:
                    row = row_of(one, f"the grader failed here: {error!r:.200}")
                yield one, row
        except BaseException:
            runner.close()  # what is being judged ends
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def judged(runner, one, tasks):
    """The row of a student: on each exercise a list of status, slug and message."""
    start = time.monotonic()
    found = runner.read(one.paths)
    if found["problem"]:
        return row_of(one, found["problem"])
    verdicts = {}
    for task in tasks:
        if time.monotonic() - start > MOST:
            verdicts[task.name] = ["wrong", None, LATE]
        else:
            verdict = runner.judge(found["texts"], task.name, one.id)
            said = verdict.status, verdict.misconception, verdict.message
            verdicts[task.name] = list(said)
    every = [pair for text in found["texts"] for pair in text["prints"].items()]
    asked = {task.name for task in tasks}
    prints = {name: two for name, two in every if name in asked and two[0]}
    seconds = round(time.monotonic() - start, 1)
    return row_of(one, verdicts=verdicts, prints=prints, seconds=seconds)


def row_of(one, problem="", **more):
    """What is known of a student, as a dict that JSON can hold."""
    row = {"id": one.id, "name": one.name, "lms": one.lms, "problem": clean(problem)}
    return row | {"verdicts": {}, "prints": {}, "seconds": 0.0} | more


def in_short(row):
    """A row in some words: what progress shows of it."""
    right, wrong = count(row, "correct"), count(row, "wrong")
    return row["problem"] or f"{right} correct, {wrong} wrong ({row['seconds']:.0f} s)"


class Journal:
    """A file of rows, each on a line of its own, written as it comes.

    rows: by (id, digest of the files), those that `by` made. A last line that was cut
    off is dropped.
    """

    def __init__(self, path, by):
        self.path, self.by, self.rows = path, by, {}
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for line in text.splitlines():
            try:
                held = json.loads(line)
                if held["by"] == by:
                    row = held["row"]
                    self.rows[row["id"], held["digest"]] = row
            except (ValueError, KeyError, TypeError):
                continue
        self.broken = bool(text) and not text.endswith("\n")

    def add(self, row, held):
        line = json.dumps({"by": self.by, "digest": held, "row": row}) + "\n"
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" * self.broken + line)
            file.flush()
            os.fsync(file.fileno())
        self.broken = False


# --- what is written ------------------------------------------------------------


def points(row, tasks):
    """The points of a row, "" where nothing could be read."""
    if row["problem"]:
        return ""
    right = {
        name for name, verdict in row["verdicts"].items() if verdict[0] == "correct"
    }
    return sum(task.points for task in tasks if task.name in right)


def table(rows, tasks):
    """grades.csv as a text. Moodle finds its three columns by their names."""
    counts = ("correct", "wrong", "missing")
    head = ["id", "name", "points", "of", *counts, "note"]
    head += [task.name for task in tasks] + ["Identifier", "Grade", SHEET]
    lines = [head]
    for row in rows:
        read = not row["problem"]
        line = [row["id"], row["name"], points(row, tasks), total(tasks)]
        line += [count(row, status) for status in counts]
        line += [row["problem"]]
        line += [row["verdicts"][task.name][0] if read else "" for task in tasks]
        moodle = f"Participant {row['id']}" if row["lms"] == "Moodle" else ""
        lines.append([*line, moodle, points(row, tasks), ""])
    return as_csv(lines)


def canvas(rows, tasks):
    """canvas.csv as a text: Canvas makes an assignment of every column beside these."""
    lines = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", TITLE]]
    lines.append(["    Points Possible", "", "", "", "", total(tasks)])
    for row in rows:
        number = row["id"] if row["lms"] == "Canvas" else ""
        login = "" if row["lms"] == "Canvas" else row["id"]
        who = row["name"] or row["id"]
        lines.append([who, number, "", login, "", points(row, tasks)])
    return as_csv(lines)


def total(tasks):
    return sum(task.points for task in tasks)


def as_csv(lines):
    """Lines as CSV. No cell is a formula where a spreadsheet opens it."""
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows(
        [
            f"'{cell}" if str(cell)[:1] in "=+-@\t\r" and cell != "" else cell
            for cell in line
        ]
        for line in lines
    )
    return held.getvalue()


def write(path, text):
    """Write a file as a whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)


@dataclass(frozen=True)
class Alike:
    """Students with functions that are the same but for names.

    ids: of the students. names: of the functions. wrong: those that are wrong in all of
    them. whole: whether one of the students has no other function.
    """

    ids: tuple
    names: list
    wrong: list
    whole: bool


def alike(rows):
    """Who handed in the same but for names: a list of Alike, most telling first.

    A long function tells by itself. Short ones are alike by chance, so all that one
    student has must be the other's too: two functions or more, or one that is wrong in
    a way of its own. What the notebooks show in their solutions does not count.
    """
    shown, answers, long, verdicts = prints_of_solutions(), {}, set(), {}
    for row in rows:
        own = {(n, p): is_long for n, (p, is_long) in row["prints"].items()}
        own = {
            answer: is_long for answer, is_long in own.items() if answer[1] not in shown
        }
        answers[row["id"]] = set(own)
        long |= {answer for answer, is_long in own.items() if is_long}
        verdicts[row["id"]] = row["verdicts"]
    groups, wholes = defaultdict(set), set()

    def ids_with(some):
        return tuple(sorted(key for key, own in answers.items() if some <= own))

    for answer in long:
        groups[ids_with({answer})].add(answer)
    for key, own in answers.items():
        odd = [name for name, _ in own if verdicts[key][name][:2] == ["wrong", None]]
        if odd or len(own) > 1:
            ids = ids_with(own)
            groups[ids] |= own
            wholes.add(ids)
    found = []
    for ids, same in groups.items():
        names = sorted({name for name, _ in same}, key=list(EXERCISES).index)
        wrong = [n for n in names if all(verdicts[i][n][0] == "wrong" for i in ids)]
        if len(ids) > 1:
            found.append(Alike(ids, names, wrong, ids in wholes))
    return sorted(found, key=lambda a: (-len(a.wrong), -len(a.names), a.ids))


if __name__ == "__main__":
    main()
