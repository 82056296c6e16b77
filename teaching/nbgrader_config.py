"""The settings of this course for nbgrader: yours to add to.

`give_points` takes the place of nbgrader's Execute, which would run a student's cells
and their tests in one kernel. So autograding needs the course in its Python: use the
nbgrader of .venv-teaching.
"""

c = get_config()  # noqa: F821, of nbgrader

c.CourseDirectory.course_id = "rnn"
c.ClearSolutions.code_stub = {"python": "..."}
c.ClearSolutions.text_stub = (
    "*Your answer: double-click here and write, or hand in a sheet of paper.*"
)
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "teaching.nbgrading.own_cells",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "teaching.nbgrading.give_points",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
