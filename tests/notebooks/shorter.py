"""A notebook's long runs, as short as they are where Python runs in a page."""

import re

IMPORT = re.compile(r"^from rnncourse import IN_PAGE\b.*$", re.MULTILINE)


def shortened(source):
    """The cell's source; where it imports IN_PAGE, that is set behind the import."""
    return IMPORT.sub(r"\g<0>\nIN_PAGE = True", source)
