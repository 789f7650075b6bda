"""Starts Streamlit with names inside it changed, as in a version to come. Knows no patch and no page.

`python -m tests.renamed_streamlit NAME,NAME run app.py`: wherever its sources say NAME they now say
something else, so that it works as before and whoever looks for NAME finds nothing.
"""

import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType


class Renaming(MetaPathFinder):
    """Finds the modules of Streamlit as usual, and has them loaded under the changed names."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = re.compile(rb"\b(" + "|".join(names).encode() + rb")\b")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith("streamlit."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = Renamed(spec.loader.name, spec.loader.path, self.names)
        return spec


class Renamed(SourceFileLoader):
    """Loads a module from its source, with the names changed in it; none is kept compiled."""

    def __init__(self, fullname: str, path: str, names: re.Pattern[bytes]) -> None:
        super().__init__(fullname, path)
        self.names = names

    def get_code(self, fullname: str) -> CodeType | None:
        source, changed = self.names.subn(rb"\1_of_old", self.get_data(str(self.path)))
        if not changed:
            return super().get_code(fullname)
        return compile(source, str(self.path), "exec", dont_inherit=True)


def main() -> None:
    """Hand over to Streamlit's command line; the first argument is ours."""
    sys.meta_path.insert(0, Renaming(sys.argv.pop(1).split(",")))
    from streamlit.web import cli

    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main()
